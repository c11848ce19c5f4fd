"""The worker's lanes: what hangs in one keeps no other waiting, what fails is counted, and no lane is silently lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import contextmanager

import pytest
from django.db import OperationalError

from movy.health import WORKER
from movy.lib.counters import COUNTED
from movy.management.commands.worker import Command, Job, lanes
from movy.models import Heartbeat
from scripts.manage import patience

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 20


@contextmanager
def working(all_lanes: dict[str, list[Job]]):
    """A worker of this process in a thread of its own, with these lanes."""
    stop = threading.Event()
    worker = threading.Thread(target=Command().work, args=(all_lanes, stop), daemon=True)
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join(SECONDS)
    assert not worker.is_alive()


def done(event: threading.Event) -> Callable[[], int]:
    def run() -> int:
        event.set()
        return 0

    return run


def test_a_mail_server_that_hangs_keeps_no_refund_waiting():
    hangs, goes_on, refunded = threading.Event(), threading.Event(), threading.Event()

    def hang() -> int:
        hangs.set()
        goes_on.wait(SECONDS)
        return 0

    with working({"mail": [Job("mail", hang, 0)], "paystack": [Job("refunds", done(refunded), 0)]}):
        assert hangs.wait(SECONDS)
        refunded.clear()
        assert refunded.wait(SECONDS)
        goes_on.set()


def test_a_job_that_fails_is_counted_and_not_seen_and_those_after_it_are_done():
    after = threading.Event()

    def fail() -> int:
        raise ValueError("a bug")

    before = COUNTED.get_sample_value("movy_jobs_failed_total", {"job": "fails"}) or 0
    with working({"books": [Job("fails", fail, 0), Job("after", done(after), 0)]}):
        assert after.wait(SECONDS)
    assert COUNTED.get_sample_value("movy_jobs_failed_total", {"job": "fails"}) == before + 1
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"after"}


def test_a_database_that_comes_back_finds_its_lane_at_work():
    again, tries = threading.Event(), []

    def flicker() -> int:
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError(2013, "Lost connection")
        again.set()
        return 0

    job = Job("flickers", flicker, 0)
    with working({"books": [job]}):
        assert again.wait(SECONDS)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_worker_that_lost_a_lane_ends_so_that_a_whole_one_is_started():
    def die() -> int:
        raise SystemExit

    with pytest.raises(RuntimeError, match="mail"):
        Command().work({"mail": [Job("mail", die, 0)], "books": []}, threading.Event())


def test_every_job_has_a_name_of_its_own_that_fits_its_row_and_one_is_the_sign_of_life():
    names = [job.name for jobs in lanes().values() for job in jobs]
    assert len(names) == len(set(names))
    assert max(map(len, names)) <= Heartbeat._meta.get_field("name").max_length
    assert WORKER in names


@pytest.mark.parametrize(
    ("command", "seconds"), [(["worker"], "10"), (["worker", "--once"], "10"), (["migrate"], "3600"), ([], "3600")]
)
def test_the_database_may_take_longer_over_a_command_than_over_a_page(command, seconds):
    assert patience(command) == seconds
