"""`manage.py reconcile`: compare everything that Paystack has with our books, now, and say what is amiss."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from movy.lib.clock import database_now
from payments.constants import WALK_DAYS, WALK_DAYS_MAX
from payments.flows import walk_go_on
from payments.models import Finding
from payments.services import walk_begin

WAIT_SECONDS = 1
"""Between looks at a step that the worker does, or that waits for Paystack."""


class Command(BaseCommand):
    help = "Walk through Paystack's refunds and charges, settle what was missed and print what needs a person."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=WALK_DAYS, choices=range(1, WALK_DAYS_MAX + 1), metavar="N")

    def handle(self, *args: Any, **options: Any) -> None:
        """Begin a walk, or join the one that runs, and go on with it beside the worker until it is over."""
        now = database_now()
        walk = walk_begin(theatre_id=None, days=options["days"], asked_by_id=None, now=now)
        if walk.started_at != now:
            self.stdout.write(f"joined the walk that began at {walk.started_at:%Y-%m-%d %H:%M} UTC")
        while walk.finished_at is None:
            walk_go_on(walk)
            walk.refresh_from_db()
            if walk.finished_at is None and walk.next_step_at and walk.next_step_at > database_now():
                time.sleep(WAIT_SECONDS)
        for finding in Finding.objects.open():
            self.stdout.write(f"{finding.get_kind_display()}: {finding.reference} {finding.money}")  # type: ignore[attr-defined]
        self.stdout.write(f"looked={walk.looked} found={walk.found}")
