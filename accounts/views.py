"""Pages of accounts: allauth's views, which say what went wrong in the status too, and the account's own page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account import views as allauth_views
from allauth.account.internal.flows.email_verification import send_verification_email_for_user
from allauth.mfa.base import views as allauth_mfa_views
from allauth.mfa.totp import views as totp_views
from allauth.socialaccount import views as allauth_social_views
from allauth.socialaccount.providers.google import views as allauth_google_views
from allauth.usersessions import views as allauth_session_views
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.constants import FAILED_LOGIN_SECONDS, OTHER_LIMIT_SECONDS
from accounts.devices import device_name
from accounts.errors import EmailTaken, InvalidKey
from accounts.forms import NameForm
from accounts.models import User
from accounts.selectors import email_is_verified, google_account
from accounts.services import user_rename, user_session_end

STATUS_OF_ERROR = {"too_many_login_attempts": 429, "email_password_mismatch": 401}

FORM = ["GET", "HEAD", "POST"]

View = Callable[..., HttpResponse]


def see_other(view: View) -> View:
    """Lead on from a POST by 303, which says "now GET that"; allauth says 302."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code == 302:
            response.status_code = 303
        return response

    return inner


class StatusMixin:
    """A form that was not filled in well comes back with a status that says so: 400, 401 or 429."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        codes = [error.code for field in form.errors.as_data().values() for error in field]
        statuses = [STATUS_OF_ERROR[code] for code in codes if code in STATUS_OF_ERROR]
        response = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = max(statuses, default=400)
        if response.status_code == 429:
            response["Retry-After"] = str(FAILED_LOGIN_SECONDS)
        return response


class LoginView(StatusMixin, allauth_views.LoginView):
    pass


class SignupView(StatusMixin, allauth_views.SignupView):
    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            return super().form_valid(form)
        except EmailTaken as error:  # since the form looked
            form.add_error("email", str(error.message))
            return self.form_invalid(form)


class GoogleSignupView(StatusMixin, allauth_social_views.SignupView):
    pass


class ForgotPasswordView(StatusMixin, allauth_views.PasswordResetView):
    pass


class ResetPasswordView(StatusMixin, allauth_views.PasswordResetFromKeyView):
    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if context.get("token_fail"):
            kwargs["status"] = 404  # used, or run out: there is nothing at this address any more
        return super().render_to_response(context, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            return super().form_valid(form)
        except InvalidKey:  # since the page looked
            return self.render_to_response(self.get_context_data(token_fail=True))


class ConfirmEmailView(allauth_views.ConfirmEmailView):
    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if not context["confirmation"]:
            kwargs["status"] = 404
        return super().render_to_response(context, **kwargs)

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(*args, **kwargs)
        except Http404:
            self.object = None
            return self.render_to_response(self.get_context_data())

    def logout_other_user(self, confirmation: Any) -> None:
        """Somebody who confirms for another account is signed out of this one; somebody who only looks is not."""
        if self.request.method == "POST":
            super().logout_other_user(confirmation)


class ChangePasswordView(StatusMixin, allauth_views.PasswordChangeView):
    pass


class SetPasswordView(StatusMixin, allauth_views.PasswordSetView):
    pass


def or_second_step(view: View) -> View:
    """Lead from a page about an app or codes that somebody doesn't have to where they are set up."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return redirect("mfa_index")

    return inner


class AskedAgainMixin(StatusMixin):
    """Who somebody is once more, before what a thief at an open laptop must not do. Who has no password sets one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc,no-any-return]
        except PermissionDenied:  # there is nothing to ask by
            messages.info(request, _("Set a password first: it is how we ask whether it is still you."))
            return redirect("account_set_password")


class ReauthenticateView(AskedAgainMixin, allauth_views.ReauthenticateView):
    pass


class SecondStepView(StatusMixin, allauth_mfa_views.AuthenticateView):
    """The code that is asked for after the password."""


class SecondStepAgainView(AskedAgainMixin, allauth_mfa_views.ReauthenticateView):
    pass


class AppAddView(StatusMixin, totp_views.ActivateTOTPView):
    pass


class AppRemoveView(StatusMixin, totp_views.DeactivateTOTPView):
    pass


class ConnectionsView(StatusMixin, allauth_social_views.ConnectionsView):
    success_url = reverse_lazy("account")


class SessionsView(allauth_session_views.ListUserSessionsView):
    """Where somebody is signed in. `session` of a form ends that one, a form without ends all but this one."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        asked = self.request.POST.get("session")
        if asked is None:
            return super().form_valid(form)
        if not asked.isdecimal() or not user_session_end(cast(User, self.request.user), int(asked)):
            messages.info(self.request, _("That device was signed out already."))
        else:
            messages.success(self.request, _("That device is signed out."))
        return redirect(self.success_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`devices`: (session, what it runs on), newest first."""
        context = super().get_context_data(**kwargs)
        newest_first = reversed(context["sessions"])
        return context | {"devices": [(session, device_name(session.user_agent)) for session in newest_first]}


@never_cache
@login_required
@require_http_methods(FORM)
def account(request: HttpRequest) -> HttpResponse:
    """My account: the name can be changed here, the rest has pages of its own."""
    user = cast(User, request.user)
    data = request.POST if request.method == "POST" else None
    form = NameForm(data, initial={"first_name": user.first_name, "last_name": user.last_name})
    if form.is_valid():
        user_rename(user, **form.cleaned_data)
        messages.success(request, _("Your name is changed."))
        return redirect("account")
    context = {
        "form": form,
        "email_verified": email_is_verified(user),
        "google_account": google_account(user),
    }
    return render(request, "account/account.html", context, status=400 if form.is_bound else 200)


@require_http_methods(FORM)
def confirm_email_ask(request: HttpRequest) -> HttpResponse:
    """GET: where to look for the mail. POST: send it again."""
    if request.method != "POST":
        return allauth_views.email_verification_sent(request)
    return confirm_email_send(request)


@login_required
def confirm_email_send(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if not email_is_verified(user) and not send_verification_email_for_user(request, user):
        messages.info(request, _("We sent you a mail a moment ago. It may take a minute or two to arrive."))
    return redirect("account")


@require_http_methods(FORM)
def google(request: HttpRequest) -> HttpResponse:
    """Off to Google. A GET asks first, so that no other site can sign somebody in here."""
    if not settings.GOOGLE_CLIENT_ID:
        raise Http404
    return allauth_google_views.oauth2_login(request)


@require_safe
def google_callback(request: HttpRequest) -> HttpResponse:
    if not settings.GOOGLE_CLIENT_ID:
        raise Http404
    return allauth_google_views.oauth2_callback(request)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """handler429, which allauth calls when one of its limits is reached."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(OTHER_LIMIT_SECONDS)
    return response
