"""Finding a booking by whatever its buyer has at hand."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from bookings.errors import UnknownTicket
from bookings.models import Ticket
from bookings.phones import phones_meant
from bookings.tickets import ticket_serial


def bookings_meant(term: str, *, countries: Iterable[str]) -> Q:
    """Return which bookings somebody means who types this: a ticket's code or address, a phone number in a local form
    of one of the countries, the beginning of an e-mail, a reference, or words of a name.

    One thing at a time, so that each search has an index to go by; names alone are read through.
    """
    try:
        serial = ticket_serial(term)
    except UnknownTicket:
        pass
    else:
        return Q(pk__in=Ticket.objects.filter(serial=serial).values("booked_seat__booking_id"))
    if phones := phones_meant(term, countries=countries):
        return Q(phone__in=phones)
    if "@" in term:
        return Q(email__istartswith=term)
    by_name = Q()
    for word in term.split():
        by_name &= Q(name__icontains=word)
    return Q(reference=term.upper()) | by_name
