"""Addresses of payments' pages and of Paystack's webhook."""

from __future__ import annotations

from django.urls import path

from payments import views

app_name = "payments"
urlpatterns = [
    path("booking/pay", views.pay, name="pay"),
    path("verify-payment", views.verify, name="verify"),
    path("cancel-booking/<str:reference>", views.cancel, name="cancel"),
    path("webhooks/paystack", views.webhook, name="webhook"),
]
