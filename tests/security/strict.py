"""What every page must say and must not hold, read as a browser reads it."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

DATA_TYPES = ("application/json", "application/ld+json", "importmap")
SELF, NONE = "'self'", "'none'"


def policy(answer: Any) -> dict[str, list[str]]:
    """Return the Content-Security-Policy of an answer, by directive."""
    parts = (part.split() for part in answer.get("Content-Security-Policy", "").split(";"))
    return {part[0]: part[1:] for part in parts if part}


def policy_problems(answer: Any, *, also: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield what is loose in an answer's headers. also: what the page may have besides."""
    told = policy(answer)
    for directive, sources in told.items():
        for source in sources:
            is_loose = source in ("*", "http:", "https:", "blob:") or "unsafe" in source
            if (is_loose or (source == "data:" and directive != "img-src")) and source not in also:
                yield f"{directive} {source}"
    for directive, wanted in {"default-src": NONE, "frame-ancestors": NONE, "base-uri": NONE}.items():
        if told.get(directive) != [wanted]:
            yield f"{directive} is {told.get(directive)}"
    for directive in ("script-src", "style-src"):
        if [source for source in told.get(directive, []) if source not in also] != [SELF]:
            yield f"{directive} is {told.get(directive)}"
    if SELF not in told.get("form-action", []):
        yield "no form-action"
    for header, wanted in {"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff"}.items():
        if answer.get(header) != wanted:
            yield f"{header} is {answer.get(header)}"


class Page(HTMLParser):
    """Gathers what a strict policy would block (`inline`) and where text has become markup (`planted`)."""

    def __init__(self, html: str, *, mark: str = "") -> None:
        super().__init__()
        self.inline: list[str] = []
        self.planted: list[str] = []
        self._mark = mark
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._mark and self._mark in given:
            self.planted.append(f"<{tag} {given}>")
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") not in DATA_TYPES):
            self.inline.append(f"<{tag}>")
        for name, value in attrs:
            text = (value or "").strip().lower()
            if name == "style" or name.startswith(("on", "hx-on")) or text.startswith("javascript:"):
                self.inline.append(f"<{tag} {name}={value!r}>")

    handle_startendtag = handle_starttag
