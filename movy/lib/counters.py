"""What the processes of one Movy count; movy/metrics.py shows it, docs/metrics.md explains each.

A scrape reaches one web process out of several, and never a worker. So where PROMETHEUS_MULTIPROC_DIR names a folder,
each process keeps its counts in a file there and the one that is asked adds them up, with those of processes that have
died. Without it (`make run`, tests) each process knows its own. Counting costs a microsecond or two, asks nobody, and
no label takes a value from a visitor.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, values

FOLDER = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
if FOLDER:
    Path(FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
    # Containers that share the folder have the same few process numbers.
    values.ValueClass = values.MultiProcessValue(lambda: f"{socket.gethostname()}-{os.getpid()}")

COUNTED = CollectorRegistry()

REQUESTS = Counter(
    "movy_requests",
    "Requests answered, by status: 2xx, 3xx, 4xx, 5xx; 502 and 503 by themselves.",
    ["door", "group", "status"],
    registry=COUNTED,
)
REQUEST_SECONDS = Histogram(
    "movy_request_seconds",
    "How long answering took, from Movy's first middleware on.",
    ["door", "group"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=COUNTED,
)
TRANSACTIONS_AGAIN = Counter(
    "movy_transactions_again",
    "Transactions run again as a whole: conflict (deadlock, lock wait) or reconnected (another server).",
    ["why"],
    registry=COUNTED,
)
TRANSACTIONS_GIVEN_UP = Counter(
    "movy_transactions_given_up", "Transactions that the database refused five times in a row.", registry=COUNTED
)
LOST_COMMITS = Counter(
    "movy_lost_commits",
    "COMMITs that nobody answered, by whether the look-up found them done.",
    ["found"],
    registry=COUNTED,
)
OUTSIDE_CALLS = Counter(
    "movy_outside_calls",
    "Calls to the outside: ok, failed, resting (refused by the breaker), busy (too many at once; not sent).",
    ["host", "outcome"],
    registry=COUNTED,
)
OUTSIDE_SECONDS = Histogram(
    "movy_outside_seconds",
    "How long calls to the outside took, failures included.",
    ["host"],
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=COUNTED,
)
OUTSIDE_RESTS_UNTIL = Gauge(
    "movy_outside_rests_until_seconds",
    "Until when (Unix time) some process leaves a failing host alone; in the past: nobody does.",
    ["host"],
    registry=COUNTED,
    multiprocess_mode="max",  # that of a process which has died is soon in the past by itself
)
JOBS_FAILED = Counter("movy_jobs_failed", "Rounds of a worker's job that ended early.", ["job"], registry=COUNTED)
ROWS_FAILED = Counter(
    "movy_rows_failed",
    "Rows that a worker's job could not do: outside (asked again later) or bug (see the log).",
    ["why"],
    registry=COUNTED,
)
LIVE_STREAMS = Gauge(
    "movy_live_streams",
    "Open seat maps that have a stream, as the live process that spoke last counts them.",
    registry=COUNTED,
    multiprocess_mode="mostrecent",  # a sum would keep those of a process that was killed
)
LIVE_LOOKS = Counter("movy_live_looks", "Looks of the live process at a map.", registry=COUNTED)
LIVE_SENT = Counter(
    "movy_live_sent", "What was sent over streams: events, and comments in quiet times.", registry=COUNTED
)
LIVE_REFUSED = Counter(
    "movy_live_refused",
    "Streams refused: live_full (as many as one process may carry), too_many_maps (of one address).",
    ["why"],
    registry=COUNTED,
)
LIVE_DROPPED = Counter(
    "movy_live_dropped", "Streams ended because their reader took too long to take what was sent.", registry=COUNTED
)

# From 0, for the same reason as in movy/middleware.py: the first of them is the one that somebody wants to hear of.
for found in ("yes", "no"):
    LOST_COMMITS.labels(found)
for why in ("outside", "bug"):
    ROWS_FAILED.labels(why)
for why in ("live_full", "too_many_maps"):
    LIVE_REFUSED.labels(why)
