"""The promises about seats and money, held against the database: what `manage.py audit` prints.

Each check is a function that yields one sentence for each violation. They read rows as they are, so they hold at any
moment between transactions: a lapsed hold that nobody has swept is no violation, a seat with two owners always is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from bookings.models import BookedSeat, Booking, BookingStatus, FoldedShowing, SeatStatus, ShowtimeSeat, Ticket
from catalog.models import Showtime, ShowtimeStatus
from payments.models import Payment, PaymentStatus, Refund, RefundReason

Check = Callable[[datetime], Iterator[str]]

BY_PEOPLE = (RefundReason.OFFICE, RefundReason.AT_PAYSTACK)
"""Refunds of which no rule decides how much goes back."""


def violations(now: datetime) -> Iterator[str]:
    """Yield one sentence for each promise that the database breaks at `now`."""
    for check in CHECKS:
        yield from check(now)


def seats_have_one_owner(now: datetime) -> Iterator[str]:
    """1: a seat of a showtime is in at most one live booking."""
    live = Booking.objects.live(now)
    doubles = (
        BookedSeat.objects.kept()
        .filter(booking__in=live)
        .values("booking__showtime_id", "label")
        .annotate(owners=Count("pk"))
        .filter(owners__gt=1)
        .order_by()
    )
    for row in doubles:
        yield f"seat {row['label']} of showtime {row['booking__showtime_id']} has {row['owners']} live bookings"


def lines_own_their_seats(now: datetime) -> Iterator[str]:
    """1, 2: every line of a live booking owns its seat's row, and in the right state."""
    row = ShowtimeSeat.objects.filter(showtime_id=OuterRef("booking__showtime_id"), seat_id=OuterRef("seat_id"))
    lines = (
        BookedSeat.objects.kept()
        .filter(booking__in=Booking.objects.live(now), booking__showtime__folded=None)
        .annotate(owner=Subquery(row.values("booking_id")[:1]), state=Subquery(row.values("status")[:1]))
        .values_list("booking__reference", "booking__status", "label", "owner", "state")
    )
    for reference, status, label, owner, state in lines:
        expected = SeatStatus.SOLD if status == BookingStatus.CONFIRMED else SeatStatus.HELD
        if owner != reference or state != expected:
            yield f"booking {reference} is {status}, but its seat {label} is {state} by {owner}"


def rows_have_their_lines(now: datetime) -> Iterator[str]:
    """1, 4: a sold seat, and one held past now, belongs to a live booking that has it as a line."""
    line = BookedSeat.objects.kept().filter(
        booking__reference=OuterRef("booking_id"), booking__showtime=OuterRef("showtime_id"), seat=OuterRef("seat_id")
    )
    is_live = Q(booking__status=BookingStatus.CONFIRMED) | Q(
        booking__status=BookingStatus.HELD, booking__hold_expires_at__gt=now
    )
    taken = ShowtimeSeat.objects.filter(Q(status=SeatStatus.SOLD) | Q(status=SeatStatus.HELD, held_until__gt=now))
    orphans = taken.filter(~is_live | ~Exists(line) | Q(booking=None))
    rows = orphans.values_list("showtime_id", "seat_id", "status", "booking_id")
    for showtime_id, seat_id, status, reference in rows:
        yield f"seat {seat_id} of showtime {showtime_id} is {status} by {reference}, which has no such live line"


def folded_showings_have_their_seats(now: datetime) -> Iterator[str]:
    """1, 2: what is sold of a folded showing are seats that it had and that were not blocked, no more than when it was
    folded, and no row is left."""
    kept = BookedSeat.objects.kept().filter(
        booking__in=Booking.objects.live(now), booking__showtime__folded__isnull=False
    )
    lines: dict[int, list[int]] = defaultdict(list)
    for showtime_id, seat_id in kept.order_by().values_list("booking__showtime_id", "seat_id"):
        lines[showtime_id].append(seat_id)
    has_rows = Exists(ShowtimeSeat.objects.filter(showtime_id=OuterRef("pk")))
    for folded in FoldedShowing.objects.annotate(has_rows=has_rows).iterator(chunk_size=2000):
        taken = lines[folded.pk]
        if folded.has_rows:
            yield f"showtime {folded.pk} was folded, and still has rows of seats"
        if len(taken) > folded.seats_sold:
            yield f"showtime {folded.pk} was folded with {folded.seats_sold} seats sold, and now has {len(taken)}"
        if strange := set(taken) - (set(folded.seat_ids) - set(folded.blocked)):
            yield f"showtime {folded.pk} was folded, and never could sell the seats {sorted(strange)}"


def bookings_have_lines_and_totals(now: datetime) -> Iterator[str]:
    """2: a booking has seats, and its total is the sum of its lines."""
    sums = Booking.objects.annotate(lines=Count("seats"), sum_minor=Coalesce(Sum("seats__price_minor"), 0))
    for booking in sums.filter(Q(lines=0) | ~Q(sum_minor=F("total_minor"))):
        yield f"booking {booking.reference} totals {booking.total_minor}, its {booking.lines} lines {booking.sum_minor}"


def confirmed_bookings_are_paid(now: datetime) -> Iterator[str]:
    """3: a confirmed booking is paid in full in its own currency, or costs nothing."""
    confirmed = Booking.objects.filter(status=BookingStatus.CONFIRMED, total_minor__gt=0)
    paid = Q(
        confirming_payment__status=PaymentStatus.PAID,
        confirming_payment__charged_minor=F("total_minor"),
        confirming_payment__charged_currency=F("currency"),
    )
    for booking in confirmed.exclude(paid):
        yield f"booking {booking.reference} is confirmed, but not paid in full"


def charges_are_accounted_for(now: datetime) -> Iterator[str]:
    """3: a charge confirms a booking or goes back whole; never does more go back than came in."""
    payments = Payment.objects.filter(status=PaymentStatus.PAID).annotate(
        back_minor=Coalesce(Sum("refunds__amount_minor"), 0)
    )
    for payment in payments.filter(confirms=None).exclude(back_minor=F("charged_minor")):
        took, back = payment.charged_minor, payment.back_minor
        yield f"payment {payment.reference} took {took}, confirms nothing and gave back {back}"
    for payment in payments.filter(back_minor__gt=F("charged_minor")):
        yield f"payment {payment.reference} took {payment.charged_minor} and gave back {payment.back_minor}"
    for payment in payments.exclude(back_minor=F("refunded_minor")):
        yield f"payment {payment.reference} has {payment.back_minor} in refunds, and {payment.refunded_minor} noted"
    for refund in Refund.objects.exclude(payment__status=PaymentStatus.PAID):
        yield f"refund {refund.reference} is for a payment that took nothing"
    for payment in payments.filter(confirms__status__in=[BookingStatus.HELD, BookingStatus.EXPIRED]):
        yield f"payment {payment.reference} confirms a booking that is {payment.confirms.status}"


def parts_of_a_charge_are_the_whole(now: datetime) -> Iterator[str]:
    """3: Paystack's fee, the theatre's part and the platform's, once told, are what was charged."""
    told = Payment.objects.filter(platform_minor__isnull=False)
    whole = Q(charged_minor=F("theatre_minor") + F("platform_minor") + F("fees_minor"))
    for payment in told.exclude(whole, theatre_minor__isnull=False, fees_minor__isnull=False):
        parts = f"{payment.fees_minor} + {payment.theatre_minor} + {payment.platform_minor}"
        yield f"payment {payment.reference} took {payment.charged_minor}, its parts are {parts}"


def money_in_equals_money_kept_and_back(now: datetime) -> Iterator[str]:
    """3: per booking, what its confirming payment took is its kept seats plus its given-back ones, and by itself no
    more goes back than those cost. The office may give back more for a reason, here or in Paystack's dashboard, but
    never more than was taken. Summed over a theatre and currency, money in is money kept plus money back."""
    bookings = Booking.objects.filter(confirming_payment__isnull=False).annotate(
        kept_minor=Coalesce(Sum("seats__price_minor", filter=Q(seats__cancelled_at=None)), 0),
        given_minor=Coalesce(Sum("seats__price_minor", filter=Q(seats__cancelled_at__isnull=False)), 0),
    )
    back = {
        row["payment_id"]: row["minor"]
        for row in Refund.objects.exclude(reason__in=BY_PEOPLE)
        .values("payment_id")
        .annotate(minor=Sum("amount_minor"))
        .order_by()
    }
    for booking in bookings.select_related("confirming_payment"):
        payment = booking.confirming_payment
        back_minor = back.get(payment.pk, 0)
        if payment.charged_minor != booking.kept_minor + booking.given_minor or back_minor > booking.given_minor:
            yield (
                f"booking {booking.reference}: {payment.charged_minor} in, {booking.kept_minor} kept,"
                f" {booking.given_minor} given back by seats, {back_minor} by refunds"
            )


def money_is_its_theatres(now: datetime) -> Iterator[str]:
    """3: a payment and its refunds are in the books of the theatre whose show was booked."""
    strange = Payment.objects.exclude(theatre=F("booking__showtime__screen__theatre"))
    for reference in strange.values_list("reference", flat=True):
        yield f"payment {reference} is in another theatre's books"
    for reference in Refund.objects.exclude(theatre=F("payment__theatre")).values_list("reference", flat=True):
        yield f"refund {reference} is in another theatre's books"


def tickets_fit_their_seats(now: datetime) -> Iterator[str]:
    """2: each seat of a confirmed booking has a ticket that lets in, and no other ticket does. Who was in before their
    show was called off stays noted as having been let in."""
    lines = BookedSeat.objects.kept().filter(booking__status=BookingStatus.CONFIRMED)
    for line in lines.filter(Q(ticket=None) | Q(ticket__cancelled_at__isnull=False)).select_related("booking"):
        yield f"seat {line.label} of booking {line.booking.reference} has no ticket that lets in"
    valid = Ticket.objects.filter(cancelled_at=None)
    void = valid.filter(
        Q(booked_seat__cancelled_at__isnull=False) | ~Q(booked_seat__booking__status=BookingStatus.CONFIRMED)
    ).exclude(admitted_at__isnull=False, booked_seat__booking__showtime__status=ShowtimeStatus.CALLED_OFF)
    for ticket in void:
        yield f"ticket {ticket.serial} lets in for a seat that was given back"


def called_off_shows_have_nobody_left(now: datetime) -> Iterator[str]:
    """5: once a show's calling off is done, nobody has a ticket for it, and everybody's money went or goes back."""
    done = Booking.objects.filter(showtime__call_off__finished_at__isnull=False)
    for reference in done.unended().values_list("reference", flat=True):
        yield f"booking {reference} lives on after its show was called off"
    owing = done.filter(
        status=BookingStatus.CANCELLED,
        cancelled_at__gte=F("showtime__call_off__at"),
        confirming_payment__refunded_minor__lt=F("confirming_payment__charged_minor"),
        seats__cancelled_at=F("cancelled_at"),
    ).annotate(
        owed_minor=Sum("seats__price_minor"),
    )
    for booking in owing.select_related("confirming_payment"):
        if booking.confirming_payment.refunded_minor < booking.owed_minor:
            yield f"booking {booking.reference} was called off, and not all of its money went back"


def shows_do_not_overlap(now: datetime) -> Iterator[str]:
    """No two shows run on one screen at a time, cleaning counted."""
    last: Showtime | None = None
    shows = Showtime.objects.exclude(status=ShowtimeStatus.CALLED_OFF).order_by("screen_id", "starts_at", "pk")
    for show in shows.only("screen_id", "starts_at", "free_at").iterator(chunk_size=2000):
        if last is not None and last.screen_id == show.screen_id and show.starts_at < last.free_at:
            yield f"showtimes {last.pk} and {show.pk} run on screen {show.screen_id} at once"
        last = show


CHECKS: list[Check] = [
    seats_have_one_owner,
    lines_own_their_seats,
    rows_have_their_lines,
    folded_showings_have_their_seats,
    bookings_have_lines_and_totals,
    confirmed_bookings_are_paid,
    charges_are_accounted_for,
    parts_of_a_charge_are_the_whole,
    money_in_equals_money_kept_and_back,
    money_is_its_theatres,
    tickets_fit_their_seats,
    called_off_shows_have_nobody_left,
    shows_do_not_overlap,
]
