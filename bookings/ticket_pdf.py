"""Tickets on paper and in a phone's files: PDF, two to an A4 page, with a line to cut along. Type is large enough to be
read when the page is as wide as a phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from itertools import groupby

import segno
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from bookings.models import BookedSeat, Booking
from bookings.selectors import Cancellation
from bookings.tickets import ticket_code
from movy.lib.money import Money
from movy.lib.names import name_text
from movy.lib.pdf import FONT, FONT_BOLD, fonts_register

# All in points.
WIDTH, HEIGHT = A4[0], A4[1] / 2  # of one ticket
MARGIN = 40
QR_SIDE = 188
TEXT_WIDTH = WIDTH - 2 * MARGIN - QR_SIDE - 24
TITLE_SIZES, TITLE_LINES = (26, 22, 18, 15), 3  # the largest size in which a title takes fewer; more are cut off
SEAT_SIZES = (52, 40, 30, 22)
LINES_MAX = 2  # of any other text: so the ticket holds all, and whatever it says ends above its foot
BODY, SMALL, LINE_GAP = 14, 11, 1.3
MARK_SCALE = 0.5

INK, SOFT, PALE, ACCENT = (0.09, 0.07, 0.05), (0.37, 0.33, 0.29), (0.75, 0.72, 0.66), (1, 0.7, 0.14)


def tickets_pdf(booking: Booking, lines: Sequence[BookedSeat], cancellation: Cancellation) -> bytes:
    """Return the tickets of a booking's kept lines, each of which has one. In the theatre's time and the language of
    whoever asks."""
    fonts_register()
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, lang=get_language() or "en")
    canvas.setTitle(_("Tickets for %(title)s") % {"title": booking.showtime.movie.title})
    canvas.setAuthor("Movy")
    canvas.setSubject(booking.reference)
    with timezone.override(booking.showtime.screen.theatre.zone):
        for place, line in enumerate(lines):
            is_lower = place % 2 == 1
            if place and not is_lower:
                canvas.showPage()
            if is_lower:
                _cut_line(canvas)
            _Ticket(canvas, booking, line, top=HEIGHT if is_lower else 2 * HEIGHT).draw(cancellation)
    canvas.save()
    return buffer.getvalue()


class _Ticket:
    """One ticket, drawn from its upper edge down."""

    def __init__(self, canvas: Canvas, booking: Booking, line: BookedSeat, *, top: float) -> None:
        self.canvas, self.booking, self.line = canvas, booking, line
        self.top = top
        self.y = top - MARGIN

    def draw(self, cancellation: Cancellation) -> None:
        booking, line = self.booking, self.line
        showtime, theatre = booking.showtime, booking.showtime.screen.theatre
        self._mark()
        size = _fitting(showtime.movie.title, TITLE_SIZES, lines=TITLE_LINES - 1)
        self._text(showtime.movie.title, font=FONT_BOLD, size=size, lines=TITLE_LINES)
        self._text(_day(showtime.starts_at), font=FONT_BOLD, size=BODY + 2, before=6)
        self._text(_("until %(time)s") % {"time": _clock(showtime.ends_at)}, colour=SOFT)
        self._text(theatre.name, before=6, lines=1)
        self._text(f"{showtime.screen.name} · {showtime.format}", lines=1)
        size = _fitting(line.label, SEAT_SIZES, lines=1)
        self._text(line.label, font=FONT_BOLD, size=size, before=8)
        price = Money(line.price_minor, booking.currency)
        self._text(f"{name_text(line.ticket_type_name)} · {name_text(line.category_name)} · {price}")
        self._qr(ticket_code(line.ticket.serial))
        self._foot(cancellation)

    def _mark(self) -> None:
        """The wordmark, drawn as templates/includes/wordmark.html draws it: its units, down from its upper edge."""
        canvas = self.canvas
        canvas.saveState()
        canvas.translate(MARGIN - 6 * MARK_SCALE, self.y)
        canvas.scale(MARK_SCALE, -MARK_SCALE)
        canvas.setLineWidth(8)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        canvas.setStrokeColorRGB(*INK)
        path = canvas.beginPath()
        for left in (6, 24):
            path.moveTo(left, 36 if left == 6 else 18)
            path.lineTo(left, 18)
            path.arcTo(left, 9, left + 18, 27, 180, 180)
            path.lineTo(left + 18, 36)
        for first, *others in (((90, 11), (100.5, 36), (111, 11)), ((120, 11), (129, 33)), ((138, 11), (124.5, 45))):
            path.moveTo(*first)
            for place in others:
                path.lineTo(*place)
        canvas.drawPath(path)
        canvas.circle(65, 23, 13)
        canvas.setFillColorRGB(*ACCENT)
        canvas.circle(65, 23, 4.5, stroke=0, fill=1)
        canvas.restoreState()
        self.y -= 49 * MARK_SCALE + 12

    def _text(
        self,
        text: str,
        *,
        font: str = FONT,
        size: float = BODY,
        colour: tuple[float, float, float] = INK,
        before: float = 0,
        width: float = TEXT_WIDTH,
        lines: int = LINES_MAX,
    ) -> None:
        self.y -= before
        self.canvas.setFont(font, size)
        self.canvas.setFillColorRGB(*colour)
        for piece in _lines(text, font, size, width=width, most=lines):
            self.y -= size * LINE_GAP
            self.canvas.drawString(MARGIN, self.y + size * (LINE_GAP - 1), piece)

    def _qr(self, code: str) -> None:
        """The code as rectangles, so that it is sharp at any size, on white with its quiet zone."""
        right = WIDTH - MARGIN
        top = self.top - MARGIN
        modules = [list(row) for row in segno.make(code, error="m").matrix_iter(border=4)]
        side = QR_SIDE / len(modules)
        self.canvas.setFillColorRGB(0, 0, 0)
        for down, row in enumerate(modules):
            across = 0
            for is_dark, run in groupby(row):
                length = len(list(run))
                if is_dark:
                    y = top - (down + 1) * side
                    self.canvas.rect(right - QR_SIDE + across * side, y, length * side, side, stroke=0, fill=1)
                across += length
        self.canvas.setFillColorRGB(*SOFT)
        self.canvas.setFont(FONT, 8.5)
        half = len(code) // 2
        for number, part in enumerate((code[:half], code[half:])):
            self.canvas.drawCentredString(right - QR_SIDE / 2, top - QR_SIDE - 8 - 11 * number, part)

    def _foot(self, cancellation: Cancellation) -> None:
        theatre = self.booking.showtime.screen.theatre
        said = [
            f"{theatre.name}, {theatre.address}",
            _("Booking %(reference)s. Each code lets one person in.") % {"reference": self.booking.reference},
        ]
        if cancellation.allowed and cancellation.until:
            until = {"until": date_format(timezone.localtime(cancellation.until), "SHORT_DAY_TIME")}
            said.append(_("It can be given back until %(until)s, on the booking's page.") % until)
        else:
            said.append(_("It can no longer be given back."))
        width = WIDTH - 2 * MARGIN
        height = sum(len(_lines(text, FONT, SMALL, width=width, most=LINES_MAX)) for text in said) * SMALL * LINE_GAP
        self.y = self.top - HEIGHT + MARGIN / 2 + height + 6
        self.canvas.setStrokeColorRGB(*PALE)
        self.canvas.line(MARGIN, self.y + 4, WIDTH - MARGIN, self.y + 4)
        for text in said:
            self._text(text, size=SMALL, colour=SOFT, width=width)


def _cut_line(canvas: Canvas) -> None:
    canvas.setStrokeColorRGB(*PALE)
    canvas.setDash(4, 4)
    canvas.line(0, HEIGHT, WIDTH, HEIGHT)
    canvas.setDash()


def _fitting(text: str, sizes: Sequence[float], *, lines: int) -> float:
    """Return the largest size in which the text takes so many lines, or the smallest."""
    return next((size for size in sizes if len(simpleSplit(text, FONT_BOLD, size, TEXT_WIDTH)) <= lines), sizes[-1])


def _lines(text: str, font: str, size: float, *, width: float, most: int) -> list[str]:
    """Return the text in lines of a width; of more than `most` the last ends in an ellipsis."""
    lines: list[str] = simpleSplit(text, font, size, width)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and len(simpleSplit(f"{last}…", font, size, width)) > 1:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}…"]


def _day(instant: datetime) -> str:
    return date_format(timezone.localtime(instant), "DAY_YEAR_TIME")


def _clock(instant: datetime) -> str:
    return date_format(timezone.localtime(instant), "CLOCK")
