"""Days and times have the same names in every language."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module

import pytest
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import override

CODES = [code for code, _name in settings.LANGUAGES]
AT = datetime(2026, 11, 23, 18, 30)  # noqa: DTZ001 - what a clock shows


def names(code: str) -> set[str]:
    return {name for name in vars(import_module(f"movy.formats.{code}.formats")) if name.isupper()}


@pytest.mark.parametrize("code", CODES)
def test_every_language_knows_every_name(code):
    assert names(code) == names("en")


@pytest.mark.parametrize(
    ("name", "english", "french"),
    [
        ("DAY_YEAR_TIME", "Monday 23 November 2026, 18:30", "lundi 23 novembre 2026 à 18:30"),
        ("SHORT_DAY_TIME", "Mon 23 Nov, 18:30", "lun. 23 nov. à 18:30"),
        ("WEEKDAY_TIME", "Monday, 18:30", "lundi à 18:30"),
        ("SHORT_MONTH", "Nov", "nov."),
    ],
)
def test_days_are_written_as_people_write_them(name, english, french):
    for code, text in (("en", english), ("fr", french)):
        with override(code):
            assert date_format(AT, name) == text
