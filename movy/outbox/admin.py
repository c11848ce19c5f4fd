"""Mail that waits, went out or was given up, for the platform owner. What is in a mail is not shown: tickets let in
whoever has them. A theatre's manager sees the mails of a booking on its page, and sends tickets again there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from movy.lib.given_up import GivenUpAdmin
from movy.outbox.models import Mail
from movy.outbox.services import mails_try_again


@admin.register(Mail)
class MailAdmin(GivenUpAdmin):
    done_field = "sent_at"
    list_display = ["subject", "to", "state", "last_error", "attempts", "created_at"]
    search_fields = ["subject", "message_id", "about"]
    search_help_text = _("Subject, Message-ID, or the booking that it is about")
    fields = ["subject", "to", "about", "sender", "message_id", "created_at"]
    fields += ["state", "sent_at", "next_try_at", "attempts", "last_error"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).defer("content")  # tickets and all: not for a list

    def rows_try_again(self, ids: Iterable[int] | None, *, now: datetime) -> int:
        return mails_try_again(ids, now=now)

    @admin.display(description=_("to"))
    def to(self, mail: Mail) -> str:
        return ", ".join(mail.recipients)
