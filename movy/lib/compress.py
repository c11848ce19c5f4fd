"""Answers written smaller: gzip, which every browser and client reads."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

LEVEL_ONCE = 9
"""For what is kept: it is packed once and sent many times."""

LEVEL_BRIEFLY = 3
"""For JSON that is kept until somebody takes the next seat: twice as quick as Django's 6, and a fifth larger."""

LEVEL_OF_MAPS = 5
"""For pages that are kept as long: a map of 420 seats takes a millisecond more than with 3, and is 1.3 kB smaller, or
30 ms of a slow line."""

BYTES_MIN = 1000
"""A smaller answer goes in one packet anyway."""

TEXTS = ("text/html", "text/plain", "text/csv", "application/json", "application/problem+json", "image/svg+xml")
"""What packing makes smaller. Pictures, PDF and archives are packed already."""

_GZIP = re.compile(r"(?:^|,)\s*(?:gzip|x-gzip|\*)\s*(?:;\s*q=(?P<weight>[\d.]+)\s*)?(?:,|$)", re.IGNORECASE)


def gzipped(body: bytes) -> bytes:
    """Return the body packed as well as can be; the same bytes for the same body. For what is kept."""
    return gzip.compress(body, LEVEL_ONCE, mtime=0)


class Packed:
    """A body that is kept. Nearly everybody reads gzip; for everybody else it is unpacked."""

    def __init__(self, body: bytes, *, level: int = LEVEL_ONCE) -> None:
        self._packed = gzip.compress(body, level, mtime=0)

    def answer(self, request: HttpRequest, content_type: str) -> HttpResponse:
        if accepts_gzip(request):
            return _packed_answer(self._packed, content_type)
        return _plain_answer(gzip.decompress(self._packed), content_type)


class Spliced:
    """A page that is kept packed though a few of its bytes are another visitor's own each time: they are put in as they
    are, between pieces that know nothing of them (RFC 1951, 3.2.4, and RFC 1952). Nothing is packed for an answer."""

    _HEAD = b"\x1f\x8b\x08" + bytes(6) + b"\xff"  # deflate, no name, no time, no system

    def __init__(self, pieces: Sequence[bytes]) -> None:
        """pieces: what stands before, between and after the visitor's own bytes, wherever these are put in."""
        self._pieces = pieces
        ends = [*[zlib.Z_FULL_FLUSH] * (len(pieces) - 1), zlib.Z_FINISH]
        self._packed = [_deflated(piece, end) for piece, end in zip(pieces, ends, strict=True)]

    def answer(self, request: HttpRequest, content_type: str, *, own: bytes) -> HttpResponse:
        """Return the page with somebody's own bytes put in, 65,535 at most."""
        page = own.join(self._pieces)
        if not accepts_gzip(request):
            return _plain_answer(page, content_type)
        length = len(own).to_bytes(2, "little")
        stored = b"\0" + length + bytes(255 - byte for byte in length) + own
        tail = zlib.crc32(page).to_bytes(4, "little") + (len(page) % 2**32).to_bytes(4, "little")
        return _packed_answer(self._HEAD + stored.join(self._packed) + tail, content_type)


def _deflated(piece: bytes, end: int) -> bytes:
    packer = zlib.compressobj(LEVEL_OF_MAPS, wbits=-zlib.MAX_WBITS)
    return packer.compress(piece) + packer.flush(end)


def _packed_answer(packed: bytes, content_type: str) -> HttpResponse:
    response = _plain_answer(packed, content_type)
    response["Content-Encoding"] = "gzip"
    return response


def _plain_answer(body: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(body, content_type)
    response["Content-Length"] = str(len(body))
    response["Vary"] = "Accept-Encoding"
    return response


def accepts_gzip(request: HttpRequest) -> bool:
    """Say whether whoever asks reads gzip. "gzip;q=0" is a no (RFC 9110, 12.5.3)."""
    found = _GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    return found is not None and (found["weight"] is None or found["weight"].strip("0.") != "")


class Compressed(GZipMiddleware):
    """Django's, for the answers for which it is worth it. What is packed already, static files and the kept pages, and
    what is streamed stays as it is.

    A page can hold what its visitor sent beside what nobody may guess (BREACH): Django adds a random number of bytes to
    each packed answer, and masks the token of a form anew in every page. An ETag becomes a weak one: other bytes, the
    same content.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not isinstance(response, HttpResponse) or len(response.content) < BYTES_MIN:
            return response
        if response.get("Content-Type", "").partition(";")[0] not in TEXTS:
            return response
        return super().process_response(request, response)
