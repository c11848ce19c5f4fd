"""`manage.py worker`: everything that happens later. Any number may run; each job may run twice. docs/runbook.md says
who takes up what a worker had in hand when it was killed."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connection, connections

from bookings.flows import reminders_send, showings_fold_past, showings_open_due
from catalog.alerts import alerts_prune
from catalog.flows import alerts_tell
from movy.freshness import changes_prune
from movy.health import WORKER, heartbeat
from movy.idempotency.services import answers_prune
from movy.lib.clock import database_now
from movy.lib.counters import JOBS_FAILED
from movy.lib.http import OutsideUnavailable
from movy.outbox.services import mail_send_due, mails_prune
from payments.flows import (
    callings_off_go_on,
    holds_release_overdue,
    payments_poll,
    payments_reconcile,
    refunds_follow,
)
from payments.webhooks import inbox_handle, messages_prune

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 60  # after a failure
SEEN_EVERY_SECONDS = 10  # how often it is written down that a job gets through
REST_SECONDS = 0.5  # of a lane in which nothing is due


@dataclass
class Job:
    """Something the worker does again and again: `run` returns how much there was to do."""

    name: str
    run: Callable[[], int]
    every_seconds: float
    due_at: float = 0.0
    seen_at: float = float("-inf")


def lanes() -> dict[str, list[Job]]:
    """Return the worker's jobs. Those of one lane take turns, in this order. The lanes don't wait for each other: a
    silent Paystack keeps no mail, and a silent mail server no refund. A walk through Paystack's lists takes long."""
    return {
        "books": [
            Job(WORKER, lambda: 0, SEEN_EVERY_SECONDS),  # a sign of life
            Job("opened", showings_open_due, 1),
            Job("called off", callings_off_go_on, 1),
            Job("reminded", reminders_send, 30),
            Job("told of openings", alerts_tell, 30),
            Job("folded", showings_fold_past, 3),
            Job("answers", answers_prune, 60),
            Job("old mail", lambda: mails_prune(now=database_now()), 60),
            Job("old alerts", lambda: alerts_prune(now=database_now()), 600),
            Job("old changes", lambda: changes_prune(now=database_now()), 600),
            Job("old messages", lambda: messages_prune(now=database_now()), 60),
        ],
        "paystack": [
            Job("inbox", inbox_handle, 1),
            Job("holds", holds_release_overdue, 2),
            Job("payments", payments_poll, 2),
            Job("refunds", refunds_follow, 1),
        ],
        "walk": [Job("reconciled", payments_reconcile, 2)],
        "mail": [Job("mail", lambda: mail_send_due(now=database_now()), 1)],
    }


class Command(BaseCommand):
    help = "End lapsed holds, ask Paystack, follow refunds, send mail. Stop it with SIGTERM; run as many as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            for jobs in lanes().values():
                self._round(jobs)
            return
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_signal: stop.set())
        self.work(lanes(), stop)

    def work(self, all_lanes: dict[str, list[Job]], stop: threading.Event) -> None:
        """Keep a thread a lane at work until `stop`; jobs in hand are finished. Raises RuntimeError when a lane has
        died of something that is no job's failure: whoever keeps the worker alive then starts a whole one."""
        threads = [
            threading.Thread(target=self._lane, args=(jobs, stop), name=name, daemon=True)
            for name, jobs in all_lanes.items()
        ]
        for thread in threads:
            thread.start()
        while not stop.wait(REST_SECONDS):
            if dead := [thread.name for thread in threads if not thread.is_alive()]:
                raise RuntimeError(f"the worker lost a lane: {', '.join(dead)}")
        for thread in threads:
            thread.join()

    def _lane(self, jobs: list[Job], stop: threading.Event) -> None:
        try:
            while not stop.is_set():
                self._round(jobs, stop)
                stop.wait(REST_SECONDS)
        finally:
            connections.close_all()

    def _round(self, jobs: list[Job], stop: threading.Event | None = None) -> None:
        """Run those of a lane's jobs that are due."""
        for job in jobs:
            if stop and stop.is_set():
                return
            if time.monotonic() >= job.due_at:
                job.due_at = time.monotonic() + job.every_seconds
                self._run(job)

    def _run(self, job: Job) -> None:
        """Run a job. One that fails is logged and due again after a minute at most, and the others go on."""
        close_old_connections()
        try:
            done = job.run()
            if time.monotonic() - job.seen_at >= SEEN_EVERY_SECONDS:
                heartbeat(job.name)
                job.seen_at = time.monotonic()
        except Exception as error:
            JOBS_FAILED.labels(job.name).inc()
            job.due_at = time.monotonic() + min(job.every_seconds, AGAIN_SECONDS)
            if isinstance(error, OutsideUnavailable):
                logger.warning("job waits: %s: %s", job.name, error.reason)
            else:
                logger.exception("job failed: %s", job.name)
                connection.close()
        else:
            if done:
                self.stdout.write(f"{job.name}={done}")
