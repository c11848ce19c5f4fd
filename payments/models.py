"""Money: attempts to pay a booking, money going back, and Paystack's messages. docs/money.md tells the rules."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking
from movy.lib.fields import Currency
from movy.lib.money import Money
from payments.querysets import FindingQuerySet, PaymentEventQuerySet, PaymentQuerySet, RefundQuerySet, WalkQuerySet
from theatres.models import Theatre


class Channel(models.TextChoices):
    CARD = "card", _("card")
    BANK_TRANSFER = "bank_transfer", _("bank transfer")
    USSD = "ussd", _("USSD")
    MOBILE_MONEY = "mobile_money", _("mobile money")
    CASH = "cash", _("cash")
    CARD_TERMINAL = "card_terminal", _("card terminal")


BY_HAND = (Channel.CASH, Channel.CARD_TERMINAL)
"""How the desk is paid. Paystack knows nothing of it, so a person gives the money back."""


class PaymentStatus(models.TextChoices):
    PENDING = "pending", _("pending")
    PAID = "paid", _("paid")
    FAILED = "failed", _("failed")


NEXT_PAYMENT = {
    PaymentStatus.PENDING: {PaymentStatus.PAID, PaymentStatus.FAILED},
    PaymentStatus.FAILED: {PaymentStatus.PAID},  # success beats failure
    PaymentStatus.PAID: set(),
}


class RefundStatus(models.TextChoices):
    PENDING = "pending", _("on its way")
    PROCESSED = "processed", _("paid back")
    NEEDS_ATTENTION = "needs_attention", _("needs bank details")
    FAILED = "failed", _("failed")


NEXT_REFUND = {
    RefundStatus.PENDING: {RefundStatus.PROCESSED, RefundStatus.NEEDS_ATTENTION, RefundStatus.FAILED},
    RefundStatus.NEEDS_ATTENTION: {RefundStatus.PENDING, RefundStatus.PROCESSED, RefundStatus.FAILED},
    RefundStatus.FAILED: {  # asked again by a person, here or in Paystack's dashboard
        RefundStatus.PENDING,
        RefundStatus.PROCESSED,
        RefundStatus.NEEDS_ATTENTION,
    },
    RefundStatus.PROCESSED: set(),
}


class RefundReason(models.TextChoices):
    CANCELLED = "cancelled", _("cancelled by the customer")
    SEATS_GONE = "seats_gone", _("paid too late, seats gone")
    PAID_TWICE = "paid_twice", _("paid twice")
    MISMATCH = "mismatch", _("paid something else than asked")
    CALLED_OFF = "called_off", _("show called off")
    OFFICE = "office", _("by the theatre")
    AT_PAYSTACK = "at_paystack", _("by the theatre, in Paystack's dashboard")


class Payment(models.Model):
    """One attempt to pay one booking. Its reference is never used again: Paystack knows it for ever."""

    reference = models.CharField(_("reference"), max_length=24, unique=True)
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="payments", verbose_name=_("booking"))
    theatre = models.ForeignKey(
        Theatre,
        models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("theatre"),
        help_text="The booking's, which never changes. Without it, one theatre's money is found through all its shows.",
    )
    confirms = models.OneToOneField(  # unique: one booking is confirmed by one payment, whatever arrives
        Booking, models.PROTECT, null=True, blank=True, related_name="confirming_payment", editable=False
    )
    amount_minor = models.PositiveIntegerField(_("amount in the smallest unit"))
    currency = models.CharField(max_length=3, choices=Currency)
    channel = models.CharField(_("channel"), max_length=14, choices=Channel)
    status = models.CharField(_("status"), max_length=8, choices=PaymentStatus, default=PaymentStatus.PENDING)
    authorization_url = models.URLField(max_length=500, blank=True)
    access_code = models.CharField(max_length=40, blank=True)
    is_opening = models.BooleanField(default=False, help_text="A request is asking Paystack for the address right now.")
    created_at = models.DateTimeField(_("made at"))
    deadline_at = models.DateTimeField(_("seats kept until"))
    next_check_at = models.DateTimeField(null=True, db_index=True, help_text="When the worker asks Paystack again.")
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    charged_minor = models.PositiveBigIntegerField(_("charged, smallest unit"), null=True, blank=True)
    charged_currency = models.CharField(max_length=3, blank=True)
    refunded_minor = models.PositiveBigIntegerField(
        _("going or gone back, smallest unit"), default=0, db_default=0, help_text="The sum of the refunds."
    )
    fees_minor = models.PositiveIntegerField(_("Paystack's fee"), null=True, blank=True)
    # With the fee these two are the charge. Null: Paystack has not said yet. The platform's may be below nothing, where
    # it bears the fee and keeps no share.
    theatre_minor = models.BigIntegerField(_("to the theatre's account"), null=True, blank=True)
    platform_minor = models.BigIntegerField(_("to the platform's account"), null=True, blank=True)
    # Not unique: our reference is what identifies a charge, and another account's key may bring numbers that we know.
    provider_id = models.CharField(_("Paystack id"), max_length=20, blank=True, db_index=True)
    provider_note = models.CharField(_("Paystack says"), max_length=200, blank=True)
    mismatch = models.CharField(_("does not match in"), max_length=40, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(refunded_minor=0)
                | models.Q(charged_minor__isnull=False, refunded_minor__lte=models.F("charged_minor")),
                name="payment_gives_back_what_it_took",
            )
        ]
        indexes = [  # for the office's home and its reports, which ask by day and for what is not in order
            models.Index(fields=["theatre", "paid_at"], name="payment_by_sale"),
            models.Index(fields=["mismatch"], name="payment_by_mismatch"),
            models.Index(fields=["status", "confirms"], name="payment_by_use"),  # few are paid and confirm nothing
        ]

    def __str__(self) -> str:
        return self.reference

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.theatre_id:
            self.theatre_id = self.booking.showtime.screen.theatre_id
        super().save(*args, **kwargs)

    @property
    def money(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def public_status(self) -> str:
        """What buyers and clients are told: our own state, and once money goes back the refunds'."""
        refunds = list(self.refunds.all())
        if self.status != PaymentStatus.PAID or not refunds:
            return self.status
        states = {refund.status for refund in refunds}
        if states & {RefundStatus.NEEDS_ATTENTION, RefundStatus.FAILED}:
            return "refund_needs_attention"
        if RefundStatus.PENDING in states:
            return "refund_pending"
        back_minor = sum(refund.amount_minor for refund in refunds)
        return "refunded" if back_minor == self.charged_minor else "partly_refunded"

    @property
    def prominence(self) -> tuple[bool, bool, int]:
        """Which of a booking's payments is shown as its payment: the greatest; the confirming, a paid, the newest."""
        return (self.confirms_id is not None, self.status == PaymentStatus.PAID, self.pk)

    @property
    def left_minor(self) -> int:
        """What could still go back."""
        return (self.charged_minor or 0) - self.refunded_minor

    @property
    def is_by_hand(self) -> bool:
        return self.channel in BY_HAND

    @property
    def charged(self) -> Money | None:
        """What Paystack really took, None before it did."""
        return None if self.charged_minor is None else Money(self.charged_minor, self.charged_currency)


class Refund(models.Model):
    """Money going back for a payment, whole or part. The row is written first; the worker asks Paystack and follows it
    to its end, or, for what the desk took, a person pays it out. `reference` goes to Paystack as the note by which an
    unanswered request is found again."""

    reference = models.CharField(_("reference"), max_length=24, unique=True)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds", verbose_name=_("payment"))
    theatre = models.ForeignKey(
        Theatre, models.PROTECT, editable=False, related_name="+", verbose_name=_("theatre"), help_text="The payment's."
    )
    amount_minor = models.PositiveBigIntegerField(_("amount in the smallest unit"))
    currency = models.CharField(max_length=3)
    reason = models.CharField(_("reason"), max_length=12, choices=RefundReason)
    status = models.CharField(_("status"), max_length=16, choices=RefundStatus, default=RefundStatus.PENDING)
    created_at = models.DateTimeField(_("asked at"))
    settled_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    next_check_at = models.DateTimeField(null=True, db_index=True)
    provider_id = models.CharField(_("Paystack id"), max_length=20, blank=True, db_index=True)
    provider_note = models.CharField(_("Paystack says"), max_length=200, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="refund_more_than_nothing")]
        indexes = [
            models.Index(fields=["theatre", "created_at"], name="refund_by_day"),
            models.Index(fields=["status"], name="refund_by_status"),
        ]

    def __str__(self) -> str:
        return self.reference

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.theatre_id:
            self.theatre_id = self.payment.theatre_id
        super().save(*args, **kwargs)

    @property
    def money(self) -> Money:
        return Money(self.amount_minor, self.currency)


class PaymentEvent(models.Model):
    """One line of a payment's history, its refunds included; append-only."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=24)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    detail = models.JSONField(default=dict)

    objects = PaymentEventQuerySet.as_manager()

    class Meta:
        ordering = ["payment", "pk"]
        verbose_name = _("payment event")
        verbose_name_plural = _("payment events")

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M:%S}"


class WebhookMessage(models.Model):
    """A message from Paystack as it came, kept under the digest of its bytes. What it says is never believed: it only
    makes us look sooner."""

    digest = models.CharField(max_length=64, unique=True)
    body = models.TextField()
    event = models.CharField(max_length=60, blank=True)
    payment_reference = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    next_try_at = models.DateTimeField(null=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_error = models.CharField(max_length=200, blank=True, default="", db_default="")
    handled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-received_at"]
        verbose_name = _("message from Paystack")
        verbose_name_plural = _("messages from Paystack")
        indexes = [models.Index(fields=["handled_at", "received_at"], name="message_unhandled")]

    def __str__(self) -> str:
        return f"{self.event} {self.payment_reference}"


class WalkPhase(models.TextChoices):
    REFUNDS = "refunds", _("refunds")
    CHARGES = "charges", _("charges")


class Walk(models.Model):
    """One walk through what Paystack has, compared with what we have: of the whole account page by page, or of one
    theatre's own attempts one by one. Any worker goes on with it where the last one stopped (docs/money.md)."""

    theatre = models.ForeignKey(Theatre, models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    slot = models.BigIntegerField(null=True, unique=True, help_text="While it runs: the theatre, 0 for the account.")
    since_at = models.DateTimeField()
    started_at = models.DateTimeField(db_index=True)
    phase = models.CharField(max_length=8, choices=WalkPhase)
    position = models.PositiveBigIntegerField(default=0, help_text="Pages done, or the last attempt looked at.")
    looked = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0, help_text="Of the step that is due, unanswered.")
    next_step_at = models.DateTimeField(null=True, db_index=True, help_text="Pushed on by who claims the step.")
    progressed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    objects = WalkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("walk through Paystack's lists")
        verbose_name_plural = _("walks through Paystack's lists")

    def __str__(self) -> str:
        return f"{self.theatre_id or 'all'} {self.started_at:%Y-%m-%d %H:%M}"


class FindingKind(models.TextChoices):
    STRANGER = "stranger", _("a charge that is not Movy's")
    UNSETTLED = "unsettled", _("paid at Paystack, not here")
    UNPAID = "unpaid", _("paid here, not at Paystack")
    TAKEN_BACK = "taken_back", _("taken back at Paystack")
    DIFFERS = "differs", _("not what was asked for")
    OVER_REFUNDED = "over_refunded", _("more sent back than was paid")


class Finding(models.Model):
    """What only Paystack's side can tell, or what a person has looked at and put away. Everything else that needs a
    hand is asked of payments and refunds themselves (payments/queues.py)."""

    kind = models.CharField(max_length=14, choices=FindingKind)
    reference = models.CharField(max_length=100, help_text="A payment's reference, or a refund's number at Paystack.")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="findings")
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    note = models.CharField(max_length=200, blank=True)
    found_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    why = models.CharField(max_length=120, blank=True, help_text="A person's reason for putting it away; it stays so.")

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["found_at", "pk"]
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [models.UniqueConstraint(fields=["kind", "reference"], name="finding_once_per_reference")]
        indexes = [models.Index(fields=["resolved_at", "kind"], name="finding_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    @property
    def money(self) -> Money:
        return Money(self.amount_minor, self.currency)
