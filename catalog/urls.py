"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path, register_converter

from catalog import alert_views, share_views, staff_views, views
from movy.lib.converters import IdSlugConverter

register_converter(IdSlugConverter, "id_slug")

app_name = "catalog"
urlpatterns = [
    path("", views.home, name="home"),
    path("movies", views.movies, name="movies"),
    path("movies/<id_slug:movie_id>", views.movie, name="movie"),
    path("movies/<id_slug:movie_id>/tell-me", alert_views.tell_me, name="tell_me"),
    path("share.png", share_views.site_picture, name="share"),
    path("movies/<id_slug:movie_id>/share.png", share_views.movie_picture, name="movie_share"),
    path("theatres/<id_slug:theatre_id>/share.png", share_views.theatre_picture, name="theatre_share"),
    path("showtimes/seats-left", views.seats_left_news, name="seats_left"),
    path("theatres/<id_slug:theatre_id>", views.theatre, name="theatre"),
    path("theatre/<id_slug:theatre_id>/add-movie", staff_views.add_movie, name="add_movie"),
]
