"""The programme in the office: films, the theatre's list, what runs when. bookings.admin registers showtimes."""

from catalog.admin.films import GenreAdmin, ListingAdmin, MovieAdmin, PersonAdmin
from catalog.admin.prices import PriceCardAdmin
from catalog.admin.showtimes import ShowtimeAdmin

__all__ = ["GenreAdmin", "ListingAdmin", "MovieAdmin", "PersonAdmin", "PriceCardAdmin", "ShowtimeAdmin"]
