"""What a change of a screen's seating plan does to its showings: told before, and done.

One rule for every showing on sale that has not ended: it follows the plan, but nobody loses a seat. New seats come onto
its map, free. A seat that leaves the plan is taken off it unless somebody has it, bought or still held: then it stays
that person's, and once it is given back nobody new gets it (Hall.off_sale). Seats whose category has no price at a
showing are on its map, but not for sale until they have one. Drafts take the plan as it is when they go on sale.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from bookings.models import SeatStatus, ShowtimeEvent, ShowtimeSeat
from bookings.news import map_changed
from catalog.locks import screen_locked, showtimes_of_screen_locked
from catalog.models import Showtime, ShowtimePrice, ShowtimeStatus
from movy.lib.errors import NotFound
from theatres.models import Screen, Seat, SeatCategory
from theatres.plan import Plan
from theatres.planning import PlanChange, PlanChanged, plan_change, plan_store, stored_plan


@dataclass(frozen=True)
class ShowingTouched:
    """A showing on sale. `kept`: labels of seats that leave the plan and stay with those who have them. `unpriced`:
    names of categories whose seats have no price here."""

    showtime: Showtime
    kept: Sequence[str]
    unpriced: Sequence[str]


@dataclass(frozen=True)
class PlanTouch:
    """What a change would touch at this moment. `showings` are those on sale that have not ended, soonest first."""

    change: PlanChange
    drafts: int
    showings: Sequence[ShowingTouched]

    @property
    def keeping(self) -> list[ShowingTouched]:
        return [showing for showing in self.showings if showing.kept]

    @property
    def unpriced(self) -> list[ShowingTouched]:
        return [showing for showing in self.showings if showing.unpriced]

    @property
    def seats_kept(self) -> int:
        return sum(len(showing.kept) for showing in self.showings)


def plan_touch(screen: Screen, change: PlanChange, *, now: datetime) -> PlanTouch:
    """Return what the change would do. Four queries; by the time it is made, others may have bought seats."""
    coming = Showtime.objects.filter(screen=screen, ends_at__gt=now).select_related("movie").order_by("starts_at", "pk")
    showings = list(coming.exclude(status=ShowtimeStatus.CALLED_OFF))
    on_sale = [showing for showing in showings if showing.status == ShowtimeStatus.ON_SALE]
    kept = defaultdict(list)
    had = ShowtimeSeat.objects.filter(_somebody_has_it(now), showtime__in=on_sale, seat_id__in=change.retired)
    for showtime_id, seat_id in had.order_by("seat_id").values_list("showtime_id", "seat_id"):
        kept[showtime_id].append(change.retired[seat_id])
    priced = set(ShowtimePrice.objects.filter(showtime__in=on_sale).values_list("showtime_id", "category__code"))
    fresh = SeatCategory.objects.filter(theatre=screen.theatre_id, code__in=change.categories)
    return PlanTouch(
        change=change,
        drafts=len(showings) - len(on_sale),
        showings=[
            ShowingTouched(
                showing,
                kept=kept[showing.pk],
                unpriced=[category.name for category in fresh if (showing.pk, category.code) not in priced],
            )
            for showing in on_sale
        ],
    )


def screen_plan_change(
    *, theatre_id: int, screen_id: int, plan: Plan, version: str, actor_id: int | None, now: datetime
) -> PlanChange:
    """Give a screen another plan, and its coming showings with it; each notes it in its history. Returns what was
    changed.

    `version`: of the stored plan that this one was drawn from. Raises PlanChanged when it is another by now, NotFound.
    Again is PlanChanged, or changes nothing.

    Locks the screen, so that plans change and showings are scheduled one at a time, then its showings: who takes seats
    has a shared lock on them (docs/locking.md). The plan was thought out before.
    """
    screen = screen_locked(theatre_id=theatre_id, screen_id=screen_id)
    if screen is None:
        raise NotFound
    stored = stored_plan(screen)
    if stored.version != version:
        raise PlanChanged
    change = plan_change(stored, plan)
    if change.is_none:
        return change
    coming = showtimes_of_screen_locked(screen_id, now=now)
    on_sale = [showing.pk for showing in coming if showing.status == ShowtimeStatus.ON_SALE]
    added = plan_store(stored, change, now=now)
    events = []
    for showtime_id in on_sale:
        dropped = seats_drop(showtime_id=showtime_id, seat_ids=sorted(change.retired), now=now)
        detail = {"added": len(added), "taken_off": dropped}
        events.append(
            ShowtimeEvent(showtime_id=showtime_id, at=now, kind="plan_changed", actor_id=actor_id, detail=detail)
        )
    ShowtimeEvent.objects.bulk_create(events)
    _seats_add(on_sale, added)
    Showtime.objects.filter(pk__in=on_sale).update(updated_at=now)  # maps are kept by it (bookings/maps.py)
    for showtime_id in on_sale:
        map_changed(showtime_id)
    return change


def seats_drop(*, showtime_id: int, seat_ids: Sequence[int], now: datetime) -> int:
    """Take those of the seats out of a showing that nobody has at `now`; return how many.

    A DELETE that names its condition: a hold that is being committed keeps its seat, because InnoDB asks again once it
    has the row.
    """
    rows = ShowtimeSeat.objects.filter(~_somebody_has_it(now), showtime_id=showtime_id, seat_id__in=seat_ids)
    return rows._raw_delete(rows.db)  # type: ignore[no-any-return, attr-defined]


def _somebody_has_it(now: datetime) -> Q:
    return Q(status=SeatStatus.SOLD) | Q(status=SeatStatus.HELD, held_until__gt=now)


def _seats_add(showtime_ids: Sequence[int], seat_ids: Sequence[int]) -> None:
    """Give locked showings a row for each of the seats, free; a seat that comes back may have one.

    Raw, because everybody who buys in this hall waits meanwhile: through the ORM, a new plan for 420 seats and 60
    showings took seconds.
    """
    if not showtime_ids or not seat_ids:
        return
    table, of_showing, of_seat = (model._meta.db_table for model in (ShowtimeSeat, Showtime, Seat))
    showings, seats = (", ".join(["%s"] * len(ids)) for ids in (showtime_ids, seat_ids))
    sql = f"""
        INSERT INTO {table} (showtime_id, seat_id, status)
        SELECT showing.id, seat.id, %s FROM {of_showing} showing CROSS JOIN {of_seat} seat
         WHERE showing.id IN ({showings}) AND seat.id IN ({seats})
           AND NOT EXISTS (SELECT 1 FROM {table} there WHERE there.showtime_id = showing.id AND there.seat_id = seat.id)
    """  # noqa: S608 - names of our own tables
    with connection.cursor() as cursor:
        cursor.execute(sql, [SeatStatus.FREE, *showtime_ids, *seat_ids])
