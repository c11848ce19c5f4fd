"""The public pages: the same for everybody, so they read neither session nor user (movy/public_pages.py keeps them)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from catalog.constants import PAGE_SIZE
from catalog.forms import MovieFilterForm, MovieStatus, ShowtimeFilterForm
from catalog.linked_data import graph, movie_nodes, site_nodes, theatre_nodes
from catalog.programmes import Day, days_offered, programme
from catalog.searching import Meant, movies_meant, movies_near
from catalog.selectors import (
    Choice,
    MovieCard,
    SeatsLeft,
    cast,
    days_with_shows,
    directors,
    genres_all,
    languages_spoken,
    movie_full_now,
    movies_coming_soon,
    movies_now_showing,
    seats_left_of_coming,
    showing_opening_next,
    showings_ahead,
)
from catalog.templatetags.catalog_text import language_name
from movy.lib.addresses import canonical
from movy.lib.clock import database_now, local_day
from movy.lib.errors import NotFound
from movy.lib.recent import Recent
from theatres.models import Theatre
from theatres.selectors import cities_of, theatre_public, theatres_all, theatres_chosen

HOME_TODAY_MAX, HOME_WEEK_MAX, HOME_SOON_MAX = 10, 10, 6  # posters in the rows of the home page
INSTEAD_MAX = 6  # posters where nothing matches
PAGES_MAX = 1000  # beyond which nobody leafs
DAYS_OFFERED = 7  # above the films
SEATS_KEPT_SECONDS = 1.0  # as old as public pages may be
SHOWS_COUNTED_MAX = 100  # whose free seats are asked for at once

_seats: Recent[dict[int, SeatsLeft]] = Recent(size=256, seconds=SEATS_KEPT_SECONDS)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is on today, everywhere or in `?city=`. A city without a theatre is everywhere."""
    now = database_now()
    theatres = theatres_all()
    asked = request.GET.get("city", "").strip()[:80]
    here = theatres_chosen(theatres, city=asked)
    city = here[0].city if asked and here else ""
    choice = Choice(city=city)
    cards = movies_now_showing(choice, theatres=theatres, now=now, limit=HOME_TODAY_MAX + HOME_WEEK_MAX).cards
    today = [card for card in cards if _is_today(card, now)]
    context = {
        "hero": _hero(today or cards, now.date()),
        "today": today[:HOME_TODAY_MAX],
        "later": [card for card in cards if card not in today][:HOME_WEEK_MAX],
        "soon": movies_coming_soon(choice, theatres=theatres, now=now, limit=HOME_SOON_MAX).cards,
        "theatres": here or theatres,
        "cities": cities_of(theatres),
        "city": city,
        "unknown_city": "" if city else asked,
        "canonical_url": canonical(request.path),
        "about": graph(*site_nodes()),
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
    is_coming = choice.status == MovieStatus.COMING_SOON
    find = movies_coming_soon if is_coming else movies_now_showing
    found = find(choice, theatres=theatres, now=now, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    meant = movies_meant(choice.search) if choice.search else Meant()
    context = {
        "choice": choice,
        "unread": unread,
        "is_narrowed": choice not in (Choice(), Choice(status=choice.status)),
        "narrowed_by": [] if unread else _narrowed_by(request, form, theatres),
        "days": [] if is_coming else _days(choice, theatres=theatres, now=now),
        "count": found.count,
        "cards": found.cards,
        "is_guess": meant.is_guess,
        "is_elsewhere": bool(meant.movie_ids),
        "instead": [] if found.count or not choice.search else _instead(choice.search, theatres=theatres, now=now),
        "previous_url": _page_url(request, page - 1) if page > 1 else None,
        "next_url": _page_url(request, page + 1) if found.count > page * PAGE_SIZE else None,
        "page": page,
        "genres": genres_all(),
        "theatres": theatres,
        "cities": cities_of(theatres),
        "languages": languages_spoken(),
        "canonical_url": canonical(_list_path(choice)),
        "nav_current": "movies",
        "now": now,
    }
    return render(request, "catalog/movies.html", context)


@require_safe
def movie(request: HttpRequest, movie_id: int) -> HttpResponse:
    """A film with its shows, everywhere or in `?city=`; where it has none there, those of other cities."""
    try:
        found, now = movie_full_now(movie_id)
    except NotFound as missing:
        raise Http404 from missing
    day, is_unread = _day(request)
    everywhere = showings_ahead(now=now, movie=found)
    city = request.GET.get("city", "").strip()[:80]
    here = {theatre.pk for theatre in theatres_chosen([showing.theatre for showing in everywhere], city=city)}
    shows = [showing for showing in everywhere if showing.theatre.pk in here]
    context = {
        "movie": found,
        "cast": cast(found),
        "directors": directors(found),
        "programme": programme(shows or everywhere, by="theatre", day=day, now=now),
        "cities": cities_of(showing.theatre for showing in everywhere),
        "city": shows[0].theatre.city if city and shows else "",
        "city_without": city if everywhere and not shows else "",
        "about": graph(*movie_nodes(found, everywhere, directors=directors(found), now=now)),
        "opens_next": None if everywhere else showing_opening_next(found, now=now),
        "day_is_unread": is_unread,
        "asked_day": day,
        "canonical_url": canonical(found.get_absolute_url()),
        "share_url": canonical(f"{found.get_absolute_url()}/share.png"),
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
    shows = showings_ahead(now=now, screen__theatre=found)
    context = {
        "theatre": found,
        "about": graph(*theatre_nodes(found, shows, now=now)),
        "programme": programme(shows, by="movie", day=day, now=now),
        "day_is_unread": is_unread,
        "asked_day": day,
        "canonical_url": canonical(found.get_absolute_url()),
        "share_url": canonical(f"{found.get_absolute_url()}/share.png"),
        "nav_current": "theatres",
    }
    return render(request, "catalog/theatre.html", context)


@require_safe
def seats_left_news(request: HttpRequest) -> HttpResponse:
    """Of `?showtime=` (several), which have few seats left or none: a piece that goes beside the pages of films and
    theatres, which are kept whole and so cannot tell. What cannot be read is passed over."""
    asked = [
        int(text) for text in request.GET.getlist("showtime") if text.isascii() and text.isdigit() and len(text) < 19
    ]
    showtime_ids = tuple(sorted(set(asked[:SHOWS_COUNTED_MAX])))
    left = _seats.find(showtime_ids)
    if left is None:
        left = _seats.keep(showtime_ids, seats_left_of_coming(showtime_ids, now=database_now()))
    scarce = {number: seats for number, seats in left.items() if seats.is_sold_out or seats.are_few}
    response = render(request, "catalog/_seats_left.html", {"scarce": scarce})
    response["Cache-Control"] = "no-cache"
    return response


def _day(request: HttpRequest) -> tuple[date | None, bool]:
    """Return the day that was asked for, and whether what was asked cannot be read."""
    form = ShowtimeFilterForm({"date": request.GET.get("date", "")})
    return (form.cleaned_data["date"], False) if form.is_valid() else (None, True)


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return min(max(int(text), 1), PAGES_MAX) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _list_path(choice: Choice) -> str:
    """Return where a list is for good: coming films are another list than those that are on, but a choice of either is
    no page of its own."""
    path = reverse("catalog:movies")
    return f"{path}?status={choice.status}" if choice.status == MovieStatus.COMING_SOON else path


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


def _days(choice: Choice, *, theatres: Sequence[Theatre], now: datetime) -> list[Day]:
    """Return today and the days after it. Where zones differ in the day, today is where it began last."""
    here = choice.theatres(theatres)
    today = min((local_day(now, theatre.timezone) for theatre in here), default=now.date())
    days = [today + timedelta(days=ahead) for ahead in range(DAYS_OFFERED)]
    return days_offered(today, days_with_shows(choice, days, theatres=theatres, now=now), at_least=DAYS_OFFERED)


def _instead(search: str, *, theatres: Sequence[Theatre], now: datetime) -> list[MovieCard]:
    """Return films to offer where nothing matches: those that were meant, at another place or on another day; where
    there are none, those with names that are a little like what was typed."""
    among = list(movies_meant(search).movie_ids) or movies_near(search, limit=INSTEAD_MAX)
    return movies_now_showing(Choice(), theatres=theatres, now=now, limit=INSTEAD_MAX, among=among).cards


def _is_today(card: MovieCard, now: datetime) -> bool:
    if card.next_showtime is None:
        return False
    timezone = card.next_showtime.screen.theatre.timezone
    return local_day(card.next_showtime.starts_at, timezone) == local_day(now, timezone)


def _hero(cards: list[MovieCard], day: date) -> MovieCard | None:
    """Return the film of the day, which has a backdrop if any has: another one every day, the same all day."""
    with_backdrop = [card for card in cards if card.movie.backdrop] or cards
    return with_backdrop[day.toordinal() % len(with_backdrop)] if with_backdrop else None
