"""What changes showtimes that people may have booked, or be booking at this moment.

Like all services these run inside the one transaction that their door opened. The showing's row is locked first, and
whoever takes seats keeps a shared lock on it (bookings/seats.py): so either their booking is there to be seen here, or
they find the showing changed (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from bookings.calling_off import showtime_call_off
from bookings.folding import folded_refuse
from bookings.house import house_seats_shift
from bookings.models import Booking, ShowtimeSeat
from bookings.news import map_changed
from bookings.services import seats_of_plan_add, showtime_put_on_sale
from catalog.errors import InvalidShowtime, ShowtimeHasBookings
from catalog.locks import showtime_locked, showtime_of_theatre_locked
from catalog.models import Showtime, ShowtimeStatus
from catalog.series import Planned, Wish, series_schedule
from catalog.services import Prices, ShowtimeChange, ShowtimeDraft, showtime_edit, showtime_schedule, time_check
from theatres.models import Theatre


def showtime_add(*, draft: ShowtimeDraft, status: ShowtimeStatus, now: datetime) -> Showtime:
    """Schedule a showing, on sale at once unless `status` is draft. Raises as showtime_schedule does."""
    showtime = showtime_schedule(draft=draft, now=now)
    if status == ShowtimeStatus.ON_SALE:
        showtime = showtime_put_on_sale(showtime_id=showtime.pk, now=now)
    return showtime


def showtime_change(
    *,
    theatre_id: int,
    showtime_id: int,
    change: ShowtimeChange,
    status: ShowtimeStatus | None = None,
    actor_id: int | None = None,
    now: datetime,
) -> Showtime:
    """Change a theatre's showing; `status` is the one it shall have. Prices, format and language may always change:
    bookings keep their own price. Another film, hall or time, or back to a draft, only while nobody has a live booking.
    Called off it can always be (bookings/calling_off.py), and then never changes again.

    Raises ShowtimeHasBookings, ScreenBusy, InvalidShowtime, NotFound.
    """
    showtime = showtime_of_theatre_locked(theatre_id=theatre_id, showtime_id=showtime_id)
    if showtime.status == ShowtimeStatus.CALLED_OFF:
        raise InvalidShowtime("status", _("This showing was called off. Schedule a new one."))
    screen_id, starts_at = showtime.screen_id, showtime.starts_at
    withdraws = status == ShowtimeStatus.DRAFT
    if change.moves(showtime) or withdraws:
        folded_refuse(showtime_id)
    if (change.moves(showtime) or withdraws) and Booking.objects.live(now).filter(showtime=showtime).exists():
        raise ShowtimeHasBookings
    showtime_edit(showtime, change, now=now)
    map_changed(showtime_id)
    if showtime.starts_at != starts_at:
        house_seats_shift(showtime, showtime.starts_at - starts_at)
    if showtime.screen_id != screen_id and showtime.status == ShowtimeStatus.ON_SALE:
        _seats_drop(showtime)
        seats_of_plan_add(showtime)
    if status is not None and status != showtime.status:
        showtime = _status_change(showtime, status, actor_id=actor_id, now=now)
    return showtime


def showings_add(wishes: Sequence[Wish], *, theatre: Theatre, leave_out_refused: bool, now: datetime) -> list[Planned]:
    """Schedule a series, on sale at once where the wish says so. Returns and raises as series_schedule does."""
    planned = series_schedule(wishes, theatre=theatre, leave_out_refused=leave_out_refused, now=now)
    for one in planned:
        if one.showtime and one.showtime.pk and one.wish.is_on_sale:
            one.showtime = showtime_put_on_sale(showtime_id=one.showtime.pk, now=now)
    return planned


def showtime_open_at(*, theatre_id: int, showtime_id: int, at: datetime | None, now: datetime) -> Showtime:
    """Have a draft go on sale by itself, or not any more. Raises InvalidShowtime, NotFound."""
    showtime = showtime_of_theatre_locked(theatre_id=theatre_id, showtime_id=showtime_id)
    if showtime.status != ShowtimeStatus.DRAFT:
        raise InvalidShowtime("on_sale_at", _("This showing is no draft any more."))
    showtime.on_sale_at = at
    if at is not None:
        time_check(showtime, now=now)
    showtime.save(update_fields=["on_sale_at", "updated_at"])
    return showtime


def showtime_open_due(showtime_id: int, *, now: datetime) -> bool:
    """Put a draft on sale whose moment has come; False when somebody has changed that meanwhile."""
    showtime = showtime_locked(showtime_id)
    if showtime.status != ShowtimeStatus.DRAFT or showtime.on_sale_at is None or showtime.on_sale_at > now:
        return False
    showtime_put_on_sale(showtime_id=showtime_id, now=now)
    return True


def showtime_reprice(
    *, theatre_id: int, showtime_id: int, prices: Prices, price_card_id: int, now: datetime
) -> Showtime | None:
    """Give a showing the prices of a card as they are now. None, and nothing changed, once somebody has booked it or it
    has prices of its own. Raises InvalidShowtime, NotFound."""
    showtime = showtime_of_theatre_locked(theatre_id=theatre_id, showtime_id=showtime_id)
    if showtime.bookings.exists() or showtime.price_card_id is None:
        return None
    showtime_edit(showtime, ShowtimeChange(prices=prices, price_card_id=price_card_id), now=now)
    map_changed(showtime_id)
    return showtime


def showtime_delete(*, theatre_id: int, showtime_id: int) -> None:
    """Delete a showing that nobody ever booked. Raises ShowtimeHasBookings, NotFound."""
    showtime = showtime_of_theatre_locked(theatre_id=theatre_id, showtime_id=showtime_id)
    if showtime.bookings.exists():
        raise ShowtimeHasBookings(_("People have booked this showing, so the books need it. It can't be deleted."))
    _seats_drop(showtime)
    showtime.delete()
    map_changed(showtime_id)


def _status_change(showtime: Showtime, status: ShowtimeStatus, *, actor_id: int | None, now: datetime) -> Showtime:
    match status:
        case ShowtimeStatus.ON_SALE:
            return showtime_put_on_sale(showtime_id=showtime.pk, now=now)
        case ShowtimeStatus.CALLED_OFF:
            theatre_id = showtime.screen.theatre_id
            showtime_call_off(theatre_id=theatre_id, showtime_id=showtime.pk, actor_id=actor_id, now=now)
            showtime.status = status
        case ShowtimeStatus.DRAFT:
            _seats_drop(showtime)
            showtime.status = status
            showtime.save(update_fields=["status", "updated_at"])
    return showtime


def _seats_drop(showtime: Showtime) -> None:
    """Take all seats of a locked showing that nobody has booked out of it, blocked ones too."""
    ShowtimeSeat.objects.filter(showtime=showtime).delete()
