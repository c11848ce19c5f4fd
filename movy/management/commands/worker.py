"""`manage.py worker`: everything that happens later. Any number may run; each job may run twice."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connection

from bookings.flows import showings_open_due
from movy.health import WORKER, heartbeat
from movy.idempotency.services import answers_prune
from movy.lib.clock import database_now
from movy.lib.http import OutsideUnavailable
from movy.outbox.services import mail_send_due
from payments.flows import (
    callings_off_go_on,
    holds_release_overdue,
    payments_poll,
    payments_reconcile,
    refunds_follow,
)
from payments.webhooks import inbox_handle

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 60  # after a failure


@dataclass
class Job:
    """Something the worker does again and again: `run` returns how much there was to do."""

    name: str
    run: Callable[[], int]
    every_seconds: float
    due_at: float = 0.0


def jobs() -> list[Job]:
    """Return the worker's jobs; the order is the order within one round."""
    return [
        Job("heartbeat", _beat, 10),
        Job("inbox", inbox_handle, 1),
        Job("opened", showings_open_due, 1),
        Job("holds", holds_release_overdue, 2),
        Job("payments", payments_poll, 2),
        Job("reconciled", payments_reconcile, 24 * 3600),
        Job("called off", callings_off_go_on, 1),
        Job("refunds", refunds_follow, 1),
        Job("mail", lambda: mail_send_due(now=database_now()), 1),
        Job("answers", answers_prune, 60),
    ]


def _beat() -> int:
    heartbeat(WORKER)
    return 0


class Command(BaseCommand):
    help = "End lapsed holds, ask Paystack, follow refunds, send mail. Stop it with SIGTERM; run as many as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            if threading.current_thread() is threading.main_thread():
                signal.signal(name, lambda *_signal: stop.set())
        all_jobs = jobs()
        while not stop.is_set():
            for job in all_jobs:
                if stop.is_set() or time.monotonic() < job.due_at:
                    continue
                job.due_at = time.monotonic() + job.every_seconds
                self._run(job)
            if options["once"]:
                return
            stop.wait(0.5)

    def _run(self, job: Job) -> None:
        """Run a job. One that fails is logged and due again after a minute at most, and the others go on."""
        close_old_connections()
        try:
            done = job.run()
        except Exception as error:
            job.due_at = time.monotonic() + min(job.every_seconds, AGAIN_SECONDS)
            if isinstance(error, OutsideUnavailable):
                logger.warning("job waits: %s: %s", job.name, error.reason)
            else:
                logger.exception("job failed: %s", job.name)
                connection.close()
        else:
            if done:
                self.stdout.write(f"{job.name}={done}")
