"""Who takes which seats of a showtime. How the states move is told in docs/domain.md, how seats are taken in
docs/locking.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.querysets import (
    BookedSeatQuerySet,
    BookingEventQuerySet,
    BookingQuerySet,
    CallOffQuerySet,
    ShowtimeEventQuerySet,
    TicketQuerySet,
)
from catalog.models import Showtime
from movy.lib.fields import Currency
from movy.lib.money import Money
from theatres.models import Seat


class BookingStatus(models.TextChoices):
    HELD = "held", _("held")
    CONFIRMED = "confirmed", _("confirmed")
    CANCELLED = "cancelled", _("cancelled")
    EXPIRED = "expired", _("expired")


NEXT = {  # every move there is; booking_move() refuses any other
    BookingStatus.HELD: {BookingStatus.CONFIRMED, BookingStatus.CANCELLED, BookingStatus.EXPIRED},
    BookingStatus.EXPIRED: {BookingStatus.CONFIRMED},  # paid late, seats still free
    BookingStatus.CONFIRMED: {BookingStatus.CANCELLED},
    BookingStatus.CANCELLED: set(),
}


class SeatStatus(models.TextChoices):
    FREE = "free", _("free")
    HELD = "held", _("held")
    SOLD = "sold", _("sold")
    BLOCKED = "blocked", _("blocked")


@dataclass(frozen=True)
class Buyer:
    """Who a booking is for. `user_id` is absent for a guest and at the desk; the e-mail is not, but at the desk.

    `address` is the network address that asks, for the limits on holding; `phone` is as bookings.phones.phone_normal
    returns it; `language` is the one their mails are written in.
    """

    email: str
    name: str = ""
    user_id: int | None = None
    address: str | None = None
    phone: str = ""
    language: str = "en"


class Booking(models.Model):
    """What one person takes at once at one showtime. Theatre rules and prices are frozen in when it is made."""

    reference = models.CharField(max_length=10, unique=True)
    showtime = models.ForeignKey(Showtime, models.PROTECT, related_name="bookings", verbose_name=_("showtime"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="bookings",
        verbose_name=_("user"),
    )
    email = models.EmailField(_("e-mail"), blank=True, db_index=True)
    name = models.CharField(_("name"), max_length=301, blank=True)  # a first name, a blank and a last name
    phone = models.CharField(_("phone"), max_length=16, blank=True, default="", db_default="", db_index=True)
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True, editable=False)
    language = models.CharField(  # of its mails: the worker has nobody's browser to ask
        _("language"), max_length=8, default="en", db_default="en", editable=False
    )
    status = models.CharField(_("status"), max_length=10, choices=BookingStatus, default=BookingStatus.HELD)
    currency = models.CharField(max_length=3, choices=Currency)
    total_minor = models.PositiveIntegerField(_("total in the smallest unit"))
    refund_steps = models.JSONField(
        default=list, help_text="[[hours before, percent], …], longest first, as at purchase"
    )
    hold_expires_at = models.DateTimeField(_("held until"), null=True, blank=True)
    hold_is_lengthened = models.BooleanField(
        default=False, help_text="Choosing how to pay lengthens a hold once at most."
    )
    sold_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("sold by")
    )
    created_at = models.DateTimeField(_("made at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    # When its buyer is to be reminded: set by the confirmation, and empty once that is seen to (bookings/reminding.py).
    remind_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status=BookingStatus.HELD) | models.Q(hold_expires_at__isnull=False),
                name="booking_every_hold_ends",
            )
        ]
        indexes = [
            models.Index(fields=["status", "hold_expires_at"], name="booking_lapsing"),
            models.Index(fields=["showtime", "status"], name="booking_of_showtime"),
            models.Index(fields=["user", "created_at"], name="booking_of_user"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("bookings:detail", args=[self.reference])

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    def status_at(self, now: datetime) -> BookingStatus:
        """Return the state that everybody is shown: a hold past its time is expired, swept or not."""
        if self.status == BookingStatus.HELD and self.hold_expires_at is not None and self.hold_expires_at <= now:
            return BookingStatus.EXPIRED
        return BookingStatus(self.status)

    def refund_percent_at(self, now: datetime, starts_at: datetime) -> int:
        """Return what part of the price comes back on cancelling at `now`, by the steps frozen at purchase."""
        for hours_before, percent in self.refund_steps:
            if now <= starts_at - timedelta(hours=hours_before):
                return int(percent)
        return 0

    @property
    def is_desk_sale(self) -> bool:
        return self.sold_by_id is not None

    @property
    def is_guests(self) -> bool:
        """Whether somebody without an account booked it, and no account has adopted it since."""
        return self.user_id is None and not self.is_desk_sale


class BookedSeat(models.Model):
    """One line of a booking: a seat, who it is for, what it costs. Names are copied: what was bought stays readable."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="seats")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+", verbose_name=_("seat"))
    label = models.CharField(_("seat"), max_length=8)
    category = models.CharField(max_length=20)
    category_name = models.CharField(_("category"), max_length=60)
    ticket_type = models.CharField(max_length=20)
    ticket_type_name = models.CharField(_("ticket type"), max_length=60)
    price_minor = models.PositiveIntegerField(_("price in the smallest unit"))
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    objects = BookedSeatQuerySet.as_manager()

    class Meta:
        ordering = ["booking", "pk"]
        verbose_name = _("booked seat")
        verbose_name_plural = _("booked seats")
        constraints = [models.UniqueConstraint(fields=["booking", "seat"], name="bookedseat_once_per_booking")]

    def __str__(self) -> str:
        return self.label


class ShowtimeSeat(models.Model):
    """One seat of one showtime, made when the showtime goes on sale: a seat has one row, so it has one owner. Rows are
    only ever moved on by a conditional UPDATE whose row count is checked (bookings/seats.py); nobody looks first."""

    pk = models.CompositePrimaryKey("showtime_id", "seat_id")  # InnoDB keeps a showtime together, and in this order
    showtime = models.ForeignKey(Showtime, models.PROTECT, related_name="seats")
    seat = models.ForeignKey(  # no index: with one, the planner takes it instead of the primary key (docs/locking.md)
        Seat, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    status = models.CharField(max_length=8, choices=SeatStatus, default=SeatStatus.FREE)
    booking = (
        models.ForeignKey(  # by reference, which is known before the booking's row is written; hence no constraint
            Booking,
            models.PROTECT,
            to_field="reference",
            null=True,
            db_constraint=False,
            db_index=False,
            related_name="+",
        )
    )
    # When a hold lapses, and a seat kept for the house is everybody's: free at once, whether or not the worker has been
    # by. A blocked seat without it stays so.
    held_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("seat of a showtime")
        verbose_name_plural = _("seats of a showtime")

    def __str__(self) -> str:
        return f"{self.showtime_id}/{self.seat_id}"


class FoldedShowing(models.Model):
    """What is left of a past showing's ShowtimeSeat rows (bookings/folding.py): which seats it had and which of them
    were blocked. Who had the others is told by the bookings' lines, as ever. Written once and never changed."""

    showtime = models.OneToOneField(Showtime, models.CASCADE, primary_key=True, related_name="folded")
    at = models.DateTimeField()
    seats_total = models.PositiveIntegerField()
    seats_sold = models.PositiveIntegerField(help_text="When it was folded. Later it may be fewer, never more.")
    runs = models.JSONField(help_text="[[first id, last id], …] of its seats")
    blocked = models.JSONField(help_text="ids")

    class Meta:
        verbose_name = _("folded showing")
        verbose_name_plural = _("folded showings")

    def __str__(self) -> str:
        return str(self.showtime_id)

    @property
    def seat_ids(self) -> list[int]:
        return [seat_id for first, last in self.runs for seat_id in range(first, last + 1)]


class Ticket(models.Model):
    """One admitted person. Its code is made from the serial and signed (bookings/tickets.py)."""

    booked_seat = models.OneToOneField(BookedSeat, models.PROTECT, related_name="ticket")
    serial = models.CharField(max_length=16, unique=True)
    admitted_at = models.DateTimeField(_("admitted at"), null=True, blank=True)
    admitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("admitted by"),
    )
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(admitted_at__isnull=True) | models.Q(cancelled_at__isnull=True),
                name="ticket_admitted_or_cancelled",
            )
        ]

    def __str__(self) -> str:
        return self.serial


class BookingEvent(models.Model):
    """One line of a booking's history; append-only."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    detail = models.JSONField(default=dict)

    objects = BookingEventQuerySet.as_manager()

    class Meta:
        ordering = ["booking", "pk"]
        verbose_name = _("booking event")
        verbose_name_plural = _("booking events")

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M:%S}"


class ShowtimeEvent(models.Model):
    """One line of what the office did with a showing's seats, or with all of it; append-only. `detail` has the seats'
    labels, until when, and why."""

    showtime = models.ForeignKey(Showtime, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    detail = models.JSONField(default=dict)

    objects = ShowtimeEventQuerySet.as_manager()

    class Meta:
        ordering = ["showtime", "pk"]
        verbose_name = _("showing's event")
        verbose_name_plural = _("showings' events")

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M:%S}"


class CallOff(models.Model):
    """A showing that does not take place. Written as sales stop; the worker then refunds and tells everybody, booking
    by booking, and fills in `finished_at` when nobody is left (payments/flows)."""

    showtime = models.OneToOneField(Showtime, models.CASCADE, related_name="call_off", verbose_name=_("showing"))
    at = models.DateTimeField(_("called off at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("called off by")
    )
    note = models.CharField(_("what people are told"), max_length=300, blank=True)
    finished_at = models.DateTimeField(_("all done at"), null=True, db_index=True)

    objects = CallOffQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("called-off showing")
        verbose_name_plural = _("called-off showings")

    def __str__(self) -> str:
        return str(self.showtime)
