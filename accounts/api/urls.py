"""Addresses of the API's accounts, under /api/v1/auth/."""

from __future__ import annotations

from django.urls import path

from accounts.api import views

app_name = "accounts_api"
urlpatterns = [
    path("user", views.UserView.as_view(), name="user"),
    path("user/signup", views.SignupView.as_view(), name="signup"),
    path("user/login", views.LoginView.as_view(), name="login"),
    path("user/refresh", views.RefreshView.as_view(), name="refresh"),
    path("user/logout", views.LogoutView.as_view(), name="logout"),
]
