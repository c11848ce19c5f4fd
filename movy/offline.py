"""What a device keeps of Movy for when the network is gone (docs/offline.md): addresses of the service worker, of the
page that it shows, and of what makes the site an app on a home screen."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

PARTS = ("css/movy.css", "img/icons.svg", "img/mark.svg", "js/offline.js")
"""Static files without which a kept ticket or the offline page looks broken."""


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Asked for anew each time: one that is kept too long would keep the site from changing."""
    content = render_to_string("worker.js", {"parts": PARTS, "release": _release()})
    return HttpResponse(content, content_type="text/javascript")


@require_safe
@cache_control(public=True, max_age=3600)
@vary_on_cookie  # the language
def offline(request: HttpRequest) -> HttpResponse:
    """The page in the place of one that can't be fetched. The same for everybody: it is kept as it comes."""
    return HttpResponse(render_to_string("offline.html"))


@require_safe
@cache_control(public=True, max_age=3600)
@vary_on_cookie
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest (W3C), in the language of whoever asks."""
    return render(request, "manifest.json", content_type="application/manifest+json")


@cache
def _release() -> str:
    """Return what is another once a part is: devices then fetch all of them again."""
    digest = hashlib.sha256()
    for part in PARTS:
        digest.update(Path(str(finders.find(part))).read_bytes())
    return digest.hexdigest()[:12]
