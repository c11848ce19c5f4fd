"""Pages that are the same for everybody."""

from __future__ import annotations

from django.views.decorators.cache import cache_page

PUBLIC_PAGE_SECONDS = 30
"""How old a public page may be. Seats are never on one: all that can be late is the minute in which sales close."""

public_page = cache_page(PUBLIC_PAGE_SECONDS, cache="pages")
"""Keep a public page whole: for a view that reads neither session nor user."""
