"""What plays when, and which seats are taken already: a plain function of the day and the screen, so that every
machine agrees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from zoneinfo import ZoneInfo

from demo.films import FILMS, Film
from demo.plans import SEAT, PlanSeat
from demo.theatres import CLEANING_MINUTES, THEATRE_BY_SLUG, DemoScreen, plan

# Each theatre's list. A film that is out plays at one to three of them; one that opens later is on a list as well.
PROGRAMME = {
    "eko-lantern": (
        "metropolis", "safety-last", "charade", "the-thief-of-bagdad", "night-of-the-living-dead",
        "the-lost-world", "his-girl-friday", "nosferatu", "wings", "the-gold-rush", "within-our-gates",
        "the-phantom-of-the-opera", "the-general", "detour", "sunrise", "body-and-soul",
    ),
    "orisun-picture-house": (
        "within-our-gates", "the-kid", "my-man-godfrey", "night-of-the-living-dead",
        "the-cabinet-of-dr-caligari", "the-little-shop-of-horrors", "sherlock-jr", "battleship-potemkin",
        "body-and-soul",
    ),
    "harmattan-cinema": (
        "the-lost-world", "house-on-haunted-hill", "charade", "the-passion-of-joan-of-arc", "the-kid",
        "metropolis", "the-hitch-hiker", "man-with-a-movie-camera", "the-general", "night-of-the-living-dead",
        "my-man-godfrey", "carnival-of-souls",
    ),
    "jacaranda-pictures": (
        "metropolis", "his-girl-friday", "safety-last", "haxan", "house-on-haunted-hill", "the-gold-rush",
        "the-thief-of-bagdad", "charade", "sunrise", "carnival-of-souls",
    ),
}  # fmt: skip

GRID_MINUTES = 5  # every show starts on such a mark
LAST_START = time(23, 30)  # theatre-local


@dataclass(frozen=True)
class PlannedShowtime:
    """A show as planned. `starts_at` and `ends_at` are aware and in UTC; `language` is the film's own, ISO 639-1."""

    film: Film
    screen: DemoScreen
    starts_at: datetime
    format: str
    language: str

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.film.runtime_minutes)


@dataclass(frozen=True)
class Fill:
    """The seats of a show that are not free. `parties` are the sold ones as they were bought, labels of one
    purchase together."""

    parties: tuple[tuple[str, ...], ...] = ()
    held: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()

    @property
    def sold(self) -> tuple[str, ...]:
        return tuple(label for party in self.parties for label in party)


def showtimes(day: date, screen: DemoScreen, films: Sequence[Film] = FILMS) -> list[PlannedShowtime]:
    """The shows of one screen on one theatre-local day, in order: four or five of the theatre's programme, the
    cleaning time between.

    Each screen shows its own stretch of the programme, a film further on every day, so all of a theatre's films
    play there within days.
    """
    theatre = THEATRE_BY_SLUG[screen.theatre]
    by_slug = {film.slug: film for film in films if film.opens_in_weeks is None}
    programme = [by_slug[slug] for slug in PROGRAMME[theatre.slug] if slug in by_slug]
    random = _dice(day.isoformat(), screen.key)
    count = min(random.choice((4, 4, 5)), len(programme))
    stretch = -(-len(programme) // len(theatre.screens))
    first = theatre.screens.index(screen) * stretch + day.toordinal()
    playing = [programme[(first + place) % len(programme)] for place in range(count)]

    late = day.weekday() in (4, 5)  # Friday and Saturday nights run past midnight
    opening = 10 * 60 + GRID_MINUTES * random.randrange(0, 15)
    closing = (22 if late else 20) * 60 + 30 + GRID_MINUTES * random.randrange(0, 13)
    latest = LAST_START.hour * 60 + LAST_START.minute

    shows: list[PlannedShowtime] = []
    earliest = opening
    for place, film in enumerate(playing):
        wanted = opening + (closing - opening) * place // (count - 1)
        minute = _on_grid(max(wanted, earliest))
        if minute > latest:
            break
        starts_at = _utc(day, minute, theatre.timezone)
        shows.append(PlannedShowtime(film, screen, starts_at, _format(film, screen, random), film.language))
        earliest = minute + film.runtime_minutes + CLEANING_MINUTES
    return shows


def _dice(*words: str) -> Random:
    """Chance that falls alike on every machine and in every run: a text seeds without the interpreter's hash."""
    return Random(" ".join(words))  # noqa: S311 - nothing here is a secret


def _on_grid(minute: int) -> int:
    """Round a minute of the day up to the next mark."""
    return -(-minute // GRID_MINUTES) * GRID_MINUTES


def _utc(day: date, minute: int, timezone: str) -> datetime:
    local = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=ZoneInfo(timezone))
    return local.astimezone(UTC)


def _format(film: Film, screen: DemoScreen, random: Random) -> str:
    choices = [name for name in screen.formats if name != "3D" or film.has_3d]
    return random.choice(choices)


@lru_cache(maxsize=1024)
def fill(showtime: PlannedShowtime) -> Fill:
    """Which seats of a show are taken before anybody signs in: none of Grand Hall's, elsewhere 5 to 60 % sold in
    parties that sit together, from the middle of the back outwards, a few held and a few blocked."""
    if showtime.screen.key == "grand-hall":
        return Fill()
    seats = plan(showtime.screen)
    random = _dice(showtime.starts_at.isoformat(), showtime.screen.key)
    free = {seat.label: seat for seat in seats}

    blocked = _take(free, random, size=2) + (_take(free, random, size=1) if len(seats) > 100 else ())
    evening = showtime.starts_at.hour >= 16
    share = random.uniform(0.22, 0.58) if evening else random.uniform(0.06, 0.34)
    parties: list[tuple[str, ...]] = []
    sold = 0
    while sold < int(share * len(seats)):
        size = random.choices((1, 2, 3, 4, 5, 6), weights=(14, 48, 12, 18, 5, 3))[0]
        party = _take(free, random, size=min(size, int(share * len(seats)) - sold))
        parties.append(party)
        sold += len(party)
    held = _take(free, random, size=2) + (_take(free, random, size=2) if evening else ())
    return Fill(parties=tuple(parties), held=held, blocked=blocked)


def sold_labels(showtime: PlannedShowtime) -> tuple[str, ...]:
    return fill(showtime).sold


def held_labels(showtime: PlannedShowtime) -> tuple[str, ...]:
    return fill(showtime).held


def blocked_labels(showtime: PlannedShowtime) -> tuple[str, ...]:
    return fill(showtime).blocked


def _take(free: dict[str, PlanSeat], random: Random, size: int) -> tuple[str, ...]:
    """Take up to `size` ordinary neighbours out of `free`: the best run near a spot in the back half, or a smaller
    one if none is left."""
    for wanted in range(size, 0, -1):
        runs = _runs(free, wanted)
        if runs:
            break
    else:
        return ()
    width = max(seat.x for seat in free.values())
    depth = max(seat.y for seat in free.values())
    x, y = random.gauss(width / 2, width / 5), random.gauss(depth * 0.68, depth / 5)
    best = min(runs, key=lambda run: (abs((run[0].x + run[-1].x) / 2 - x) + 2 * abs(run[0].y - y), run[0].label))
    for seat in best:
        del free[seat.label]
    return tuple(seat.label for seat in best)


def _runs(free: dict[str, PlanSeat], size: int) -> list[list[PlanSeat]]:
    """Every way for `size` people to sit side by side, without an aisle or a stranger between them."""
    seats = [seat for seat in free.values() if seat.kind == "regular"]
    windows = (seats[at : at + size] for at in range(len(seats) - size + 1))
    return [window for window in windows if all(_neighbours(a, b) for a, b in zip(window, window[1:], strict=False))]


def _neighbours(left: PlanSeat, right: PlanSeat) -> bool:
    return left.row == right.row and right.x - left.x == SEAT
