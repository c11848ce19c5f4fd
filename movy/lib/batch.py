"""Rounds of the worker: many rows, one after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from movy.lib.counters import ROWS_FAILED
from movy.lib.db import is_database_away
from movy.lib.http import OutsideUnavailable

Row = TypeVar("Row")
logger = logging.getLogger(__name__)


def one_by_one(rows: Iterable[Row], work: Callable[[Row], bool]) -> int:
    """Do `work` for each row and return for how many it said True.

    A row that fails is logged and does not keep the others waiting; it is due again by its own clock. A database that
    is away ends the round, for it would fail them all.
    """
    done = 0
    for row in rows:
        try:
            done += work(row)
        except OutsideUnavailable as error:
            ROWS_FAILED.labels("outside").inc()
            logger.warning("not done, asked again later: %s: %s", row, error.reason)
        except Exception as error:
            if is_database_away(error):
                raise
            ROWS_FAILED.labels("bug").inc()
            logger.exception("failed: %s", row)
    return done
