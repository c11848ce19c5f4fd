"""What Paystack sent, for the platform owner: one message can be about any theatre."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from movy.lib.given_up import GivenUpAdmin
from payments.models import WebhookMessage
from payments.webhooks import messages_try_again


@admin.register(WebhookMessage)
class WebhookMessageAdmin(GivenUpAdmin):
    done_field = "handled_at"
    list_display = ["event", "payment_reference", "state", "last_error", "attempts", "times", "received_at"]
    search_fields = ["payment_reference", "digest"]
    search_help_text = _("Reference of the payment, or the message's digest")
    fields = ["event", "payment_reference", "received_at", "times", "state", "handled_at", "next_try_at"]
    fields += ["attempts", "last_error", "digest", "body"]

    def rows_try_again(self, ids: Iterable[int] | None, *, now: datetime) -> int:
        return messages_try_again(ids, now=now)
