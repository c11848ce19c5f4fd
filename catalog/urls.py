"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path, register_converter

from catalog import views
from movy.lib.converters import IdSlugConverter

register_converter(IdSlugConverter, "id_slug")

app_name = "catalog"
urlpatterns = [
    path("", views.home, name="home"),
    path("movies", views.movies, name="movies"),
    path("movies/<id_slug:movie_id>", views.movie, name="movie"),
    path("theatres/<id_slug:theatre_id>", views.theatre, name="theatre"),
]
