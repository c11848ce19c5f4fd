"""What keeps open maps true, and a booking safe from whatever befalls the news of it."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

WATCHES = "bookings/live/watches.py"
HISTORY = "bookings/live/history.py"

LIVE = [
    Mutation(
        guard="what happens amid a look at a map is a reason for another look",
        file=WATCHES,
        old="                self._take(look)\n",
        new="                self._take(look)\n                self._reason.clear()\n",
        test="bookings/tests/test_live_watches.py::test_what_changes_amid_a_look_is_seen_by_the_next_one",
    ),
    Mutation(
        guard="a map is looked at when its next hold lapses",
        file=WATCHES,
        old="                wait_seconds = _seconds_until_change(look)\n",
        new="                wait_seconds = FORGET_SECONDS\n",
        test="bookings/tests/test_live_watches.py::test_a_map_that_changes_by_itself_is_looked_at_in_that_moment",
    ),
    Mutation(
        guard="streams stay open while the database is away",
        file=WATCHES,
        old="                if not self.is_known.done():\n                    raise\n",
        new="                raise\n",
        test="bookings/tests/test_live_watches.py::test_while_the_database_is_away_a_map_stays_open_and_goes_on_later",
    ),
    Mutation(
        guard="who knows an older map is told all that has changed since",
        file=HISTORY,
        old="for step in reversed(later) for label",
        new="for step in later[:1] for label",
        test="bookings/tests/test_live_history.py::test_several_changes_are_one_in_which_the_last_word_counts",
    ),
    Mutation(
        guard="a seat that left the plan is for nobody on an open map",
        file=HISTORY,
        old="        if label not in self.seats:\n            return SeatStatus.BLOCKED.value\n",
        new="",
        test="bookings/tests/test_live_history.py::test_a_seat_that_left_the_plan_is_for_nobody_and_one_that_came_back_is_free",
    ),
    Mutation(
        guard="a reader who takes nothing is dropped",
        file="bookings/live/application.py",
        old="        async with asyncio.timeout(SEND_SECONDS_MAX):\n",
        new="        async with asyncio.timeout(None):\n",
        test="bookings/tests/test_live_watches.py::test_a_reader_who_takes_too_long_is_dropped",
    ),
    Mutation(
        guard="a map's news are told after its commit",
        file="bookings/news.py",
        old="    transaction.on_commit(tell, robust=True)",
        new="    tell()",
        test="bookings/tests/test_live_news.py::test_what_was_rolled_back_is_not_told",
        needs_mariadb=True,
    ),
    Mutation(
        guard="a dead Redis ends no news for good",
        file="bookings/news.py",
        old="    except (RedisError, OSError) as error:\n        leave_alone(_REDIS, error)\n",
        new="    finally:\n        pass\n",
        test="bookings/tests/test_live_news.py::test_a_dead_redis_is_tried_once_and_keeps_no_hold_waiting",
        needs_mariadb=True,
    ),
]
