"""Addresses of accounts, under /auth/. The names are allauth's own, because it looks its pages up by them."""

from __future__ import annotations

from allauth.account import views as allauth_views
from allauth.mfa.base import views as allauth_mfa_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.socialaccount import views as allauth_social_views
from django.urls import path, re_path

from accounts import views
from accounts.views import see_other

urlpatterns = [
    path("user", see_other(views.account), name="account"),
    path("user/signup", see_other(views.SignupView.as_view()), name="account_signup"),
    path("user/login", see_other(views.LoginView.as_view()), name="account_login"),
    path("user/logout", see_other(allauth_views.logout), name="account_logout"),
    path("user/inactive", allauth_views.account_inactive, name="account_inactive"),
    path("user/forgot-password", see_other(views.ForgotPasswordView.as_view()), name="account_reset_password"),
    path("user/forgot-password/sent", allauth_views.password_reset_done, name="account_reset_password_done"),
    path(
        "user/reset-password/done",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(  # one key to the outside, the person's number and the secret to allauth
        r"^user/reset-password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)$",
        see_other(views.ResetPasswordView.as_view()),
        name="account_reset_password_from_key",
    ),
    path("user/confirm-email", see_other(views.confirm_email_ask), name="account_email_verification_sent"),
    path("user/confirm-email/<str:key>", see_other(views.ConfirmEmailView.as_view()), name="account_confirm_email"),
    path("user/password", see_other(views.ChangePasswordView.as_view()), name="account_change_password"),
    path("user/password/set", see_other(views.SetPasswordView.as_view()), name="account_set_password"),
    path("user/sessions", see_other(views.SessionsView.as_view()), name="usersessions_list"),
    path("user/confirm-access", see_other(views.ReauthenticateView.as_view()), name="account_reauthenticate"),
    path("user/second-step", allauth_mfa_views.index, name="mfa_index"),
    path("user/second-step/code", see_other(views.SecondStepView.as_view()), name="mfa_authenticate"),
    path("user/second-step/confirm-access", see_other(views.SecondStepAgainView.as_view()), name="mfa_reauthenticate"),
    path("user/second-step/app", see_other(views.AppAddView.as_view()), name="mfa_activate_totp"),
    path(
        "user/second-step/app/remove",
        see_other(views.or_second_step(views.AppRemoveView.as_view())),
        name="mfa_deactivate_totp",
    ),
    path(
        "user/second-step/codes",
        views.or_second_step(recovery_views.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "user/second-step/codes/new",
        see_other(recovery_views.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "user/second-step/codes/file",
        views.or_second_step(recovery_views.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("user/connections", see_other(views.ConnectionsView.as_view()), name="socialaccount_connections"),
    path("google", see_other(views.google), name="google_login"),
    path("google/callback", views.google_callback, name="google_callback"),
    path("google/signup", see_other(views.GoogleSignupView.as_view()), name="socialaccount_signup"),
    path("google/cancelled", allauth_social_views.login_cancelled, name="socialaccount_login_cancelled"),
    path("google/error", allauth_social_views.login_error, name="socialaccount_login_error"),
]
