"""What /metrics shows: what the processes counted (movy/lib/counters.py), and what the database says at this moment.

How many holds run, how old the oldest mail is: only the database knows, whichever process is asked, so it is asked at
each scrape. QUERIES queries at most, each by an index and over rows that are still open, never over what was done. A
database or a Redis that is away is a number here, not an error; docs/metrics.md explains them all.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error as DatabaseError
from django.db.models import Case, CharField, Count, Max, Min, Q, Value, When
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from bookings.folding import showings_unfolded
from bookings.models import Booking, BookingStatus
from movy.health import redis_answers
from movy.lib.clock import database_now
from movy.lib.counters import COUNTED, FOLDER
from movy.models import Heartbeat
from movy.outbox.models import Mail
from payments.models import Finding, Payment, PaymentStatus, Refund, RefundStatus, Walk, WebhookMessage

QUERIES = 11

AGES = (("10m", timedelta(minutes=10)), ("1h", timedelta(hours=1)), ("1d", timedelta(days=1)))
"""How old an attempt to pay is, at most; what is older is "older"."""

OPEN_REFUNDS = (RefundStatus.PENDING, RefundStatus.NEEDS_ATTENTION, RefundStatus.FAILED)


def metrics() -> bytes:
    """Return everything in Prometheus's text format. Raises nothing that a database or a Redis can do."""
    counted = COUNTED
    if FOLDER:
        counted = CollectorRegistry()
        MultiProcessCollector(counted, path=FOLDER)
    asked = CollectorRegistry()
    asked.register(_Asked())
    return generate_latest(counted) + generate_latest(asked)


class _Asked(Collector):
    """The gauges that are asked for at a scrape."""

    def describe(self) -> list[Metric]:
        return []  # or registering would ask the database

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("movy_up", "1 while a part answers, else 0.", labels=["part"])
        started = time.monotonic()
        try:
            asked = list(_of_the_database(database_now()))
        except DatabaseError:
            asked = []
        up.add_metric(["database"], float(bool(asked)))
        yield _plain("movy_database_seconds", "How long all questions of this scrape took.", time.monotonic() - started)
        if settings.REDIS_URL:
            up.add_metric(["redis"], float(redis_answers()))
        yield up
        yield from asked


def _of_the_database(now: datetime) -> Iterator[Metric]:
    yield from _heartbeats(now)
    yield from _holds(now)
    yield _payments(now)
    yield from _messages(now)
    yield from _refunds(now)
    yield from _mails(now)
    yield from _walks(now)
    yield _plain(
        "movy_showings_unfolded", "Past showings a day late to be folded, to 1000.", showings_unfolded(now=now)
    )


def _heartbeats(now: datetime) -> Iterator[Metric]:
    """One row for the worker, one for each of its jobs, and one for the live process."""
    age = GaugeMetricFamily("movy_seen_age_seconds", "Since a process, or a job, was last well.", labels=["who"])
    for beat in Heartbeat.objects.order_by("name"):
        age.add_metric([beat.name], _seconds(beat.seen_at, now))
    yield age


def _holds(now: datetime) -> Iterator[Metric]:
    is_lapsed = Q(hold_expires_at__lte=now)
    held = Booking.objects.filter(status=BookingStatus.HELD).aggregate(
        live=Count("pk", filter=~is_lapsed),
        lapsed=Count("pk", filter=is_lapsed),
        oldest=Min("hold_expires_at", filter=is_lapsed),
    )
    yield _plain("movy_holds_live", "Holds that run.", held["live"])
    yield _plain("movy_holds_lapsed", "Holds past their time that the worker has not ended.", held["lapsed"])
    yield _plain("movy_holds_lapsed_age_seconds", "Since the oldest of them lapsed.", _seconds(held["oldest"], now))


def _payments(now: datetime) -> Metric:
    """Attempts that are still asked about, by age."""
    younger_than = [When(created_at__gt=now - span, then=Value(name)) for name, span in AGES]
    rows = (
        Payment.objects.filter(next_check_at__isnull=False, status=PaymentStatus.PENDING)
        .order_by()
        .annotate(age=Case(*younger_than, default=Value("older"), output_field=CharField()))
        .values_list("age")
        .annotate(Count("pk"))
    )
    pending = GaugeMetricFamily("movy_payments_pending", "Open attempts to pay, by age at most.", labels=["age"])
    counts = dict(rows)
    for name in (*(name for name, _span in AGES), "older"):
        pending.add_metric([name], counts.get(name, 0))
    return pending


def _messages(now: datetime) -> Iterator[Metric]:
    is_given_up = Q(next_try_at=None)
    rows = WebhookMessage.objects.filter(handled_at=None).aggregate(
        waiting=Count("pk", filter=~is_given_up),
        given_up=Count("pk", filter=is_given_up),
        oldest=Min("received_at", filter=~is_given_up),
    )
    yield _plain("movy_messages_waiting", "Messages of Paystack that are not handled.", rows["waiting"])
    yield _plain("movy_messages_age_seconds", "Since the oldest of them came.", _seconds(rows["oldest"], now))
    yield _plain("movy_messages_given_up", "Messages that could never be handled.", rows["given_up"])


def _refunds(now: datetime) -> Iterator[Metric]:
    rows = Refund.objects.filter(status__in=OPEN_REFUNDS).order_by().values_list("status")
    found = {status: (count, oldest) for status, count, oldest in rows.annotate(Count("pk"), Min("created_at"))}
    refunds = GaugeMetricFamily("movy_refunds", "Refunds that have not ended well, by state.", labels=["status"])
    age = GaugeMetricFamily("movy_refunds_age_seconds", "Since the oldest of them was asked for.", labels=["status"])
    for status in OPEN_REFUNDS:
        count, oldest = found.get(status, (0, None))
        refunds.add_metric([status], count)
        age.add_metric([status], _seconds(oldest, now))
    yield refunds
    yield age


def _mails(now: datetime) -> Iterator[Metric]:
    is_due, is_given_up = Q(next_try_at__lte=now), Q(next_try_at=None)
    rows = Mail.objects.filter(sent_at=None).aggregate(
        waiting=Count("pk", filter=~is_given_up),
        given_up=Count("pk", filter=is_given_up),
        oldest=Min("next_try_at", filter=is_due),
    )
    yield _plain("movy_mails_waiting", "Mails that are still to go out.", rows["waiting"])
    yield _plain("movy_mails_late_seconds", "Since the oldest was due and nobody tried.", _seconds(rows["oldest"], now))
    yield _plain("movy_mails_given_up", "Mails whose tries are used up.", rows["given_up"])


def _walks(now: datetime) -> Iterator[Metric]:
    """How long the day's comparison with Paystack is ago; a month, if there was none in the last one."""
    since = now - timedelta(days=30)
    daily = Walk.objects.filter(theatre=None, asked_by=None, started_at__gt=since)
    finished = daily.aggregate(at=Max("finished_at"))["at"] or since
    yield _plain(
        "movy_walk_age_seconds", "Since all of Paystack was last compared with our books.", _seconds(finished, now)
    )
    found = Finding.objects.filter(resolved_at=None).count()
    yield _plain("movy_findings_open", "What that found and nobody has seen to.", found)


def _plain(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)


def _seconds(since: datetime | None, now: datetime) -> float:
    """Return an age, 0 for what isn't there."""
    return max(0.0, (now - since).total_seconds()) if since else 0.0
