"""Tables as files: numbers stay numbers, text never becomes a formula, every letter of our theatres is there."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from reportlab.pdfbase import pdfmetrics

from movy.lib.exports import BOM, Column, Table, cell_text, csv_parts, formula_safe, xlsx_file
from movy.lib.money import Money
from movy.lib.pdf import FONT, FONT_BOLD, fonts_register, pdf_table

DAY = date(2026, 6, 5)


def table(*rows, **fields) -> Table:
    columns = [Column("Day"), Column("Film"), Column("Tickets", is_number=True), Column("Net", is_number=True)]
    return Table(title="Takings", columns=columns, rows=rows, **fields)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_text_that_a_spreadsheet_would_run_is_shown_instead(start):
    evil = f"{start}cmd|' /C calc'!A0"
    assert formula_safe(evil) == f"'{evil}"
    sheet = table((DAY, evil, 1, Money(100, "NGN")))
    assert list(csv.reader(io.StringIO("".join(csv_parts(sheet))[1:], newline="")))[1][1] == f"'{evil}"
    cell = load_workbook(xlsx_file(sheet)).active["B2"]
    assert cell.data_type == "s"
    assert cell.value.replace("_x000D_", "\r").startswith("'")


def test_plain_text_and_negative_amounts_are_left_alone():
    assert formula_safe("Ọjà – 1=1") == "Ọjà – 1=1"
    rows = list(csv.reader(io.StringIO("".join(csv_parts(table((DAY, "", -2, Money(-150, "NGN"))))))))
    assert rows[1] == ["2026-06-05", "", "-2", "-1.50", "NGN"]


def test_csv_begins_with_a_bom_ends_lines_by_crlf_and_quotes_as_rfc_4180_has_it():
    text = "".join(csv_parts(table((DAY, 'He said "no", twice\nand left', 3, Money(350_050, "GHS")))))
    assert text.startswith(BOM)
    assert text == (
        f'{BOM}Day,Film,Tickets,Net,Currency\r\n2026-06-05,"He said ""no"", twice\nand left",3,3500.50,GHS\r\n'
    )


def test_an_xlsx_file_holds_numbers_and_days_not_text():
    sheet = table((DAY, "Ẹ̀kọ́", 3, Money(350_050, "NGN")), totals=[("Total", None, 3, Money(350_050, "NGN"))])
    book = load_workbook(xlsx_file(sheet)).active
    first = [cell.value for cell in book[2]]
    assert first[0].date() == DAY
    assert first[1:] == ["Ẹ̀kọ́", 3, 3500.5, "NGN"]
    assert book["A3"].font.bold
    assert book.freeze_panes == "A2"


def test_control_characters_in_a_name_do_not_break_the_xlsx_file():
    assert load_workbook(xlsx_file(table((DAY, "a\x0bb", 1, None)))).active["B2"].value == "ab"


def test_a_table_without_money_has_no_column_for_a_currency():
    assert "".join(csv_parts(table((DAY, "Film", 1, None)))).splitlines()[0] == f"{BOM}Day,Film,Tickets,Net"


def test_people_read_money_with_its_sign_and_days_in_words():
    assert cell_text(Money(1_234_500, "NGN")) == "₦12,345"
    assert cell_text(DAY) == "Fri 5 Jun 2026"
    assert cell_text(1234) == "1,234"
    assert cell_text(Decimal("45.3")) == "45.3"
    assert cell_text(None) == ""


def test_the_pdf_font_has_our_currencies_and_our_languages_letters():
    fonts_register()
    for font in (FONT, FONT_BOLD):
        known = pdfmetrics.getFont(font).face.charToGlyph
        assert [letter for letter in "₦₵−\u202f–…·ṣẹọŊɛɔĩũéçœ" if ord(letter) not in known] == []


def test_a_long_pdf_has_several_pages_and_long_names_are_cut():
    long = table(*[(DAY, f"{number} {'very ' * 60}long", 1, Money(100, "NGN")) for number in range(90)])
    assert pdf_table(long).count(b"/Type /Page\n") == 3
    assert pdf_table(table()).startswith(b"%PDF")
