"""Moving people who have paid to other seats of the same showing. Runs inside the transaction that its door opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from bookings.drafts import InvalidPick
from bookings.errors import AlreadyCancelled, SalesClosed, SeatsUnavailable, UnknownSeats
from bookings.locks import booking_locked
from bookings.mails import mail_moved
from bookings.maps import hall_now
from bookings.models import BookedSeat, Booking, BookingStatus
from bookings.seating import Place
from bookings.seats import seats_free, seats_owned, seats_swap_in
from bookings.services import event_add
from catalog.models import ShowtimeStatus


def booking_seats_move(
    reference: str, *, leave: Sequence[str], take: Sequence[str], actor_id: int, now: datetime
) -> Booking:
    """Put whoever sits in the seats `leave` into as many seats `take`: all of them, or nobody. Seats of the house are
    among those that can be taken. A category is never changed, so no price is; tickets stay valid and show the new
    seats. The buyer is told by mail.

    Raises SeatsUnavailable when somebody was faster, UnknownSeats, AlreadyCancelled for seats that aren't the
    booking's, SalesClosed when the show is over or called off, InvalidPick, NotFound.
    """
    booking = booking_locked(reference)
    showtime = booking.showtime
    if booking.status != BookingStatus.CONFIRMED:
        raise AlreadyCancelled
    if showtime.status != ShowtimeStatus.ON_SALE or showtime.ends_at <= now:
        raise SalesClosed(_("This show is over or was called off, so nobody moves any more."))
    pairs = _pairs(booking, leave, take)
    taken_ids = sorted(place.id for _line, place in pairs)
    if seats_swap_in(showtime_id=showtime.pk, seat_ids=taken_ids, reference=reference, now=now) != len(taken_ids):
        ours = seats_owned(showtime_id=showtime.pk, seat_ids=taken_ids, reference=reference)
        raise SeatsUnavailable([place.label for _line, place in pairs if place.id not in ours])
    moves = [(line.label, place.label) for line, place in pairs]
    left_ids = sorted(line.seat_id for line, _place in pairs)
    for line, place in pairs:
        BookedSeat.objects.filter(pk=line.pk).update(seat_id=place.id, label=place.label)
    event_add(booking, "seats_moved", at=now, actor_id=actor_id, detail={"seats": moves})
    if booking.email:
        mail_moved(booking, seats=moves)
    seats_free(showtime_id=showtime.pk, seat_ids=left_ids, reference=reference)
    return booking


def _pairs(booking: Booking, leave: Sequence[str], take: Sequence[str]) -> list[tuple[BookedSeat, Place]]:
    """Return who goes where: within a category, in the order of the labels as the hall has them."""
    lines = {line.label: line for line in booking.seats.kept()}
    shown, _now = hall_now(booking.showtime_id)
    hall = {place.label: place for place in shown.seats if place.retired_at is None}
    if not leave or len(set(leave)) != len(set(take)):
        raise InvalidPick("take", _("Choose as many new seats as seats that are left."))
    if gone := set(leave) - set(lines):
        raise AlreadyCancelled(_("%(seats)s is not a seat of this booking.") % {"seats": ", ".join(sorted(gone))})
    if unknown := set(take) - set(hall):
        raise UnknownSeats(sorted(unknown))
    had = set(booking.seats.values_list("label", flat=True))
    if again := had & set(take):
        seats = ", ".join(sorted(again))
        raise InvalidPick(
            "take", _("%(seats)s has been in this booking already. Choose another seat.") % {"seats": seats}
        )
    if Counter(lines[label].category for label in leave) != Counter(hall[label].category for label in take):
        raise InvalidPick("take", _("The new seats must be of the same category and price as the old ones."))

    def in_order(places: Mapping[str, BookedSeat | Place], labels: Sequence[str]) -> list[str]:
        return sorted(labels, key=lambda label: (places[label].category, len(label), label))

    return [
        (lines[before], hall[after]) for before, after in zip(in_order(lines, leave), in_order(hall, take), strict=True)
    ]
