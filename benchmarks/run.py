"""The whole benchmark: `make bench`, or `make bench-quick` for a first look. Needs DATABASE_URL and REDIS_URL of
servers that may be filled (scripts/servers.py gives them).

    scripts/bench [--quick] [--runs 3]
"""

from __future__ import annotations

import argparse
import os
import secrets
import tempfile
import time
from urllib.parse import urlsplit

import MySQLdb

from benchmarks.report import report_text, report_write
from benchmarks.results import kept, write
from benchmarks.rows import FULL, QUICK
from benchmarks.suite import runs

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    "DEBUG": "0",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "PAYSTACK_SECRET_KEY": "sk_test_never_called",
    "TRUSTED_PROXIES": "1",  # the client says who it stands for, as nginx does
    "API_READS_PER_MINUTE": "100000000",  # counted, which is part of the figures, but never reached
    "API_WRITES_PER_MINUTE": "100000000",
    "LIVE_CONNECTIONS_PER_ADDRESS": "100000",  # all maps are opened from here
    "DATABASE_READ_SECONDS": "60",  # millions of rows are counted; a busy machine makes figures worse, not errors
    "LOG_LEVEL": "ERROR",
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="about two minutes, without growth")
    arguments.add_argument("--runs", type=int, default=1, help="measure so many times, to see that they agree (1)")
    asked = arguments.parse_args()
    name, size = ("quick", QUICK) if asked.quick else ("full", FULL)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="movy-bench-") as folder:
        environments = {
            town: PRODUCTION
            | _servers(number, town)
            | {"MEDIA_ROOT": f"{folder}/media{town}", "BENCHMARK_STATIC_ROOT": f"{folder}/static{town}"}
            for number, town in enumerate(size.towns)
        }
        found = runs(environments, size, times=asked.runs, say=lambda line: print(line, flush=True))
    write(name, [*kept(name), *found])
    print(report_text(kept(name)))
    print(f"seconds={time.monotonic() - began:.0f}")
    if not asked.quick:
        report_write()


def _servers(number: int, town: int) -> dict[str, str]:
    """Make a database for a town; return its address, and that of a part of Redis which nobody else uses."""
    address = urlsplit(os.environ["DATABASE_URL"])
    link = MySQLdb.connect(
        host=address.hostname, port=address.port, user=address.username, password=address.password or ""
    )
    link.query(f"CREATE DATABASE town{town} CHARACTER SET utf8mb4")
    link.close()
    redis = urlsplit(os.environ["REDIS_URL"])
    return {
        "DATABASE_URL": address._replace(path=f"/town{town}").geturl(),
        "REDIS_URL": redis._replace(path=f"/{number}").geturl(),
    }


if __name__ == "__main__":
    main()
