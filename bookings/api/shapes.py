"""What the answers about seat maps and bookings look like: in words, what outputs.py writes."""

from __future__ import annotations

from datetime import UTC, datetime

from rest_framework import serializers

from bookings.drafts import InvalidPick
from bookings.errors import HeldTooOften, SeatsUnavailable, TicketAdmitted, UnknownSeats, WrongShowtime
from bookings.models import BookingStatus, SeatStatus
from catalog.api.shapes import BASE_URL, ShowtimeBriefShape, ShowtimeShape
from movy.lib.refusals import refusal_describe
from movy.lib.shapes import InvalidShape, MoneyShape, Shape
from theatres.api.shapes import CategoryShape

MINE = "mine"
ONLINE_CHANNELS = ["card", "bank_transfer", "ussd", "mobile_money"]
DESK_CHANNELS = ["cash", "card_terminal"]
PAYMENT_STATUSES = [
    "pending",
    "paid",
    "failed",
    "refund_pending",
    "refunded",
    "partly_refunded",
    "refund_needs_attention",
]

# ---- Seat maps


class PricedCategoryShape(CategoryShape):
    """A kind of seat and what an adult pays for one."""

    price = MoneyShape(allow_null=True, help_text="Null: not sold to adults.")

    example = {**CategoryShape.example, "price": MoneyShape.example}


class TicketTypeShape(Shape):
    """Who a ticket is for."""

    code = serializers.CharField()
    name = serializers.CharField()
    price_by_category = serializers.DictField(
        child=MoneyShape(), help_text="By category code; one that is missing is not sold to them."
    )

    example = {"code": "adult", "name": "Adult", "price_by_category": {"regular": MoneyShape.example}}


class SeatShape(Shape):
    """A seat of a map. x and y are its place in the drawing, in tenths of a seat, from the screen's left corner."""

    id = serializers.IntegerField()
    label = serializers.CharField(help_text="What requests name it by.")  # type: ignore[assignment]
    row = serializers.CharField(allow_blank=True)
    number = serializers.IntegerField()
    x = serializers.IntegerField()
    y = serializers.IntegerField()
    category = serializers.CharField()
    accessible = serializers.BooleanField(help_text="A place for a wheelchair.")
    status = serializers.ChoiceField(
        choices=[*SeatStatus.values, MINE], help_text="`mine` with a bearer: held or sold to you."
    )

    example = {
        "id": 9104,
        "label": "C4",
        "row": "C",
        "number": 4,
        "x": 4,
        "y": 3,
        "category": "regular",
        "accessible": False,
        "status": "free",
    }


class SeatMapShape(Shape):
    """A showing's seats, now."""

    showtime = ShowtimeShape()
    categories = PricedCategoryShape(many=True)
    ticket_types = TicketTypeShape(many=True)
    seats = SeatShape(many=True)
    version = serializers.IntegerField(
        min_value=0, max_value=2**53 - 1, help_text="Opaque: another map, another version. Live updates name it too."
    )

    example = {
        "showtime": ShowtimeShape.example,
        "categories": [PricedCategoryShape.example],
        "ticket_types": [TicketTypeShape.example],
        "seats": [SeatShape.example],
        "version": 4_382_910_552_113,
    }


# ---- Bookings


class BookedSeatShape(Shape):
    """A seat of a booking and what its ticket costs."""

    label = serializers.CharField()  # type: ignore[assignment]
    category = serializers.CharField()
    ticket_type = serializers.CharField()
    price = MoneyShape()

    example = {"label": "C4", "category": "regular", "ticket_type": "adult", "price": MoneyShape.example}


class BookingPaymentShape(Shape):
    """The payment that stands for a booking."""

    reference = serializers.CharField(help_text="The payment's own, not the booking's.")
    status = serializers.ChoiceField(choices=PAYMENT_STATUSES)
    channel = serializers.ChoiceField(choices=[*ONLINE_CHANNELS, *DESK_CHANNELS])
    authorization_url = serializers.URLField(allow_null=True, help_text="Where to pay, while it is pending.")

    example = {
        "reference": "MV-7QK2MZ4RXB9TWC3H",
        "status": "paid",
        "channel": "card",
        "authorization_url": None,
    }


class TicketShape(Shape):
    """One admitted person."""

    code = serializers.CharField(help_text="What the QR code's address ends in.")
    seat = serializers.CharField()
    ticket_type = serializers.CharField()
    qr_url = serializers.URLField(help_text="The QR code as SVG; needs no sign-in.")
    admitted_at = serializers.DateTimeField(allow_null=True)

    example = {
        "code": "K7MR4PX29DQ8WZTCHB5N3VGEJ6SYAUL2",
        "seat": "C4",
        "ticket_type": "adult",
        "qr_url": f"{BASE_URL}/tickets/K7MR4PX29DQ8WZTCHB5N3VGEJ6SYAUL2/qr.svg",
        "admitted_at": None,
    }


class CancellationShape(Shape):
    """What cancelling would do now."""

    allowed = serializers.BooleanField()
    until = serializers.DateTimeField(allow_null=True)
    refund = MoneyShape(allow_null=True, help_text="What would come back.")

    example = {"allowed": True, "until": "2026-11-22T16:30:00Z", "refund": MoneyShape.example}


class BookingShape(Shape):
    """What one person takes at once."""

    reference = serializers.CharField()
    status = serializers.ChoiceField(
        choices=BookingStatus.choices, help_text="A hold past its time is `expired` at once."
    )
    showtime = ShowtimeBriefShape()
    seats = BookedSeatShape(many=True, help_text="Those that were kept; all of them once the booking is cancelled.")
    total = MoneyShape(help_text="The sum of the seats; no fee is added.")
    hold_expires_at = serializers.DateTimeField(
        allow_null=True, help_text="When an unpaid booking ends, or ended. Null once it is paid or cancelled."
    )
    created_at = serializers.DateTimeField()
    payment = BookingPaymentShape(allow_null=True)
    tickets = TicketShape(many=True, help_text="Once it is confirmed.")
    cancellation = CancellationShape()

    example = {
        "reference": "K7MR4PX29D",
        "status": "confirmed",
        "showtime": ShowtimeBriefShape.example,
        "seats": [BookedSeatShape.example],
        "total": MoneyShape.example,
        "hold_expires_at": None,
        "created_at": "2026-11-21T09:12:44Z",
        "payment": BookingPaymentShape.example,
        "tickets": [TicketShape.example],
        "cancellation": CancellationShape.example,
    }


class HeldBookingShape(BookingShape):
    """A booking that waits for its payment."""

    example = {
        **BookingShape.example,
        "status": "held",
        "hold_expires_at": "2026-11-21T09:22:44Z",
        "payment": None,
        "tickets": [],
        "cancellation": {"allowed": True, "until": "2026-11-21T09:22:44Z", "refund": None},
    }


# ---- At the door


class AdmissionShape(Shape):
    """Somebody may come in."""

    result = serializers.ChoiceField(choices=["admitted"])
    seat = serializers.CharField()
    showtime = ShowtimeBriefShape()
    ticket_type = serializers.CharField(help_text="A code, such as `adult` or `child`.")

    example = {
        "result": "admitted",
        "seat": "C4",
        "showtime": ShowtimeBriefShape.example,
        "ticket_type": "adult",
    }


# ---- What refusals tell besides


class SeatsNamedShape(Shape):
    seats = serializers.ListField(
        child=serializers.CharField(), help_text="With `seats_unavailable` and `unknown_seats`: their labels."
    )


class AdmittedShape(Shape):
    admitted_at = serializers.DateTimeField(help_text="With `already_admitted` at the door.")
    admitted_by = serializers.CharField(
        allow_blank=True, help_text="With `already_admitted` at the door: a name, empty for an account that is gone."
    )


class TicketShowtimeShape(Shape):
    id = serializers.IntegerField()
    title = serializers.CharField()
    starts_at = serializers.DateTimeField()


class OtherShowtimeShape(Shape):
    showtime = TicketShowtimeShape(help_text="With `wrong_showtime`: what the ticket is for.")


refusal_describe(SeatsUnavailable, example=lambda: SeatsUnavailable(["C4"]), shape=SeatsNamedShape)
refusal_describe(UnknownSeats, example=lambda: UnknownSeats(["Z99"]), shape=SeatsNamedShape)
refusal_describe(InvalidPick, example=lambda: InvalidPick("seats", "A seat was named twice."), shape=InvalidShape)
refusal_describe(HeldTooOften, example=lambda: HeldTooOften(retry_after_seconds=40))
refusal_describe(
    TicketAdmitted,
    example=lambda: TicketAdmitted(admitted_at=datetime(2026, 11, 22, 18, 21, tzinfo=UTC), admitted_by="Ngozi Eze"),
    shape=AdmittedShape,
)
refusal_describe(
    WrongShowtime,
    example=lambda: WrongShowtime(
        showtime_id=813,
        title="Sherlock Jr.",
        starts_at=datetime(2026, 11, 22, 20, 30, tzinfo=UTC),
        showing="Sherlock Jr. · Sun 22 Nov 21:30 · Grand Hall",
    ),
    shape=OtherShowtimeShape,
)
