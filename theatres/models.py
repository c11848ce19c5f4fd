"""Cinemas: their rules, their people, their screens and seats."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from movy.lib.fields import Currency, timezone_valid
from theatres.querysets import (
    InvitationQuerySet,
    KindQuerySet,
    MembershipQuerySet,
    OfTheatreQuerySet,
    ScreenQuerySet,
    SeatQuerySet,
    TheatreQuerySet,
)


class Role(models.TextChoices):
    MANAGER = "manager", _("manager")
    BOX_OFFICE = "box_office", _("box office")
    DOOR = "door", _("door")


class SeatKind(models.TextChoices):
    REGULAR = "regular", _("seat")
    ACCESSIBLE = "accessible", _("wheelchair place")
    COMPANION = "companion", _("companion seat")


class Theatre(models.Model):
    """A cinema. Its zone decides what a day is, its currency what a price means, its refund steps what comes back."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("address on this site"), max_length=100, unique=True)
    city = models.CharField(_("city"), max_length=80, db_index=True)
    country = models.CharField(_("country"), max_length=2, help_text=_("Two letters, such as NG."))
    address = models.CharField(_("address"), max_length=200)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    timezone = models.CharField(_("time zone"), max_length=40, validators=[timezone_valid])
    currency = models.CharField(_("currency"), max_length=3, choices=Currency)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    cleaning_minutes = models.PositiveSmallIntegerField(_("cleaning minutes"), default=15)
    sales_close_minutes_before = models.PositiveSmallIntegerField(
        _("sales close, minutes before the start"), default=0, help_text=_("0: when the show starts.")
    )
    paystack_subaccount = models.CharField(_("Paystack subaccount"), max_length=40, blank=True)
    managers_need_second_factor = models.BooleanField(
        _("managers need a second step to sign in"),
        default=False,
        help_text=_("A code from an app on their phone, besides the password, before the office opens."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TheatreQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("theatre")
        verbose_name_plural = _("theatres")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalog:theatre", args=[self.id_slug])

    @property
    def id_slug(self) -> str:
        """How addresses of pages name it: the id decides, the words are for people."""
        return f"{self.pk}-{self.slug}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class RefundStep(models.Model):
    """One line of a theatre's refund rule: who cancels at least so long before the start gets so much back. The longest
    step that is reached counts; with none reached nothing comes back."""

    theatre = models.ForeignKey(Theatre, models.CASCADE, related_name="refund_steps", verbose_name=_("theatre"))
    hours_before = models.PositiveSmallIntegerField(_("hours before the start"))
    percent = models.PositiveSmallIntegerField(_("percent back"), validators=[MaxValueValidator(100)])

    objects = OfTheatreQuerySet.as_manager()

    class Meta:
        ordering = ["theatre", "-hours_before"]
        verbose_name = _("refund step")
        verbose_name_plural = _("refund steps")
        constraints = [
            models.UniqueConstraint(fields=["theatre", "hours_before"], name="refundstep_one_per_hour"),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="refundstep_at_most_all"),
        ]

    def __str__(self) -> str:
        return _("%(percent)d %% until %(hours)d hours before") % {"percent": self.percent, "hours": self.hours_before}


class Membership(models.Model):
    """What a person is to a theatre; without one, nothing."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    theatre = models.ForeignKey(Theatre, models.CASCADE, related_name="memberships", verbose_name=_("theatre"))
    role = models.CharField(_("role"), max_length=12, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["theatre", "role", "user"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["user", "theatre"], name="membership_one_per_person")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class Invitation(models.Model):
    """Somebody was asked by mail to work at a theatre: one row an address, which a new invitation overwrites.

    Of the link only the digest is kept. It can be used while `accepted_at` and `withdrawn_at` are null and `expires_at`
    is to come, once: accepting is a conditional UPDATE (theatres/people.py).
    """

    theatre = models.ForeignKey(Theatre, models.CASCADE, related_name="invitations", verbose_name=_("theatre"))
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=12, choices=Role)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(_("sent at"))
    expires_at = models.DateTimeField(_("runs out at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["theatre", "email"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [models.UniqueConstraint(fields=["theatre", "email"], name="invitation_one_per_address")]

    def __str__(self) -> str:
        return f"{self.email} · {self.get_role_display()}"


class SeatCategory(models.Model):
    """A class of seats that is priced apart."""

    theatre = models.ForeignKey(Theatre, models.CASCADE, related_name="categories", verbose_name=_("theatre"))
    code = models.SlugField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_retired = models.BooleanField(_("retired"), default=False, help_text=_("No seat can be put into it any more."))

    objects = KindQuerySet.as_manager()

    class Meta:
        ordering = ["theatre", "position", "code"]
        verbose_name = _("seat category")
        verbose_name_plural = _("seat categories")
        constraints = [models.UniqueConstraint(fields=["theatre", "code"], name="seatcategory_one_per_code")]

    def __str__(self) -> str:
        return self.name


class TicketType(models.Model):
    """Who a ticket is for. Every theatre has `adult`, whose price is the one shown first."""

    ADULT = "adult"

    theatre = models.ForeignKey(Theatre, models.CASCADE, related_name="ticket_types", verbose_name=_("theatre"))
    code = models.SlugField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_retired = models.BooleanField(_("retired"), default=False, help_text=_("New showings don't sell it any more."))

    objects = KindQuerySet.as_manager()

    class Meta:
        ordering = ["theatre", "position", "code"]
        verbose_name = _("ticket type")
        verbose_name_plural = _("ticket types")
        constraints = [models.UniqueConstraint(fields=["theatre", "code"], name="tickettype_one_per_code")]

    def __str__(self) -> str:
        return self.name


class Screen(models.Model):
    """A hall. Scheduling in it is serialised by a lock on its row (catalog/locks.py)."""

    theatre = models.ForeignKey(Theatre, models.PROTECT, related_name="screens", verbose_name=_("theatre"))
    name = models.CharField(_("name"), max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScreenQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["theatre", "name"]
        verbose_name = _("screen")
        verbose_name_plural = _("screens")
        constraints = [models.UniqueConstraint(fields=["theatre", "name"], name="screen_one_per_name")]

    def __str__(self) -> str:
        return f"{self.theatre.name} · {self.name}"


class Seat(models.Model):
    """A place in a screen's seating plan. A seat that was ever sold is retired, never deleted."""

    screen = models.ForeignKey(Screen, models.PROTECT, related_name="seats", verbose_name=_("screen"))
    row = models.CharField(_("row"), max_length=3)
    number = models.PositiveSmallIntegerField(_("number"))
    label = models.CharField(_("label"), max_length=8, editable=False, help_text=_("Row and number: C4."))
    x = models.SmallIntegerField("x", help_text=_("Tenths of a seat from the left edge."))
    y = models.SmallIntegerField("y", help_text=_("Tenths of a seat from the silver screen."))
    category = models.ForeignKey(SeatCategory, models.PROTECT, related_name="seats", verbose_name=_("category"))
    kind = models.CharField(_("kind"), max_length=10, choices=SeatKind, default=SeatKind.REGULAR)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["screen", "y", "x"]
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [models.UniqueConstraint(fields=["screen", "label"], name="seat_one_per_label")]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: object, **kwargs: object) -> None:
        self.label = seat_label(self.row, self.number)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def is_accessible(self) -> bool:
        return self.kind == SeatKind.ACCESSIBLE


def seat_label(row: str, number: int) -> str:
    """Return what is printed on the seat and the ticket: seat_label("C", 4) == "C4"."""
    return f"{row}{number}"


def slug_of(name: str) -> str:
    """Return a slug for an address, never empty."""
    return slugify(name)[:100] or "cinema"
