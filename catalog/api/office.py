"""The theatre's list of films, for its managers: what is on it, put on it from TMDb, taken off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.outputs import movie_full_output, movie_output
from catalog.api.shapes import MovieFullShape, MovieShape
from catalog.errors import MovieHasShowtimes
from catalog.flows import movie_add, movie_take_off
from catalog.imports import FoundMovie, movies_search
from catalog.selectors import ListedMovie, movie_card, movie_public, movies_listed, theatres_showing
from catalog.tmdb import TmdbNotFound, TmdbUnavailable
from catalog.tmdb.answers import ID_MAX
from catalog.tmdb.client import QUERY_MAX
from movy.lib.clock import database_now, rfc3339
from movy.lib.inputs import StrictInteger, body_read
from movy.lib.lists import PageForm, list_page, list_response, page_response, query_read
from movy.lib.schema import Answer, operation
from movy.lib.shapes import Shape, list_of, one_of
from theatres.api.staff import StaffView
from theatres.models import Role

JSON = dict[str, Any]


class AddMovieInput(serializers.Serializer[Any]):
    tmdb_id = StrictInteger(
        min_value=1, max_value=ID_MAX, help_text="The number in the film's address on themoviedb.org."
    )

    example = {"tmdb_id": 961}


class SearchForm(PageForm):
    """`page_size` is checked as everywhere, but TMDb cuts the pages: 20 films each."""

    query = forms.CharField(label=_("Words of the title"), max_length=QUERY_MAX)
    page = forms.IntegerField(required=False, min_value=1, max_value=500, help_text=_("Of 20 films each."))


class ListedMovieShape(MovieShape):
    """A film on a theatre's list. `next_showtime` and `from_price` are those of this theatre."""

    tmdb_id = serializers.IntegerField(allow_null=True, help_text="Null for one that was typed in.")
    listed_at = serializers.DateTimeField()

    example = {**MovieShape.example, "tmdb_id": 961, "listed_at": "2026-11-01T09:12:44Z"}


class FoundMovieShape(Shape):
    """A film as TMDb's search tells it."""

    tmdb_id = serializers.IntegerField()
    title = serializers.CharField()
    release_date = serializers.DateField(allow_null=True)
    overview = serializers.CharField(allow_blank=True)
    poster_url = serializers.URLField(allow_null=True, help_text="On TMDb's own picture host.")

    example = {
        "tmdb_id": 961,
        "title": "The General",
        "release_date": "1926-12-25",
        "overview": "An engine driver goes after the spies who stole his locomotive.",
        "poster_url": "https://image.tmdb.org/t/p/w342/general.jpg",
    }


class AddMovieView(StaffView):
    role = Role.MANAGER

    @operation(
        "movie_add",
        "Put a film on the theatre's list",
        description="Its texts, people and pictures come from TMDb, unless some theatre has it already.",
        body=AddMovieInput,
        answers={
            201: Answer("It is on the list now.", one_of("movie", MovieFullShape)),
            200: Answer("It was on the list.", one_of("movie", MovieFullShape)),
        },
        refusals=[TmdbNotFound, TmdbUnavailable],
    )
    def post(self, request: Request, theatre_id: int) -> Response:
        wish = body_read(request, AddMovieInput)
        added = movie_add(theatre=self.theatre, tmdb_id=wish["tmdb_id"])
        now = database_now()
        card = movie_card(added.movie.pk, now=now)
        movie = movie_full_output(request, card, theatres_showing(card.movie, now=now))
        http_status = status.HTTP_201_CREATED if added.is_new_on_list else status.HTTP_200_OK
        return Response({"movie": movie}, status=http_status)


class SearchMoviesView(StaffView):
    role = Role.MANAGER

    @operation(
        "movie_search",
        "Search TMDb for a film",
        query=[SearchForm],
        answers={200: Answer("Films, TMDb's best first.", list_of(FoundMovieShape))},
        refusals=[TmdbUnavailable],
    )
    def get(self, request: Request, theatre_id: int) -> Response:
        asked = query_read(request, SearchForm)
        number = asked["page"] or 1
        found = movies_search(asked["query"], page=number)
        results = [found_output(movie) for movie in found.movies]
        return page_response(request, number, results, has_next=found.has_next)


class ListedMoviesView(StaffView):
    role = Role.MANAGER

    @operation(
        "movie_listed",
        "The theatre's list of films",
        query=[PageForm],
        answers={200: Answer("Films by title, those without a showing too.", list_of(ListedMovieShape))},
    )
    def get(self, request: Request, theatre_id: int) -> Response:
        page = list_page(request)
        films = movies_listed(self.theatre, now=database_now(), offset=page.offset, limit=page.limit)
        return list_response(request, page, [listed_output(request, film) for film in films])


class ListedMovieView(StaffView):
    role = Role.MANAGER

    @operation(
        "movie_take_off",
        "Take a film off the theatre's list",
        answers={204: Answer("It is off the list.")},
        refusals=[MovieHasShowtimes],
    )
    def delete(self, request: Request, theatre_id: int, movie_id: int) -> Response:
        movie_take_off(theatre=self.theatre, movie=movie_public(movie_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


def listed_output(request: Request, film: ListedMovie) -> JSON:
    return movie_output(request, film.card) | {
        "tmdb_id": film.card.movie.tmdb_id,
        "listed_at": rfc3339(film.listed_at),
    }


def found_output(found: FoundMovie) -> JSON:
    film = found.film
    return {
        "tmdb_id": film.tmdb_id,
        "title": film.title,
        "release_date": film.released_on.isoformat() if film.released_on else None,
        "overview": film.overview,
        "poster_url": found.poster_url,
    }
