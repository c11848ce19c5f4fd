"""Addresses of films and showings under /api/v1."""

from __future__ import annotations

from django.urls import path

from catalog.api import office, views

urlpatterns = [
    path("movies", views.MovieListView.as_view()),
    path("movies/<int:movie_id>", views.MovieView.as_view()),
    path("movies/<int:movie_id>/showtimes", views.MovieShowtimeListView.as_view()),
    path("theatres/<int:theatre_id>/showtimes", views.TheatreShowtimeListView.as_view()),
    path("genres", views.GenreListView.as_view()),
    path("theatre/<int:theatre_id>/add-movie", office.AddMovieView.as_view()),
    path("theatre/<int:theatre_id>/search-movies", office.SearchMoviesView.as_view()),
    path("theatre/<int:theatre_id>/movies", office.ListedMoviesView.as_view()),
    path("theatre/<int:theatre_id>/movies/<int:movie_id>", office.ListedMovieView.as_view()),
]
