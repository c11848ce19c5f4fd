"""Every lock that the catalogue takes, in one order everywhere: screen, listing, showtime (docs/locking.md)."""

from __future__ import annotations

from catalog.models import Listing, Showtime
from movy.lib.errors import NotFound
from theatres.models import Screen


def screen_locked(*, theatre_id: int, screen_id: int) -> Screen:
    """Return the screen with its row locked: who schedules in a hall goes one at a time. Raises NotFound.

    No join, or the theatre's row would be locked as well.
    """
    found = Screen.objects.filter(pk=screen_id, theatre_id=theatre_id).order_by("pk").select_for_update()
    for screen in found:
        return screen
    raise NotFound


def listing_locked(*, theatre_id: int, movie_id: int) -> Listing | None:
    """Return a film's place on a theatre's list, locked: it is not taken off while somebody schedules it."""
    found = Listing.objects.filter(theatre_id=theatre_id, movie_id=movie_id).order_by("pk").select_for_update()
    return next(iter(found), None)


def showtime_locked(showtime_id: int) -> Showtime:
    """Return the showtime with its row locked. Raises NotFound."""
    for showtime in Showtime.objects.filter(pk=showtime_id).order_by("pk").select_for_update():
        return showtime
    raise NotFound
