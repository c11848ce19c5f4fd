"""A cheap phone on a slow line: how much a first visit loads, and how soon there is something to see and to press.

What is loaded is counted each time. The clock runs in the long tests alone: how fast a machine is with other work to do
says nothing about a page, so here the line's own part is reckoned up, and the processor is left the rest.
"""

from __future__ import annotations

import gzip
import re
import statistics
import sys
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from scripts.contact_sheet import SIGNED_OUT
from tests.browser.conftest import NewVisitor
from tests.browser.test_every_page import ada_was_here
from tests.running import RunningMovy

__all__ = ["ada_was_here"]

# Bytes as they are sent, packed, with nothing kept from before. Pictures of films are not counted: they come after the
# words, and their number is the programme's. Source: docs/performance.md, "A first visit".
BUDGET = 40_000
BUDGET_OF_LISTS = 60_000
LISTS = {"home", "home-city", "movies", "movies-coming", "movies-guess", "movies-none"}
FILM_PICTURES = "/media/"

LINE_BYTES_A_SECOND = 400_000 / 8
ROUND_TRIP_SECONDS = 0.4
SLOWER_PROCESSOR = 6  # times
CONTENT_SECONDS, USABLE_SECONDS = 3.0, 5.0
LINES_PART = 0.75  # of these: the rest is the processor's
RUNS = 3


@pytest.fixture(scope="session")
def grand_hall(movy: RunningMovy) -> str:
    """The address of a map of 420 seats."""
    shows = movy.showtimes("Eko Lantern")
    return next(f"/booking/{show['id']}" for show in shows if show["screen"]["name"] == "Grand Hall")


def test_a_first_visit_loads_no_more_than_its_budget(
    ada_was_here: tuple[dict[str, str], Any], browser: Browser, movy: RunningMovy, grand_hall: str
) -> None:
    addresses, cookies = ada_was_here
    loaded: dict[str, int] = {}
    for name, address in (addresses | {"seats of 420": movy.base_url + grand_hall}).items():
        state = {} if name in SIGNED_OUT else {"storage_state": cookies}
        context = browser.new_context(viewport={"width": 360, "height": 760}, service_workers="block", **state)
        loaded[name] = bytes_loaded(context.new_page(), address)
        context.close()
    told(*(f"{name:16} {count:7,}" for name, count in sorted(loaded.items(), key=lambda row: -row[1])))
    allowed = {name: BUDGET_OF_LISTS if name in LISTS else BUDGET for name in loaded}
    assert {name: count for name, count in loaded.items() if count > allowed[name]} == {}


def told(*lines: str) -> None:
    """Print figures, which pytest shows with `-s`, or where they are too large."""
    sys.stdout.write("\n".join(["", *lines, ""]))


def bytes_loaded(page: Page, address: str) -> int:
    """Return the bytes on the wire of all that a page asks for until it rests, headers included."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    urls: dict[str, str] = {}
    sizes: dict[str, int] = {}
    client.on("Network.requestWillBeSent", lambda event: urls.update({event["requestId"]: event["request"]["url"]}))
    client.on(
        "Network.loadingFinished", lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])})
    )
    page.goto(address)
    page.wait_for_timeout(500)  # scripts that load scripts; the stream of a map never rests
    return sum(size for request, size in sizes.items() if FILM_PICTURES not in urls[request])


def test_the_lines_part_leaves_the_processor_its_time(movy: RunningMovy, grand_hall: str) -> None:
    for path in ("/", "/movies"):
        seconds = seconds_to_content(movy.base_url + path)
        told(f"{path:16} content after {seconds:.1f} s of the line")
        assert seconds < CONTENT_SECONDS * LINES_PART
    content = seconds_to_content(movy.base_url + grand_hall)
    usable = seconds_to_usable(movy.base_url + grand_hall)
    told(f"{grand_hall:16} content after {content:.1f} s of the line, usable after {usable:.1f} s")
    assert content < CONTENT_SECONDS * LINES_PART
    assert usable < USABLE_SECONDS * LINES_PART


def seconds_to_content(address: str) -> float:
    """Return what the line takes until the words can be drawn: the connection, the page, then its style sheets."""
    size, page = fetched(address)
    styles = [fetched(urljoin(address, path))[0] for path in re.findall(r'rel="stylesheet" href="([^"]+)"', page)]
    return 3 * ROUND_TRIP_SECONDS + (size + sum(styles)) / LINE_BYTES_A_SECOND


def seconds_to_usable(address: str) -> float:
    """Return what the line takes until the page's own modules run. Those that the page names are asked for at once; one
    that only another names costs a round trip more."""
    _size, page = fetched(address)
    named = [
        urljoin(address, path) for path in re.findall(r'(?:type="module" src|rel="modulepreload" href)="([^"]+)"', page)
    ]
    depths = dict(modules(named))
    size = sum(fetched(url)[0] for url in depths)
    return (
        seconds_to_content(address)
        + (max(depths.values(), default=0)) * ROUND_TRIP_SECONDS
        + size / LINE_BYTES_A_SECOND
    )


def modules(named: list[str]) -> Iterator[tuple[str, int]]:
    """Yield modules with after how many others they are known: 0 for those that the page names."""
    depth, seen, level = 0, set(named), named
    while level:
        yield from ((url, depth) for url in level)
        found = {urljoin(url, path) for url in level for path in re.findall(r'from "(\./[^"]+)"', fetched(url)[1])}
        level = sorted(found - seen)
        seen |= found
        depth += 1


def fetched(url: str) -> tuple[int, str]:
    """Return how many bytes an address sends, and what they say."""
    assert urlsplit(url).scheme == "http"
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        body: bytes = answer.read()
        is_packed = answer.headers.get("Content-Encoding") == "gzip"
    return len(body), (gzip.decompress(body) if is_packed else body).decode()


@pytest.mark.long
@pytest.mark.parametrize("path", ["/", "/movies", "seats"])
def test_a_slow_phone_has_content_in_three_seconds_and_a_usable_map_in_five(
    new_visitor: NewVisitor, grand_hall: str, path: str
) -> None:
    """The median of three first visits on this machine, its processor and its line held back by the browser."""
    times = []
    for _run in range(RUNS):
        page = new_visitor(viewport={"width": 360, "height": 760})
        held_back(page)
        page.goto(grand_hall if path == "seats" else path, wait_until="commit")
        content = page.evaluate(CONTENT)
        usable = page.evaluate(USABLE) if path == "seats" else 0.0
        times.append((content, usable))
        page.context.close()
    content, usable = (statistics.median(column) / 1000 for column in zip(*times, strict=True))
    told(f"{path}: content after {content:.1f} s, usable after {usable:.1f} s")
    assert content < CONTENT_SECONDS
    assert usable < USABLE_SECONDS


def held_back(page: Page) -> None:
    client = page.context.new_cdp_session(page)
    line = {"latency": ROUND_TRIP_SECONDS * 1000, "downloadThroughput": LINE_BYTES_A_SECOND}
    client.send("Network.enable")
    client.send("Network.emulateNetworkConditions", line | {"offline": False, "uploadThroughput": LINE_BYTES_A_SECOND})
    client.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})


CONTENT = """() => new Promise((resolve) => {
  const isIt = (entry) => entry.name === "first-contentful-paint";
  const look = (list) => list.getEntries().filter(isIt).forEach((entry) => resolve(entry.startTime));
  new PerformanceObserver(look).observe({ type: "paint", buffered: true });
})"""
USABLE = """async () => {
  const wait = () => new Promise((resolve) => setTimeout(resolve, 20));
  while (!document.querySelector(".seat.free input")) await wait();
  const total = () => document.getElementById("total")?.textContent.trim();
  document.querySelector(".seat.free input").click();
  while (!total() && performance.now() < 30000) await wait();
  return performance.now();
}"""
"""Until a seat that is ticked as soon as it is there shows its price; half a minute at most."""
