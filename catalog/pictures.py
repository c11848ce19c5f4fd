"""Pictures from outside: decoded with care and written anew, so that what we serve is ours, byte by byte."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

PIXELS_MAX = 40_000_000  # a decoded picture takes three bytes a pixel
FORMATS = ("JPEG", "PNG", "WEBP")
JPEG_QUALITY = 85


class UnusablePicture(Exception):
    """No picture, one of another kind, or one that is absurdly large."""


class PictureTooLarge(UnusablePicture):
    """A picture with more pixels than we decode."""


def picture_jpeg(data: bytes, *, pixels_max: tuple[int, int]) -> bytes:
    """Return the picture as a JPEG within `pixels_max` (width, height), upright and without its metadata.

    Its header is read before any pixel, so that a bomb costs nothing. Raises UnusablePicture, PictureTooLarge.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                if picture.width * picture.height > PIXELS_MAX:
                    raise PictureTooLarge
                small = ImageOps.exif_transpose(picture.convert("RGB"))  # telephones store how they were held
                small.thumbnail(pixels_max)
                written = io.BytesIO()
                small.save(written, "JPEG", quality=JPEG_QUALITY, progressive=True, comment=b"")  # or it is kept
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureTooLarge from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:  # cut and twisted files too
        raise UnusablePicture from error
    return written.getvalue()
