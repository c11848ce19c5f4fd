"""Asking TMDb: its address, its pace, its refusals."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalog.tmdb.answers import (
    ID_MAX,
    PICTURE_PATH,
    TmdbMovie,
    TmdbPage,
    dict_of,
    dicts_of,
    found_of,
    integer_of,
    list_of,
    movie_of,
    text_of,
)
from catalog.tmdb.errors import TmdbNotFound, TmdbUnavailable
from movy.lib.http import Answer, JsonAnswer, Outside, OutsideUnavailable

logger = logging.getLogger(__name__)

LANGUAGE = "en-US"
QUERY_MAX = 200
REQUESTS_PER_SECOND = 20  # TMDb's ceiling is around 40
IN_FLIGHT_MAX = 4
TURN_WAIT_SECONDS = 2
RETRY_PAUSES_SECONDS = (0.5, 1)  # short: a person waits for the import
RETRY_WITHIN_SECONDS = 3  # a failure that took longer than this is not tried again
CONFIGURATION_SECONDS = 24 * 60 * 60  # TMDb asks to keep it "some days"

REAL_PICTURE_ORIGIN = "https://image.tmdb.org"
PICTURE_BYTES_MAX = 8 * 1024 * 1024
PICTURE_BASE_PATH = re.compile(r"(/[a-z0-9_-]+)+/")
PICTURE_SIZE = re.compile(r"[wh][1-9][0-9]{1,3}|original")
PICTURE_STARTS = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n", "image/webp": b"RIFF"}


@dataclass(frozen=True)
class TmdbConfiguration:
    picture_base: str  # ends with a slash; always of the one host that pictures may come from
    picture_sizes: frozenset[str]


def tmdb() -> Tmdb:
    """Return this process's client, made from the settings."""
    return _client(settings.TMDB_BASE_URL, settings.TMDB_ACCESS_TOKEN)


@lru_cache(maxsize=4)
def _client(base_url: str, access_token: str) -> Tmdb:
    return Tmdb(base_url=base_url, access_token=access_token)


class Tmdb:
    """One client per process; threads share it, its connections, its pace and its configuration.

    Every method raises TmdbUnavailable; those that ask for one thing raise TmdbNotFound. At most REQUESTS_PER_SECOND
    and IN_FLIGHT_MAX in a process. Only 429 and 5xx are tried again, twice at most and only while it goes quickly.
    """

    def __init__(self, *, base_url: str, access_token: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._access_token = access_token
        self._picture_origin = (
            REAL_PICTURE_ORIGIN if self._base_url == settings.TMDB_REAL_URL else _origin(self._base_url)
        )
        self._door = Outside(read_seconds=5, deadline_seconds=6)
        self._picture_door = Outside(max_bytes=PICTURE_BYTES_MAX)
        self._in_flight = threading.BoundedSemaphore(IN_FLIGHT_MAX)
        self._pace = _Pace(REQUESTS_PER_SECOND)
        self._configuration: tuple[float, TmdbConfiguration] | None = None

    @property
    def picture_origin(self) -> str:
        """Return the one origin that this TMDb's pictures are on, such as https://image.tmdb.org."""
        return self._picture_origin

    def search(self, query: str, *, year: int | None = None, page: int = 1) -> TmdbPage:
        """Return films whose title has these words, TMDb's best first; adult ones left out. page: 1 to 500."""
        words = text_of(query, QUERY_MAX)
        if not words:
            return TmdbPage(page=1, total_pages=1, results=())  # TMDb's answer to an empty query is not specified
        params = {"query": words, "include_adult": "false", "language": LANGUAGE, "page": page}
        data = self._get("/3/search/movie", params | ({"year": year} if year else {}))
        found = (found_of(item) for item in dicts_of(data.get("results")))
        return TmdbPage(
            page=page,
            total_pages=min(max(integer_of(data.get("total_pages"), 1, ID_MAX) or 1, 1), 500),
            results=tuple(item for item in found if item),
        )

    def movie(self, tmdb_id: int) -> TmdbMovie:
        """Return a film with its people, trailer and ratings, in one call. An adult one raises TmdbNotFound."""
        data = self._get(
            f"/3/movie/{int(tmdb_id)}",
            {"language": LANGUAGE, "append_to_response": "credits,videos,release_dates"},
        )
        if data.get("adult") not in (False, None):
            raise TmdbNotFound
        return movie_of(data)

    def configuration(self) -> TmdbConfiguration:
        """Return where pictures are and in which sizes, asked for once in CONFIGURATION_SECONDS."""
        now = time.monotonic()
        if self._configuration is None or now - self._configuration[0] > CONFIGURATION_SECONDS:
            self._configuration = (now, self._parse_configuration(self._get("/3/configuration", {})))
        return self._configuration[1]

    def picture_url(self, path: str, size: str) -> str:
        """Return where a picture is. size: such as "w500".

        path comes from a film, so it is not believed: it is one file name, and the host is the one pictures of this
        TMDb are on. TmdbNotFound for another kind of path or size.
        """
        configuration = self.configuration()
        if not PICTURE_PATH.fullmatch(path) or size not in configuration.picture_sizes:
            raise TmdbNotFound
        return f"{configuration.picture_base}{size}{path}"

    def image(self, path: str, size: str) -> bytes:
        """Return a JPEG, PNG or WebP as TMDb sends it: still to be decoded with care. size: such as "w500".

        TmdbNotFound for another kind of path or size, TmdbUnavailable for what is no picture or too large.
        """
        url = self.picture_url(path, size)
        try:
            with self._turn():
                answer = self._picture_door.fetch("GET", url)
        except OutsideUnavailable as error:
            raise TmdbUnavailable from error
        if answer.status == 404:
            raise TmdbNotFound
        if answer.status != 200 or not _is_picture(answer):
            logger.warning("tmdb picture refused: status=%s type=%s", answer.status, answer.content_type)
            raise TmdbUnavailable
        return answer.body

    def _get(self, path: str, params: Mapping[str, Any]) -> dict[str, Any]:
        answer = self._ask(path, params)
        if answer.status == 404:
            raise TmdbNotFound
        if answer.status != 200 or not isinstance(answer.data, dict):
            # 401 is the operator's business: a token that is wrong, or an account that was suspended.
            level = logging.ERROR if answer.status == 401 else logging.WARNING
            logger.log(level, "tmdb refused: path=%s status=%s code=%s", path, answer.status, _error_code(answer))
            raise TmdbUnavailable
        return answer.data

    def _ask(self, path: str, params: Mapping[str, Any]) -> JsonAnswer:
        if not self._access_token:
            raise TmdbUnavailable(_("TMDb is not set up: it needs an access token."))
        headers = {"Authorization": f"Bearer {self._access_token}", "Accept": "application/json"}
        give_up_at = time.monotonic() + RETRY_WITHIN_SECONDS
        for pause in (*RETRY_PAUSES_SECONDS, None):
            try:
                with self._turn():
                    return self._door.fetch_json("GET", f"{self._base_url}{path}", params=params, headers=headers)
            except OutsideUnavailable as error:
                wait = max(pause or 0, error.retry_after or 0)
                if pause is None or not _can_heal(error) or time.monotonic() + wait > give_up_at:
                    raise TmdbUnavailable from error
            time.sleep(wait)
        raise AssertionError("the last pause is None and raises")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._in_flight.acquire(timeout=TURN_WAIT_SECONDS):
            raise TmdbUnavailable
        try:
            self._pace.wait()
            yield
        finally:
            self._in_flight.release()

    def _parse_configuration(self, data: Mapping[str, Any]) -> TmdbConfiguration:
        images = dict_of(data.get("images"))
        base = urlsplit(text_of(images.get("secure_base_url"), 200))
        # Built from the origin we know, so that no spelling of another host can pass as it.
        if f"{base.scheme}://{base.netloc}" != self._picture_origin or not PICTURE_BASE_PATH.fullmatch(base.path):
            logger.error("tmdb names a foreign picture host: refused")
            raise TmdbUnavailable
        sizes = [size for kind in ("poster", "backdrop", "profile") for size in list_of(images.get(f"{kind}_sizes"))]
        return TmdbConfiguration(
            picture_base=f"{self._picture_origin}{base.path}",
            picture_sizes=frozenset(s for s in sizes if isinstance(s, str) and PICTURE_SIZE.fullmatch(s)),
        )


class _Pace:
    """Spreads calls evenly: each waits for its slot. Per process: several web workers are several paces."""

    def __init__(self, per_second: int) -> None:
        self._interval_seconds = 1 / per_second
        self._lock = threading.Lock()
        self._next_at = 0.0

    def wait(self) -> None:
        with self._lock:
            slot = max(time.monotonic(), self._next_at)
            self._next_at = slot + self._interval_seconds
        time.sleep(max(0.0, slot - time.monotonic()))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _can_heal(error: OutsideUnavailable) -> bool:
    """Return whether asking again may help. Not after a timeout, which has cost the time already."""
    return error.status is not None and (error.status == 429 or error.status >= 500)


def _is_picture(answer: Answer) -> bool:
    start = PICTURE_STARTS.get(answer.content_type)
    return start is not None and answer.body.startswith(start)


def _error_code(answer: JsonAnswer) -> int | None:
    return integer_of(dict_of(answer.data).get("status_code"), 1, 999)
