"""The demo's films with their people and pictures."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog.models import Credit, Genre, Job, Movie, Person
from demo.films import FILMS, GENRE_IDS, Film
from demo.posters import backdrop_svg, poster_svg
from movy.management.demo.bulk import rows_create


def films_load() -> dict[str, Movie]:
    """Store the films that are missing; return all of them by their slug in the demo."""
    known = {movie.tmdb_id: movie for movie in Movie.objects.filter(tmdb_id__in=[film.tmdb_id for film in FILMS])}
    new = [film for film in FILMS if film.tmdb_id not in known]
    people = _people_load(new)
    for film in new:
        known[film.tmdb_id] = _film_create(film, people)
    for film in FILMS:  # the folder may have been emptied since
        _picture_load(f"posters/{film.slug}.svg", film, poster_svg)
        _picture_load(f"backdrops/{film.slug}.svg", film, backdrop_svg)
    return {film.slug: known[film.tmdb_id] for film in FILMS}


def _people_load(films: list[Film]) -> dict[str, Person]:
    names = {name for film in films for name in (*film.directors, *(name for name, _character in film.cast))}
    people = {person.name: person for person in Person.objects.filter(name__in=names, tmdb_id=None)}
    new = [Person(name=name) for name in sorted(names - people.keys())]
    rows_create(new, key=["name"])
    return people | {person.name: person for person in new}


def _film_create(film: Film, people: dict[str, Person]) -> Movie:
    movie = Movie.objects.create(
        tmdb_id=film.tmdb_id,
        title=film.title,
        original_title=film.original_title,
        tagline=film.tagline,
        overview=film.synopsis,
        runtime_minutes=film.runtime_minutes,
        release_date=film.released_on,
        certification=film.certification,
        language=film.language,
        poster=f"posters/{film.slug}.svg",
        backdrop=f"backdrops/{film.slug}.svg",
    )
    movie.genres.set(
        Genre.objects.get_or_create(name=name, defaults={"tmdb_id": GENRE_IDS[name]})[0] for name in film.genres
    )
    credits = [(Job.DIRECTOR, name, "") for name in film.directors]
    credits += [(Job.CAST, name, character) for name, character in film.cast]
    Credit.objects.bulk_create(
        Credit(movie=movie, person=people[name], job=job, character=character, position=position)
        for position, (job, name, character) in enumerate(credits)
    )
    return movie


def _picture_load(name: str, film: Film, draw: Callable[[Film], str]) -> None:
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(draw(film).encode()))
