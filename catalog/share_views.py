"""Pictures for links to films and theatres (Open Graph). The same for everybody, and as lasting as what they show."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog.models import Movie
from catalog.selectors import movie_public
from catalog.templatetags.catalog_text import length_text
from movy.lib.errors import NotFound
from movy.lib.recent import Recent
from movy.lib.share import share_picture
from theatres.selectors import theatre_public

KEPT_SECONDS = 3600
POSTER_BYTES_MAX = 4 * 1024 * 1024

_kept: Recent[bytes] = Recent(size=32, seconds=KEPT_SECONDS)  # of some 40 kB; one takes a tenth of a second to draw


@require_safe
@cache_control(public=True, max_age=86400)
def movie_picture(request: HttpRequest, movie_id: int) -> HttpResponse:
    """A film's name, and its poster where that is a photograph. In English: a link is sent to anybody."""
    try:
        movie = movie_public(movie_id)
    except NotFound as missing:
        raise Http404 from missing
    with override("en"):
        year = str(movie.release_date.year) if movie.release_date else ""
        facts = " · ".join(fact for fact in (year, length_text(movie.runtime_minutes), movie.certification) if fact)
        return _picture(movie.title, [movie.tagline, facts], poster=movie)


@require_safe
@cache_control(public=True, max_age=86400)
def theatre_picture(request: HttpRequest, theatre_id: int) -> HttpResponse:
    try:
        theatre = theatre_public(theatre_id)
    except NotFound as missing:
        raise Http404 from missing
    return _picture(theatre.name, [theatre.address, theatre.city])


@require_safe
@cache_control(public=True, max_age=86400)
def site_picture(request: HttpRequest) -> HttpResponse:
    with override("en"):
        return _picture("Your seat is waiting.", ["Films, seats and tickets for cinemas near you."])


def _picture(title: str, lines: Sequence[str], *, poster: Movie | None = None) -> HttpResponse:
    name = (poster.poster.name or "") if poster else ""
    said = [line for line in lines if line]
    key = hashlib.sha256(repr((title, said, name)).encode()).hexdigest()
    content = _kept.find(key) or _kept.keep(key, share_picture(title, said, poster=_poster(name)))
    return HttpResponse(content, content_type="image/png", headers={"ETag": f'"{key[:32]}"'})


def _poster(name: str) -> bytes | None:
    """Return a stored poster, None where there is none, or none that can be read."""
    try:
        with default_storage.open(name) as file:
            found: bytes = file.read(POSTER_BYTES_MAX + 1)
    except (OSError, ValueError):  # no name, or no file
        return None
    return found if len(found) <= POSTER_BYTES_MAX else None
