"""Django's admin as a theatre's office: whoever manages a theatre sees their own rows in it and nothing else.

Every admin class extends TenantAdmin (or OwnerOnlyAdmin), every inline TenantInline; movy.admin_site refuses others,
and tests/security/test_admin_tenancy.py walks them all. What a person may see comes from one place, the queryset
method `visible_to(user)` of the model; lists, pages by key, choices, autocomplete, search, filters, history and
actions all start from it. Django's permission tables are not used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import get_fields_from_path, unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from movy.lib.db import run_in_transaction
from movy.lib.errors import DomainError
from movy.lib.history import HistoryLine, Kept

HISTORY_MAX = 200
"""Lines of a row's history that are shown: more than anybody reads. The list of all changes goes back further."""

LOOKUPS = ("", "exact", "in", "isnull", "gte", "lt")
"""What a filter in an address may do with the field it is about; Django's own filters need no more."""


def rows_visible(queryset: models.QuerySet[Any], user: Any) -> models.QuerySet[Any]:
    """Return the rows that this person may see. A model that does not say so shows its rows to the owner only."""
    if hasattr(queryset, "visible_to"):
        return queryset.visible_to(user)
    return queryset if user.is_active and user.is_superuser else queryset.none()


def local_time(instant: datetime | None, zone: ZoneInfo) -> str:
    """Return an instant as the theatre's own clock shows it: "Fri 28 Nov 2025, 18:30"."""
    return date_format(instant.astimezone(zone), "D j M Y, H:i") if instant else "–"


def choices_visible(model: type[models.Model], request: HttpRequest, site: admin.AdminSite) -> models.QuerySet[Any]:
    """Return the rows of a model that may stand in this person's choices, with what their names are made of."""
    rows = rows_visible(model._default_manager.all(), request.user)
    registered = site._registry.get(model)
    if registered is None:
        return rows
    needed = registered.list_select_related
    rows = rows.select_related(*needed) if isinstance(needed, (list, tuple)) else rows
    ordering = registered.get_ordering(request)
    return rows.order_by(*ordering) if ordering else rows


class VisibleRelatedFilter(admin.RelatedFieldListFilter):
    """A filter by a related row that offers only the rows this person may see."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[Any]:
        rows = choices_visible(field.remote_field.model, request, model_admin.admin_site)
        return [(row.pk, str(row)) for row in rows]


class _Tenancy(BaseModelAdmin):  # type: ignore[type-arg]
    """What an admin class and an inline have in common: rows and choices."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return rows_visible(super().get_queryset(request), request.user)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> models.QuerySet[Any]:
        """The choices of a foreign key or of many-to-many. Django then also refuses a POST that names another row."""
        return choices_visible(db_field.remote_field.model, request, self.admin_site)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Beside a choice Django offers to add, change, look at and delete a row; adding one is enough."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_delete_related = field.widget.can_view_related = False
        return field


class TenantAdmin(_Tenancy, admin.ModelAdmin):  # type: ignore[type-arg]
    """The base of every class in the office.

    A manager may view, add, change and delete rows of the own theatres unless the class says less. Forms and deletions
    run in one transaction by movy.lib.db; a DomainError that a service raises becomes a sentence on the form.
    """

    fixed_fields: Sequence[str] = ()
    """Set when the row is made, then never changed: a screen does not move to another theatre."""
    owner_fields: Sequence[str] = ()
    """Changed by the platform owner alone."""

    kept: Sequence[tuple[Kept, str]] = ()
    """What the history of a row tells: models whose changes are kept, each with the field that leads to the row."""

    actions: Sequence[Any] = ()
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER  # a count a choice is a query a choice
    show_full_result_count = False

    # ---- Who may do what

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def _may(self, request: HttpRequest, obj: Any = None) -> bool:
        if not self.admin_site.has_permission(request):
            return False
        return obj is None or self.get_queryset(request).filter(pk=obj.pk).exists()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = [*super().get_readonly_fields(request, obj)]
        if obj is not None:
            fields += self.fixed_fields
        if not request.user.is_superuser:
            fields += self.owner_fields
        return fields

    # ---- What a list may be asked

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}  # Django says "Select showtime to change"
        return super().changelist_view(request, title | (extra_context or {}))

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [self._safe_filter(item) for item in super().get_list_filter(request)]

    def _safe_filter(self, item: Any) -> Any:
        """A related field named plainly would offer the rows of every theatre."""
        return (item, VisibleRelatedFilter) if isinstance(item, str) and self._is_related(item) else item

    def _is_related(self, path: str) -> bool:
        return bool(get_fields_from_path(self.model, path)[-1].is_relation)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what a filter of this list offers. Anything further (`?showtimes__bookings__email__startswith=a`) would
        answer questions about other theatres' rows by the number of rows it leaves."""
        for item in self.get_list_filter(request):  # type: ignore[arg-type]
            if isinstance(item, type):
                if lookup == item.parameter_name:  # type: ignore[attr-defined]
                    return True
                continue
            path = item if isinstance(item, str) else item[0]
            rest = lookup.removeprefix(path).removeprefix("__").removeprefix("id__")
            if lookup.split("__")[: len(path.split("__"))] == path.split("__") and rest in LOOKUPS:
                return True
        return False

    # ---- History

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who changed what, newest first, of the row and of what is kept with it; else Django's page."""
        if not self.kept:
            return super().history_view(request, object_id, extra_context)
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        lines: list[HistoryLine] = []
        for kept, path in self.kept:
            lines += kept.lines(kept.rows(**{path: row.pk})[:HISTORY_MAX])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Who changed what"),
            "subtitle": str(row),
            "opts": self.opts,
            "object": row,
            "lines": sorted(lines, key=lambda line: line.at, reverse=True)[:HISTORY_MAX],
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history.html", context)

    # ---- Saving and deleting

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        def view() -> HttpResponse:
            return self._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[attr-defined]

        if request.method != "POST":
            return view()
        try:
            return self._in_transaction(request, view)
        except DomainError as error:
            refusal = str(error.message)
        except IntegrityError:  # the form found nothing wrong, then somebody else was faster
            refusal = _("Somebody else has just saved the same thing. Look again before you save.")
        request.office_refusal = refusal  # type: ignore[attr-defined]
        return view()  # the form shows it and is not valid, so nothing is saved

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        def view() -> HttpResponse:
            return self._delete_view(request, object_id, extra_context)  # type: ignore[attr-defined]

        if request.method != "POST":
            return view()
        try:
            return self._in_transaction(request, view)
        except DomainError as error:
            self.message_user(request, str(error.message), messages.ERROR)
        except IntegrityError:
            self.message_user(request, _("Something has just come to depend on this. Look again."), messages.ERROR)
        return HttpResponseRedirect(self._list_url())

    def _in_transaction(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        """A commit whose answer is lost is not repeated: the person is told to look."""

        def look() -> HttpResponse:
            self.message_user(
                request, _("The database's answer was lost. Look whether this was saved."), messages.WARNING
            )
            return HttpResponseRedirect(self._list_url())

        return run_in_transaction(view, find=look)

    def _list_url(self) -> str:
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[Any]:
        form = super().get_form(request, obj, change, **kwargs)
        refusal = getattr(request, "office_refusal", None)
        return type(form.__name__, (_Refused, form), {"refusal": refusal}) if refusal else form


class _Refused(forms.ModelForm):  # type: ignore[type-arg]
    """A form whose data the service has just refused."""

    refusal: str

    def clean(self) -> Any:
        cleaned = super().clean()
        self.add_error(None, self.refusal)
        return cleaned


class TenantInline(_Tenancy, admin.TabularInline):  # type: ignore[type-arg]
    """Rows of the row whose page this is. That page was found among the visible ones, so its rows may be changed by
    whoever may change it."""

    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._parent().has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._parent().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._parent().has_change_permission(request, obj)

    def _parent(self) -> admin.ModelAdmin[Any]:
        return self.admin_site.get_model_admin(self.parent_model)


class OwnerOnlyAdmin(TenantAdmin):
    """Rows that belong to no theatre: to a manager the whole class does not exist."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request) if self._may(request) else self.model._default_manager.none()

    def _may(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request) and bool(request.user.is_superuser)


class ReadOnly:
    """Mixed in before TenantAdmin or TenantInline: rows that only the services write."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
