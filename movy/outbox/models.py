"""Mail to go out, written in the same transaction as what it is about. The worker sends it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailQuerySet(models.QuerySet["Mail"]):
    def due(self, at: datetime) -> Self:
        """Mails whose next try was due by then."""
        return self.filter(next_try_at__lte=at)

    def given_up(self) -> Self:
        """Mails that nothing tries any more: a person has to look."""
        return self.filter(sent_at=None, next_try_at=None)


class Mail(models.Model):
    """One mail as it will be sent, byte for byte; a second try carries the same Message-ID.

    about: the reference of what it is about, if it has one, by which that finds its mails. addressee: the digest of the
    first recipient's address (services.address_digest), by which a person's mails are found.
    """

    message_id = models.CharField(max_length=200, unique=True)
    sender = models.CharField(max_length=320)
    recipients = models.JSONField()
    subject = models.CharField(max_length=250)
    about = models.CharField(max_length=24, db_default="", default="", blank=True, db_index=True)
    addressee = models.CharField(max_length=64, db_default="", default="", blank=True, db_index=True, editable=False)
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    next_try_at = models.DateTimeField(null=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [models.Index(fields=["sent_at"], name="mail_unsent")]  # few are not: the office asks for those

    def __str__(self) -> str:
        return self.subject
