"""What pages and the API read about films and shows. The number of queries never depends on the number of rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Window

from catalog.constants import DAYS_AHEAD
from catalog.models import Credit, Genre, Job, Listing, Movie, Showtime, ShowtimePrice, ShowtimeStatus
from catalog.searching import movies_meant
from movy.lib.clock import DatabaseNow, day_bounds, local_day
from movy.lib.errors import NotFound
from movy.lib.money import Money
from theatres.models import Seat, Theatre, TicketType
from theatres.selectors import theatres_chosen

# ---- What was asked for


@dataclass(frozen=True)
class Choice:
    """Filters as a visitor set them; what is left out doesn't narrow. `genre` is an id or a name."""

    search: str = ""
    genre: str = ""
    city: str = ""
    theatre: int | None = None
    date: date | None = None
    language: str = ""
    status: str = ""

    def theatres(self, theatres: Iterable[Theatre]) -> list[Theatre]:
        """Return those of the theatres that are meant."""
        return theatres_chosen(theatres, city=self.city, theatre_id=self.theatre)


# ---- Films


@dataclass(frozen=True)
class MovieCard:
    """A film as lists show it: `next_showtime` and `from_price`, an adult's lowest for the coming shows at the theatre
    of the next one, are None for a film that cannot be booked yet; `opens_on` is the theatre's day on which booking
    opens, where one is set."""

    movie: Movie
    next_showtime: Showtime | None = None
    from_price: Money | None = None
    opens_on: date | None = None


@dataclass(frozen=True)
class Found:
    """A part of the films that a choice leaves, and how many there are in all; 0 beyond the last of them."""

    cards: list[MovieCard]
    count: int


def genres_all() -> list[Genre]:
    return list(Genre.objects.order_by("name"))


def languages_spoken() -> list[str]:
    """Return the languages of all films, as codes."""
    return list(Movie.objects.exclude(language="").order_by("language").values_list("language", flat=True).distinct())


def movies_now_showing(
    choice: Choice,
    *,
    theatres: Sequence[Theatre],
    now: datetime,
    offset: int = 0,
    limit: int,
    among: Iterable[int] | None = None,
) -> Found:
    """Return films with a show that can be booked now, the soonest first. Four queries, and those of a search.

    `theatres`: all there are, of which the choice picks; `among`: films to which it is kept. Each film is asked for its
    next show, which its index knows: grouping the shows instead would read all that are to come, everywhere.
    """
    shows = _shows_chosen(choice, theatres=theatres, now=now)
    soonest = shows.filter(movie=OuterRef("pk")).order_by("starts_at", "pk")
    films = Movie.objects.filter(_film_matches(choice)).annotate(first_at=Subquery(soonest.values("starts_at")[:1]))
    if among is not None:
        films = films.filter(pk__in=among)
    films = films.filter(first_at__isnull=False).order_by("first_at", "pk")
    numbers = list(films.values_list("pk", flat=True))
    return Found(_cards(numbers[offset : offset + limit], shows, now=now), len(numbers))


def movies_coming_soon(
    choice: Choice, *, theatres: Sequence[Theatre], now: datetime, offset: int = 0, limit: int
) -> Found:
    """Return films on a theatre's list that have not been on sale anywhere yet, by title. Two queries, and those of a
    search."""
    listed = Listing.objects.filter(movie=OuterRef("pk"), theatre__in=choice.theatres(theatres))
    on_sale = Showtime.objects.public().filter(movie=OuterRef("pk"))
    movies = Movie.objects.filter(Exists(listed), ~Exists(on_sale)).filter(_film_matches(choice))
    if choice.language:
        movies = movies.filter(language=choice.language.lower())
    opening = _opening(now).filter(movie=OuterRef("pk"))
    found: QuerySet[Any] = movies.prefetch_related("genres").annotate(
        count=Window(Count("pk")),
        opens_at=Subquery(opening.values("on_sale_at")[:1]),
        opens_in=Subquery(opening.values("screen__theatre__timezone")[:1]),
    )
    page = list(found.order_by("title", "pk")[offset : offset + limit])
    cards = [MovieCard(row, opens_on=row.opens_at and local_day(row.opens_at, row.opens_in)) for row in page]
    return Found(cards, page[0].count if page else 0)


def days_with_shows(choice: Choice, days: Sequence[date], *, theatres: Sequence[Theatre], now: datetime) -> set[date]:
    """Return those of the days on which something can be booked at the chosen place, in the chosen language: whatever
    the film. One query, none without theatres."""
    of_day = {
        f"day_{number}": Exists(_shows_chosen(replace(choice, date=day), theatres=theatres, now=now))
        for number, day in enumerate(days)
    }
    row = Theatre.objects.order_by().annotate(**of_day).values_list(*of_day)[:1] if theatres else []
    return {day for has_shows in row for day, has_any in zip(days, has_shows, strict=True) if has_any}


@dataclass(frozen=True)
class ListedMovie:
    """A film on a theatre's list, with its next show there."""

    card: MovieCard
    listed_at: datetime


def movies_listed(theatre: Theatre, *, now: datetime, offset: int = 0, limit: int) -> list[ListedMovie]:
    """Return a theatre's list by title, films without a show too. Four queries."""
    rows = Listing.objects.filter(theatre=theatre).order_by("movie__title", "movie_id")[offset : offset + limit]
    listed_at = dict(rows.values_list("movie_id", "created_at"))
    cards = _cards(list(listed_at), Showtime.objects.bookable(now).filter(screen__theatre=theatre), now=now)
    return [ListedMovie(card, listed_at[card.movie.pk]) for card in cards]


def movie_card(movie_id: int, *, now: datetime) -> MovieCard:
    """Return a film with all that is told of it: genres, credits, and its next show. Raises NotFound. Four queries."""
    movie = movie_full(movie_id)
    return _card(movie, _with_theatre(Showtime.objects.bookable(now).filter(movie=movie), now=now).first())


def movie_full(movie_id: int) -> Movie:
    """Return a film with its genres and credits. Raises NotFound. Three queries."""
    return movie_full_now(movie_id)[0]


def movie_full_now(movie_id: int) -> tuple[Movie, datetime]:
    """Return a film with its genres and credits, and the database's time, which comes with it. Raises NotFound. Three
    queries."""
    people = Prefetch("credits", Credit.objects.select_related("person").order_by("position", "pk"))
    whole = Movie.objects.prefetch_related("genres", people).annotate(now=DatabaseNow())
    movie: Any = whole.filter(pk=movie_id).first()
    if movie is None:
        raise NotFound
    return movie, movie.now


def movie_public(movie_id: int) -> Movie:
    """Return a film alone. Raises NotFound. One query."""
    movie = Movie.objects.filter(pk=movie_id).first()
    if movie is None:
        raise NotFound
    return movie


def cast(movie: Movie) -> list[Credit]:
    """Return who plays, in billing order, of a film that came with its credits."""
    return [credit for credit in movie.credits.all() if credit.job == Job.CAST]


def directors(movie: Movie) -> list[str]:
    """Return the directors' names of a film that came with its credits."""
    return [credit.person.name for credit in movie.credits.all() if credit.job == Job.DIRECTOR]


def _cards(movie_ids: Sequence[int], shows: QuerySet[Showtime], *, now: datetime) -> list[MovieCard]:
    """Return the films in this order, each with the next of the shows. Three queries."""
    soonest = shows.filter(movie=OuterRef("pk")).order_by("starts_at", "pk").values("pk")[:1]
    found = Movie.objects.prefetch_related("genres").annotate(soonest_id=Subquery(soonest)).in_bulk(movie_ids)
    movies = [found[movie_id] for movie_id in movie_ids if movie_id in found]
    next_shows = _with_theatre(Showtime.objects.all(), now=now).in_bulk([movie.soonest_id for movie in movies])
    return [_card(movie, next_shows.get(movie.soonest_id)) for movie in movies]


def _card(movie: Movie, soonest: Any) -> MovieCard:
    if soonest is None:
        return MovieCard(movie)
    price = None if soonest.from_minor is None else Money(soonest.from_minor, soonest.currency)
    return MovieCard(movie, next_showtime=soonest, from_price=price)


def _with_theatre(shows: QuerySet[Showtime], *, now: datetime) -> QuerySet[Any]:
    """The shows with their theatre, and an adult's lowest price for the film's coming shows there as `from_minor`."""
    lowest = (
        ShowtimePrice.objects.filter(
            showtime__movie=OuterRef("movie"),
            showtime__screen__theatre=OuterRef("screen__theatre"),
            showtime__status=ShowtimeStatus.ON_SALE,
            showtime__sales_close_at__gt=now,
            showtime__starts_at__gt=now,
            ticket_type__code=TicketType.ADULT,
        )
        .order_by("amount_minor")
        .values("amount_minor")[:1]
    )
    return shows.select_related("screen__theatre").annotate(from_minor=Subquery(lowest)).order_by("starts_at", "pk")


def _film_matches(choice: Choice) -> Q:
    """The part of a choice that is about the film itself."""
    matches = Q(pk__in=movies_meant(choice.search).movie_ids) if choice.search.strip() else Q()
    if choice.genre.isascii() and choice.genre.isdigit():
        matches &= Q(genres=int(choice.genre[:18]))
    elif choice.genre:
        matches &= Q(genres__name__iexact=choice.genre)
    return matches


def _shows_chosen(choice: Choice, *, theatres: Sequence[Theatre], now: datetime) -> QuerySet[Showtime]:
    """Shows that can be booked where, when and in which language is chosen."""
    shows = Showtime.objects.bookable(now).filter(_place_and_day(choice, theatres))
    return shows.filter(language=choice.language.lower()) if choice.language else shows


def _opening(now: datetime) -> QuerySet[Showtime]:
    """Drafts that go on sale by themselves, the soonest first."""
    return Showtime.objects.filter(status=ShowtimeStatus.DRAFT, on_sale_at__gt=now).order_by("on_sale_at", "pk")


def _place_and_day(choice: Choice, theatres: Sequence[Theatre]) -> Q:
    """Shows at the chosen theatres on the chosen day, which begins and ends at another instant in every zone."""
    chosen = choice.theatres(theatres)
    if choice.date is None:
        is_narrowed = bool(choice.city or choice.theatre)
        return Q(screen__theatre__in=chosen) if is_narrowed else Q()
    matches = Q(pk__in=[])
    for timezone in {theatre.timezone for theatre in chosen}:
        start, end = day_bounds(choice.date, timezone)
        here = [theatre for theatre in chosen if theatre.timezone == timezone]
        matches |= Q(screen__theatre__in=here, starts_at__gte=start, starts_at__lt=end)
    return matches


# ---- Shows


@dataclass(frozen=True)
class SeatsLeft:
    total: int
    free: int

    @property
    def is_sold_out(self) -> bool:
        return not self.free

    @property
    def are_few(self) -> bool:
        """Whether it is time to say so: a tenth or less."""
        return 0 < self.free * 10 <= self.total


@dataclass(frozen=True)
class Showing:
    """A show as lists show it. `from_price` is an adult's lowest, `note` what the theatre says of the film."""

    showtime: Showtime
    from_price: Money | None
    is_open: bool
    note: str = ""

    @property
    def theatre(self) -> Theatre:
        return self.showtime.screen.theatre

    @property
    def day(self) -> date:
        """The theatre's day that the show belongs to: one at half past midnight is part of the evening before."""
        return local_day(self.showtime.starts_at, self.theatre.timezone)


def shows_public(*, now: datetime, choice: Choice | None = None, theatres: Sequence[Theatre] = ()) -> QuerySet[Any]:
    """Return coming shows as anybody may see them, called-off ones too, the soonest first, with an adult's lowest price
    as `from_minor`."""
    shows = _with_lowest(Showtime.objects.coming(now))
    if choice is not None:
        shows = shows.filter(_place_and_day(choice, theatres))
    return shows.order_by("starts_at", "pk")


def _with_lowest(shows: QuerySet[Showtime]) -> QuerySet[Any]:
    """The shows with film and theatre, and an adult's lowest price as `from_minor`."""
    lowest = ShowtimePrice.objects.filter(showtime=OuterRef("pk"), ticket_type__code=TicketType.ADULT)
    cheapest = lowest.order_by("amount_minor").values("amount_minor")[:1]
    return shows.select_related("movie", "screen__theatre").annotate(from_minor=Subquery(cheapest))


def showings(shows: QuerySet[Any], *, now: datetime) -> list[Showing]:
    """Return the rows of shows_public. One query."""
    return [
        Showing(
            showtime=showtime,
            from_price=None if showtime.from_minor is None else Money(showtime.from_minor, showtime.currency),
            is_open=showtime.status == ShowtimeStatus.ON_SALE and showtime.sales_close_at > now,
            note=getattr(showtime, "note", None) or "",
        )
        for showtime in shows
    ]


def seats_left(showtime_ids: Sequence[int], *, now: datetime) -> dict[int, SeatsLeft]:
    """Return how many seats each show has, and how many of them are free; a lapsed hold is, and a seat that the house
    has released. One query, two where past shows are among them.

    Reads what bookings keeps, by its reverse name: nothing here writes there.
    """
    is_free = Q(seats__status="free") | Q(seats__status__in=["held", "blocked"], seats__held_until__lte=now)
    rows = Showtime.objects.filter(pk__in=showtime_ids).order_by().values("pk")
    rows = rows.annotate(total=Count("seats__seat_id"), free=Count("seats__seat_id", filter=is_free))
    left = {row["pk"]: SeatsLeft(total=row["total"], free=row["free"]) for row in rows}
    emptied = [number for number, seats in left.items() if not seats.total]
    return left | _left_of_folded(emptied) if emptied else left


def seats_left_of_coming(showtime_ids: Sequence[int], *, now: datetime) -> dict[int, SeatsLeft]:
    """Return how many seats are left of those shows among these that anybody may see and that have not begun. Two
    queries."""
    coming = list(Showtime.objects.coming(now).filter(pk__in=showtime_ids).values_list("pk", flat=True))
    return seats_left(coming, now=now) if coming else {}


def _left_of_folded(showtime_ids: Sequence[int]) -> dict[int, SeatsLeft]:
    """As seats_left, for past shows whose seats bookings have folded into one row. One query."""
    sold = Count("bookings__seats", filter=Q(bookings__status="confirmed", bookings__seats__cancelled_at=None))
    counted = Showtime.objects.filter(pk=OuterRef("pk")).order_by().values("pk").annotate(sold=sold).values("sold")
    rows = (
        Showtime.objects.filter(pk__in=showtime_ids, folded__isnull=False).order_by().annotate(sold=Subquery(counted))
    )
    return {
        number: SeatsLeft(total=total, free=total - len(blocked) - sold)
        for number, total, blocked, sold in rows.values_list("pk", "folded__seats_total", "folded__blocked", "sold")
    }


def showing_of_office(showtime_id: int, *, now: datetime) -> tuple[Showing, SeatsLeft]:
    """Return one of showings_of_office. Raises NotFound. Two queries."""
    found = showings_of_office(Showtime.objects.filter(pk=showtime_id), now=now)
    if not found:
        raise NotFound
    return found[0]


def showings_of_office(shows: QuerySet[Showtime], *, now: datetime) -> list[tuple[Showing, SeatsLeft]]:
    """Return shows and their seats for the theatre's own people: drafts too, whose seats are those of the plan as it is
    now, all free. Three queries, two where there are only drafts or none."""
    found = showings(_with_lowest(shows), now=now)
    drafts = {row.showtime.screen_id for row in found if row.showtime.status == ShowtimeStatus.DRAFT}
    made = [row.showtime.pk for row in found if row.showtime.status != ShowtimeStatus.DRAFT]
    left = seats_left(made, now=now) if made else {}
    plans = Seat.objects.filter(screen__in=drafts).in_use().order_by() if drafts else Seat.objects.none()
    in_plan = dict(plans.values_list("screen_id").annotate(count=Count("pk")))

    def of(showtime: Showtime) -> SeatsLeft:
        planned = in_plan.get(showtime.screen_id, 0)
        return left.get(showtime.pk) or SeatsLeft(total=planned, free=planned)

    return [(row, of(row.showtime)) for row in found]


def showings_ahead(*, now: datetime, **where: Any) -> list[Showing]:
    """Return the shows of the next DAYS_AHEAD days, at `where`: a filter such as movie=… or screen__theatre=…"""
    until = now + timedelta(days=DAYS_AHEAD)
    listed = Listing.objects.filter(theatre=OuterRef("screen__theatre"), movie=OuterRef("movie"))
    shows = shows_public(now=now).filter(starts_at__lt=until, **where).annotate(note=Subquery(listed.values("note")))
    return showings(shows, now=now)


def showing_opening_next(movie: Movie, *, now: datetime) -> Showtime | None:
    """Return the draft of a film that goes on sale by itself the soonest, with its theatre. One query."""
    return _opening(now).filter(movie=movie).select_related("screen__theatre").first()


def theatres_showing(movie: Movie, *, now: datetime) -> list[Theatre]:
    """Return where a film can be booked, by name. One query."""
    booked_there = Showtime.objects.bookable(now).filter(movie=movie, screen__theatre=OuterRef("pk"))
    return list(Theatre.objects.filter(Exists(booked_there)).order_by("name"))
