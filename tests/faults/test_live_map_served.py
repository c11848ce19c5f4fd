"""Two browsers on one map of a Movy as `make serve` runs it, while Redis and the live process are killed under it."""

from __future__ import annotations

import json
import statistics
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect, sync_playwright

from payments.tests.factories import coming_showtime
from scripts.contact_sheet import FLAGS, chromium
from scripts.servers import Redis
from tests.browser.test_live_map import ASK_SECONDS, SECOND, Heard, open_map, seconds_until_seen
from tests.load.serving import Served
from tests.processes import kill, serving
from tests.proof import Proof
from tests.races.test_rush import buyers
from tests.running import port_with_neighbours, wait_for
from tests.site import database_url

pytestmark = [pytest.mark.mariadb, pytest.mark.long, pytest.mark.django_db(transaction=True)]

LABELS = [f"A{number}" for number in range(1, 25)]


class Rivals:
    """People who take one seat after the other."""

    def __init__(self, served: Served, showtime_id: int) -> None:
        self._served = served
        self._showtime_id = showtime_id
        self._tokens = iter(buyers(len(LABELS)))
        self._labels = iter(LABELS)

    def take(self) -> str:
        """Have somebody hold the next seat, and return its label."""
        label = next(self._labels)
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self._served.port}/api/v1/booking",
            data=json.dumps({"showtime": self._showtime_id, "seats": [label]}).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {next(self._tokens)}"},
        )
        with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 - our own server
            assert answer.status == 201
        return label

    def seen_after(self, *pages: Page) -> float:
        """Have three seats taken, one after the other. Return how long the middle one took to be on all the pages."""
        return statistics.median(
            max(seconds_until_seen(page, label) for page in pages) for label in (self.take() for _time in range(3))
        )


@pytest.fixture
def served(transactional_db: None, tmp_path: Path, redis: Redis) -> Iterator[Served]:
    port = port_with_neighbours()
    with Served(
        tmp_path / "movy",
        port=port,
        LIVE_URL=f"http://{{host}}:{port + 1}",
        DATABASE_URL=database_url(),
        REDIS_URL=redis.url,
        PAYSTACK_BASE_URL=settings.PAYSTACK_BASE_URL,
        PAYSTACK_SECRET_KEY=settings.PAYSTACK_SECRET_KEY,
    ) as served:
        yield served


def test_two_browsers_on_one_map_see_each_hold_whatever_is_killed(served: Served, redis: Redis, proof: Proof) -> None:
    showtime = coming_showtime(seats=LABELS)
    rivals = Rivals(served, showtime.pk)
    with ExitStack() as stack:  # browsers end before the audits: while they run Django's ORM may not be used
        counts = [
            stack.enter_context(proof(fault, holds="a hold is on two open maps within a second"))
            for fault in ("no fault", "kill -9 of Redis", "kill -9 of the live process, and its restart")
        ]
        whole, without_redis, restarted = counts
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        stack.callback(browser.close)
        pages = [browser.new_page(base_url=f"http://127.0.0.1:{served.port}") for _page in range(2)]
        heard = [open_map(page, {"id": showtime.pk}) for page in pages]
        mine = LABELS[-1]
        pages[0].locator(f".seat:has(input[value='{mine}'])").click()
        assert rivals.seen_after(*pages) < SECOND
        whole.times += 1

        redis.process.kill()
        redis.process.wait()
        assert rivals.seen_after(*pages) < SECOND
        without_redis.times += 1
        assert [len(row.streams) for row in heard] == [1, 1]
        redis.start()

        kill(serving(served.keeper.pid, "movy.asgi")[0])
        label = rivals.take()
        assert max(seconds_until_seen(page, label) for page in pages) < ASK_SECONDS + SECOND
        wait_for(lambda: all(is_back(page, row) for page, row in zip(pages, heard, strict=True)), what="the streams")
        assert rivals.seen_after(*pages) < SECOND
        restarted.times += 1
        expect(pages[0].locator(f"input[value='{mine}']")).to_be_checked()
        expect(pages[0].locator("#total")).not_to_have_text("")


def is_back(page: Page, heard: Heard) -> bool:
    """Return whether the page is at a stream again: it has stopped asking."""
    heard.asked.clear()
    page.wait_for_timeout(1000 * (ASK_SECONDS + SECOND))
    return heard.asked == []
