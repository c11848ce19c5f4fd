"""Tickets to take along: as a PDF, and as an entry for a calendar."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from bookings.calendar_entry import calendar_entry
from bookings.selectors import cancellation, kept_lines
from bookings.ticket_pdf import tickets_pdf
from bookings.visitors import booking_of, for_buyers


@for_buyers
@require_safe
@cache_control(private=True, no_store=True)
def ticket_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The tickets of a booking as a PDF; without tickets, off to the page that says why there are none."""
    booking, now = booking_of(request, reference)
    lines = [line for line in kept_lines(booking) if hasattr(line, "ticket")]
    if not lines:
        return redirect("bookings:tickets", reference)
    content = tickets_pdf(booking, lines, cancellation(booking, now=now))
    return _file(content, "application/pdf", f"movy-{reference}.pdf", inline=True)


@for_buyers
@require_safe
@cache_control(private=True, no_store=True)
def ticket_ics(request: HttpRequest, reference: str) -> HttpResponse:
    """The show as an entry for a calendar: a booking that has ended takes it out again."""
    booking, now = booking_of(request, reference)
    return _file(calendar_entry(booking, now=now), "text/calendar; charset=utf-8", f"movy-{reference}.ics")


def _file(content: bytes, content_type: str, name: str, *, inline: bool = False) -> HttpResponse:
    how = "inline" if inline else "attachment"  # a phone shows a PDF by itself, and keeps it from there
    return HttpResponse(content, content_type, headers={"Content-Disposition": f'{how}; filename="{name}"'})
