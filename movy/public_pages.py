"""What is the same for everybody: pages with their JSON twins, kept whole and packed, and sent again as long as the
stamp of movy/lib/stamp.py is the same; and the maps of open pages, which ask again and again. docs/caching.md tells all
of it."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import caches
from django.core.exceptions import TooManyFieldsSent
from django.db import Error
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import Resolver404, resolve
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

from bookings.api.maps import map_for_all
from bookings.views import seat_map_for_all
from catalog.forms import MovieFilterForm
from movy.lib.compress import accepts_gzip, gzipped
from movy.lib.db import is_database_away
from movy.lib.errors import NotFound
from movy.lib.lists import PageForm
from movy.lib.recent import Recent
from movy.lib.stamp import KEPT_SECONDS, stamp
from movy.views import unavailable

Key = tuple[str, str, str, str]
"""Stamp, release, language, address."""

_MOVIES = tuple(MovieFilterForm.base_fields)
_PAGE = tuple(PageForm.base_fields)

PUBLIC: dict[str, Sequence[str]] = {
    "": ("city",),
    "movies": (*_MOVIES, "page"),
    "movies/<id_slug:movie_id>": ("date", "city"),
    "theatres": ("city",),
    "theatres/<id_slug:theatre_id>": ("date",),
    "api/v1/movies": (*_MOVIES, *_PAGE),
    "api/v1/movies/<int:movie_id>": (),
    "api/v1/theatres": ("city", "theatre", *_PAGE),
    "api/v1/theatres/<int:theatre_id>": (),
    "api/v1/genres": _PAGE,
}
"""Routes, with the parameters that their views read. Their views see no others, nor session or user.

The lists of showings have how many seats are free, which no stamp knows: they are made anew each time."""

BEGINNINGS = frozenset(route.removeprefix("api/v1/").partition("/")[0] for route in PUBLIC)
"""How the public addresses begin: the others need not be resolved here."""

NEVER_KEPT = "near"
"""Where somebody is: nobody else asks from there, so that their page is made for them alone."""

JSON_WANTED = ("*/*", "application/json", "application/json, */*", "application/json, text/plain, */*")
"""What clients of the API send as Accept. Who sends another line is heard by DRF."""

_MAP = re.compile(r"/api/v1/booking/([0-9]{1,19})")
_MAP_PAGE = re.compile(r"/booking/([0-9]{1,19})")
_OWN_COOKIES = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name}

PAGES_IN_PROCESS = 256  # of 10 kB each

_kept: Recent[Page] = Recent(size=PAGES_IN_PROCESS, seconds=KEPT_SECONDS)


@dataclass(frozen=True)
class Page:
    """An answer as it is sent: packed, for nearly everybody reads gzip."""

    packed: bytes
    content_type: str
    etag: str

    @classmethod
    def of(cls, response: HttpResponse) -> Page:
        digest = hashlib.sha256(response.content).hexdigest()[:32]
        return cls(gzipped(response.content), response["Content-Type"], f'"{digest}"')

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Return the page, or a 304 for whoever has it."""
        if accepts_gzip(request):  # other bytes, the same content: a weak ETag (RFC 9110, 8.8.1)
            response = HttpResponse(self.packed, self.content_type, headers={"Content-Encoding": "gzip"})
            etag = f"W/{self.etag}"
        else:
            response, etag = HttpResponse(gzip.decompress(self.packed), self.content_type), self.etag
        response["Content-Length"] = str(len(response.content))
        response["ETag"] = etag
        response["Cache-Control"] = "public, no-cache"  # may be kept, but is asked for each time: a price may change
        patch_vary_headers(response, ["Accept-Encoding"])
        return get_conditional_response(request, etag=etag, response=response) or response


class PublicPages:
    """Answer what is the same for everybody from what is kept, before anything else is done; else keep what the view
    makes, unless it turns out to be somebody's own. A map is asked of the database each time, and nothing else is done
    for it either, but that its page has a form, so everybody's own CSRF token.

    Stands inside what every answer needs (limits, security headers, the language) and outside of all that is about the
    person.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._map_page = cast(Callable[[HttpRequest], HttpResponse], CsrfViewMiddleware(_map_page))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (showtime_id := _map_asked(request)) is not None:
            return map_for_all(request, showtime_id)
        if _is_map_page_for_all(request):
            try:
                return self._map_page(request)
            except NotFound:
                pass  # the view says so, as of any page
            except Error as error:
                if is_database_away(error):
                    return unavailable(request)
                raise
        parameters = _parameters(request)
        if parameters is None:
            return self.get_response(request)
        _forget_others(request, parameters)
        if CookieStorage.cookie_name in request.COOKIES:  # something to be told once: "You have signed out"
            response = self.get_response(request)
            add_never_cache_headers(response)
            return response
        key = _key(request)
        page = _find(key)
        if page is None:
            response = self.get_response(request)
            if hasattr(response, "render"):
                response.render()
            if response.status_code != 200 or _is_somebodys(request, response):
                return response
            page = _keep(key, Page.of(response))
        return page.answer(request)


def _is_for_all(request: HttpRequest) -> bool:
    """Whether this only reads. Who brings a token is answered apart: they may be refused."""
    return request.method in ("GET", "HEAD") and "HTTP_AUTHORIZATION" not in request.META


def _map_asked(request: HttpRequest) -> int | None:
    """Return the showing whose map is asked for as JSON by nobody in particular. Other lines for Accept are DRF's."""
    asked = _MAP.fullmatch(request.path_info)
    if asked is None or not _is_for_all(request) or request.META.get("HTTP_ACCEPT", "*/*") not in JSON_WANTED:
        return None
    return int(asked[1])


def _is_map_page_for_all(request: HttpRequest) -> bool:
    """Whether a map is asked for as a page by somebody who hasn't signed in or been told anything, and hasn't picked
    seats, nor asks for a piece of it."""
    return (
        _MAP_PAGE.fullmatch(request.path_info) is not None
        and _is_for_all(request)
        and not request.META.get("QUERY_STRING")
        and "HTTP_HX_REQUEST" not in request.META
        and _OWN_COOKIES.isdisjoint(request.COOKIES)
    )


def _map_page(request: HttpRequest) -> HttpResponse:
    return seat_map_for_all(request, int(request.path_info.rpartition("/")[2]))


def _parameters(request: HttpRequest) -> Sequence[str] | None:
    """Return what a public address may be asked with, None for another address or method. Who wants no JSON of the API
    or sends a query that nobody can read is answered apart: they may be refused."""
    if not _is_for_all(request):
        return None
    if request.path_info.removeprefix("/api/v1")[1:].partition("/")[0] not in BEGINNINGS:
        return None
    if request.path_info.startswith("/api/") and request.META.get("HTTP_ACCEPT", "*/*") not in JSON_WANTED:
        return None
    try:
        if NEVER_KEPT in request.GET:  # the query is read at its first use
            return None
        return PUBLIC.get(resolve(request.path_info).route)
    except (Resolver404, TooManyFieldsSent):
        return None


def _forget_others(request: HttpRequest, parameters: Sequence[str]) -> None:
    """Take away the parameters that no view reads, such as those that social networks add: neither is a page made for
    each of them, nor does one visitor's reach the links of another's page."""
    asked = QueryDict(mutable=True)
    for name in parameters:
        if name in request.GET:
            asked.setlist(name, request.GET.getlist(name))
    request.GET = asked  # type: ignore[assignment]
    request.META["QUERY_STRING"] = asked.urlencode()


def _is_somebodys(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the view did look at who asks, which a public one does not: then nobody else gets it."""
    return bool(response.cookies) or request.session.accessed or "Cookie" in response.get("Vary", "")


def _key(request: HttpRequest) -> Key | None:
    """Return what a page is kept under, None if it is not to be kept. Whole addresses: a page names its own host."""
    address = f"{request.scheme}://{request.get_host()}{request.get_full_path()}"
    now = stamp()
    return None if now is None else (now, _release(), get_language() or "", address)


@cache
def _release() -> str:
    """Return what tells one release's pages from the next one's: the names of the static files that they load."""
    return getattr(staticfiles_storage, "manifest_hash", "")


def _find(key: Key | None) -> Page | None:
    if key is None:
        return None
    page = _kept.find(key)
    if page is None:
        page = caches["pages"].get(_name(key))
        if page is not None:
            _kept.keep(key, page)
    return page


def _keep(key: Key | None, page: Page) -> Page:
    if key is not None:
        caches["pages"].set(_name(key), page, KEPT_SECONDS)
        _kept.keep(key, page)
    return page


def _name(key: Key) -> str:
    """Return the key as Redis takes it: addresses are long, and strangers write them."""
    return f"public:{hashlib.sha256(repr(key).encode()).hexdigest()}"
