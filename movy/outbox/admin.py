"""Mail that waits or went out, for the platform owner."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from movy.lib.admin import OwnerOnlyAdmin, ReadOnly
from movy.outbox.models import Mail


@admin.register(Mail)
class MailAdmin(ReadOnly, OwnerOnlyAdmin):
    list_display = ["subject", "to", "created_at", "sent_at", "attempts", "last_error"]
    list_filter = [("sent_at", admin.EmptyFieldListFilter)]
    list_select_related = True
    search_fields = ["subject", "message_id"]
    fields = ["subject", "to", "sender", "message_id", "created_at", "sent_at", "next_try_at", "attempts", "last_error"]

    @admin.display(description=_("to"))
    def to(self, mail: Mail) -> str:
        return ", ".join(mail.recipients)
