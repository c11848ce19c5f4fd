"""What a map's history tells to whoever knows an older version of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from bookings.live.history import VERSIONS_KEPT, History, Look, changes_between

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
HALL = frozenset({"C4", "C5", "C6"})


def look(version: int, *, seats: frozenset[str] = HALL, **taken: str) -> Look:
    return Look(version=version, taken=taken, seats=seats, now=NOW, next_at=None)


def history(*looks: Look) -> History:
    made = History()
    for each in looks:
        made.add(each)
    return made


def told(made: History, version: int | None) -> dict | None:
    event = made.event_since(version)
    if event is None:
        return None
    head, name, data, *end = event.decode().split("\n")
    body = json.loads(data.removeprefix("data: "))
    assert (head, name, end) == (f"id: {body['version']}", "event: seats", ["", ""])
    return body


def test_a_difference_names_what_was_taken_and_what_is_free_again():
    assert changes_between(look(1, C4="held", C5="held"), look(2, C5="sold", C6="held")) == {
        "C4": "free",
        "C5": "sold",
        "C6": "held",
    }


def test_a_seat_that_left_the_plan_is_for_nobody_and_one_that_came_back_is_free():
    without = look(2, seats=frozenset({"C4"}))
    assert changes_between(look(1), without) == {"C5": "blocked", "C6": "blocked"}
    assert changes_between(without, look(3)) == {"C5": "free", "C6": "free"}


def test_nothing_is_told_before_the_first_look_nor_to_who_knows_the_newest():
    assert History().event_since(None) is None
    assert history(look(1)).event_since(1) is None


def test_who_knows_nothing_or_something_unknown_is_told_all_that_is_not_free():
    made = history(look(1), look(2, C4="held"))
    for version in (None, 99):
        assert told(made, version) == {"version": 2, "changes": {"C4": "held"}, "complete": True}


def test_several_changes_are_one_in_which_the_last_word_counts():
    made = history(look(1), look(2, C4="held"), look(3, C4="held", C5="held"), look(4, C4="held", C5="sold"))
    assert told(made, 1) == {"version": 4, "changes": {"C4": "held", "C5": "sold"}}
    assert told(made, 3) == {"version": 4, "changes": {"C5": "sold"}}


def test_a_map_that_is_again_what_it_was_has_nothing_to_tell_to_who_saw_it_then():
    made = history(look(1), look(2, C4="held"), look(1))
    assert told(made, 1) is None
    assert told(made, 2) == {"version": 1, "changes": {"C4": "free"}}
    made.add(look(3, C5="held"))
    assert told(made, 1) == {"version": 3, "changes": {"C5": "held"}}


def test_another_version_with_the_same_seats_is_told_without_changes():
    made = history(look(1, C4="sold"), look(2, C4="sold"))
    assert told(made, 1) == {"version": 2, "changes": {}}


def test_the_same_version_again_is_no_news():
    made = History()
    assert made.add(look(1))
    assert not made.add(look(1))


def test_all_who_need_the_same_event_get_the_same_bytes():
    made = history(look(1), look(2, C4="held"))
    assert made.event_since(1) is made.event_since(1)


def test_a_history_has_an_end():
    made = history(*(look(version) for version in range(VERSIONS_KEPT + 1)))
    assert told(made, 0) == {"version": VERSIONS_KEPT, "changes": {}, "complete": True}
    assert told(made, 1) == {"version": VERSIONS_KEPT, "changes": {}}
