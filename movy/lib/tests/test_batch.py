"""One row that fails does not keep the others waiting."""

from __future__ import annotations

import pytest
from django.db import InterfaceError

from movy.lib.batch import one_by_one
from movy.lib.http import OutsideUnavailable


@pytest.mark.parametrize("error", [OutsideUnavailable("away"), ValueError("a bug"), RuntimeError("a row out of joint")])
def test_the_rows_after_a_failure_are_done(error):
    seen = []

    def work(row: int) -> bool:
        seen.append(row)
        if row == 2:
            raise error
        return row != 3

    assert one_by_one([1, 2, 3, 4], work) == 2
    assert seen == [1, 2, 3, 4]


def test_a_database_that_is_away_ends_the_round():
    def work(row: int) -> bool:
        raise InterfaceError

    with pytest.raises(InterfaceError):
        one_by_one([1, 2], work)
