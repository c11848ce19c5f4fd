"""PDF: Movy's font, and tables on A4. The font is in movy/lib/fonts, with its licence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from movy.lib.exports import Column, Table, cell_text

FONT, FONT_BOLD = "NotoSans", "NotoSans-SemiBold"
FONTS = Path(__file__).parent / "fonts"

# All in points.
MARGIN = 36
SIZE, SIZE_TITLE = 8.5, 15
LINE = 14
GAP = 10  # between columns
PALE, GREY, INK = (0.96, 0.94, 0.9), (0.75, 0.72, 0.66), (0.09, 0.07, 0.05)


@lru_cache(maxsize=1)
def fonts_register() -> None:
    """Make FONT and FONT_BOLD known to reportlab. They have ₦ and ₵, which the PDF standard's own fonts lack."""
    pdfmetrics.registerFont(TTFont(FONT, FONTS / "NotoSans-Regular.ttf"))
    pdfmetrics.registerFont(TTFont(FONT_BOLD, FONTS / "NotoSans-SemiBold.ttf"))


def pdf_table(table: Table) -> bytes:
    """Return the table on as many A4 pages as it takes, lying down; the header stands on each."""
    fonts_register()
    buffer = BytesIO()
    page = landscape(A4)
    canvas = Canvas(buffer, pagesize=page)
    canvas.setTitle(table.title)
    _Pages(canvas, table, width=page[0], height=page[1]).draw()
    canvas.save()
    return buffer.getvalue()


class _Pages:
    """Drawn line by line rather than by reportlab's Table, which takes seconds for a thousand rows."""

    def __init__(self, canvas: Canvas, table: Table, *, width: float, height: float) -> None:
        self.canvas, self.table, self.width, self.height = canvas, table, width, height
        self.rows = [[cell_text(cell) for cell in row] for row in table.rows]
        self.totals = [[cell_text(cell) for cell in row] for row in table.totals]
        self.widths = self._widths()
        self.number = 0
        self.y = 0.0

    def draw(self) -> None:
        self._page_begin()
        for row in self.rows:
            self._room_make(LINE)
            self._row(row, font=FONT)
        for row in self.totals:
            self._room_make(LINE)
            self._band(PALE)
            self._row(row, font=FONT_BOLD)
        for note in self.table.notes:
            for line in simpleSplit(note, FONT, SIZE, self.width - 2 * MARGIN):
                self._room_make(LINE)
                self._text(line)

    def _page_begin(self) -> None:
        if self.number:
            self.canvas.showPage()
        self.number += 1
        self.y = self.height - MARGIN - SIZE_TITLE
        if self.number == 1:
            self._text(self.table.title, font=FONT_BOLD, size=SIZE_TITLE, line=SIZE_TITLE + 6)
            for line in self.table.lines:
                self._text(line)
            self.y -= LINE / 2
        self.canvas.setFont(FONT, SIZE)
        self.canvas.setFillColorRGB(*INK)
        self.canvas.drawRightString(self.width - MARGIN, MARGIN / 2, _("Page %d") % self.number)
        self._row([column.title for column in self.table.columns], font=FONT_BOLD)
        self.canvas.setStrokeColorRGB(*GREY)
        self.canvas.line(MARGIN, self.y + LINE - 4, self.width - MARGIN, self.y + LINE - 4)
        self.y -= 2

    def _room_make(self, needed: float) -> None:
        if self.y - needed < MARGIN:
            self._page_begin()

    def _text(self, text: str, *, font: str = FONT, size: float = SIZE, line: float = LINE) -> None:
        self.canvas.setFont(font, size)
        self.canvas.setFillColorRGB(*INK)
        self.canvas.drawString(MARGIN, self.y, text)
        self.y -= line

    def _band(self, colour: tuple[float, float, float]) -> None:
        self.canvas.setFillColorRGB(*colour)
        self.canvas.rect(MARGIN - 4, self.y - 4, self.width - 2 * MARGIN + 8, LINE, stroke=0, fill=1)

    def _row(self, texts: Sequence[str], *, font: str) -> None:
        self.canvas.setFont(font, SIZE)
        self.canvas.setFillColorRGB(*INK)
        x: float = MARGIN
        for column, width, text in zip(self.table.columns, self.widths, texts, strict=True):
            self._cell(column, _cut(text, width, font), x=x, width=width)
            x += width + GAP
        self.y -= LINE

    def _cell(self, column: Column, text: str, *, x: float, width: float) -> None:
        if column.is_number:
            self.canvas.drawRightString(x + width, self.y, text)
        else:
            self.canvas.drawString(x, self.y, text)

    def _widths(self) -> list[float]:
        """As wide as their widest text; where that is too much, the text columns give way, each in proportion."""
        titles = [column.title for column in self.table.columns]
        texts = zip(titles, *self.rows, *self.totals, strict=True)
        widest = [max(_width(text, FONT_BOLD) for text in column) for column in texts]
        numbers = sum(width for column, width in zip(self.table.columns, widest, strict=True) if column.is_number)
        room = self.width - 2 * MARGIN - GAP * (len(widest) - 1) - numbers
        part = min(1.0, room / ((sum(widest) - numbers) or 1.0))
        return [
            width if column.is_number else width * part
            for column, width in zip(self.table.columns, widest, strict=True)
        ]


def _width(text: str, font: str) -> float:
    return float(pdfmetrics.stringWidth(text, font, SIZE))


def _cut(text: str, width: float, font: str) -> str:
    """Return text that fits, an ellipsis at its end where something was left out."""
    if _width(text, font) <= width + 0.01:
        return text
    while text and _width(f"{text}…", font) > width:
        text = text[:-1]
    return f"{text}…"
