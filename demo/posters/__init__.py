"""Posters and backdrops of the demo's films, drawn by code: a composition for each, flat colour, an alphabet of our
own."""

from html import escape

from demo.films import Film
from demo.posters.comedies import COMEDIES
from demo.posters.design import Design
from demo.posters.dramas import DRAMAS
from demo.posters.europe import EUROPE
from demo.posters.kit import group, number
from demo.posters.micheaux import MICHEAUX
from demo.posters.nights import NIGHTS
from demo.posters.soviets import SOVIETS
from demo.posters.talkies import TALKIES

DESIGNS: dict[str, Design] = EUROPE | SOVIETS | COMEDIES | DRAMAS | MICHEAUX | TALKIES | NIGHTS


def poster_svg(film: Film) -> str:
    """The film's poster, 2:3, as a whole SVG file. Raises KeyError for a film that has no design."""
    design = DESIGNS[film.slug]
    layers = design.ground(film.palette, 600, 900) + design.figure(film.palette) + design.lockup(film.palette)
    return _picture(600, 900, f"Poster: {film.title} ({film.year})", layers)


def backdrop_svg(film: Film) -> str:
    """The film's backdrop, 16:9 and without the title, as a whole SVG file. Raises KeyError for a film that has no
    design."""
    design = DESIGNS[film.slug]
    x, y, scale = design.wide
    figure = group(design.figure(film.palette), f"translate({number(x)} {number(y)}) scale({scale})")
    return _picture(1280, 720, film.title, design.ground(film.palette, 1280, 720) + figure)


def _picture(width: int, height: int, title: str, layers: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">'
        f"<title>{escape(title)}</title>{layers}</svg>"
    )
