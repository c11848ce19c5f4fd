"""The office's list of what the worker does one by one, with buttons for what it has given up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from movy.lib.admin import OwnerOnlyAdmin, ReadOnly
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from movy.lib.long_lists import LongListPaginator


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("given_up", _("Given up")), ("waiting", _("Waiting")), ("done", _("Done"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        done = self.model_admin.done_field
        match self.value():
            case "given_up":
                return queryset.filter(**{done: None}, next_try_at=None)
            case "waiting":
                return queryset.filter(**{done: None}, next_try_at__isnull=False)
            case "done":
                return queryset.filter(**{f"{done}__isnull": False})
        return queryset

    def __init__(self, request: HttpRequest, params: Any, model: type[models.Model], model_admin: Any) -> None:
        self.model_admin = model_admin
        super().__init__(request, params, model, model_admin)


class GivenUpAdmin(ReadOnly, OwnerOnlyAdmin):
    """For a model with `next_try_at`, `attempts`, `last_error` and a time at which it was done. What was given up has
    neither that time nor a next try."""

    done_field: str
    list_filter = [StateFilter]
    list_select_related = True
    paginator = LongListPaginator
    ordering = ["-pk"]  # as they came, by the one index that never needs sorting
    actions = ["try_again"]
    change_list_template = "admin/given_up.html"

    def rows_try_again(self, ids: Iterable[int] | None, *, now: datetime) -> int:
        """Have rows that were given up tried again, all of them or those with these ids; return how many."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.try_all_again)
        return [path("try-again/", view, name=self._again_name()), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        given_up = self.get_queryset(request).filter(**{self.done_field: None}, next_try_at=None).count()
        context = {"given_up": given_up, "again_url": reverse(f"{self.admin_site.name}:{self._again_name()}")}
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.action(description=_("Try again"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Those among the chosen that were given up; the others are on their way or done."""
        self._tried(request, list(queryset.values_list("pk", flat=True)))

    def try_all_again(self, request: HttpRequest) -> HttpResponse:
        """All that were given up, as after a day without a mail server."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self._tried(request, None)
        return HttpResponseRedirect(self._list_url())

    def _tried(self, request: HttpRequest, ids: list[int] | None) -> None:
        now = database_now()
        count = run_in_transaction(lambda: self.rows_try_again(ids, now=now), find=again)
        if count:
            text = ngettext("%(count)d is tried again now.", "%(count)d are tried again now.", count)
            self.message_user(request, text % {"count": count})
        else:
            self.message_user(request, _t("None of these was given up, so nothing was changed."), messages.WARNING)

    def _again_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_try_again"

    @admin.display(description=_("state"))
    def state(self, row: Any) -> str:
        if getattr(row, self.done_field):
            return _t("done")
        return _t("waiting") if row.next_try_at else _t("given up")
