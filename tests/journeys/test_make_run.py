"""`make run` on a fresh copy of the tree: Ctrl-C ends all of it, and a second start goes on with the first's data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scripts.run import ports_taken
from tests.running import RunningMovy


def sign_in(movy: RunningMovy) -> str:
    """Return a token of one of the accounts that the welcome names."""
    assert "ada@movy.test" in movy.output
    body = {"email": "ada@movy.test", "password": "movy-demo"}
    return str(movy.api("POST", "/auth/user/login", body)["access_token"])


def first_free_seat(movy: RunningMovy) -> dict[str, Any]:
    showtime = next(movy.showtimes("Eko Lantern"))
    seats = movy.api("GET", f"/booking/{showtime['id']}")["seats"]
    label = next(seat["label"] for seat in seats if seat["status"] == "free")
    return {"showtime": showtime["id"], "seats": [label]}


@pytest.mark.slow
def test_ctrl_c_leaves_nobody_behind_and_the_next_start_has_the_data(tmp_path: Path) -> None:
    with RunningMovy(tmp_path / "movy") as movy:
        booking = movy.api("POST", "/booking", first_free_seat(movy), token=sign_in(movy))["booking"]
        paying = movy.api("POST", "/booking/pay", {"booking": booking["reference"]}, token=sign_in(movy))
        assert movy.press_ctrl_c()
        assert ports_taken(list(range(movy.port, movy.port + 5))) == []

    with movy:
        token = sign_in(movy)
        assert movy.api("GET", f"/bookings/{booking['reference']}", token=token)["status"] == "held"
        movy.paystack("POST", f"/transactions/{paying['reference']}/pay", {"card": "4084084084084081"})
        told = movy.api("GET", f"/verify-payment?reference={paying['reference']}", token=token)
        assert told["booking"]["status"] == "confirmed"
        assert movy.press_ctrl_c()
