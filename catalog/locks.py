"""Every lock that the catalogue takes, in one order everywhere: screens, showtime, listing (docs/locking.md)."""

from __future__ import annotations

from datetime import datetime

from catalog.models import Listing, Showtime
from movy.lib.errors import NotFound
from theatres.models import Screen


def screen_locked(*, theatre_id: int, screen_id: int) -> Screen | None:
    """Return a theatre's screen with its row locked: who schedules in a hall goes one at a time.

    No join, or the theatre's row would be locked as well.
    """
    found = Screen.objects.filter(pk=screen_id, theatre_id=theatre_id).order_by("pk").select_for_update()
    return next(iter(found), None)


def listing_locked(*, theatre_id: int, movie_id: int) -> Listing | None:
    """Return a film's place on a theatre's list, locked: it is not taken off while somebody schedules it."""
    found = Listing.objects.filter(theatre_id=theatre_id, movie_id=movie_id).order_by("pk").select_for_update()
    return next(iter(found), None)


def showtime_locked(showtime_id: int) -> Showtime:
    """Return the showtime with its row locked. Raises NotFound."""
    for showtime in Showtime.objects.filter(pk=showtime_id).order_by("pk").select_for_update():
        return showtime
    raise NotFound


def showtimes_of_screen_locked(screen_id: int, *, now: datetime) -> list[Showtime]:
    """Return a screen's showings that have not ended, drafts too, with their rows locked in key order.

    The caller has locked the screen, so that none is scheduled meanwhile.
    """
    return list(Showtime.objects.filter(screen_id=screen_id, ends_at__gt=now).order_by("pk").select_for_update())


def showtime_of_theatre_locked(*, theatre_id: int, showtime_id: int) -> Showtime:
    """Return the showtime with its row locked, and before it those of all the theatre's screens: it may go from one to
    another, and where it is now is only known under its own lock. Raises NotFound for another theatre's."""
    screens = {
        screen.pk: screen for screen in Screen.objects.filter(theatre_id=theatre_id).order_by("pk").select_for_update()
    }
    showtime = showtime_locked(showtime_id)
    if showtime.screen_id not in screens:
        raise NotFound
    showtime.screen = screens[showtime.screen_id]
    return showtime
