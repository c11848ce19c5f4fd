"""Pages that are the same for everybody."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_page, never_cache

from movy.lib.recent import recent_answer

View = Callable[..., HttpResponse]

PUBLIC_PAGE_SECONDS = 30
"""How old a public page may be. Seats are never on one: all that can be late is the minute in which sales close."""


def public_page(view: View) -> View:
    """Keep a public page whole, for a view that reads neither session nor user. A visitor who is to be told something
    once ("You have signed out") gets a page of their own, which nobody else sees."""
    kept = recent_answer(cache_page(PUBLIC_PAGE_SECONDS, cache="pages")(view))  # asking the cache takes time as well
    own = never_cache(view)

    @wraps(view)
    def choose(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        chosen = own if CookieStorage.cookie_name in request.COOKIES else kept
        return chosen(request, *args, **kwargs)

    return choose
