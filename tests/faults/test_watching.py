"""Who watches over Movy gets an answer in time, whatever is away: health, readiness and metrics say what it is."""

from __future__ import annotations

import os
import signal
import time

import pytest

from payments.tests.factories import coming_showtime
from tests.faults.conftest import copy_database
from tests.site import Answer, Site, all_at_once

pytestmark = [pytest.mark.mariadb, pytest.mark.slow]

WITHIN_SECONDS = 3.0
TOKEN = "thirty-two-characters-of-nonsense"


def watched(site: Site) -> dict[str, Answer]:
    """Ask all three at once, as their watchers do; none may take longer than WITHIN_SECONDS."""

    def timed(path: str) -> tuple[Answer, float]:
        started = time.monotonic()
        answer = site.call("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
        return answer, time.monotonic() - started

    paths = ("/healthz", "/readyz", "/metrics")
    found = dict(zip(paths, all_at_once(3, [lambda path=path: timed(path) for path in paths]), strict=True))
    assert {path: seconds for path, (_answer, seconds) in found.items() if seconds > WITHIN_SECONDS} == {}
    return {path: answer for path, (answer, _seconds) in found.items()}


def test_a_frozen_or_killed_database_is_named_within_three_seconds(mariadb):
    coming_showtime()
    copy_database(mariadb)
    with Site(DATABASE_URL=mariadb.url, METRICS_TOKEN=TOKEN) as site:
        well = watched(site)
        assert {answer.status for answer in well.values()} == {200}
        assert b'movy_up{part="database"} 1.0' in well["/metrics"].body
        for stop in (signal.SIGSTOP, signal.SIGKILL):
            os.kill(mariadb.process.pid, stop)
            for _asked_again in range(2):
                away = watched(site)
                assert {path: answer.status for path, answer in away.items()} == {
                    "/healthz": 200,
                    "/readyz": 503,
                    "/metrics": 200,
                }
                assert away["/readyz"].json()["database"] == "down"
                assert away["/readyz"].json()["mail"] == "unknown"
                assert b'movy_up{part="database"} 0.0' in away["/metrics"].body


def test_a_redis_that_is_away_is_named_and_fails_nobody(redis):
    with Site(REDIS_URL=redis.url, METRICS_TOKEN=TOKEN) as site:
        assert watched(site)["/readyz"].json()["redis"] in ("up", "slow")
        redis.process.kill()
        redis.process.wait()
        away = watched(site)
        assert {answer.status for answer in away.values()} == {200}
        assert away["/readyz"].json()["redis"] == "down"
        assert b'movy_up{part="redis"} 0.0' in away["/metrics"].body
