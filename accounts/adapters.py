"""Where allauth asks Movy."""

from __future__ import annotations

import logging
from typing import Any, ClassVar
from urllib.parse import urlencode

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import is_headless_request
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.errors import EmailTaken, InvalidCredentials, InvalidToken, SecondFactorNeeded, TooManyTries
from accounts.google import google_get
from accounts.models import User, email_normal
from accounts.selectors import needs_own_sign_in
from movy.lib.text import mail_text

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

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMessage:
        mail: EmailMessage = super().render_mail(*args, **kwargs)
        mail.body = mail_text(str(mail.body))
        return mail

    def is_safe_url(self, url: str | None) -> bool:
        """Whether somebody may be led there. What is no address, such as `//[`, isn't; allauth would fail on it."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def pre_login(self, request: HttpRequest, user: User, **hooks: Any) -> HttpResponse | None:
        """What every way in passes, with a password or by Google. Raises SecondFactorNeeded for an app."""
        response: HttpResponse | None = super().pre_login(request, user, **hooks)
        second_steps = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        if response is None and is_headless_request(request) and is_mfa_enabled(user, second_steps):
            raise SecondFactorNeeded
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failed sign-ins by account alone; allauth's own key has the Host header in it, which would let
        somebody begin to count anew."""
        return email_normal(credentials["email"])


class SecondStepAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That code is not right, or its half minute is over. Type the one that is shown now."),
        "unverified_email": _("Confirm your e-mail first: it is how you get back in without your phone."),
    }


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
        """Say at once that an account has this e-mail and doesn't open by it; allauth would ask for another e-mail.

        Raises InvalidToken for an app. That can't be asked for an e-mail, so it needs one that Google has verified.
        """
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        is_app = is_headless_request(request)
        if is_app and not any(address.verified for address in sociallogin.email_addresses):
            raise InvalidToken(_("Google has not verified your e-mail. Sign up with a password instead."))
        if any(filter_users_by_email(address.email) for address in sociallogin.email_addresses):
            if is_app:
                raise InvalidToken(_("Sign in with your password, then connect Google on the website."))
            login_url = reverse("account_login")
            if going_to := sociallogin.state.get("next"):
                login_url = f"{login_url}?{urlencode({'next': going_to})}"
            page = render(request, "socialaccount/connect_first.html", {"login_url": login_url}, status=409)
            raise ImmediateHttpResponse(page)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Account, e-mail and Google account together or not at all. Two first visits at once make one account: the
        second is sent to sign in again, which then finds it. Raises IntegrityError for an app, which does so itself."""
        try:
            with transaction.atomic():
                return super().save_user(request, sociallogin, form)
        except IntegrityError as error:
            if is_headless_request(request):
                raise
            messages.error(request, gettext("That didn't work. Please try again."))
            raise ImmediateHttpResponse(redirect("account_login")) from error

    def get_requests_session(self) -> requests.Session:
        session: requests.Session = super().get_requests_session()
        session.get = google_get  # type: ignore[assignment,method-assign]
        return session

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
