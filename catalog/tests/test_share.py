"""Pictures of links: of the right size, for every film, whatever its poster or title."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from catalog.models import Movie
from catalog.tests.factories import MovieFactory
from theatres.tests.factories import TheatreFactory

pytestmark = pytest.mark.django_db

RED = (200, 30, 40)


def picture(path: str) -> Image.Image:
    response = Client().get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert response["Cache-Control"] == "public, max-age=86400"
    found = Image.open(BytesIO(response.content))
    assert found.size == (1200, 630)
    return found.convert("RGB")


def shared(movie: Movie) -> Image.Image:
    return picture(f"{movie.get_absolute_url()}/share.png")


def poster(movie: Movie, name: str, content: bytes) -> Movie:
    movie.poster.save(name, ContentFile(content))
    return movie


def jpeg() -> bytes:
    written = BytesIO()
    Image.new("RGB", (600, 900), RED).save(written, "JPEG")
    return written.getvalue()


def test_a_films_page_names_its_picture():
    movie = MovieFactory(title="Sunrise")
    page = Client().get(movie.get_absolute_url()).content.decode()
    assert f'og:image" content="http://testserver{movie.get_absolute_url()}/share.png"' in page
    assert 'og:image" content="http://testserver/share.png"' in Client().get("/").content.decode()


def test_a_photograph_stands_beside_the_words_and_seats_where_there_is_none():
    with_poster = shared(poster(MovieFactory(), "p.jpg", jpeg())).getpixel((1000, 40))
    assert all(abs(got - meant) < 12 for got, meant in zip(with_poster, RED, strict=True))
    assert max(shared(MovieFactory()).getpixel((1000, 40))) < 60


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"", b"GIF89a", jpeg()[:90]])
def test_a_poster_that_cannot_be_read_is_left_out(content):
    assert max(shared(poster(MovieFactory(), "p.jpg", content)).getpixel((1000, 40))) < 60


def test_a_poster_whose_file_is_gone_is_left_out():
    movie = MovieFactory()
    Movie.objects.filter(pk=movie.pk).update(poster="posters/gone.jpg")
    shared(movie)


@pytest.mark.parametrize("title", ["", "W" * 200, "The " * 50, "Ọmọ Ghetto: Sága 𝄞 ₦"])
def test_no_title_is_too_long_or_too_odd(title):
    right_edge = shared(MovieFactory(title=title)).crop((770, 130, 790, 630))
    assert max(channel[1] for channel in right_edge.getextrema()) < 60  # nothing runs into what stands beside


def test_a_theatre_has_one_too_and_nothing_else_has():
    picture(f"{TheatreFactory().get_absolute_url()}/share.png")
    picture("/share.png")
    assert Client().get("/movies/999999/share.png").status_code == 404
