"""/styleguide shows the tokens as they are, and they can be read by day and by night."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from movy.styleguide import contrast_ratio, contrasts, tokens_read

STYLE = (Path(settings.BASE_DIR) / "static/css/movy.css").read_text()


def test_what_stands_on_what_can_be_read_by_day_and_by_night():
    assert [contrast for contrast in contrasts(tokens_read(STYLE)) if not contrast.is_enough] == []


@pytest.mark.parametrize(
    ("first", "second", "ratio"), [("#000", "#ffffff", 21), ("#fff", "#fff", 1), ("#777777", "#fff", 4.48)]
)
def test_contrast_is_reckoned_as_the_standard_says(first, second, ratio):
    assert contrast_ratio(first, second) == pytest.approx(ratio, abs=0.01)


def test_every_token_is_on_the_page(settings):
    settings.DEBUG = True
    page = Client().get("/styleguide").content.decode()
    missing = [name for name in tokens_read(STYLE).light if f"--{name}<" not in page]
    assert missing == []


def test_visitors_do_not_meet_it(settings):
    settings.DEBUG = False
    assert Client().get("/styleguide").status_code == 404
