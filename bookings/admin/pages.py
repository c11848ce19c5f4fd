"""What the office's own pages have in common: a row found among those that this person sees, a template in its
frame."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from movy.lib.admin import TenantAdmin
from movy.lib.errors import DomainError


def row_of(model_admin: TenantAdmin, request: HttpRequest, pk: str) -> Any:
    """Return a row that this person may see. Raises Http404 for a foreign one as for none."""
    row = model_admin.get_object(request, unquote(pk))
    if row is None:
        raise Http404
    return row


def office_page(
    model_admin: TenantAdmin, request: HttpRequest, template: str, *, title: str, status: int = 200, **context: Any
) -> TemplateResponse:
    """Draw a page in the office's frame."""
    frame = model_admin.admin_site.each_context(request) | {"opts": model_admin.opts, "title": title}
    return TemplateResponse(request, template, frame | context, status=status)


def change_page(model_admin: TenantAdmin, pk: Any) -> str:
    """Return the address of a row's page."""
    name = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}_change"
    return reverse(f"{model_admin.admin_site.name}:{name}", args=[pk])


def led_back(address: str) -> HttpResponse:
    """303, so that a reload does nothing again."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def refused(model_admin: TenantAdmin, request: HttpRequest, error: DomainError) -> None:
    """Say why nothing was done."""
    model_admin.message_user(request, str(error.message), messages.ERROR)
