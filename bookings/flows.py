"""The transactions that pages and API open for bookings, once for both."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from time import monotonic

from bookings.adopting import bookings_adopt, bookings_to_adopt
from bookings.checkin import ticket_admit
from bookings.drafts import BookingDraft
from bookings.errors import SeatsUnavailable
from bookings.folding import showing_fold, showings_to_fold
from bookings.guests import attempt_reference
from bookings.models import Booking, BookingEvent, BookingStatus, Ticket
from bookings.reminding import booking_remind, bookings_to_remind
from bookings.resending import TICKETS_RESENT, guest_links_resend, tickets_resend
from bookings.services import booking_hold
from bookings.showtimes import showtime_open_due
from bookings.tickets import ticket_find
from catalog.models import Showtime
from movy.lib.batch import one_by_one
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction

OPENED_AT_ONCE = 200  # drafts that one round of the worker puts on sale
REMINDED_AT_ONCE = 200  # bookings
FOLDED_AT_ONCE = 200  # past showings that one round folds at most, each in a transaction of its own
FOLDING_SECONDS = 1.0  # after which a round begins no other: what the worker puts on sale waits for it


def seats_hold(draft: BookingDraft, *, now: datetime, also: Callable[[Booking], None] | None = None) -> Booking:
    """Hold the draft's seats in a transaction of their own, and do `also` in the same. Raises as booking_hold does.

    A COMMIT whose answer was lost is looked up by the draft's reference, never repeated.
    """

    def hold() -> Booking:
        booking = booking_hold(draft, now=now)
        if also:
            also(booking)
        return booking

    return run_in_transaction(
        hold,
        find=lambda: Booking.objects.filter(reference=draft.reference).first(),
    )


def seats_hold_once(draft: BookingDraft, *, attempt: str) -> Booking:
    """As seats_hold, for a guest's form that may come twice: while the booking that the first made lives, the second
    gets it. `attempt`: what that form alone knows, empty for any other."""
    if not attempt:
        return seats_hold(draft, now=draft.created_at)
    reference = attempt_reference(attempt, email=draft.buyer.email)
    before = Booking.objects.filter(reference=reference).first()
    if before is None:
        try:
            return seats_hold(replace(draft, reference=reference), now=draft.created_at)
        except SeatsUnavailable:  # by ourselves, a moment ago?
            before = Booking.objects.filter(reference=reference).first()
            if before is None:
                raise
    lives = before.status_at(draft.created_at) in (BookingStatus.HELD, BookingStatus.CONFIRMED)
    return before if before.is_guests and lives else seats_hold(draft, now=draft.created_at)


def ticket_check_in(
    code: str, *, theatre_id: int, showtime_id: int | None, admitted_by_id: int, now: datetime
) -> Ticket:
    """Let somebody in, in a transaction of its own. Raises as ticket_admit does.

    A COMMIT whose answer was lost is looked up, so that nobody is turned away for having just come in.
    """

    def admitted_just_now() -> Ticket | None:
        ticket = ticket_find(code)
        return ticket if (ticket.admitted_at, ticket.admitted_by_id) == (now, admitted_by_id) else None

    return run_in_transaction(
        lambda: ticket_admit(
            code, theatre_id=theatre_id, showtime_id=showtime_id, admitted_by_id=admitted_by_id, now=now
        ),
        find=admitted_just_now,
    )


def tickets_send_again(reference: str, *, actor_id: int | None) -> BookingEvent:
    """Send a booking's tickets once more, in a transaction of its own. Raises as tickets_resend does."""
    now = database_now()
    return run_in_transaction(
        lambda: tickets_resend(reference, actor_id=actor_id, now=now),
        find=lambda: BookingEvent.objects.filter(booking__reference=reference, at=now, kind=TICKETS_RESENT).first(),
    )


def guest_links_send(email: str) -> int:
    """Mail the links of a guest's coming bookings once more, in a transaction of its own; return how many."""
    now = database_now()
    return run_in_transaction(lambda: guest_links_resend(email, now=now), find=again)


def guest_bookings_adopt(*, user_id: int, references: Collection[str] = (), emails: Collection[str] = ()) -> list[str]:
    """Make guests' bookings an account's: those with these references, and of these e-mails. The caller knows that they
    are that person's. Opens its own transaction, where there are any; returns their references."""
    ids = bookings_to_adopt(references=references, emails=emails)
    if not ids:
        return []
    now = database_now()
    return run_in_transaction(
        lambda: bookings_adopt(ids, user_id=user_id, references=references, emails=emails, now=now), find=again
    )


def showings_open_due() -> int:
    """Put drafts on sale whose moment has come; return how many. The worker does so every second: until it has been by,
    nobody sees them."""
    now = database_now()
    due = Showtime.objects.to_open(now).order_by("on_sale_at").values_list("pk", flat=True)[:OPENED_AT_ONCE]
    return one_by_one(
        due, lambda showtime_id: run_in_transaction(lambda: showtime_open_due(showtime_id, now=now), find=again)
    )


def reminders_send() -> int:
    """Remind people of shows that are near, each in a transaction of its own; return how many. Killed in between, it
    goes on with the next."""
    now = database_now()
    due = bookings_to_remind(now=now, most=REMINDED_AT_ONCE)
    return one_by_one(
        due, lambda booking_id: run_in_transaction(lambda: booking_remind(booking_id, now=now), find=again)
    )


def showings_fold_past() -> int:
    """Fold past showings' seats away, for FOLDING_SECONDS at most; return how many showings. Killed in between, it goes
    on with the next."""
    now, ends = database_now(), monotonic() + FOLDING_SECONDS
    due = showings_to_fold(now=now, most=FOLDED_AT_ONCE)
    return one_by_one(
        takewhile(lambda _showtime_id: monotonic() < ends, due),
        lambda showtime_id: run_in_transaction(lambda: showing_fold(showtime_id, now=now), find=again),
    )
