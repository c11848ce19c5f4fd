"""What the demo knows about a film."""

from dataclasses import dataclass, field
from datetime import date, timedelta

GENRE_IDS = {  # TMDb's names and ids of movie genres
    "Action": 28,
    "Adventure": 12,
    "Comedy": 35,
    "Crime": 80,
    "Documentary": 99,
    "Drama": 18,
    "Family": 10751,
    "Fantasy": 14,
    "History": 36,
    "Horror": 27,
    "Mystery": 9648,
    "Romance": 10749,
    "Science Fiction": 878,
    "Thriller": 53,
    "War": 10752,
}

# Why a film is in the public domain of the United States.
AGED = "published before 1931"
UNRENEWED = "its copyright was not renewed"
NO_NOTICE = "published without a valid copyright notice"


@dataclass(frozen=True)
class Film:
    """A film and its facts. `tmdb_id` is invented (from 9 000 001 on) and never TMDb's own. `language` of a silent
    film is that of its title cards. `cast`: (name, character), leads first. `palette`: the colours of its poster,
    the first one is its ground, the second its accent. `certification` is the demo's own and holds for NG, GH and
    KE alike; no censor's board gave it. `has_3d`: the demo plays it in 3D too, which no real print does.
    `opens_in_weeks`: not on sale yet, opens that many weeks after the day asked."""

    tmdb_id: int
    slug: str
    title: str
    original_title: str
    released_on: date
    runtime_minutes: int
    language: str
    country: str
    directors: tuple[str, ...]
    cast: tuple[tuple[str, str], ...]
    genres: tuple[str, ...]
    tagline: str
    synopsis: str
    certification: str
    palette: tuple[str, ...]
    public_domain: str = AGED
    has_3d: bool = False
    opens_in_weeks: int | None = field(default=None)

    @property
    def year(self) -> int:
        return self.released_on.year

    @property
    def genre_ids(self) -> tuple[int, ...]:
        return tuple(GENRE_IDS[name] for name in self.genres)

    def opens_on(self, day: date) -> date | None:
        """The day this film comes back to the demo's theatres, seen from `day`; None for one that is showing."""
        return day + timedelta(weeks=self.opens_in_weeks) if self.opens_in_weeks else None
