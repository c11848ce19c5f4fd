"""People who book without an account: by e-mail and name. Which of their bookings a browser may open stands in its
session, and the link in their mails puts it there on another device (docs/domain.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.core.signing import Signer
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.encoding import punycode

from accounts.models import email_normal
from bookings.constants import GUEST_BOOKINGS_KEPT, GUEST_LINK_LIVES
from bookings.models import Booking
from movy.lib.references import ALPHABET

BOOKED_HERE = "guest_booked"
"""Under this a session has the references that were booked in it: an account that signs in here adopts them."""

OPENED_HERE = "guest_opened"
"""Those that were opened in it by a link: a friend's, perhaps, so they stay whose they are."""

CONTACT = "guest_contact"
"""The e-mail and name that were typed last, so that nobody types them twice."""

_SIGNER = Signer(salt="bookings.guests.link")


def guest_email(email: str) -> str:
    """Return the form in which a guest's e-mail is stored, counted and compared: as an account's, with the domain in
    ASCII, so that databases agree on which are equal. Raises UnicodeError for a domain that has no such form."""
    name, _at, domain = email_normal(email).rpartition("@")
    return f"{name}@{punycode(domain)}"


def attempt_reference(attempt: str, *, email: str) -> str:
    """Return the reference of the booking that a guest's form makes, by what that form alone knows: sent twice, as by a
    double click, it is one booking. Nobody can tell it without our key."""
    digest = salted_hmac("bookings.guests.attempt", f"{attempt} {email}", algorithm="sha256").digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:10])


# ---- The link


def guest_key(booking: Booking) -> str:
    """Return what opens a guest's booking to whoever was mailed it. Another e-mail, another key."""
    return _SIGNER.signature(f"{booking.reference} {booking.email}")


def guest_key_fits(booking: Booking, key: str, *, now: datetime) -> bool:
    """Whether this is the key of this booking, and its show not long over. `booking`: with its showing."""
    return constant_time_compare(key, guest_key(booking)) and now < booking.showtime.ends_at + GUEST_LINK_LIVES


# ---- The session


def references_open(request: HttpRequest) -> Sequence[str]:
    """Return the guests' bookings that this browser may open, those that were booked here first, the newest first."""
    session = request.session
    return [*session.get(BOOKED_HERE, ()), *session.get(OPENED_HERE, ())]


def is_buyer(request: HttpRequest, booking: Booking) -> bool:
    """Whether a visitor is who booked: by their account, or as a guest by their session."""
    if booking.is_guests:
        return booking.reference in references_open(request)
    return booking.user_id is not None and booking.user_id == request.user.pk


def reference_keep(request: HttpRequest, reference: str, *, under: str) -> None:
    """Let this browser open a guest's booking from now on; of more than GUEST_BOOKINGS_KEPT the oldest is forgotten.

    A session that could open nothing so far gets a new key, so that one which somebody else knows is worth nothing. The
    key of a sign-in was new when it began.
    """
    session = request.session
    if session.session_key and not request.user.is_authenticated and not references_open(request):
        session.cycle_key()
    others = [known for known in session.get(under, ()) if known != reference]
    session[under] = [reference, *others][:GUEST_BOOKINGS_KEPT]


def references_forget(session: SessionBase) -> None:
    """Take all of a guest out of a browser, for who has booked at somebody else's computer."""
    for key in (BOOKED_HERE, OPENED_HERE, CONTACT):
        session.pop(key, None)


def references_booked_take(session: SessionBase) -> list[str]:
    """Return what was booked in this session, and leave it to whoever asks: an account."""
    booked: list[str] = session.pop(BOOKED_HERE, [])
    return booked
