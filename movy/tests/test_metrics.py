"""What /metrics shows, to whom, and that nothing makes it fail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from bookings.folding import showing_fold, showings_unfolded
from bookings.models import Booking
from bookings.tests.factories import buyer, showtime_on_sale
from catalog.models import Showtime
from movy import metrics as module
from movy.health import WORKER, heartbeat
from movy.lib.clock import database_now
from movy.lib.db import ATTEMPTS, Busy, again, run_in_transaction
from movy.metrics import QUERIES
from movy.models import Heartbeat
from movy.outbox.models import Mail
from payments.models import Finding, FindingKind, Payment, Refund, RefundReason, Walk, WalkPhase, WebhookMessage
from payments.tests.factories import attempt, coming_showtime, held_booking
from payments.webhooks import message_store
from tests.site import Site

pytestmark = pytest.mark.django_db

TOKEN = "thirty-two-characters-of-nonsense"


@pytest.fixture(autouse=True)
def token(settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def scrape() -> dict[tuple[str, ...], float]:
    """Return every sample by its name and the values of its labels."""
    answer = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.content.decode())
    return {(row.name, *row.labels.values()): row.value for family in families for row in family.samples}


def test_without_a_token_in_the_environment_there_is_nothing(client, settings):
    settings.METRICS_TOKEN = ""
    for headers in ({}, {"authorization": "Bearer "}):
        assert client.get("/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize("said", ["", "Bearer", f"Bearer {TOKEN}x", TOKEN, f"Basic {TOKEN}", "Bearer ₦"])
def test_nobody_reads_it_without_the_token(client, said):
    answer = client.get("/metrics", headers={"authorization": said})
    assert (answer.status_code, answer["WWW-Authenticate"], answer.content) == (401, "Bearer", b"")


def test_a_scrape_costs_the_same_however_much_there_is(paystack):
    showtime = coming_showtime(seats=["A1", "A2", "A3"])
    with CaptureQueriesContext(connection) as few:
        scrape()
    for label in ("A1", "A2", "A3"):
        attempt(held_booking(showtime, (label,), who=buyer(f"buyer-{label}")))
    with CaptureQueriesContext(connection) as many:
        scrape()
    assert len(few) == len(many) == QUERIES


def test_holds_and_attempts_are_counted_by_what_they_wait_for(paystack):
    showtime = coming_showtime(seats=["A1", "A2", "A3"])
    now = database_now()
    held = [held_booking(showtime, (label,), who=buyer(f"buyer-{label}")) for label in ("A1", "A2", "A3")]
    attempts = [attempt(booking) for booking in held]
    Booking.objects.filter(pk=held[0].pk).update(hold_expires_at=now - timedelta(minutes=3))
    for made, minutes in zip(attempts, (1, 30, 60 * 30), strict=True):
        Payment.objects.filter(pk=made.pk).update(created_at=now - timedelta(minutes=minutes))
    shown = scrape()
    assert (shown[("movy_holds_live",)], shown[("movy_holds_lapsed",)]) == (2, 1)
    assert 180 <= shown[("movy_holds_lapsed_age_seconds",)] < 240
    assert {name: shown[("movy_payments_pending", name)] for name in ("10m", "1h", "1d", "older")} == {
        "10m": 1,
        "1h": 1,
        "1d": 0,
        "older": 1,
    }


def test_past_showings_that_are_not_folded_count_when_they_are_a_day_late():
    ends = showtime_on_sale(["C4"]).ends_at
    folding_due = ends + timedelta(days=settings.SEATS_KEPT_DAYS)
    assert showings_unfolded(now=folding_due + timedelta(hours=23)) == 0
    assert showings_unfolded(now=folding_due + timedelta(hours=24)) == 1
    Showtime.objects.update(
        starts_at=F("starts_at") - timedelta(days=3650), ends_at=F("ends_at") - timedelta(days=3650)
    )
    assert scrape()[("movy_showings_unfolded",)] == 1
    with transaction.atomic():
        assert showing_fold(Showtime.objects.get().pk, now=database_now())
    assert scrape()[("movy_showings_unfolded",)] == 0


def test_messages_refunds_and_mails_show_how_many_wait_and_since_when(paystack):
    now = database_now()
    hour_ago = now - timedelta(hours=1)
    for number, columns in enumerate([{}, {"next_try_at": None}, {"handled_at": now, "next_try_at": None}]):
        digest = message_store(f'{{"number": {number}}}'.encode(), now=now)
        WebhookMessage.objects.filter(digest=digest).update(received_at=hour_ago, **columns)
    payment = attempt(held_booking(coming_showtime()))
    for status in ("pending", "failed", "failed", "processed"):
        Refund.objects.create(
            reference=f"R-{Refund.objects.count()}",
            payment=payment,
            amount_minor=1,
            currency="NGN",
            reason=RefundReason.OFFICE,
            status=status,
            created_at=hour_ago,
        )
    Mail.objects.all().delete()
    for number, columns in enumerate([{"next_try_at": hour_ago}, {"next_try_at": now + timedelta(hours=1)}, {}]):
        Mail.objects.create(message_id=f"<{number}>", recipients=["ada@movy.test"], content=b"", **columns)
    shown = scrape()
    assert (shown[("movy_messages_waiting",)], shown[("movy_messages_given_up",)]) == (1, 1)
    assert 3600 <= shown[("movy_messages_age_seconds",)] < 3660
    assert {name: shown[("movy_refunds", name)] for name in ("pending", "needs_attention", "failed")} == {
        "pending": 1,
        "needs_attention": 0,
        "failed": 2,
    }
    assert 3600 <= shown[("movy_refunds_age_seconds", "failed")] < 3660
    assert shown[("movy_refunds_age_seconds", "needs_attention")] == 0
    assert (shown[("movy_mails_waiting",)], shown[("movy_mails_given_up",)]) == (2, 1)
    assert 3600 <= shown[("movy_mails_late_seconds",)] < 3660


def test_the_last_whole_comparison_with_paystack_shows_how_long_ago_it_was_and_what_it_left():
    assert scrape()[("movy_walk_age_seconds",)] >= 30 * 24 * 3600  # never
    now = database_now()
    two_days, day = now - timedelta(days=2), now - timedelta(days=1)
    common = {"since_at": two_days, "phase": WalkPhase.CHARGES}
    Walk.objects.create(started_at=two_days, finished_at=two_days, **common)
    Walk.objects.create(started_at=now, **common)  # under way
    Walk.objects.create(started_at=day, finished_at=day, theatre=coming_showtime().screen.theatre, **common)
    for reference, resolved_at in (("a", None), ("b", now)):
        Finding.objects.create(
            kind=FindingKind.STRANGER,
            reference=reference,
            amount_minor=1,
            currency="NGN",
            found_at=now,
            resolved_at=resolved_at,
        )
    shown = scrape()
    assert 48 * 3600 <= shown[("movy_walk_age_seconds",)] < 48 * 3600 + 60
    assert shown[("movy_findings_open",)] == 1


def test_the_worker_and_its_jobs_show_since_when_they_are_silent():
    heartbeat(WORKER)
    heartbeat("mail")
    Heartbeat.objects.filter(name="mail").update(seen_at=database_now() - timedelta(minutes=9))
    shown = scrape()
    assert shown[("movy_seen_age_seconds", WORKER)] < 60
    assert 540 <= shown[("movy_seen_age_seconds", "mail")] < 600


def test_a_database_that_is_away_is_a_number_and_no_error(monkeypatch):
    def away() -> None:
        raise OperationalError(2003, "Can't connect")

    monkeypatch.setattr(module, "database_now", away)
    shown = scrape()
    assert shown[("movy_up", "database")] == 0
    assert ("movy_holds_live",) not in shown
    assert ("movy_transactions_given_up_total",) in shown


def test_a_database_that_goes_away_amid_the_questions_is_one_too(monkeypatch):
    def away(_now: object) -> None:
        raise OperationalError(2013, "Lost connection")

    monkeypatch.setattr(module, "_mails", away)
    assert scrape()[("movy_up", "database")] == 0


def test_a_redis_that_is_away_is_a_number_too(settings):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    settings.CACHES = settings.CACHES | {
        "redis": {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": settings.REDIS_URL,
            "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 0.1},
        }
    }
    assert scrape()[("movy_up", "redis")] == 0


@pytest.mark.parametrize(
    ("path", "labels"),
    [
        ("/movies", ("page", "films", "2xx")),
        ("/api/v1/movies", ("api", "films", "2xx")),
        ("/api/v1/nothing", ("api", "other", "4xx")),
        ("/wp-login.php", ("page", "other", "4xx")),
        ("/admin/", ("page", "office", "3xx")),
    ],
)
def test_requests_are_counted_by_what_they_are_about_and_how_they_were_answered(client, path, labels):
    before = scrape().get(("movy_requests_total", *labels), 0)
    client.get(path)
    shown = scrape()
    assert shown[("movy_requests_total", *labels)] == before + 1
    assert shown[("movy_request_seconds_count", *labels[:2])] >= 1


@pytest.mark.django_db(transaction=True)
def test_transactions_that_run_again_or_are_given_up_are_counted(monkeypatch):
    monkeypatch.setattr("movy.lib.db.time.sleep", lambda _seconds: None)
    before = scrape()

    def deadlock() -> None:
        raise OperationalError(1213, "Deadlock found")

    with pytest.raises(Busy):
        run_in_transaction(deadlock, find=again)
    shown = scrape()
    conflicts, given_up = ("movy_transactions_again_total", "conflict"), ("movy_transactions_given_up_total",)
    assert shown[conflicts] - before.get(conflicts, 0) == ATTEMPTS - 1
    assert shown[given_up] - before[given_up] == 1


def test_the_counts_of_all_processes_are_added_up(tmp_path):
    """Real web processes that count in one folder, and one of them is asked."""
    folder = tmp_path / "counts"
    with Site(workers=2, METRICS_TOKEN=TOKEN, PROMETHEUS_MULTIPROC_DIR=str(folder)) as site:
        for _ in range(30):  # each on a connection of its own, so that both processes get some
            assert site.call("GET", "/api/v1/nothing").status == 404
        answer = site.call("GET", "/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert b'movy_requests_total{door="api",group="other",status="4xx"} 30.0' in answer.body
    assert len(list(folder.glob("counter_*.db"))) >= 1
