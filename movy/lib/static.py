"""Where static files lie: collected under names that may be kept for ever, or uncollected under their own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

from movy.lib.compress import accepts_gzip, gzipped

TEXTS = ("text/css", "text/javascript", "image/svg+xml")
PACKED_KEPT = 64  # files: more than a page of ours asks for


class StaticStorage(CompressedManifestStaticFilesStorage):
    """`collectstatic` makes hashed names and compressed copies; without it (`make run`) each file keeps its name.

    Our own modules name each other by these names too: a new one that met an old one for as long as a browser keeps
    it would not know it. Django can do that for all files, but packages bring some that name what they don't bring.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((r"""(?P<matched>from "(?P<url>\./[^"]+)")""", 'from "%(url)s"'),)),
    )

    def stored_name(self, name: str) -> str:
        return super().stored_name(name) if self.hashed_files else name


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise, which sends the copies that collectstatic has packed. Where nothing was collected (`make run`) what
    is asked for is packed here: a phone on the same network pays for each kilobyte too."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = WhiteNoiseMiddleware.serve(static_file, request)
        response["X-Content-Type-Options"] = "nosniff"
        is_text = response.get("Content-Type", "").partition(";")[0] in TEXTS
        is_whole = response.status_code == 200 and request.method == "GET"
        if not is_text or not is_whole or response.has_header("Content-Encoding"):
            return response
        response["Vary"] = "Accept-Encoding"
        if not accepts_gzip(request):
            return response
        response.close()
        path, _headers = static_file.get_path_and_headers(request.META)
        packed = HttpResponse(_packed(path, response["Last-Modified"]), headers=dict(response.items()))
        packed["Content-Encoding"] = "gzip"
        packed["Content-Length"] = str(len(packed.content))
        return packed


@lru_cache(maxsize=PACKED_KEPT)
def _packed(path: str, changed: str) -> bytes:
    """Return a file packed. `changed`: when, so that a newer one is another."""
    return gzipped(Path(path).read_bytes())
