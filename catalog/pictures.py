"""Pictures from outside: decoded with care and written anew, so that what we serve is ours, byte by byte."""

from __future__ import annotations

import io
import warnings

from PIL import Image, UnidentifiedImageError

PIXELS_MAX = 40_000_000  # a decoded picture takes three bytes a pixel
FORMATS = ("JPEG", "PNG", "WEBP")
JPEG_QUALITY = 85


class UnusablePicture(Exception):
    """No picture, one of another kind, or one that is absurdly large."""


def picture_jpeg(data: bytes, *, pixels_max: tuple[int, int]) -> bytes:
    """Return the picture as a JPEG within `pixels_max` (width, height), without its metadata. Raises UnusablePicture.

    Its header is read before any pixel, so that a bomb costs nothing.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                if picture.width * picture.height > PIXELS_MAX:
                    raise UnusablePicture
                small = picture.convert("RGB")
                small.thumbnail(pixels_max)
                written = io.BytesIO()
                small.save(written, "JPEG", quality=JPEG_QUALITY, progressive=True)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnusablePicture from error
    except (OSError, ValueError, SyntaxError) as error:  # what Pillow raises for cut or twisted files
        raise UnusablePicture from error
    return written.getvalue()
