"""What is asked of the outside is nobody's business: the libraries' own errors tell the whole address."""

from __future__ import annotations

import traceback

import pytest

from movy.lib.http import Outside, OutsideUnavailable
from standins.http import Router, Server

ASKED = {"query": "private words"}  # here, because a traceback quotes the lines of code that it leads through


def test_an_error_tells_nothing_of_the_address_also_where_nobody_listens():
    with Server(Router()).start() as server:
        base = server.base_url
    with pytest.raises(OutsideUnavailable) as caught:
        Outside().fetch("GET", f"{base}/thing", params=ASKED)
    told = "".join(traceback.format_exception(caught.value))
    assert "ConnectionError" in told
    assert "private" not in told
