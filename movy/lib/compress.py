"""Answers written smaller: gzip, which every browser and client reads."""

from __future__ import annotations

import gzip
import re

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

LEVEL_ONCE = 9
"""For what is kept: it is packed once and sent many times."""

BYTES_MIN = 1000
"""A smaller answer goes in one packet anyway."""

TEXTS = ("text/html", "text/plain", "text/csv", "application/json", "application/problem+json", "image/svg+xml")
"""What packing makes smaller. Pictures, PDF and archives are packed already."""

_GZIP = re.compile(r"(?:^|,)\s*(?:gzip|x-gzip|\*)\s*(?:;\s*q=(?P<weight>[\d.]+)\s*)?(?:,|$)", re.IGNORECASE)


def gzipped(body: bytes) -> bytes:
    """Return the body packed as well as can be; the same bytes for the same body. For what is kept."""
    return gzip.compress(body, LEVEL_ONCE, mtime=0)


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
