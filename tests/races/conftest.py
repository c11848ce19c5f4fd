"""What holds for every race."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def as_many_places_as_threads(settings):
    """A test's threads stand for processes, each of which has places of its own for waiting for Paystack. Without it
    the third of three doors is told to come later."""
    settings.OUTSIDE_CALLS_MAX = 64
