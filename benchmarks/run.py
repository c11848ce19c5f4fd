"""The whole benchmark: `make bench`, or `scripts/bench --quick` for a first look. Needs DATABASE_URL and REDIS_URL of
servers that may be filled (scripts/servers.py gives them)."""

from __future__ import annotations

import argparse
import os
import secrets
import tempfile
import time
from pathlib import Path

import django

RESULTS = Path(__file__).parent / "results"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    "DEBUG": "0",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "PAYSTACK_SECRET_KEY": "sk_test_never_called",
    "TRUSTED_PROXIES": "1",  # the client says who it stands for, as nginx does
    "API_READS_PER_MINUTE": "100000000",  # counted, which is part of the figures, but never reached
    "API_WRITES_PER_MINUTE": "100000000",
    "DATABASE_READ_SECONDS": "10",  # a busy machine makes figures worse, not errors
    "LOG_LEVEL": "ERROR",
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="fewer and shorter rounds: under 2 minutes")
    quick = arguments.parse_args().quick
    with tempfile.TemporaryDirectory(prefix="movy-bench-") as folder:
        os.environ |= PRODUCTION | {"MEDIA_ROOT": f"{folder}/media", "BENCHMARK_STATIC_ROOT": f"{folder}/static"}
        django.setup()
        _measure(quick=quick)


def _measure(*, quick: bool) -> None:
    from benchmarks.figures import machine, table, write  # they and what they import want Django set up
    from benchmarks.suite import figures_all

    began = time.monotonic()
    facts = machine()
    figures = figures_all(quick=quick)
    print(table(figures))
    print(f"seconds={time.monotonic() - began:.0f}")
    write(RESULTS / ("quick.json" if quick else "full.json"), figures, facts)


if __name__ == "__main__":
    main()
