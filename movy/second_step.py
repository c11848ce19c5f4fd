"""The office asks its people for a second step at the sign-in: kindly, or, where a theatre wants it, before it opens.

Desk and door are not the office: they stay as they are, and so does the API, which a second step shuts to passwords
anyway (accounts.adapters).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import has_second_factor
from theatres.models import Membership, Role

View = Callable[..., HttpResponse]


def second_step_is_required(user: User) -> bool:
    """Whether one of the theatres that this person manages asks for it, or the platform of its owners. One query."""
    if user.is_superuser and settings.OWNERS_NEED_SECOND_FACTOR:
        return True
    managed = Membership.objects.filter(user=user, role=Role.MANAGER)
    return managed.filter(theatre__managers_need_second_factor=True).exists()


class SecondStepSite(admin.AdminSite):
    """Mixed into the office's site."""

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]
        """Every page of the office but the way out of it."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = request.user
            is_way_out = view in (self.logout, self.password_change)
            if (
                not is_way_out
                and isinstance(user, User)
                and self.has_permission(request)
                and second_step_is_required(user)
                and not has_second_factor(user)
            ):
                messages.warning(request, _("Your theatre asks for a second step before its office opens."))
                return redirect("mfa_index")
            return guarded(request, *args, **kwargs)

        return asked

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """`offer_second_step`: on the first page, to whoever has none."""
        context = super().each_context(request)
        is_first_page = request.resolver_match is not None and request.resolver_match.url_name == "index"
        user = request.user
        offer = (
            is_first_page and isinstance(user, User) and self.has_permission(request) and not has_second_factor(user)
        )
        return context | {"offer_second_step": offer}
