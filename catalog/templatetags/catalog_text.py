"""Words about films and shows."""

from __future__ import annotations

from datetime import datetime

from babel import Locale, UnknownLocaleError
from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from catalog.selectors import MovieCard
from movy.lib.clock import local_day

register = template.Library()


@register.simple_tag
def next_show(card: MovieCard, now: datetime) -> str:
    """Return when, where and from how much: "Today 18:30, Lagos · from ₦3,000"; nothing for a film without shows."""
    showtime = card.next_showtime
    if showtime is None:
        return ""
    theatre = showtime.screen.theatre
    local = showtime.starts_at.astimezone(theatre.zone)
    is_today = local_day(showtime.starts_at, theatre.timezone) == local_day(now, theatre.timezone)
    when = _("Today %(time)s") if is_today else _("%(day)s, %(time)s")
    words = when % {"day": date_format(local, "SHORT_DAY"), "time": date_format(local, "CLOCK")}
    place = _("%(when)s, %(city)s") % {"when": words, "city": theatre.city}
    if card.from_price is None:
        return place
    return _("%(show)s · from %(price)s") % {"show": place, "price": card.from_price}


@register.filter
def length_text(minutes: int | None) -> str:
    """Return 149 as "2 h 29 min", nothing for an unknown length."""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
    return _("%(hours)d h") % {"hours": hours} if hours else _("%(minutes)d min") % {"minutes": rest}


@register.filter
def language_name(code: str) -> str:
    """Return "en" as "English" in the visitor's language; a code that nobody knows stays as it is."""
    try:
        names = Locale.parse(to_locale(get_language() or "en")).languages
    except (UnknownLocaleError, ValueError):
        return code
    return str(names.get(code, code))
