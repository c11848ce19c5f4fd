"""`manage.py demo`: a world to try Movy in. Safe to run again: it tops the showtimes up and touches nothing else."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from movy.lib.clock import database_now
from movy.management.demo import demo_load


class Command(BaseCommand):
    help = "Load the demo: films, four theatres, showtimes for the next 14 days, sign-ins. Again tops it up."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        loaded = demo_load(now=database_now())
        if verbosity:
            self.stdout.write(
                f"films={loaded.films} theatres={loaded.theatres} showtimes_added={loaded.showtimes_added}"
            )
