"""The demo's films as TMDb would know them: in cinemas long ago, without trailers, rated in the demo's countries."""

from demo.films import FILMS, GENRE_IDS
from demo.films import Film as DemoFilm
from standins.tmdb.films import Film, Release


def demo_films() -> list[Film]:
    return [_film(film) for film in FILMS]


def _film(film: DemoFilm) -> Film:
    return Film(
        id=film.tmdb_id,
        title=film.title,
        original_title=film.original_title,
        original_language=film.language,
        overview=film.synopsis,
        tagline=film.tagline,
        released=film.released_on.isoformat(),
        runtime=film.runtime_minutes,
        genre_ids=tuple(GENRE_IDS[name] for name in film.genres),
        countries=(film.country,),
        popularity=20.0,
        palette=film.palette,
        cast=film.cast,
        crew=tuple((name, "Director") for name in film.directors),
        releases={country: (Release(film.certification),) for country in ("NG", "GH", "KE")},
    )
