from __future__ import annotations

import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from catalog.constants import POSTER_PIXELS
from catalog.models import Genre, Listing, Movie, Person
from catalog.pictures import UnusablePicture, picture_jpeg
from catalog.services import movie_fetch, movie_import
from catalog.tests.factories import MovieFactory
from catalog.tmdb import TmdbNotFound, TmdbUnavailable
from demo.films import FILM_BY_SLUG
from movy.lib.clock import database_now
from theatres.tests.factories import TheatreFactory

pytestmark = pytest.mark.django_db

FILM = FILM_BY_SLUG["metropolis"]


@pytest.fixture(autouse=True)
def _own_pictures(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def fetch_and_import(theatre, tmdb_id=FILM.tmdb_id):
    return movie_import(theatre=theatre, tmdb_id=tmdb_id, fetched=movie_fetch(tmdb_id), now=database_now())


def test_a_film_comes_with_its_people_and_pictures_of_our_own(tmdb):
    theatre = TheatreFactory(country="NG")
    imported = fetch_and_import(theatre)
    movie = Movie.objects.get(tmdb_id=FILM.tmdb_id)
    assert imported.is_new_on_list
    assert Listing.objects.get().movie == movie
    assert (movie.title, movie.slug, movie.runtime_minutes, movie.language) == ("Metropolis", "metropolis", 149, "de")
    assert (movie.certification, movie.release_date) == ("PG", FILM.released_on)
    assert set(movie.genres.values_list("name", flat=True)) == set(FILM.genres)
    jobs = movie.credits.values_list("job", "person__name", "position")
    assert ("director", "Fritz Lang", 0) in jobs
    assert ("cast", "Brigitte Helm", 0) in jobs
    with Image.open(default_storage.open(movie.poster.name)) as poster:
        assert poster.format == "JPEG"
        assert poster.width <= POSTER_PIXELS[0]
        assert poster.height <= POSTER_PIXELS[1]
    assert movie.poster.name.startswith("posters/")


def test_again_and_at_another_theatre_the_film_is_the_same_and_tmdb_is_not_asked(tmdb):
    one, two = TheatreFactory(), TheatreFactory()
    movie = fetch_and_import(one).movie
    tmdb.router.requests.clear()
    again, elsewhere = fetch_and_import(one), fetch_and_import(two)
    assert (again.is_new_on_list, elsewhere.is_new_on_list) == (False, True)
    assert again.movie == elsewhere.movie == movie
    assert Movie.objects.count() == 1
    assert not tmdb.router.requests


def test_two_imports_at_once_make_one_film(tmdb):
    """Both have fetched before either stored: the unique key decides, and the second adds nothing to the first's."""
    theatre = TheatreFactory()
    first, second = movie_fetch(FILM.tmdb_id), movie_fetch(FILM.tmdb_id)
    now = database_now()
    made = movie_import(theatre=theatre, tmdb_id=FILM.tmdb_id, fetched=first, now=now)
    credits = made.movie.credits.count()
    late = movie_import(theatre=theatre, tmdb_id=FILM.tmdb_id, fetched=second, now=now)
    assert (late.movie, late.is_new_on_list, late.movie.credits.count()) == (made.movie, False, credits)


def test_genres_and_people_that_we_know_are_not_made_again(tmdb):
    typed_in = Genre.objects.create(name=FILM.genres[0])
    fetch_and_import(TheatreFactory())
    people = Person.objects.count()
    assert Genre.objects.get(name=FILM.genres[0]) == typed_in
    fetch_and_import(TheatreFactory(), FILM_BY_SLUG["sunrise"].tmdb_id)
    assert Person.objects.filter(name="F. W. Murnau").count() == 1
    assert Person.objects.count() > people


def test_a_film_that_tmdb_does_not_have_changes_nothing(tmdb):
    with pytest.raises(TmdbNotFound):
        fetch_and_import(TheatreFactory(), 1)
    assert not Movie.objects.exists()


def test_tmdb_away_changes_nothing(settings):
    settings.TMDB_BASE_URL, settings.TMDB_ACCESS_TOKEN = "http://127.0.0.1:9", "token"
    with pytest.raises(TmdbUnavailable):
        fetch_and_import(TheatreFactory())
    assert not Movie.objects.exists()


def test_a_picture_that_cannot_be_used_is_left_out(tmdb, monkeypatch):
    monkeypatch.setattr("catalog.tmdb.Tmdb.image", lambda self, path, size: b"\xff\xd8\xff not a picture")
    movie = fetch_and_import(TheatreFactory()).movie
    assert not movie.poster
    assert not movie.backdrop


def test_search_words_follow_the_title():
    movie = MovieFactory(title="Häxan", original_title="")
    assert movie.search_text.strip() == "haxan"


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    written = io.BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", (width, height), "red").save(written, kind)
    return written.getvalue()


def test_a_picture_is_written_anew_and_made_to_fit():
    with Image.open(io.BytesIO(picture_jpeg(picture(2000, 1000), pixels_max=(500, 500)))) as small:
        assert (small.format, small.size, small.mode) == ("JPEG", (500, 250), "RGB")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        picture(10, 10)[:60],
        picture(10, 10, "GIF"),
        picture(7000, 6000),  # a few kilobytes that unfold to 42 million pixels
    ],
)
def test_what_is_no_picture_or_a_bomb_is_refused(data):
    with pytest.raises(UnusablePicture):
        picture_jpeg(data, pixels_max=(500, 500))
