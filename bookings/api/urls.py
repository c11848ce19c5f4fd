"""Addresses of bookings under /api/v1."""

from __future__ import annotations

from django.urls import path

from bookings.api import door, showtimes, views

urlpatterns = [
    path("showtimes/<int:showtime_id>", views.ShowtimeView.as_view()),
    path("booking", views.ReserveView.as_view()),
    path("booking/<int:showtime_id>", views.SeatMapView.as_view(), name="api_seat_map"),
    path("bookings", views.BookingListView.as_view()),
    path("bookings/<str:reference>", views.BookingView.as_view()),
    path("theatre/<int:theatre_id>/check-in", door.CheckInView.as_view()),
    path("theatre/<int:theatre_id>/showtimes", showtimes.TheatreShowtimeListView.as_view()),
    path("theatre/<int:theatre_id>/showtimes/<int:showtime_id>", showtimes.TheatreShowtimeView.as_view()),
]
