"""The demo in the database: what `demo/` describes as data, stored so that a second run finds it and adds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from demo.theatres import THEATRES
from movy.lib.db import again, run_in_transaction
from movy.management.demo.films import films_load
from movy.management.demo.house import theatre_load
from movy.management.demo.people import people_load
from movy.management.demo.shows import shows_load


@dataclass(frozen=True)
class DemoLoaded:
    """What is there, and how many showtimes this run added."""

    films: int
    theatres: int
    showtimes_added: int


def demo_load(*, now: datetime) -> DemoLoaded:
    """Load the demo, or top it up to 14 days. A transaction a theatre and a screen, each safe to run again."""
    films = run_in_transaction(films_load, find=again)
    theatres = [run_in_transaction(partial(theatre_load, plan, films), find=again) for plan in THEATRES]
    run_in_transaction(people_load, find=again)
    added = 0
    for theatre in theatres:
        for screen in theatre.screens:
            added += run_in_transaction(partial(shows_load, theatre, screen, films, now=now), find=again)
    return DemoLoaded(films=len(films), theatres=len(theatres), showtimes_added=added)
