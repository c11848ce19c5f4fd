import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from demo.films import FILMS
from demo.posters import DESIGNS, backdrop_svg, poster_svg
from demo.posters.lettering import LETTERS, Voice, line

films = pytest.mark.parametrize("film", FILMS, ids=lambda film: film.slug)
pictures = pytest.mark.parametrize(
    ("draw", "box"), [(poster_svg, "0 0 600 900"), (backdrop_svg, "0 0 1280 720")], ids=["poster", "backdrop"]
)


def test_every_film_has_a_design_and_no_design_is_left_over():
    assert set(DESIGNS) == {film.slug for film in FILMS}


@films
@pictures
def test_a_picture_is_small_sound_and_stands_alone(film, draw, box):
    svg = draw(film)
    root = ElementTree.fromstring(svg)  # noqa: S314 - we drew it ourselves
    assert root.get("viewBox") == box
    assert len(svg.encode()) <= 14_000
    assert not {element.tag.rpartition("}")[2] for element in root.iter()} & {
        "script",
        "style",
        "image",
        "a",
        "foreignObject",
    }
    assert not re.search(r"href|data:|\bon\w+=|url\((?!#)", svg)
    assert "nan" not in svg


@films
@pictures
def test_a_picture_is_the_same_every_time(film, draw, box):
    assert draw(film) == draw(film)


@films
def test_ids_inside_a_picture_are_unique(film):
    ids = re.findall(r' id="([^"]+)"', poster_svg(film))
    assert len(ids) == len(set(ids))


@films
def test_small_print_keeps_a_margin(film):
    for text in ElementTree.fromstring(poster_svg(film)).iter("{http://www.w3.org/2000/svg}text"):  # noqa: S314
        x, length = float(text.get("x")), float(text.get("textLength"))
        left = x - {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor")] * length
        assert left >= 24
        assert left + length <= 576
        assert float(text.get("y")) <= 892


@films
def test_a_backdrop_has_no_lettering(film):
    assert "<text" not in backdrop_svg(film)


def test_no_two_pictures_are_alike():
    for one, two in combinations(FILMS, 2):
        assert poster_svg(one) != poster_svg(two)
        assert backdrop_svg(one) != backdrop_svg(two)


def test_a_title_is_escaped():
    assert "Joan of Arc (1928)" in poster_svg(next(film for film in FILMS if film.slug == "the-passion-of-joan-of-arc"))
    assert "<title>Häxan</title>" in backdrop_svg(next(film for film in FILMS if film.slug == "haxan"))


@pytest.mark.parametrize("letter", [letter for letter in LETTERS if letter != "Ä"])
def test_a_letter_stays_in_its_box(letter):
    """Its corners, that is: curves bend inwards, and strokes are as wide as the room that was left for them."""
    drawn = line(letter, 100, 200, 80, 120, Voice(20, 30), "#000")
    stroked, _, filled = drawn.partition("/>")
    for part, margin in ((stroked, 0), (filled, 0)):
        for x, y in re.findall(r"[ML]([\d.]+),([\d.]+)", part):
            assert 100 - margin - 0.1 <= float(x) <= 180 + margin + 0.1
            assert 200 - 0.1 <= float(y) <= 320.1


def test_an_unknown_letter_is_refused():
    with pytest.raises(KeyError):
        line("5", 0, 0, 10, 10, Voice(2), "#000")
