"""Walks through what Paystack has: they find what nobody told us, may stop anywhere, and run once."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import requests
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from bookings.models import Booking, BookingStatus
from bookings.tests.factories import buyer
from movy.lib.clock import database_now
from movy.lib.http import forget_failures
from movy.lib.money import Money
from payments.constants import WALK_DAYS, WALK_LEASE, WALK_TRIES
from payments.flows import payment_look, payments_poll, payments_reconcile, refunds_follow, walking
from payments.flows.walking import walk_go_on
from payments.gateway import paystack as gateway
from payments.locks import payment_locked
from payments.models import Finding, FindingKind, Payment, PaymentStatus, Refund, RefundReason, RefundStatus, Walk
from payments.services import refund_adopt, refund_request, walk_advance, walk_begin
from payments.services.walks import walk_claim
from payments.tests.factories import attempt, charge, coming_showtime, held_booking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "audit")]

LABELS = ("A1", "A2", "A3", "A4", "A5", "A6")


@pytest.fixture
def booking() -> Booking:
    return held_booking()


def paid(booking: Booking) -> Payment:
    payment = attempt(booking)
    charge(payment)
    return payment_look(payment.reference, via=gateway.WORKER)


def unwatched(booking: Booking) -> Payment:
    """Paid, its message lost, and nobody asks any more."""
    payment = attempt(booking)
    Payment.objects.filter(pk=payment.pk).update(next_check_at=None)
    charge(payment)
    return payment


def at_paystack(method: str, path: str, **body: Any) -> Any:
    """Do something in Paystack's dashboard, or with its API past Movy."""
    answer = requests.request(
        method,
        settings.PAYSTACK_BASE_URL + path,
        json=body,
        headers={"Authorization": f"Bearer {settings.PAYSTACK_SECRET_KEY}"},
        timeout=5,
    )
    assert answer.ok, answer.text
    return answer.json()["data"]


def refunded_there(payment: Payment, amount: int) -> Any:
    return at_paystack("POST", "/refund", transaction=payment.reference, amount=amount)


def of_account() -> Walk:
    return walk_begin(theatre_id=None, days=3, asked_by_id=None, now=database_now())


def of_theatre(booking: Booking) -> Walk:
    theatre_id = booking.showtime.screen.theatre_id
    return walk_begin(theatre_id=theatre_id, days=3, asked_by_id=None, now=database_now())


def finish(walk: Walk) -> int:
    found = walk_go_on(walk, steps=50)
    walk.refresh_from_db()
    assert walk.finished_at
    return found


def state(row: Any) -> str:
    row.refresh_from_db()
    return str(row.status)


# ---- What a walk finds


@pytest.mark.parametrize("begin", [lambda booking: of_account(), of_theatre], ids=["account", "theatre"])
def test_a_lost_message_that_nobody_watched_for_is_found(booking, begin):
    payment = unwatched(booking)
    assert payments_poll() == 0
    walk = begin(booking)
    assert finish(walk) == 1
    assert (state(payment), state(booking)) == (PaymentStatus.PAID, BookingStatus.CONFIRMED)
    assert (walk.looked, walk.total, walk.found) == (1, 1, 1)
    assert finish(begin(booking)) == 0


@pytest.mark.parametrize("begin", [lambda booking: of_account(), of_theatre], ids=["account", "theatre"])
def test_a_refund_made_in_the_dashboard_is_brought_into_the_books_once(booking, begin):
    payment = paid(booking)
    there = refunded_there(payment, 100_000)
    assert finish(begin(booking)) == 1
    refund = Refund.objects.get()
    assert (refund.reason, refund.amount_minor, refund.provider_id) == (
        RefundReason.AT_PAYSTACK,
        100_000,
        str(there["id"]),
    )
    payment.refresh_from_db()
    assert payment.refunded_minor == 100_000
    refunds_follow()
    finish(begin(booking))
    assert Refund.objects.count() == 1
    assert len(requests.get(f"{settings.PAYSTACK_BASE_URL}/_standin/refunds", timeout=5).json()) == 1


def test_two_workers_that_both_missed_a_refund_write_it_down_once(booking):
    payment = paid(booking)
    refunded_there(payment, 100_000)
    (told,) = gateway.refunds_of(payment.provider_id)
    for _worker in range(2):
        with transaction.atomic():
            refund_adopt(payment_locked(payment.reference), told, now=database_now())
    assert Refund.objects.get().amount_minor == 100_000


def refund_of(payment: Payment, minor: int) -> Refund:
    with transaction.atomic():
        return refund_request(
            payment_locked(payment.reference),
            money=Money(minor, payment.currency),
            reason=RefundReason.OFFICE,
            now=database_now(),
        )


def set_state(refund: Refund, status: str) -> None:
    refund.refresh_from_db()
    control = f"{settings.PAYSTACK_BASE_URL}/_standin/refunds/{refund.provider_id}"
    assert requests.patch(control, json={"status": status}, timeout=5).ok


def follow() -> None:
    Refund.objects.filter(next_check_at__isnull=False).update(next_check_at=database_now())
    refunds_follow()


def failed(payment: Payment, paystack: Any, minor: int = 350_000) -> Refund:
    """A refund of ours that Paystack has told us failed."""
    paystack.account.faults.add("refund_stuck")
    refund = refund_of(payment, minor)
    follow()
    set_state(refund, "failed")
    follow()
    assert state(refund) == RefundStatus.FAILED
    return refund


def test_a_refund_made_in_the_dashboard_takes_the_place_of_ours_that_failed(booking, paystack):
    payment = paid(booking)
    refund = failed(payment, paystack)
    refunded_there(payment, 350_000)
    assert finish(of_account()) == 1
    assert state(refund) == RefundStatus.PENDING
    set_state(refund, "processed")
    follow()
    assert state(refund) == RefundStatus.PROCESSED
    assert Refund.objects.count() == 1


def test_a_failed_refund_that_paystack_pays_after_all_is_paid_here_too(booking, paystack):
    refund = failed(paid(booking), paystack)
    set_state(refund, "processed")
    assert finish(of_theatre(booking)) == 1
    assert state(refund) == RefundStatus.PROCESSED


def test_more_back_than_the_books_can_hold_is_shown_and_the_books_stay(booking, paystack):
    payment = paid(booking)
    paystack.account.faults.add("refund_stuck")
    refund_of(payment, 350_000)  # written here, not asked for yet
    there = refunded_there(payment, 100_000)
    finish(of_account())
    assert Finding.objects.open().get().kind == FindingKind.OVER_REFUNDED
    follow()  # Paystack refuses ours: not so much is left
    assert Refund.objects.get().status == RefundStatus.FAILED
    requests.patch(f"{settings.PAYSTACK_BASE_URL}/_standin/refunds/{there['id']}", json={"status": "failed"}, timeout=5)
    finish(of_account())


def stranger(status: str = "success") -> None:
    """A charge under a reference that Movy never made: "SHOP-1"."""
    control = f"{settings.PAYSTACK_BASE_URL}/_standin/transactions/SHOP-1"
    if requests.get(control, timeout=5).status_code == 404:
        at_paystack("POST", "/transaction/initialize", email="x@y.test", amount=5_000_00, reference="SHOP-1")
    assert requests.patch(control, json={"status": status, "webhook": False}, timeout=5).ok


def test_a_charge_of_nobody_is_shown_until_it_has_gone_back():
    stranger()
    assert finish(of_account()) == 1
    finding = Finding.objects.open().get()
    assert (finding.kind, finding.reference, finding.payment) == (FindingKind.STRANGER, "SHOP-1", None)
    assert finish(of_account()) == 0
    stranger("reversed")
    finish(of_account())
    assert not Finding.objects.open().exists()


@pytest.mark.parametrize("begin", [lambda booking: of_account(), of_theatre], ids=["account", "theatre"])
@pytest.mark.parametrize(
    ("status", "kind"), [("reversed", FindingKind.TAKEN_BACK), ("failed", FindingKind.UNPAID)], ids=str
)
def test_a_charge_that_paystack_takes_back_is_shown_until_it_is_paid_again(booking, begin, status, kind):
    payment = paid(booking)
    charge(payment, status=status)
    assert finish(begin(booking)) == 1
    assert Finding.objects.open().get().kind == kind
    assert state(booking) == BookingStatus.CONFIRMED  # a person decides
    charge(payment)
    assert finish(begin(booking)) == 1
    assert not Finding.objects.open().exists()


def test_a_list_that_lies_is_not_believed_against_a_payment(booking, paystack):
    paid(booking)
    paystack.account.faults.add("wrong_status", value="failed", operation="list")
    assert finish(of_account()) == 0
    assert not Finding.objects.exists()


def test_what_a_walk_finds_under_another_sum_is_shown(booking, paystack):
    payment = paid(booking)
    charge(payment, amount=1)
    finish(of_account())
    assert Finding.objects.open().get().kind == FindingKind.DIFFERS


def test_a_fee_that_was_not_told_at_once_is_kept_by_the_walk(booking):
    payment = paid(booking)
    payment.refresh_from_db()
    told = (payment.fees_minor, payment.theatre_minor, payment.platform_minor)
    assert sum(told) == payment.charged_minor
    Payment.objects.update(fees_minor=None, theatre_minor=None, platform_minor=None)
    assert finish(of_account()) == 1
    payment.refresh_from_db()
    assert (payment.fees_minor, payment.theatre_minor, payment.platform_minor) == told


# ---- How a walk goes


def test_a_walk_that_is_killed_halfway_is_taken_up_by_another_worker_where_it_stopped(monkeypatch):
    monkeypatch.setattr(walking, "WALK_STEP", 2)
    showtime = coming_showtime(seats=list(LABELS))
    payments = [unwatched(held_booking(showtime, (label,), who=buyer(label))) for label in LABELS]
    walk = of_theatre(payments[0].booking)
    walk_go_on(walk, steps=1)
    assert [state(payment) for payment in payments[:3]] == ["paid", "paid", "pending"]
    assert walk_claim(walk, now=database_now())  # and this worker dies in the middle of its step
    payment_look(payments[2].reference, via=gateway.WORKER)
    other = Walk.objects.get()
    assert walk_go_on(other, steps=9) == 0  # the step is not anybody's yet
    assert not Walk.objects.due(database_now()).exists()
    Walk.objects.update(next_step_at=database_now() - timedelta(seconds=1))  # WALK_LEASE later
    assert finish(Walk.objects.get()) == 3
    assert {state(payment) for payment in payments} == {"paid"}
    other.refresh_from_db()
    assert (other.looked, other.found) == (6, 5)  # what the dead one had settled is nothing new


def test_a_worker_that_lingered_past_its_time_undoes_nothing(booking):
    walk = of_theatre(booking)
    lingering = Walk.objects.get()
    assert walk_claim(lingering, now=database_now())
    Walk.objects.update(next_step_at=database_now())
    finish(Walk.objects.get())
    now = database_now()
    assert not walk_advance(lingering, position=0, looked=9, total=9, found=9, is_last=False, now=now)
    walk.refresh_from_db()
    assert (walk.looked, walk.slot) == (0, None)


def test_a_step_is_claimed_by_one_worker():
    walk = of_account()
    same = Walk.objects.get()
    assert walk_claim(walk, now=database_now())
    assert not walk_claim(same, now=database_now())
    assert walk.next_step_at > database_now() + WALK_LEASE / 2


def test_started_twice_it_is_one_walk(booking):
    assert of_theatre(booking) == of_theatre(booking)
    assert of_account() == of_account()
    assert Walk.objects.count() == 2


def test_the_worker_begins_one_walk_a_day(booking):
    assert payments_reconcile() == 0
    walk = Walk.objects.get()
    assert walk.started_at - walk.since_at == timedelta(days=WALK_DAYS)
    assert walk.finished_at
    payments_reconcile()
    assert Walk.objects.count() == 1
    Walk.objects.update(started_at=database_now() - timedelta(hours=25))
    payments_reconcile()
    assert Walk.objects.count() == 2


def test_a_shorter_walk_from_a_shell_does_not_stand_for_the_days():
    output = StringIO()
    call_command("reconcile", days=1, stdout=output)
    assert output.getvalue() == "looked=0 found=0\n"
    payments_reconcile()
    assert Walk.objects.count() == 2


def test_the_command_settles_and_names_what_needs_a_person(booking):
    payment = unwatched(booking)
    stranger()
    output = StringIO()
    call_command("reconcile", stdout=output)
    assert output.getvalue() == "a charge that is not Movy's: SHOP-1 ₦5,000\nlooked=2 found=2\n"
    assert state(payment) == PaymentStatus.PAID


def test_while_paystack_is_away_a_walk_waits_and_then_goes_on(booking, paystack):
    payment = unwatched(booking)
    walk = of_account()
    paystack.account.faults.add("error_502", operation="list", times=1)
    assert walk_go_on(walk, steps=9) == 0
    walk.refresh_from_db()
    assert (walk.finished_at, bool(walk.note)) == (None, True)
    assert not Walk.objects.due(database_now()).exists()
    Walk.objects.update(next_step_at=database_now())
    assert finish(Walk.objects.get()) == 1
    assert state(payment) == PaymentStatus.PAID


def test_a_row_that_is_never_answered_does_not_hide_those_behind_it(booking, paystack):
    stuck = unwatched(booking)
    other = unwatched(held_booking())
    walk = of_account()
    paystack.account.faults.add("truncated_json", operation="verify", reference=stuck.reference)
    for _time in range(WALK_TRIES + 1):
        forget_failures()
        Walk.objects.update(next_step_at=database_now())
        walk_go_on(Walk.objects.get(), steps=9)
    walk.refresh_from_db()
    assert walk.finished_at
    assert (state(stuck), state(other)) == (PaymentStatus.PENDING, PaymentStatus.PAID)
