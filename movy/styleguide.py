"""The living style page, /styleguide, in DEBUG alone: the tokens as static/css/movy.css has them, and the site's own
pieces, drawn from the includes that pages draw them from. So it shows what is, not what once was meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

STYLE = "css/movy.css"
TEXT_CONTRAST = 4.5  # WCAG 2.2, 1.4.3, level AA
PART_CONTRAST = 3.0  # 1.4.11: the edge of a field, an icon that says something

_TOKEN = re.compile(r"--([\w-]+):\s*([^;]+);")

PAIRS = (
    ("ink", "ground", TEXT_CONTRAST),
    ("ink", "surface", TEXT_CONTRAST),
    ("ink", "sunken", TEXT_CONTRAST),
    ("ink-soft", "ground", TEXT_CONTRAST),
    ("ink-soft", "surface", TEXT_CONTRAST),
    ("ink-soft", "sunken", TEXT_CONTRAST),
    ("link", "ground", TEXT_CONTRAST),
    ("link", "surface", TEXT_CONTRAST),
    ("accent-ink", "accent", TEXT_CONTRAST),
    ("good", "good-ground", TEXT_CONTRAST),
    ("warn", "warn-ground", TEXT_CONTRAST),
    ("bad", "bad-ground", TEXT_CONTRAST),
    ("bad", "surface", TEXT_CONTRAST),
    ("line-strong", "surface", PART_CONTRAST),
    ("line-strong", "ground", PART_CONTRAST),
)
"""What stands on what, and how much darker or lighter it must be."""


@dataclass(frozen=True)
class Tokens:
    """Names without their dashes, and values as they are written: what holds by day, and what by night."""

    light: dict[str, str]
    dark: dict[str, str]

    def named(self, beginning: str) -> dict[str, str]:
        """Return the tokens of one scale, such as text- or space-."""
        return {name: value for name, value in self.light.items() if name.startswith(beginning)}

    @property
    def colours(self) -> list[str]:
        return [name for name, value in self.light.items() if value.startswith("#")]


@dataclass(frozen=True)
class Contrast:
    text: str
    ground: str
    needed: float
    light: float
    dark: float

    @property
    def is_enough(self) -> bool:
        return min(self.light, self.dark) >= self.needed


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    tokens = tokens_read(Path(str(finders.find(STYLE))).read_text())
    context = {
        "tokens": tokens,
        "colours": [(name, tokens.light[name], tokens.dark[name]) for name in tokens.colours],
        "texts": tokens.named("text-"),
        "spaces": tokens.named("space-"),
        "others": {
            name: value
            for name, value in tokens.light.items()
            if name not in tokens.colours and not name.startswith(("text-", "space-"))
        },
        "contrasts": contrasts(tokens),
    }
    return render(request, "styleguide.html", context)


def tokens_read(style: str) -> Tokens:
    """Read the tokens out of the style sheet: the first :root, and the one for the dark."""
    light, dark = (dict(_TOKEN.findall(block)) for block in re.findall(r":root\s*\{([^}]*)\}", style)[:2])
    return Tokens(light, light | dark)


def contrasts(tokens: Tokens) -> list[Contrast]:
    def ratio(of: Mapping[str, str], text: str, ground: str) -> float:
        return contrast_ratio(of[text], of[ground])

    return [
        Contrast(text, ground, needed, ratio(tokens.light, text, ground), ratio(tokens.dark, text, ground))
        for text, ground, needed in PAIRS
    ]


def contrast_ratio(first: str, second: str) -> float:
    """Return how much lighter one colour, written #rgb or #rrggbb, is than another: from 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((_luminance(first), _luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance of sRGB, from 0 to 1 (WCAG 2.2)."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
