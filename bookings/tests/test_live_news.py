"""News of changed maps: told after the commit, once for each change, and never at the price of a booking."""

from __future__ import annotations

import asyncio
import signal

import pytest
from django.conf import settings
from django.db import transaction
from django_redis import get_redis_connection

from bookings.live import listening
from bookings.live.listening import Listener
from bookings.models import Booking
from bookings.news import channel, map_changed, publish
from bookings.services import booking_cancel
from bookings.tests.factories import buyer, hold
from movy.lib import cache
from movy.lib.clock import database_now
from payments.tests.factories import coming_showtime
from scripts.servers import Redis

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def heard():
    """A function that returns which showings news have come of since it was last called."""
    redis = get_redis_connection("redis")
    news = redis.pubsub(ignore_subscribe_messages=True)
    news.subscribe(channel(redis))
    news.get_message(timeout=1)

    def since_last() -> list[int]:
        found = []
        while (message := news.get_message(timeout=0.3)) is not None:
            found.append(int(message["data"]))
        return found

    yield since_last
    news.close()


def test_a_hold_is_told_once_and_after_its_commit(heard):
    showtime = coming_showtime(seats=["C4", "C5"])
    heard()
    with transaction.atomic():
        map_changed(showtime.pk)
        assert heard() == []
    assert heard() == [showtime.pk]
    booking = hold(showtime, ["C4", "C5"], now=database_now())
    assert heard() == [showtime.pk]
    with transaction.atomic():
        booking_cancel(booking.reference, actor_id=None, now=database_now())
    assert heard() == [showtime.pk]


def test_what_was_rolled_back_is_not_told(heard):
    with transaction.atomic():
        map_changed(7)
        transaction.set_rollback(True)
    assert heard() == []


def test_many_changes_at_once_are_told_once_a_showing(heard):
    for _change in range(50):
        map_changed(7)
        map_changed(8)
    assert len(told := heard()) < 20
    assert set(told) == {7, 8}


def test_a_dead_redis_is_tried_once_and_keeps_no_hold_waiting(monkeypatch):
    tries = []
    monkeypatch.setattr("bookings.news.get_redis_connection", lambda alias: tries.append(alias) or refuse())
    showtime = coming_showtime(seats=["C4", "C5"])
    cache.forget_errors()
    for label, name in (("C4", "ada"), ("C5", "kofi")):
        hold(showtime, [label], who=buyer(name), now=database_now())
        publish({showtime.pk})
    assert Booking.objects.count() == 2
    assert len(tries) == 1


def test_the_news_go_on_after_a_redis_that_died(heard):
    cache.leave_alone("redis", ConnectionRefusedError())
    map_changed(7)
    assert heard() == []
    cache.forget_errors()
    map_changed(8)
    assert heard() == [8]


def refuse() -> None:
    raise ConnectionRefusedError


def test_the_listener_passes_on_what_is_told(heard):
    told: list[int] = []

    async def play() -> None:
        listener = Listener(settings.CACHES["redis"]["LOCATION"], told.append)
        listening = asyncio.create_task(listener.listen())
        async with asyncio.timeout(10):
            while not listener.is_listening:
                await asyncio.sleep(0.01)
            redis = get_redis_connection("redis")
            for message in (b"7", b"nonsense", b"-1", b"8"):
                redis.publish(channel(redis), message)
            while len(told) < 2:
                await asyncio.sleep(0.01)
        listening.cancel()

    asyncio.run(play())
    assert told == [7, 8]


def test_a_redis_that_froze_is_not_listened_to_for_long(monkeypatch, tmp_path):
    monkeypatch.setattr(listening, "SILENCE_SECONDS", 0.6)

    async def play(redis: Redis) -> None:
        listener = Listener(redis.url, lambda showtime_id: None)
        task = asyncio.create_task(listener.listen())
        await asyncio.sleep(2.5)
        assert listener.is_listening  # it is asked again and again, and answers
        redis.process.send_signal(signal.SIGSTOP)
        async with asyncio.timeout(10):
            with pytest.raises(TimeoutError, match="silent"):
                await task
        assert not listener.is_listening
        redis.process.kill()  # a frozen one would take its time to end

    with Redis(tmp_path / "redis") as redis:
        asyncio.run(play(redis))
