"""The stand-in's pictures: a palette, a disc and the title, as JPEG. Movy's own posters are drawn elsewhere."""

import io
import textwrap
from collections.abc import Mapping
from functools import lru_cache

from PIL import Image, ImageColor, ImageDraw, ImageFont

from standins.tmdb.films import Picture

SIZES: Mapping[str, tuple[str, ...]] = {
    "backdrop": ("w300", "w780", "w1280", "original"),
    "logo": ("w45", "w92", "w154", "w185", "w300", "w500", "original"),
    "poster": ("w92", "w154", "w185", "w342", "w500", "w780", "original"),
    "profile": ("w45", "w185", "h632", "original"),
    "still": ("w92", "w185", "w300", "original"),
}
ORIGINAL_WIDTH = {"poster": 1400, "backdrop": 1920, "profile": 900}
HEIGHT_BY_WIDTH = {"poster": 1.5, "backdrop": 0.5625, "profile": 1.5}
LAST_LATIN_LETTER = 0x24F  # what Pillow's own font can write


def dimensions(kind: str, size: str) -> tuple[int, int]:
    """Return width and height in pixels of one of the kind's SIZES; "h632" names a height, the others a width."""
    ratio = HEIGHT_BY_WIDTH[kind]
    if size == "original":
        width = ORIGINAL_WIDTH[kind]
    elif size.startswith("h"):
        width = round(int(size[1:]) / ratio)
    else:
        width = int(size[1:])
    return width, round(width * ratio)


@lru_cache(maxsize=128)
def jpeg(picture: Picture, size: str) -> bytes:
    """Return the picture at that size. Raises KeyError or ValueError for a size that is not of its kind."""
    if size not in SIZES[picture.kind]:
        raise ValueError(size)
    width, height = dimensions(picture.kind, size)
    back, middle, front = (picture.palette * 3)[:3]
    fade = Image.linear_gradient("L").resize((width, height))
    image = Image.composite(
        Image.new("RGB", (width, height), shade(back, 0.45)), Image.new("RGB", (width, height), back), fade
    )
    draw = ImageDraw.Draw(image)
    radius, x, y = min(width, height) * 0.34, width * 0.56, height * 0.38
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=middle)
    draw.rectangle((0, height * 0.72, width, height * 0.725), fill=front)
    if width >= 90:
        _write(draw, picture.label, width, height, front)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


def shade(colour: str, factor: float) -> tuple[int, ...]:
    return tuple(round(part * factor) for part in ImageColor.getrgb(colour)[:3])


def _write(draw: ImageDraw.ImageDraw, label: str, width: int, height: int, colour: str) -> None:
    """Write two lines of the label into the lower quarter; none where the font at hand would draw boxes."""
    if any(ord(letter) > LAST_LATIN_LETTER for letter in label):
        return
    lines = textwrap.wrap(label, width=18, max_lines=2, placeholder="…")
    font = ImageFont.load_default(size=max(8, min(width, height * 1.5) // 12))
    draw.multiline_text((width * 0.06, height * 0.75), "\n".join(lines), font=font, fill=colour, spacing=4)
