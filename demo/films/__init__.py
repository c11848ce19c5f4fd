"""The demo's films: real, in the public domain of the United States, with true facts and synopses of our own."""

from demo.films.europe import EUROPE
from demo.films.model import GENRE_IDS, Film
from demo.films.silent_comedy import SILENT_COMEDY
from demo.films.silent_drama import SILENT_DRAMA
from demo.films.talkies import TALKIES

FILMS: tuple[Film, ...] = EUROPE + SILENT_COMEDY + SILENT_DRAMA + TALKIES
FILM_BY_SLUG = {film.slug: film for film in FILMS}

__all__ = ["FILMS", "FILM_BY_SLUG", "GENRE_IDS", "Film"]
