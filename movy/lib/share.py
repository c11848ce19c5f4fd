"""Pictures for links that people send each other (Open Graph): 1200 by 630 pixels, drawn with our own font and shapes,
with a film's poster beside the words where it is a photograph."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps, UnidentifiedImageError

WIDTH, HEIGHT = 1200, 630  # what Open Graph's readers show whole
MARGIN = 72
POSTER_WIDTH = 420  # two thirds of the height, as posters are
TITLE_SIZES = (92, 76, 62, 50)
TITLE_LINES, LINE = 3, 1.12
SMALL, SMALL_LINE = 34, 1.45
FINER = 3

GROUND, INK, SOFT, ACCENT, SEAT = "#14110c", "#f6f0e6", "#b5aa99", "#ffb224", "#38301f"
FONTS = Path(__file__).parent / "fonts"
PICTURES = ("JPEG", "PNG", "WEBP")


def share_picture(title: str, lines: Sequence[str] = (), *, poster: bytes | None = None) -> bytes:
    """Return a PNG with a title and a few lines below it. `poster`: a picture's bytes; one that can't be read, such as
    an SVG, is left out, and rows of seats stand in its place."""
    beside = _poster(poster)
    picture = _shapes(has_seats=beside is None)
    if beside is not None:
        picture.paste(beside, (WIDTH - POSTER_WIDTH, 0))
    draw = ImageDraw.Draw(picture)
    room = WIDTH - POSTER_WIDTH - 2 * MARGIN
    font, rows = _fitting(title, room)
    below = [_cut(line, _font(SMALL), room) for line in lines]
    height = len(rows) * font.size * LINE + len(below) * SMALL * SMALL_LINE + 24
    y = HEIGHT - MARGIN - height
    for row in rows:
        draw.text((MARGIN, y), row, font=font, fill=INK)
        y += font.size * LINE
    y += 24
    for line in below:
        draw.text((MARGIN, y), line, font=_font(SMALL), fill=SOFT)
        y += SMALL * SMALL_LINE
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()


def _poster(data: bytes | None) -> Image.Image | None:
    if data is None:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=PICTURES) as poster:
            return ImageOps.fit(poster.convert("RGB"), (POSTER_WIDTH, HEIGHT))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


@cache
def _drawn(*, has_seats: bool) -> Image.Image:
    """What is the same in every picture, drawn larger and made smaller: Pillow leaves edges of shapes jagged."""
    large = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), GROUND)
    draw = ImageDraw.Draw(large)
    _wordmark(draw, MARGIN * FINER, MARGIN * FINER)
    if has_seats:
        _seats(draw)
    return large.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _shapes(*, has_seats: bool) -> Image.Image:
    return _drawn(has_seats=has_seats).copy()


def _seats(draw: ImageDraw.ImageDraw) -> None:
    """Rows of seats as on the map, one of them lit."""
    side, gap = 44 * FINER, 14 * FINER
    left, top = (WIDTH - POSTER_WIDTH + 20) * FINER, 84 * FINER
    for row in range(9):
        for place in range(7):
            x, y = left + place * (side + gap) + (row % 2) * (side + gap) // 2, top + row * (side + gap)
            is_lit = (row, place) == (4, 3)
            draw.rounded_rectangle((x, y, x + side, y + side), radius=12 * FINER, fill=ACCENT if is_lit else SEAT)


def _wordmark(draw: ImageDraw.ImageDraw, left: float, top: float) -> None:
    """As templates/includes/wordmark.html draws it, in its units."""
    scale, width = 1.35 * FINER, 8

    def at(x: float, y: float) -> tuple[float, float]:
        return left + (x - 2) * scale, top + (y - 5) * scale

    def line(*places: tuple[float, float]) -> None:
        points = [at(*place) for place in places]
        draw.line(points, fill=INK, width=round(width * scale), joint="curve")
        half = width * scale / 2
        for x, y in points:  # round ends
            draw.ellipse((x - half, y - half, x + half, y + half), fill=INK)

    half = width / 2
    for start in (6, 24):
        line((start, 36), (start, 18))
        line((start + 18, 36), (start + 18, 18))
        draw.arc((*at(start - half, 9 - half), *at(start + 18 + half, 27 + half)), 180, 360, INK, round(width * scale))
    line((90, 11), (100.5, 36), (111, 11))
    line((120, 11), (129, 33))
    line((138, 11), (124.5, 45))
    draw.ellipse((*at(65 - 13 - half, 23 - 13 - half), *at(65 + 13 + half, 23 + 13 + half)), fill=INK)
    draw.ellipse((*at(65 - 9, 23 - 9), *at(65 + 9, 23 + 9)), fill=GROUND)
    draw.ellipse((*at(65 - 4.5, 23 - 4.5), *at(65 + 4.5, 23 + 4.5)), fill=ACCENT)


def _fitting(text: str, room: float) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """Return the largest font in which the text takes TITLE_LINES, and its lines; cut where even the smallest is."""
    for size in TITLE_SIZES:
        font = _font(size)
        rows = _wrapped(text, font, room)
        if len(rows) <= TITLE_LINES and all(font.getlength(row) <= room for row in rows):
            return font, rows
    last = " ".join(rows[TITLE_LINES - 1 :])
    return font, [_cut(row, font, room) for row in (*rows[: TITLE_LINES - 1], last)]


def _wrapped(text: str, font: ImageFont.FreeTypeFont, room: float) -> list[str]:
    rows = [""]
    for word in text.split():
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and font.getlength(longer) > room:
            rows.append(word)
        else:
            rows[-1] = longer
    return rows


def _cut(text: str, font: ImageFont.FreeTypeFont, room: float) -> str:
    """Return text that fits, an ellipsis at its end where something was left out."""
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(f"{text}…") > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _font(size: int) -> ImageFont.FreeTypeFont:
    name = "NotoSans-Regular.ttf" if size == SMALL else "NotoSans-SemiBold.ttf"
    return ImageFont.truetype(str(FONTS / name), size)
