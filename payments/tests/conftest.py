"""A Paystack stand-in of the test's own, met over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import standins.paystack
from movy.lib.http import forget_failures


@pytest.fixture
def paystack(settings) -> Iterator[standins.paystack.Server]:
    server = standins.paystack.start(refund_step_seconds=0.01)
    settings.PAYSTACK_BASE_URL = server.base_url
    forget_failures()
    yield server
    server.stop()
