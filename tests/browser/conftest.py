"""A running Movy, a Chromium, and visitors who note whatever a page should not do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from scripts.contact_sheet import FLAGS, chromium
from tests.running import RunningMovy

PAGE_WITH_TMDB_PICTURES = "/admin/catalog/listing/find/"
PATIENCE = 20_000  # milliseconds: a machine may be busy
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def movy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMovy]:
    """One Movy for all of this process's browser tests: each brings its own people and mostly its own showtime."""
    with RunningMovy(tmp_path_factory.mktemp("clone") / "movy") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


class Watch:
    """What went wrong in a browser behind the visitor's back: errors in scripts, refusals by the CSP, requests to
    somebody else, and parts of a page that did not come. Refused pages are for the tests to expect."""

    def __init__(self, movy: RunningMovy) -> None:
        self.faults: list[str] = []
        self._home = movy.base_url
        self._known = {movy.base_url, movy.paystack_url, movy.google_url}
        self._live = movy.live_url
        self._pictures = movy.tmdb_url

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self._on_request)
        context.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:  # those are responses, below
            self.faults.append(f"console: {message.text}")

    def _on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme == "data":
            return
        if request.service_worker:
            allowed = {self._home}
        elif request.is_navigation_request():
            allowed = self._known
        else:
            allowed = {_origin(request.frame.url), self._home}
        if request.resource_type == "eventsource":
            allowed = allowed | {self._live}
        if request.resource_type == "image" and urlsplit(request.frame.url).path == PAGE_WITH_TMDB_PICTURES:
            allowed = allowed | {self._pictures}
        if _origin(request.url) not in allowed:
            self.faults.append(f"request to somebody else: {request.url}")

    def _on_response(self, response: Response) -> None:
        request = response.request
        limit = 500 if request.is_navigation_request() or "hx-request" in request.headers else 400
        if response.status >= limit:
            self.faults.append(f"{response.status} for {response.url}")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@pytest.fixture
def javascript() -> bool:
    """Whether visitors have it; `@twice` runs a test with and without."""
    return True


NewVisitor = Callable[..., Page]


@pytest.fixture
def new_visitor(browser: Browser, movy: RunningMovy, javascript: bool) -> Iterator[NewVisitor]:
    """Return a function that gives a page of somebody new, who has no cookies. What goes wrong behind their backs fails
    the test at its end. Options are those of a browser context; the service worker is test_offline.py's alone, so that
    no other test sees a page that was put by."""
    watch = Watch(movy)
    contexts: list[BrowserContext] = []

    def new_visitor(**options: Any) -> Page:
        usual = {"viewport": {"width": 1280, "height": 800}, "service_workers": "block"}
        options = usual | {"java_script_enabled": javascript} | options
        context = browser.new_context(base_url=movy.base_url, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        return context.new_page()

    yield new_visitor
    for context in contexts:
        context.close()
    assert watch.faults == []


@pytest.fixture
def page(new_visitor: NewVisitor) -> Page:
    """A page of a visitor whom nobody knows."""
    return new_visitor()


@pytest.fixture(scope="session")
def _lagos_shows(movy: RunningMovy) -> Iterator[dict[str, Any]]:
    return movy.showtimes("Eko Lantern")


@pytest.fixture
def showtime(_lagos_shows: Iterator[dict[str, Any]]) -> dict[str, Any]:
    """A show in Lagos of this test's own, days away, as the API tells it."""
    return next(_lagos_shows)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
