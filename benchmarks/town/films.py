"""The town's films, invented."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from math import isqrt
from random import Random

from catalog.models import Credit, Genre, Job, Movie, Person
from movy.management.demo.bulk import rows_create

FILMS = 24
RUNTIMES = (82, 95, 104, 118, 131, 144)  # minutes: the longest and its cleaning fit between two slots
CAST = 6
GENRES = ("Adventure", "Comedy", "Drama", "Documentary", "Horror", "Romance", "Thriller")
ADJECTIVES = ("Long", "Quiet", "Golden", "Last", "Broken", "Distant", "Little", "Burning", "Hidden", "Second", "Blue")
NOUNS = ("Harbour", "Market", "Season", "River", "Letter", "Garden", "Road", "Bridge", "Summer", "Mask", "Drum")
TITLES = [f"The {adjective} {noun}" for noun, adjective in product(NOUNS, ADJECTIVES)]


def films_count(times: int) -> int:
    """Return how many films a town has: the demo's number, growing with the root of its size."""
    return isqrt(FILMS * FILMS * times)


def films_build(*, times: int, seed: int) -> list[Movie]:
    """Store films with genres, cast and director."""
    random = Random(f"films {seed}")
    genres = [Genre.objects.get_or_create(name=name)[0] for name in GENRES]
    people = [Person.objects.create(name=f"Player {number}") for number in range(3 * films_count(times))]
    films = []
    for number in range(films_count(times)):
        series, place = divmod(number, len(TITLES))
        film = Movie.objects.create(
            title=TITLES[place] + (f" {series + 1}" if series else ""),
            tagline="Some things are better in the dark.",
            overview="Two people meet, part and meet again, in a town that has changed meanwhile. " * 5,
            runtime_minutes=random.choice(RUNTIMES),
            release_date=date(2026, 1, 1) - timedelta(days=7 * number),
            certification="PG",
            language=random.choice(("en", "fr", "yo", "sw")),
        )
        film.genres.set(random.sample(genres, 2))
        players = random.sample(people, CAST + 1)
        rows_create(
            [
                Credit(movie=film, person=person, job=Job.CAST if at < CAST else Job.DIRECTOR, position=at)
                for at, person in enumerate(players)
            ]
        )
        films.append(film)
    return films
