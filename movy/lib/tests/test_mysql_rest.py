"""Who may try a database that did not answer, and when. Seconds are made up; nothing waits."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from movy.lib.db import CANNOT_CONNECT
from movy.lib.mysql.rest import Rest


@pytest.fixture
def rest() -> Rest:
    """One that has begun at 100."""
    rest = Rest()
    rest.begin(100)
    return rest


def is_refused(rest: Rest, now: float) -> bool:
    try:
        rest.check(now)
    except OperationalError:
        return True
    return False


def test_nobody_is_refused_before_anything_went_wrong():
    assert not is_refused(Rest(), 0)


def test_everybody_is_refused_while_it_rests(rest):
    assert is_refused(rest, 100)
    assert is_refused(rest, 100.9)


def test_after_the_rest_one_tries_and_the_others_are_refused_until_it_had_its_time(rest):
    assert [is_refused(rest, 101), is_refused(rest, 101), is_refused(rest, 103.9)] == [False, True, True]
    assert not is_refused(rest, 104)


def test_an_answer_ends_it_for_all(rest):
    rest.check(101)
    rest.end()
    assert not is_refused(rest, 101)


def test_a_refusal_reads_as_a_server_that_cannot_be_reached(rest):
    with pytest.raises(OperationalError) as refusal:
        rest.check(100)
    assert refusal.value.args[0] == CANNOT_CONNECT
