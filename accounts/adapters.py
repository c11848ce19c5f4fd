"""Where allauth asks Movy."""

from __future__ import annotations

import logging
from typing import Any, ClassVar
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.errors import EmailTaken, InvalidCredentials, TooManyTries
from accounts.models import User, email_normal
from accounts.selectors import needs_own_sign_in

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "email_taken": EmailTaken.message,
        "email_password_mismatch": InvalidCredentials.message,
        "too_many_login_attempts": TooManyTries.message,
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Links in mails begin with `site_url`, the operator's own address: a Host header is anybody's to choose."""
        super().send_mail(template_prefix, email, context | {"site_url": settings.BASE_URL})

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failed sign-ins by account alone; allauth's own key has the Host header in it, which would let
        somebody begin to count anew."""
        return email_normal(credentials["email"])


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = DefaultSocialAccountAdapter.error_messages | {
        "no_password": _("Set a password first: without Google you would have no way in."),
        "email_taken": _("There is an account with this e-mail already. Sign in to it, then connect %s."),
    }

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """Let Google's word for an e-mail open a moviegoer's account, but none that can do more."""
        match = super().authenticate_by_email(sociallogin)
        return None if match and needs_own_sign_in(match[0]) else match

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Say at once that an account has this e-mail and doesn't open by it; allauth would ask for another e-mail."""
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        if any(filter_users_by_email(address.email) for address in sociallogin.email_addresses):
            login_url = reverse("account_login")
            if going_to := sociallogin.state.get("next"):
                login_url = f"{login_url}?{urlencode({'next': going_to})}"
            page = render(request, "socialaccount/connect_first.html", {"login_url": login_url}, status=409)
            raise ImmediateHttpResponse(page)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Account, e-mail and Google account together or not at all. Two first visits at once make one account: the
        second is sent to sign in again, which then finds it."""
        try:
            with transaction.atomic():
                return super().save_user(request, sociallogin, form)
        except IntegrityError as error:
            messages.error(request, gettext("That didn't work. Please try again."))
            raise ImmediateHttpResponse(redirect("account_login")) from error

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return reverse("account")

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        logger.warning("google sign-in failed: error=%s exception=%s", error, type(exception).__name__)
