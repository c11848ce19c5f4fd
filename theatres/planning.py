"""A screen's seating plan as it is stored, and what it takes to make it another one.

Seats are known by their labels: who keeps the label keeps the row, wherever the seat moves. A seat that leaves the plan
is retired, never deleted, and comes back with its row when its label does. What a change means for showings is told in
bookings/plans.py, because theatres know of none.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from movy.lib.errors import DomainError
from theatres.models import Screen, Seat, SeatCategory
from theatres.plan import PlacedSeat, Plan, plan_of_places


class PlanChanged(DomainError):
    code = "plan_changed"
    message = _(
        "Somebody else has changed this plan since you opened it. Yours is kept below, nothing was saved: look what has"
        " changed before you save."
    )


class ScreenHasShowtimes(DomainError):
    code = "screen_has_showtimes"
    message = _("Films were or will be shown on this screen, so it can't be deleted.")


@dataclass(frozen=True)
class StoredPlan:
    """A screen's plan at one moment. `ids` and `retired_ids`: label -> seat, of those in the plan and those that were
    in it once. `categories`: those of the theatre that a seat can be put into."""

    screen: Screen
    categories: Sequence[SeatCategory]
    places: Sequence[PlacedSeat]
    ids: dict[str, int]
    retired_ids: dict[str, int]

    @property
    def codes(self) -> list[str]:
        return [category.code for category in self.categories]

    @cached_property
    def plan(self) -> Plan:
        return plan_of_places(self.places)

    @property
    def version(self) -> str:
        """Another plan, or other categories to read it by, is another version."""
        return hashlib.blake2b(f"{sorted(self.places)} {self.codes}".encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class PlanChange:
    """What becomes of the seats when a plan takes the place of the stored one. Ids are those of rows."""

    added: Sequence[PlacedSeat]
    brought_back: dict[int, PlacedSeat]
    retired: dict[int, str]
    kept: dict[int, PlacedSeat]
    moved: Sequence[str]
    recategorised: Sequence[str]
    rekinded: Sequence[str]

    @property
    def seats_added(self) -> int:
        return len(self.added) + len(self.brought_back)

    @property
    def is_none(self) -> bool:
        return not (self.seats_added or self.retired or self.moved or self.recategorised or self.rekinded)

    @property
    def categories(self) -> set[str]:
        """The codes under which seats are to be sold that were not, or not under these."""
        fresh = [*self.added, *self.brought_back.values()]
        recategorised = set(self.recategorised)
        return {seat.category for seat in [*fresh, *(s for s in self.kept.values() if s.label in recategorised)]}


def stored_plan(screen: Screen) -> StoredPlan:
    """Return the plan as it is stored now. Two queries."""
    seats = list(Seat.objects.filter(screen=screen).select_related("category").order_by("pk"))
    in_use = [seat for seat in seats if seat.retired_at is None]
    return StoredPlan(
        screen=screen,
        categories=list(SeatCategory.objects.in_use().filter(theatre=screen.theatre_id).order_by("position", "code")),
        places=[PlacedSeat(seat.row, seat.number, seat.x, seat.y, seat.category.code, seat.kind) for seat in in_use],
        ids={seat.label: seat.pk for seat in in_use},
        retired_ids={seat.label: seat.pk for seat in seats if seat.retired_at is not None},
    )


def plan_change(stored: StoredPlan, plan: Plan) -> PlanChange:
    """Compare a plan with the stored one. Pure.

    A plan that is the same but stands elsewhere on its paper, because a row was added at its left, has not moved.
    """
    wanted = {seat.label: seat for seat in plan.places()}
    old = {seat.label: seat for seat in stored.plan.places()}
    both = [(old[label], seat) for label, seat in wanted.items() if label in old]
    steps = Counter((seat.x - was.x, seat.y - was.y) for was, seat in both)
    usual = steps.most_common(1)[0][0] if steps else (0, 0)
    return PlanChange(
        added=[seat for label, seat in wanted.items() if label not in old and label not in stored.retired_ids],
        brought_back={stored.retired_ids[label]: seat for label, seat in wanted.items() if label in stored.retired_ids},
        retired={pk: label for label, pk in stored.ids.items() if label not in wanted},
        kept={stored.ids[seat.label]: seat for _was, seat in both},
        moved=[seat.label for was, seat in both if (seat.x - was.x, seat.y - was.y) != usual],
        recategorised=[seat.label for was, seat in both if seat.category != was.category],
        rekinded=[seat.label for was, seat in both if seat.kind != was.kind],
    )


def plan_store(stored: StoredPlan, change: PlanChange, *, now: datetime) -> list[int]:
    """Make the change; return the seats that are in the plan now and were not, in key order.

    The caller has locked the screen's row and read `stored` under that lock.
    """
    categories = {category.code: category for category in stored.categories}
    Seat.objects.filter(pk__in=change.retired).update(retired_at=now)
    stood = {seat.label: seat for seat in stored.places}
    placed = {pk: seat for pk, seat in change.kept.items() if seat != stood[seat.label]} | change.brought_back
    rows = [
        Seat(pk=pk, x=seat.x, y=seat.y, kind=seat.kind, category=categories[seat.category], retired_at=None)
        for pk, seat in placed.items()
    ]
    Seat.objects.bulk_update(rows, ["x", "y", "kind", "category", "retired_at"], batch_size=200)
    Seat.objects.bulk_create(
        Seat(
            screen=stored.screen,
            row=seat.row,
            number=seat.number,
            label=seat.label,
            x=seat.x,
            y=seat.y,
            kind=seat.kind,
            category=categories[seat.category],
        )
        for seat in change.added
    )
    labels = [seat.label for seat in change.added]
    created = Seat.objects.filter(screen=stored.screen, label__in=labels).values_list("pk", flat=True)
    return sorted([*created, *change.brought_back])


def screen_plan_copy(*, source: Screen, screen: Screen, now: datetime) -> None:
    """Give a new screen the plan of another one of the same theatre, as it is now."""
    stored = stored_plan(screen)
    plan_store(stored, plan_change(stored, stored_plan(source).plan), now=now)


def screen_delete(screen: Screen) -> None:
    """Delete a screen and its plan. Raises ScreenHasShowtimes when anything was shown or sold there."""
    try:
        Seat.objects.filter(screen=screen).delete()
        screen.delete()
    except ProtectedError as error:
        raise ScreenHasShowtimes from error
