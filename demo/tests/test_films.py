import re
from datetime import date, timedelta

import pytest

from demo.films import FILM_BY_SLUG, FILMS, GENRE_IDS


def test_there_are_enough_films_on_sale():
    assert len(FILMS) >= 26
    assert len([film for film in FILMS if film.opens_in_weeks is None]) >= 24


def test_three_films_are_still_to_come():
    coming = [film for film in FILMS if film.opens_in_weeks]
    assert len(coming) == 3
    today = date(2026, 11, 22)
    assert all(film.opens_on(today) > today + timedelta(days=14) for film in coming)


@pytest.mark.parametrize("attribute", ["tmdb_id", "slug", "title", "tagline", "synopsis", "palette"])
def test_no_two_films_share_it(attribute):
    assert len({getattr(film, attribute) for film in FILMS}) == len(FILMS)


@pytest.mark.parametrize("film", FILMS, ids=lambda film: film.slug)
def test_a_film_is_complete(film):
    assert film.tmdb_id >= 9_000_001
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", film.slug)
    assert re.fullmatch(r"[a-z]{2}", film.language)
    assert re.fullmatch(r"[A-Z]{2}", film.country)
    assert 45 <= film.runtime_minutes <= 150
    assert film.directors
    assert 2 <= len(film.cast) <= 8
    assert set(film.genres) <= set(GENRE_IDS)
    assert len(film.genre_ids) == len(film.genres) >= 1
    assert 60 <= len(film.synopsis.split()) <= 110
    assert film.certification in {"U", "PG", "12", "15", "18"}
    assert len(film.palette) == 4
    assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in film.palette)


def test_a_film_of_unknown_age_is_out_of_copyright_for_a_reason():
    for film in FILMS:
        assert (film.public_domain == "published before 1931") == (film.year < 1931), film.slug


def test_slugs_lead_to_films():
    assert FILM_BY_SLUG["safety-last"].title == "Safety Last!"
