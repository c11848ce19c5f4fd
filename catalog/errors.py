"""What can be refused about films and showtimes."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Showtime
from movy.lib.clock import rfc3339
from movy.lib.errors import DomainError


class ScreenBusy(DomainError):
    """Another show runs on the screen at that time, cleaning counted. `showtime` is the one in the way."""

    code = "screen_busy"

    def __init__(self, showtime: Showtime) -> None:
        local = showtime.starts_at.astimezone(showtime.screen.theatre.zone)
        self.showtime = showtime
        super().__init__(
            _("%(title)s runs in %(screen)s from %(start)s, cleaning counted. Choose another time or another screen.")
            % {
                "title": showtime.movie.title,
                "screen": showtime.screen.name,
                "start": local.strftime("%H:%M"),
            },
            conflict={
                "id": showtime.pk,
                "title": showtime.movie.title,
                "starts_at": rfc3339(showtime.starts_at),
            },
        )


class InvalidShowtime(DomainError):
    """A showtime that cannot be, whatever else is scheduled. `field` has the API's and the form's name."""

    code = "invalid"
    status = 400

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message, errors=[{"field": field, "code": "invalid", "message": message}])


class MovieHasShowtimes(DomainError):
    code = "movie_has_showtimes"
    message = gettext_lazy("This film still has showtimes here. Call them off or delete them first.")


class PictureNotStored(DomainError):
    """The disk is full, or not ours to write on."""

    code = "picture_not_stored"
    status = 503
    message = gettext_lazy(
        "The picture could not be stored, so nothing was saved. Save without it, and tell whoever runs this platform."
    )


class ShowtimeHasBookings(DomainError):
    """Somebody has a ticket for it, or is about to pay, or the books name it."""

    code = "showtime_has_bookings"
    message = gettext_lazy("People have booked this showing, so its film, hall, time and status stay as they are.")


class ShowtimeChanged(DomainError):
    """It was moved, taken off sale or deleted between a buyer's look and the hold."""

    code = "showtime_changed"
    message = gettext_lazy("This showing has just been changed. Look at it again before you book.")
