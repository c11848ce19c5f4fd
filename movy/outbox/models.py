"""Mail to go out, written in the same transaction as what it is about. The worker sends it."""

from __future__ import annotations

from django.db import models


class Mail(models.Model):
    """One mail as it will be sent, byte for byte; a second try carries the same Message-ID. `about`: the reference of
    what it is about, if it has one, by which that finds its mails."""

    message_id = models.CharField(max_length=200, unique=True)
    sender = models.CharField(max_length=320)
    recipients = models.JSONField()
    subject = models.CharField(max_length=250)
    about = models.CharField(max_length=24, db_default="", default="", blank=True, db_index=True)
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    next_try_at = models.DateTimeField(null=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["sent_at"], name="mail_unsent")]  # few are not: the office asks for those

    def __str__(self) -> str:
        return self.subject
