"""Addresses of the API's accounts, under /api/v1/auth/. The user's own record is movy/api.py's."""

from __future__ import annotations

from django.urls import path

from accounts.api import views

app_name = "accounts_api"
urlpatterns = [
    path("google", views.GoogleView.as_view(), name="google"),
    path("user/signup", views.SignupView.as_view(), name="signup"),
    path("user/login", views.LoginView.as_view(), name="login"),
    path("user/refresh", views.RefreshView.as_view(), name="refresh"),
    path("user/logout", views.LogoutView.as_view(), name="logout"),
    path("user/forgot-password", views.ForgotPasswordView.as_view(), name="forgot_password"),
    path("user/reset-password", views.ResetPasswordView.as_view(), name="reset_password"),
    path("user/confirm-email", views.ConfirmEmailView.as_view(), name="confirm_email"),
]
