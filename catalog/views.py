"""The public pages: the same for everybody, so they read neither session nor user (movy/public_pages.py keeps them)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from catalog.constants import PAGE_SIZE
from catalog.forms import MovieFilterForm, MovieStatus, ShowtimeFilterForm
from catalog.selectors import (
    Choice,
    MovieCard,
    cast,
    directors,
    genres_all,
    languages_spoken,
    movie_full_now,
    movies_coming_soon,
    movies_now_showing,
    programme,
    programme_with_seats,
    showing_opening_next,
    showings_ahead,
)
from catalog.templatetags.catalog_text import language_name
from movy.lib.clock import database_now, local_day
from movy.lib.errors import NotFound
from theatres.models import Theatre
from theatres.selectors import cities_of, theatre_public, theatres_all, theatres_chosen

HOME_TODAY_MAX, HOME_WEEK_MAX, HOME_SOON_MAX = 10, 10, 6  # posters in the rows of the home page
PAGES_MAX = 1000  # beyond which nobody leafs
DAYS_OFFERED = 7  # above the films


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is on today, everywhere or in `?city=`. A city without a theatre is everywhere."""
    now = database_now()
    theatres = theatres_all()
    here = theatres_chosen(theatres, city=request.GET.get("city", "")[:80])
    city = here[0].city if here and len(here) < len(theatres) else ""
    choice = Choice(city=city)
    cards = movies_now_showing(choice, theatres=theatres, now=now, limit=HOME_TODAY_MAX + HOME_WEEK_MAX)
    today = [card for card in cards if _is_today(card, now)]
    context = {
        "hero": _hero(today or cards, now.date()),
        "today": today[:HOME_TODAY_MAX],
        "later": [card for card in cards if card not in today][:HOME_WEEK_MAX],
        "soon": movies_coming_soon(choice, theatres=theatres, limit=HOME_SOON_MAX),
        "theatres": here or theatres,
        "cities": cities_of(theatres),
        "city": city,
        "now": now,
    }
    return render(request, "home.html", context)


@require_safe
def movies(request: HttpRequest) -> HttpResponse:
    form = MovieFilterForm(request.GET)
    unread = [] if form.is_valid() else [form[name].label for name in form.errors]
    choice = Choice() if unread else Choice(**form.cleaned_data)
    page = _page_number(request)
    now, theatres = database_now(), theatres_all()
    limits: dict[str, Any] = {"theatres": theatres, "offset": (page - 1) * PAGE_SIZE, "limit": PAGE_SIZE + 1}
    if choice.status == MovieStatus.COMING_SOON:
        cards = movies_coming_soon(choice, **limits)
    else:
        cards = movies_now_showing(choice, now=now, **limits)
    context = {
        "choice": choice,
        "unread": unread,
        "is_narrowed": choice not in (Choice(), Choice(status=choice.status)),
        "narrowed_by": _narrowed_by(request, form, theatres) if not unread else [],
        "days": _days_offered(theatres, now),
        "count": len(cards) if page == 1 and len(cards) <= PAGE_SIZE else None,
        "cards": cards[:PAGE_SIZE],
        "previous_url": _page_url(request, page - 1) if page > 1 else None,
        "next_url": _page_url(request, page + 1) if len(cards) > PAGE_SIZE else None,
        "page": page,
        "genres": genres_all(),
        "theatres": theatres,
        "cities": cities_of(theatres),
        "languages": languages_spoken(),
        "nav_current": "movies",
        "now": now,
    }
    return render(request, "catalog/movies.html", context)


@require_safe
def movie(request: HttpRequest, movie_id: int) -> HttpResponse:
    try:
        found, now = movie_full_now(movie_id)
    except NotFound as missing:
        raise Http404 from missing
    day, is_unread = _day(request)
    coming = programme_with_seats(programme(showings_ahead(now=now, movie=found), by="theatre", day=day), now=now)
    context = {
        "movie": found,
        "cast": cast(found),
        "directors": directors(found),
        "programme": coming,
        "opens_next": None if coming.days else showing_opening_next(found, now=now),
        "day_is_unread": is_unread,
        "asked_day": day,
        "canonical_url": request.build_absolute_uri(found.get_absolute_url()),
        "nav_current": "movies",
    }
    return render(request, "catalog/movie.html", context)


@require_safe
def theatre(request: HttpRequest, theatre_id: int) -> HttpResponse:
    """A theatre with what it shows. Here rather than in `theatres`, which knows no films."""
    now = database_now()
    try:
        found = theatre_public(theatre_id)
    except NotFound as missing:
        raise Http404 from missing
    day, is_unread = _day(request)
    coming = programme(showings_ahead(now=now, screen__theatre=found), by="movie", day=day)
    context = {
        "theatre": found,
        "programme": programme_with_seats(coming, now=now),
        "day_is_unread": is_unread,
        "asked_day": day,
        "canonical_url": request.build_absolute_uri(found.get_absolute_url()),
        "nav_current": "theatres",
    }
    return render(request, "catalog/theatre.html", context)


def _day(request: HttpRequest) -> tuple[date | None, bool]:
    """Return the day that was asked for, and whether what was asked cannot be read."""
    form = ShowtimeFilterForm({"date": request.GET.get("date", "")})
    return (form.cleaned_data["date"], False) if form.is_valid() else (None, True)


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return min(max(int(text), 1), PAGES_MAX) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _page_url(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return f"?{query.urlencode()}"


def _narrowed_by(request: HttpRequest, form: MovieFilterForm, theatres: Sequence[Theatre]) -> list[dict[str, str]]:
    """Return what narrows the films: in words, and the address without it."""
    names = {"theatre": {str(theatre.pk): theatre.name for theatre in theatres}}
    found = []
    for name in ("search", "city", "theatre", "date", "genre", "language"):
        value = form.cleaned_data[name]
        if not value:
            continue
        without = request.GET.copy()
        for gone in (name, "page"):
            without.pop(gone, None)
        words = date_format(value, "D j M") if name == "date" else names.get(name, {}).get(str(value), str(value))
        if name == "language":
            words = language_name(value)
        found.append({"words": words, "url": f"?{without.urlencode()}"})
    return found


def _days_offered(theatres: Sequence[Theatre], now: datetime) -> list[date]:
    """Return today and the days after it. Where zones differ in the day, today is where it began last."""
    first = min((local_day(now, theatre.timezone) for theatre in theatres), default=now.date())
    return [first + timedelta(days=ahead) for ahead in range(DAYS_OFFERED)]


def _is_today(card: MovieCard, now: datetime) -> bool:
    if card.next_showtime is None:
        return False
    timezone = card.next_showtime.screen.theatre.timezone
    return local_day(card.next_showtime.starts_at, timezone) == local_day(now, timezone)


def _hero(cards: list[MovieCard], day: date) -> MovieCard | None:
    """Return the film of the day, which has a backdrop if any has: another one every day, the same all day."""
    with_backdrop = [card for card in cards if card.movie.backdrop] or cards
    return with_backdrop[day.toordinal() % len(with_backdrop)] if with_backdrop else None
