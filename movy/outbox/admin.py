"""Mail that waits, went out or was given up, for the platform owner. What is in a mail is not shown: tickets let in
whoever has them. A theatre's manager sees the mails of a booking on its page, and sends tickets again there."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from movy.lib.admin import OwnerOnlyAdmin, ReadOnly
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from movy.outbox.models import Mail
from movy.outbox.services import mails_try_again


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("given_up", _("Given up")), ("waiting", _("Waiting")), ("sent", _("Sent"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        match self.value():
            case "given_up":
                return queryset.filter(sent_at=None, next_try_at=None)
            case "waiting":
                return queryset.filter(sent_at=None, next_try_at__isnull=False)
            case "sent":
                return queryset.filter(sent_at__isnull=False)
        return queryset


@admin.register(Mail)
class MailAdmin(ReadOnly, OwnerOnlyAdmin):
    list_display = ["subject", "to", "created_at", "state", "attempts", "last_error"]
    list_filter = [StateFilter]
    list_select_related = True
    search_fields = ["subject", "message_id", "about"]
    search_help_text = _("Subject, Message-ID, or the booking that it is about")
    fields = ["subject", "to", "about", "sender", "message_id", "created_at", "state", "sent_at", "next_try_at"]
    readonly_fields = ["to", "state"]
    actions = ["try_again"]
    change_list_template = "admin/outbox/mail/change_list.html"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).defer("content")  # tickets and all: not for a list

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*super().get_fields(request, obj), "attempts", "last_error"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.try_all_again)
        return [path("try-again/", view, name="outbox_mail_try_again"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        given_up = self.get_queryset(request).given_up().count()
        return super().changelist_view(request, {"given_up": given_up} | (extra_context or {}))

    @admin.action(description=_("Try again"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Those among the chosen that were given up; the others are on their way or have arrived."""
        ids = list(queryset.values_list("pk", flat=True))
        now = database_now()
        self._tell(request, run_in_transaction(lambda: mails_try_again(ids, now=now), find=again))

    def try_all_again(self, request: HttpRequest) -> HttpResponse:
        """All that were given up, as after a day without a mail server."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        now = database_now()
        self._tell(request, run_in_transaction(lambda: mails_try_again(now=now), find=again))
        return HttpResponseRedirect(self._list_url())

    def _tell(self, request: HttpRequest, count: int) -> None:
        if not count:
            self.message_user(request, _t("None of these was given up, so nothing was changed."), messages.WARNING)
            return
        text = ngettext("%(count)d mail is tried again now.", "%(count)d mails are tried again now.", count)
        self.message_user(request, text % {"count": count})

    @admin.display(description=_("to"))
    def to(self, mail: Mail) -> str:
        return ", ".join(mail.recipients)

    @admin.display(description=_("state"))
    def state(self, mail: Mail) -> str:
        if mail.sent_at:
            return _t("sent")
        return _t("waiting") if mail.next_try_at else _t("given up")
