"""Addresses of bookings' pages."""

from __future__ import annotations

from django.urls import path

from bookings import door_views, guest_views, map_views, ticket_views, views

app_name = "bookings"
urlpatterns = [
    path("booking", views.reserve, name="reserve"),
    path("booking/<int:showtime_id>", views.showtime_seats, name="seat_map"),
    path("booking/<int:showtime_id>/best", map_views.best, name="best"),
    path("bookings", views.booking_list, name="list"),
    path("bookings/<str:reference>", views.booking_detail, name="detail"),
    path("bookings/<str:reference>/ticket", views.booking_tickets, name="tickets"),
    path("bookings/<str:reference>/ticket.pdf", ticket_views.ticket_pdf, name="ticket_pdf"),
    path("bookings/<str:reference>/ticket.ics", ticket_views.ticket_ics, name="ticket_ics"),
    path("bookings/<str:reference>/open/<str:key>", guest_views.open_link, name="open"),
    path("find-my-booking", guest_views.find, name="find"),
    path("tickets/<str:code>", views.ticket, name="ticket"),
    path("tickets/<str:code>/qr.svg", views.ticket_qr, name="ticket_qr"),
    path("theatre/<id_slug:theatre_id>/check-in", door_views.door, name="door"),
    path("theatre/<id_slug:theatre_id>/check-in/<int:showtime_id>", door_views.door_people, name="door_people"),
]
