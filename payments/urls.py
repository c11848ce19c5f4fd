"""Addresses of payments' pages and of Paystack's webhook."""

from __future__ import annotations

from django.urls import path

from payments import desk_views, find_views, refund_views, views

app_name = "payments"
urlpatterns = [
    path("booking/pay", views.pay, name="pay"),
    path("verify-payment", views.verify, name="verify"),
    path("find-my-money", find_views.find, name="find"),
    path("bookings/<str:reference>/refunds/<str:refund_reference>", refund_views.refund_details, name="refund_details"),
    path("cancel-booking/<str:reference>", views.cancel, name="cancel"),
    path("theatre/<id_slug:theatre_id>/box-office", desk_views.desk, name="desk"),
    path("theatre/<id_slug:theatre_id>/box-office/<str:reference>", desk_views.desk_tickets, name="desk_tickets"),
    path("webhooks/paystack", views.webhook, name="webhook"),
]
