"""Log lines that tell nobody how to get in."""

from __future__ import annotations

import logging
import re

from pythonjsonlogger.json import JsonFormatter

KEYS_IN_ADDRESSES = re.compile(
    r"(/(?:auth/user/(?:reset-password|confirm-email)|invitations|tickets|bookings/\w+/open)/)[^\s/?'\"\\]+"
)
"""Django names the address in what it writes about a refused or failed request. At these the last part is the key."""

LINE_ENDS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""What ends or repaints a line, in a terminal too."""


def without_keys(line: str) -> str:
    """Return a line with the keys in addresses left out: "/invitations/…"."""
    return KEYS_IN_ADDRESSES.sub(r"\1…", line)


class JsonLines(JsonFormatter):
    """One line an event, for machines: what is inside of names is escaped."""

    def format(self, record: logging.LogRecord) -> str:
        return without_keys(super().format(record))


class PlainLines(logging.Formatter):
    """For a terminal: one line an event, besides the lines of a traceback."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return LINE_ENDS.sub(lambda end: repr(end[0])[1:-1], super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        return without_keys(super().format(record))
