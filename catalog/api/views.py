"""The JSON doors to films and showings."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.outputs import movie_full_output, movie_output, showing_output
from catalog.api.shapes import GenreShape, MovieFullShape, MovieShape, ShowtimeShape
from catalog.forms import MovieFilterForm, MovieStatus, ShowtimeFilterForm
from catalog.selectors import (
    Choice,
    genres_all,
    movie_card,
    movie_public,
    movies_coming_soon,
    movies_now_showing,
    seats_left,
    showings,
    shows_public,
    theatres_showing,
)
from movy.lib.clock import database_now
from movy.lib.lists import PageForm, list_page, list_response, query_read
from movy.lib.schema import Answer, operation
from movy.lib.shapes import list_of
from theatres.selectors import theatre_public, theatres_all


class MovieListView(APIView):
    @operation(
        "movie_list",
        "Films that can be booked",
        description="Soonest showing first. With `status=coming_soon`: those that are announced. `search` finds "
        "titles and people by words that are nearly right.",
        query=[MovieFilterForm, PageForm],
        answers={200: Answer("Films.", list_of(MovieShape))},
    )
    def get(self, request: Request) -> Response:
        choice, page = Choice(**query_read(request, MovieFilterForm)), list_page(request)
        movies = movies_coming_soon if choice.status == MovieStatus.COMING_SOON else movies_now_showing
        found = movies(choice, theatres=theatres_all(), now=database_now(), offset=page.offset, limit=page.limit)
        return list_response(request, page, [movie_output(request, card) for card in found.cards])


class MovieView(APIView):
    @operation("movie", "One film", answers={200: Answer("The film.", MovieFullShape)})
    def get(self, request: Request, movie_id: int) -> Response:
        now = database_now()
        card = movie_card(movie_id, now=now)
        return Response(movie_full_output(request, card, theatres_showing(card.movie, now=now)))


class MovieShowtimeListView(APIView):
    @operation(
        "movie_showtime_list",
        "A film's showings",
        description="Soonest first.",
        query=[ShowtimeFilterForm, PageForm],
        answers={200: Answer("Showings.", list_of(ShowtimeShape))},
    )
    def get(self, request: Request, movie_id: int) -> Response:
        return _showtimes(request, movie=movie_public(movie_id))


class TheatreShowtimeListView(APIView):
    @operation(
        "theatre_showtime_list",
        "A theatre's showings",
        description="Soonest first.",
        query=[ShowtimeFilterForm, PageForm],
        answers={200: Answer("Showings.", list_of(ShowtimeShape))},
    )
    def get(self, request: Request, theatre_id: int) -> Response:
        return _showtimes(request, screen__theatre=theatre_public(theatre_id))


class GenreListView(APIView):
    @operation("genre_list", "Kinds of films", query=[PageForm], answers={200: Answer("Genres.", list_of(GenreShape))})
    def get(self, request: Request) -> Response:
        page = list_page(request)
        found = genres_all()[page.rows]
        return list_response(request, page, [{"id": genre.pk, "name": genre.name} for genre in found])


def _showtimes(request: Request, **where: Any) -> Response:
    choice, page, now = Choice(**query_read(request, ShowtimeFilterForm)), list_page(request), database_now()
    shows = shows_public(now=now, choice=choice, theatres=theatres_all()).filter(**where)
    found = showings(shows[page.rows], now=now)
    left = seats_left([showing.showtime.pk for showing in found], now=now)
    return list_response(
        request, page, [showing_output(request, showing, left[showing.showtime.pk]) for showing in found]
    )
