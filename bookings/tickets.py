"""Tickets' codes: what stands in the QR code. The serial is random and stored, the signature is made from it, so a code
can be checked before the database is asked, and the table alone makes no tickets."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import re

import segno
from django.conf import settings

from bookings.errors import UnknownTicket
from bookings.models import Ticket
from movy.lib.references import ALPHABET, reference_new

SERIAL_LENGTH = 16
SIGNATURE_LENGTH = 16  # signs of 5 bits: 80 bits of an HMAC-SHA256
_BASE32_TO_OURS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET)
_CODE = re.compile(rf"[{ALPHABET}]{{{SERIAL_LENGTH + SIGNATURE_LENGTH}}}")
_IN_ADDRESS = re.compile(r"/tickets/([^/?#]+)")


def serial_new() -> str:
    """Return a new ticket's serial: 80 random bits."""
    return reference_new(SERIAL_LENGTH)


def ticket_code(serial: str) -> str:
    """Return the signed code of a serial: 32 capital letters and digits, which a QR code holds in its compact mode."""
    return serial + _signature(serial)


def ticket_serial(code: str) -> str:
    """Return the serial of a code as scanned or typed: blanks, dashes and case don't matter, and the address of a
    ticket's page, which is what mails hold, is as good as the code in it.

    Raises UnknownTicket when it isn't one of ours: malformed, altered or made up.
    """
    if address := _IN_ADDRESS.search(code):
        code = address[1]
    cleaned = re.sub(r"[\s-]", "", code).upper()
    if not _CODE.fullmatch(cleaned):
        raise UnknownTicket
    serial, signature = cleaned[:SERIAL_LENGTH], cleaned[SERIAL_LENGTH:]
    if not hmac.compare_digest(signature, _signature(serial)):
        raise UnknownTicket
    return serial


def ticket_find(code: str) -> Ticket:
    """Return the ticket of a code with its booking and showtime. Raises UnknownTicket."""
    path = "booked_seat__booking__showtime__screen__theatre"
    ticket = (
        Ticket.objects.select_related(path, "booked_seat__booking__showtime__movie")
        .filter(serial=ticket_serial(code))
        .first()
    )
    if ticket is None:
        raise UnknownTicket
    return ticket


def qr_svg(code: str) -> bytes:
    """Return a ticket's QR code as an SVG picture with its quiet zone: dark on white in every theme, or none scans."""
    picture = io.BytesIO()
    segno.make(code, error="m").save(picture, kind="svg", scale=8, border=4, dark="#000", light="#fff", xmldecl=False)
    return picture.getvalue()


def _signature(serial: str) -> str:
    digest = hmac.new(settings.SECRET_KEY.encode(), b"movy.ticket:" + serial.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().translate(_BASE32_TO_OURS)[:SIGNATURE_LENGTH]
