"""A small kit of shapes: every function returns a piece of SVG in flat colour."""

from collections.abc import Iterable
from html import escape
from math import cos, pi, sin

SANS = "Futura,'Century Gothic','Avenir Next','Helvetica Neue',Helvetica,Arial,sans-serif"
CAPITAL, NARROW = 0.7, 0.34  # mean widths in these faces, in em; a little wide, so that none is squeezed

Point = tuple[float, float]


def number(value: float) -> str:
    """A coordinate with one decimal at most: 12.0 is "12"."""
    return f"{value:.1f}".removesuffix(".0")


def points(corners: Iterable[Point]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in corners)


def rect(x: float, y: float, width: float, height: float, fill: str, radius: float = 0) -> str:
    rounded = f' rx="{number(radius)}"' if radius else ""
    size = f'width="{number(width)}" height="{number(height)}"'
    return f'<rect x="{number(x)}" y="{number(y)}" {size}{rounded} fill="{fill}"/>'


def circle(x: float, y: float, radius: float, fill: str) -> str:
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}"/>'


def ring(x: float, y: float, radius: float, width: float, colour: str) -> str:
    return (
        f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" '
        f'fill="none" stroke="{colour}" stroke-width="{number(width)}"/>'
    )


def ellipse(x: float, y: float, across: float, down: float, fill: str) -> str:
    return f'<ellipse cx="{number(x)}" cy="{number(y)}" rx="{number(across)}" ry="{number(down)}" fill="{fill}"/>'


def shape(d: str, fill: str) -> str:
    """A filled path."""
    return f'<path d="{d}" fill="{fill}"/>'


def stroke(d: str, colour: str, width: float, cap: str = "butt") -> str:
    """A drawn path; joins follow the cap: round with round, else pointed."""
    join = ' stroke-linecap="round" stroke-linejoin="round"' if cap == "round" else ""
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{number(width)}"{join}/>'


def polygon(corners: Iterable[Point], fill: str) -> str:
    return f'<polygon points="{points(corners)}" fill="{fill}"/>'


def group(content: str, transform: str) -> str:
    return f'<g transform="{transform}">{content}</g>'


def bat(x: float, y: float, scale: float, fill: str) -> str:
    wings = "M0 0C10 -16 26 -14 40 -4L48 -14 56 -4C70 -14 86 -16 96 0C80 -2 70 4 66 14C58 4 54 6 48 16C42 6 38 4 30 14"
    return group(shape(wings + "C26 4 16 -2 0 0Z", fill), f"translate({x} {y}) scale({scale})")


def mirrored(content: str, axis: float = 300) -> str:
    """The content and its mirror image in the vertical line x = axis."""
    return content + group(content, f"translate({number(2 * axis)} 0) scale(-1 1)")


def on_circle(x: float, y: float, radius: float, degrees: float) -> Point:
    """The point on a circle; 0 degrees is up, and they run clockwise."""
    angle = degrees * pi / 180
    return x + radius * sin(angle), y - radius * cos(angle)


def rays(x: float, y: float, radius: float, count: int, fill: str, turn: float = 0, share: float = 0.5) -> str:
    """A sunburst of `count` wedges round a point; `share` of the circle is filled."""
    step = 360 / count
    wedges = []
    for at in range(count):
        left, right = (on_circle(x, y, radius, turn + step * (at + side * share / 2)) for side in (-1, 1))
        wedges.append(f"M{number(x)} {number(y)}L{points([left])}L{points([right])}Z")
    return shape("".join(wedges), fill)


def star(x: float, y: float, radius: float, fill: str, tips: int = 4, waist: float = 0.3) -> str:
    corners = [on_circle(x, y, radius if at % 2 == 0 else radius * waist, 180 / tips * at) for at in range(2 * tips)]
    return polygon(corners, fill)


def clipped(name: str, outline: str, content: str) -> str:
    """The content inside an outline (a piece of SVG without its colour mattering); `name` is unique in its picture."""
    return f'<clipPath id="{name}">{outline}</clipPath><g clip-path="url(#{name})">{content}</g>'


def tiled(name: str, across: int, down: int, tile: str, width: int, height: int) -> str:
    """A ground covered with one tile of across x down; `name` is unique in its picture."""
    return (
        f'<pattern id="{name}" width="{across}" height="{down}" patternUnits="userSpaceOnUse">{tile}</pattern>'
        f'<rect width="{width}" height="{height}" fill="url(#{name})"/>'
    )


def caption(
    text: str, x: float, y: float, size: float, fill: str, anchor: str = "middle", tracking: float = 0.14
) -> str:
    """A line of small capitals. Its length is fixed, because every system sets it in another face; it is at most
    520 long."""
    capitals = text.upper()
    widths = (NARROW if letter in " .,'·-IJ" else CAPITAL for letter in capitals)
    length = min(sum(width + tracking for width in widths) * size, 520)
    return (
        f'<text x="{number(x)}" y="{number(y)}" font-family="{SANS}" font-size="{number(size)}" font-weight="600" '
        f'fill="{fill}" text-anchor="{anchor}" textLength="{number(length)}">{escape(capitals)}</text>'
    )
