"""What a poster is made of."""

from collections.abc import Callable
from dataclasses import dataclass

Palette = tuple[str, ...]  # ground, accent and two more


@dataclass(frozen=True)
class Design:
    """A film's picture in three layers. `ground(palette, width, height)` covers any format; `figure(palette)` is
    drawn on the poster's 600 x 900; `lockup(palette)` is the title with its small print. `wide`: x, y and scale
    that put the figure into a 1280 x 720 backdrop, which has no lockup and keeps its left third quiet for the
    page's own."""

    ground: Callable[[Palette, int, int], str]
    figure: Callable[[Palette], str]
    lockup: Callable[[Palette], str]
    wide: tuple[float, float, float]


def plain(palette: Palette, width: int, height: int) -> str:
    """A ground of one colour."""
    return f'<rect width="{width}" height="{height}" fill="{palette[0]}"/>'
