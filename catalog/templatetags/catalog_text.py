"""Words about films and shows."""

from __future__ import annotations

from datetime import datetime

from babel import Locale, UnknownLocaleError
from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from catalog.programmes import Day
from catalog.selectors import MovieCard
from movy.lib.clock import local_day

register = template.Library()


@register.simple_tag
def next_show(card: MovieCard, now: datetime, city: str = "") -> str:
    """Return when and where a film is on next: "Today 18:30, Lagos", "Tomorrow 18:30, Lagos", "Thu 26 Nov, 18:30,
    Lagos"; with a city, at which of its theatres. Of a film that cannot be booked yet, from when it can, or when it
    comes out, where that is known."""
    showtime = card.next_showtime
    if showtime is None:
        return _opening(card, now)
    theatre = showtime.screen.theatre
    local = showtime.starts_at.astimezone(theatre.zone)
    ahead = (local_day(showtime.starts_at, theatre.timezone) - local_day(now, theatre.timezone)).days
    place = theatre.name if city else theatre.city
    words = {"time": date_format(local, "CLOCK"), "day": date_format(local, "SHORT_DAY"), "place": place}
    if ahead == 0:
        return _("Today %(time)s, %(place)s") % words
    return (_("Tomorrow %(time)s, %(place)s") if ahead == 1 else _("%(day)s, %(time)s, %(place)s")) % words


def _opening(card: MovieCard, now: datetime) -> str:
    released = card.movie.release_date
    if card.opens_on is not None:
        return _("Booking opens %(day)s") % {"day": date_format(card.opens_on, "SHORT_DAY")}
    if released is not None and released > now.date():
        return _("In cinemas from %(day)s") % {"day": date_format(released, "SHORT_DAY")}
    return ""


@register.simple_tag
def day_name(day: Day) -> str:
    """Return "Today", "Tomorrow", or the weekday, short."""
    if day.ahead < 2:
        return _("Tomorrow") if day.ahead else _("Today")
    return date_format(day.date, "D")


@register.filter
def length_text(minutes: int | None) -> str:
    """Return 149 as "2 h 29 min", nothing for an unknown length."""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
    return _("%(hours)d h") % {"hours": hours} if hours else _("%(minutes)d min") % {"minutes": rest}


@register.filter("spoken")  # Django has a `language_name` of its own, in English
def language_name(code: str) -> str:
    """Return "en" as "English" in the visitor's language; a code that nobody knows stays as it is."""
    try:
        names = Locale.parse(to_locale(get_language() or "en")).languages
    except (UnknownLocaleError, ValueError):
        return code
    return str(names.get(code, code))
