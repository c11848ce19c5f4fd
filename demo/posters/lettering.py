"""An alphabet drawn by code, so that a title looks the same on every machine and fills its measure exactly.

A letter is a few strokes on a unit square (y runs down). A corner marked with `~` may be rounded; a stroke marked
with `/` is a diagonal, cut level at its ends; one marked with `*` is a square dot. One alphabet speaks in many
voices: width, weight and roundness are the poster's choice.
"""

from dataclasses import dataclass
from math import hypot
from typing import NamedTuple

from demo.posters.kit import Point, number, points, shape, stroke

LETTERS = {
    "A": ("0,1 0,0~ 1,0~ 1,1", "0,.62 1,.62"),
    "B": ("0,.47 .92,.47~ .92,0~ 0,0 0,1 1,1~ 1,.47~ .5,.47",),
    "C": ("1,.32 1,0~ 0,0~ 0,1~ 1,1~ 1,.68",),
    "D": ("0,0 1,0~ 1,1~ 0,1 0,0 .2,0",),
    "E": ("1,0 0,0 0,1 1,1", "0,.5 .88,.5"),
    "F": ("1,0 0,0 0,1", "0,.52 .88,.52"),
    "G": ("1,.3 1,0~ 0,0~ 0,1~ 1,1~ 1,.54 .48,.54",),
    "H": ("0,0 0,1", "1,0 1,1", "0,.5 1,.5"),
    "I": ("0,0 0,1",),
    "J": ("1,0 1,1~ 0,1~ 0,.66",),
    "K": ("0,0 0,1", "/1,0 .06,.6", "/.3,.42 1,1"),
    "L": ("0,0 0,1 1,1",),
    "M": ("0,0 0,1", "1,0 1,1", "/0,0 .5,.8", "/1,0 .5,.8"),
    "N": ("0,0 0,1", "1,0 1,1", "/0,0 1,1"),
    "O": ("0.5,0 1,0~ 1,1~ 0,1~ 0,0~ .5,0",),
    "P": ("0,1 0,0 1,0~ 1,.56~ 0,.56",),
    "R": ("0,1 0,0 1,0~ 1,.54~ 0,.54", "/.42,.54 1,1"),
    "S": ("1,.3 1,0~ 0,0~ 0,.49~ 1,.49~ 1,1~ 0,1~ 0,.7",),
    "T": ("0,0 1,0", ".5,0 .5,1"),
    "U": ("0,0 0,1~ 1,1~ 1,0",),
    "V": ("/0,0 .5,1", "/1,0 .5,1"),
    "W": ("0,0 0,1", "1,0 1,1", "/0,1 .5,.2", "/1,1 .5,.2"),
    "X": ("/0,0 1,1", "/1,0 0,1"),
    "Y": ("0,0 0,.52~ 1,.52~ 1,0", ".5,.52 .5,1"),
    "Z": ("0,0 1,0", "0,1 1,1", "/1,0 0,1"),
    "-": ("0,.5 1,.5",),
    ".": ("*0,1",),
    "!": ("0,0 0,.64", "*0,1"),
}
LETTERS["Ä"] = LETTERS["A"]  # its dots are set apart, above the line

# In shares of an ordinary letter's width; 0 is as wide as a stroke.
WIDTHS = {
    "I": 0,
    ".": 0,
    "!": 0,
    "M": 1.28,
    "W": 1.28,
    "E": 0.86,
    "F": 0.84,
    "L": 0.82,
    "J": 0.84,
    "T": 0.94,
    " ": 0.5,
    "-": 0.5,
}


@dataclass(frozen=True)
class Voice:
    """How letters are drawn: `weight` of the strokes, `radius` of the corners and `gap` between letters, in units
    of the picture."""

    weight: float
    radius: float = 0
    gap: float = 10


class Box(NamedTuple):
    """The place of one letter."""

    x: float
    y: float
    width: float
    height: float

    def inside(self, u: float, v: float, margin: float) -> Point:
        """The point at (u, v) of the unit square laid into the box, `margin` away from its edges."""
        return self.x + margin + u * (self.width - 2 * margin), self.y + margin + v * (self.height - 2 * margin)


def line(text: str, x: float, y: float, width: float, height: float, voice: Voice, fill: str) -> str:
    """Set one line of capitals into the box at (x, y): it fills width and height exactly. Raises KeyError for a
    letter unknown."""
    shares = [WIDTHS.get(letter, 1) for letter in text]
    fixed = voice.gap * (len(text) - 1) + voice.weight * shares.count(0)
    unit = (width - fixed) / (sum(shares) or 1)
    strokes, fills = [], []
    for letter, share in zip(text, shares, strict=True):
        box = Box(x, y, unit * share if share else voice.weight, height)
        for form in LETTERS[letter] if letter != " " else ():
            if form.startswith("/"):
                fills.append(_diagonal(form[1:], box, voice))
            elif form.startswith("*"):
                fills.append(_dot(x, y + height, voice))
            else:
                strokes.append(_stroke(_placed(form, box, voice), voice))
        if letter == "Ä":
            fills += [_dot(dot, y - voice.weight * 0.4, voice) for dot in (x, x + box.width - voice.weight)]
        x += box.width + voice.gap
    return stroke("".join(strokes), fill, voice.weight) + (shape("".join(fills), fill) if fills else "")


def _pair(word: str) -> Point:
    u, v = word.split(",")
    return float(u), float(v)


def _dot(x: float, bottom: float, voice: Voice) -> str:
    side = voice.weight
    return f"M{points([(x, bottom)])}h{number(side)}v{number(-side)}h{number(-side)}Z"


def _placed(form: str, box: Box, voice: Voice) -> list[tuple[Point, bool]]:
    """The form's corners in the picture, each with whether it may be rounded. Loose ends reach the edge of the box,
    since strokes are centred on their line while their ends are cut where they stop."""
    half = voice.weight / 2
    raw = [_pair(word.rstrip("~")) for word in form.split()]
    corners = [(box.inside(u, v, half), word.endswith("~")) for (u, v), word in zip(raw, form.split(), strict=True)]
    if raw[0] == raw[-1]:
        return corners
    for end, before in ((0, 1), (-1, -2)):
        (ax, ay), (bx, by) = corners[end][0], corners[before][0]
        u, v = raw[end]
        if ax == bx and v in (0, 1):
            corners[end] = ((ax, ay + (half if ay > by else -half)), False)
        elif ay == by and u in (0, 1):
            corners[end] = ((ax + (half if ax > bx else -half), ay), False)
    return corners


def _stroke(corners: list[tuple[Point, bool]], voice: Voice) -> str:
    """A path through the corners; a soft one becomes a curve, as round as the shorter of its two sides allows."""
    d = f"M{points([corners[0][0]])}"
    for at in range(1, len(corners) - 1):
        (x, y), soft = corners[at]
        if not (soft and voice.radius):
            d += f"L{points([(x, y)])}"
            continue
        (ax, ay), (bx, by) = corners[at - 1][0], corners[at + 1][0]
        before, after = hypot(ax - x, ay - y), hypot(bx - x, by - y)
        # A side between two soft corners is shared by them.
        radius = min(voice.radius, before / (2 if corners[at - 1][1] else 1), after / (2 if corners[at + 1][1] else 1))
        start = (x + (ax - x) * radius / before, y + (ay - y) * radius / before)
        end = (x + (bx - x) * radius / after, y + (by - y) * radius / after)
        turn = (x - ax) * (by - y) - (y - ay) * (bx - x)
        d += f"L{points([start])}A{number(radius)} {number(radius)} 0 0 {1 if turn > 0 else 0} {points([end])}"
    return d + f"L{points([corners[-1][0]])}"


def _diagonal(form: str, box: Box, voice: Voice) -> str:
    """A bar between two points, cut level and kept inside the box; an end at the line's edge runs out to it."""
    half = voice.weight / 2
    (au, av), (bu, bv) = map(_pair, form.split())
    slope = hypot((bu - au) * (box.width - voice.weight), (bv - av) * box.height) / (abs(bv - av) * box.height)
    across = half * min(slope, 1.35) * 0.96
    ends = []
    for u, v in ((au, av), (bu, bv)):
        middle, level = box.inside(u, v, half)
        middle = min(max(middle, box.x + across), box.x + box.width - across)
        ends.append((middle, box.y + v * box.height if v in (0, 1) else level))
    (ax, ay), (bx, by) = ends
    return (
        "M"
        + "L".join(points([at]) for at in ((ax - across, ay), (ax + across, ay), (bx + across, by), (bx - across, by)))
        + "Z"
    )


def block(
    lines: list[tuple[str, float]], x: float, y: float, width: float, voice: Voice, fill: str, leading: float = 12
) -> str:
    """Set lines of (text, height) below each other, all to one width."""
    out = []
    for text, height in lines:
        out.append(line(text, x, y, width, height, voice, fill))
        y += height + leading
    return "".join(out)
