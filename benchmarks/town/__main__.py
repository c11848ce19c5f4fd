"""Builds a town in the database of DATABASE_URL, which has to be migrated."""

from __future__ import annotations

import argparse
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movy.settings")
django.setup()

from django.conf import settings  # noqa: E402 - what follows wants Django set up

from benchmarks.town.build import DAYS_COMING, DAYS_PAST, SEED, town_build  # noqa: E402
from bookings.models import Booking  # noqa: E402
from movy.lib.clock import database_now  # noqa: E402


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.town", description=__doc__)
    arguments.add_argument("--times", type=int, default=1, help="how many times the demo (1)")
    arguments.add_argument("--days-past", type=int, default=DAYS_PAST, help=f"days that are over ({DAYS_PAST})")
    arguments.add_argument("--days-coming", type=int, default=DAYS_COMING, help=f"today and after ({DAYS_COMING})")
    arguments.add_argument("--seed", type=int, default=SEED, help=f"another seed, another town ({SEED})")
    arguments.add_argument("--beside", action="store_true", help="also where there are bookings already")
    asked = arguments.parse_args()
    if refusal := _refusal(beside=asked.beside):
        print(refusal, file=sys.stderr)
        return 1
    town = town_build(
        times=asked.times,
        now=database_now(),
        days_past=asked.days_past,
        days_coming=asked.days_coming,
        seed=asked.seed,
        say=lambda line: print(line, flush=True),
    )
    for table, count in town.rows.items():
        print(f"{table:40}{count:>12,}")
    print(f"rows={sum(town.rows.values())} seconds={town.seconds:.0f}")
    return 0


def _refusal(*, beside: bool) -> str:
    """Return why this database is left alone; empty when it may be filled."""
    if not (settings.DEBUG or settings.ALLOW_STANDINS):
        return "A town is invented, and this is production. DEBUG=1 or ALLOW_STANDINS=1 says otherwise."
    if Booking.objects.exists() and not beside:
        return "There are bookings in this database. --beside builds a town all the same."
    return ""


if __name__ == "__main__":
    sys.exit(main())
