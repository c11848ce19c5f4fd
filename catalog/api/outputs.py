"""What clients are shown of films and showings. Plain dicts from what the selectors fetched: no queries."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from catalog.models import Showtime
from catalog.selectors import MovieCard, SeatsLeft, Showing, cast, directors
from movy.lib.clock import rfc3339
from theatres.api.outputs import theatre_brief
from theatres.models import Theatre

JSON = dict[str, Any]


def picture_url(request: HttpRequest, picture: Any) -> str | None:
    """Return the absolute address of a stored picture, None without one."""
    return request.build_absolute_uri(picture.url) if picture else None


def movie_output(request: HttpRequest, card: MovieCard) -> JSON:
    """A film as lists show it; it comes with its genres."""
    movie = card.movie
    return {
        "id": movie.pk,
        "slug": movie.slug,
        "title": movie.title,
        "tagline": movie.tagline,
        "overview": movie.overview,
        "poster_url": picture_url(request, movie.poster),
        "backdrop_url": picture_url(request, movie.backdrop),
        "runtime_minutes": movie.runtime_minutes,
        "release_date": movie.release_date.isoformat() if movie.release_date else None,
        "certification": movie.certification,
        "language": movie.language,
        "genres": [genre.name for genre in movie.genres.all()],
        "next_showtime": _next_showtime(card.next_showtime),
        "from_price": card.from_price.as_json() if card.from_price else None,
    }


def movie_full_output(request: HttpRequest, card: MovieCard, theatres: list[Theatre]) -> JSON:
    """A film with its people, and where it can be booked."""
    return movie_output(request, card) | {
        "cast": [
            {
                "name": credit.person.name,
                "character": credit.character,
                "photo_url": picture_url(request, credit.person.photo),
            }
            for credit in cast(card.movie)
        ],
        "director": ", ".join(directors(card.movie)),
        "trailer_url": card.movie.trailer_url or None,
        "theatres": [theatre_brief(theatre) for theatre in theatres],
    }


def showtime_brief(request: HttpRequest, showtime: Showtime) -> JSON:
    """The part of a showing that stands in a booking too. It comes with its film, screen and theatre."""
    movie, screen = showtime.movie, showtime.screen
    return {
        "id": showtime.pk,
        "movie": {
            "id": movie.pk,
            "title": movie.title,
            "poster_url": picture_url(request, movie.poster),
            "runtime_minutes": movie.runtime_minutes,
        },
        "theatre": theatre_brief(screen.theatre),
        "screen": {"id": screen.pk, "name": screen.name},
        "starts_at": rfc3339(showtime.starts_at),
        "ends_at": rfc3339(showtime.ends_at),
        "timezone": screen.theatre.timezone,
        "format": showtime.format,
        "language": showtime.language,
        "status": showtime.status,
    }


def showing_output(request: HttpRequest, showing: Showing, left: SeatsLeft) -> JSON:
    """A showing of a list, with how many of its seats are left."""
    return showtime_brief(request, showing.showtime) | {
        "sales_open": showing.is_open,
        "sales_close_at": rfc3339(showing.showtime.sales_close_at),
        "seats_total": left.total,
        "seats_free": left.free,
        "from_price": showing.from_price.as_json() if showing.from_price else None,
    }


def _next_showtime(showtime: Showtime | None) -> JSON | None:
    if showtime is None:
        return None
    theatre = showtime.screen.theatre
    return {
        "id": showtime.pk,
        "starts_at": rfc3339(showtime.starts_at),
        "timezone": theatre.timezone,
        "theatre": theatre_brief(theatre),
    }
