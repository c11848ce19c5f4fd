"""Addresses of payments under /api/v1."""

from __future__ import annotations

from django.urls import path

from payments.api import desk, views

urlpatterns = [
    path("booking/pay", views.PayView.as_view()),
    path("verify-payment", views.VerifyView.as_view()),
    path("cancel-booking/<str:reference>", views.CancelView.as_view()),
    path("theatre/<int:theatre_id>/box-office", desk.BoxOfficeView.as_view()),
]
