"""Showings that were called off: everybody is told and refunded, booking by booking."""

from __future__ import annotations

from datetime import datetime

from bookings.calling_off import call_off_finish
from bookings.models import Booking, CallOff
from movy.lib.batch import one_by_one
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from payments.services import booking_refund_called_off

SHOWINGS_A_ROUND = 5


def callings_off_go_on(*, limit: int = 50) -> int:
    """Go on with the showings that are being called off, at most `limit` bookings of each; return how many ended.

    A booking's end, its refund and its mail are one transaction, which looks at the booking's state first under its
    lock. So this may stop anywhere, run twice, or on two machines: what is done is not done again.
    """
    unfinished = CallOff.objects.unfinished().order_by("at", "pk")[:SHOWINGS_A_ROUND]
    return sum(_go_on(call_off, limit=limit) for call_off in unfinished)


def _go_on(call_off: CallOff, *, limit: int) -> int:
    waiting = Booking.objects.unended().filter(showtime_id=call_off.showtime_id).order_by("pk")
    references = list(waiting.values_list("reference", flat=True)[:limit])
    ended = one_by_one(references, lambda reference: _end(reference, call_off.note, database_now()))
    now = database_now()
    run_in_transaction(lambda: call_off_finish(call_off, now=now), find=again)
    return ended


def _end(reference: str, note: str, now: datetime) -> bool:
    return run_in_transaction(lambda: booking_refund_called_off(reference, note=note, now=now), find=again)
