"""The reconciliation desk: each queue shows its rows and nobody else's, each button does its work once."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import user_make
from bookings.models import Booking
from bookings.tests.factories import buyer, hold
from movy.lib.clock import database_now
from payments.errors import RefundRuns
from payments.flows import payment_look, payments_reconcile
from payments.flows.putting_right import refund_details_give
from payments.gateway import paystack as gateway
from payments.models import Finding, FindingKind, Payment, PaymentEvent, PaymentStatus, Refund, RefundStatus, Walk
from payments.tests.factories import SEATS, attempt, charge, coming_showtime, held_booking
from payments.tests.test_reconciling import (
    follow,
    paid,
    refund_of,
    refunded_there,
    set_state,
    stranger,
    unwatched,
)
from theatres.models import Role
from theatres.tests.factories import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "audit")]

DESK = reverse("admin:reconciliation")


@pytest.fixture
def office(manager) -> Client:
    return signed_in(manager)


@pytest.fixture
def rival() -> Client:
    return signed_in(MembershipFactory(role=Role.MANAGER, user=user_make(email="rival@movy.test")).user)


@pytest.fixture
def owner() -> Client:
    return signed_in(user_make(is_superuser=True, is_staff=True))


@pytest.fixture
def booking(showtime) -> Booking:
    return held_booking(showtime, ("A1",))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def queue(client: Client, name: str, **query: Any) -> list[Any]:
    found = client.get(DESK, query).context["queues"]
    return next(queue.rows for queue in found if queue.name == name)


def press(client: Client, address: str, **sent: Any) -> str:
    """Press a button; return what the page then says."""
    answer = client.post(address, sent, follow=True)
    assert answer.redirect_chain[-1][1] == 303
    return " ".join(str(message) for message in answer.context["messages"])


def paid_out_of_order(payment: Payment) -> Refund:
    """A refund of the payment that Paystack says needs bank details."""
    refund = refund_of(payment, 350_000)
    follow()
    set_state(refund, "needs-attention")
    follow()
    refund.refresh_from_db()
    assert refund.status == RefundStatus.NEEDS_ATTENTION
    return refund


def kinds_of_events(payment: Payment, actor: User) -> list[str]:
    return list(PaymentEvent.objects.filter(payment=payment, actor=actor).values_list("kind", flat=True))


# ---- The walk


def test_a_manager_compares_the_own_theatre_and_sees_how_far_it_is(office, booking):
    payment = unwatched(booking)
    assert "Nothing has been compared" in office.get(DESK).content.decode()
    begin = reverse("admin:reconciliation_walk")
    assert "has begun" in press(office, begin, days=3)
    assert "under way already" in press(office, begin, days=3)
    walk = Walk.objects.get()
    assert (walk.theatre, walk.finished_at) == (booking.showtime.screen.theatre, None)
    assert "Under way" in office.get(DESK).content.decode()
    part = office.get(DESK, headers={"HX-Request": "true"})
    assert ("Under way" in part.content.decode(), "HX-Refresh" in part) == (True, False)
    payments_reconcile()
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.PAID
    assert office.get(DESK, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "1 looked at, 1 with news" in " ".join(office.get(DESK).content.decode().split())


def test_the_owner_compares_everything(owner):
    press(owner, reverse("admin:reconciliation_walk"), days=3)
    assert Walk.objects.get().theatre is None


@pytest.mark.parametrize("days", ["", "0", "91", "x", "9" * 30])
def test_days_that_make_no_sense_begin_nothing(office, days):
    assert "Choose 1 to 90 days" in press(office, reverse("admin:reconciliation_walk"), days=days)
    assert not Walk.objects.exists()


# ---- The queues and their buttons


def test_an_empty_queue_says_so_calmly(office, booking):
    text = office.get(DESK).content.decode()
    assert text.count("queue-calm") == 5


def test_money_that_bought_nothing_goes_back_by_one_press_of_two_people(office, owner, booking, manager):
    payment = paid(booking)
    Payment.objects.update(confirms=None)  # as no code of ours leaves it
    Booking.objects.update(status="cancelled", cancelled_at=database_now())
    (row,) = queue(office, "paid-without-ticket")
    assert "₦3,500 goes back" in press(office, row.address)
    assert "nothing left to give back" in press(owner, row.address)
    refund = Refund.objects.get()
    assert refund.amount_minor == payment.charged_minor
    assert kinds_of_events(payment, manager) == ["refund_pending"]
    assert queue(office, "paid-without-ticket") == []
    booking.seats.update(cancelled_at=database_now())
    booking.showtime.seats.update(status="free", booking=None)
    booking.seats.get().ticket.delete()


def test_a_confirmed_bookings_money_is_not_given_back_here(office, booking):
    payment = paid(booking)
    said = press(office, reverse("admin:reconciliation_give_back", args=[payment.reference]))
    assert "nothing left to give back" in said
    assert not Refund.objects.exists()


def test_a_charge_that_was_taken_back_is_checked_until_it_is_paid_again(office, booking, manager):
    payment = paid(booking)
    charge(payment, status="reversed")
    check = reverse("admin:reconciliation_check", args=[payment.reference])
    assert "there is news" in press(office, check)
    (row,) = queue(office, "ticket-without-money")
    assert row.address == check
    assert "Nothing is new" in press(office, check)
    charge(payment)
    assert "there is news" in press(office, check)
    assert queue(office, "ticket-without-money") == []
    assert kinds_of_events(payment, manager) == ["checked"] * 3


def test_all_money_given_back_at_paystack_is_shown_until_somebody_says_why(office, booking, manager):
    payment = paid(booking)
    refunded_there(payment, 350_000)
    press(office, reverse("admin:reconciliation_check", args=[payment.reference]))
    (row,) = queue(office, "ticket-without-money")
    assert office.get(row.address).status_code == 200  # the page that takes seats back
    away = reverse("admin:reconciliation_put_away", args=row.put_away)
    assert office.post(away, {"why": ""}).status_code == 400
    assert "Put away" in press(office, away, why="a guest of the house")
    assert "in order already" in press(office, away, why="again")
    assert queue(office, "ticket-without-money") == []
    told = PaymentEvent.objects.get(kind="put_away")
    assert (told.actor, told.detail["why"]) == (manager, "a guest of the house")


def test_the_seats_of_money_that_went_back_are_taken_back_without_money(office, booking):
    payment = paid(booking)
    refunded_there(payment, 350_000)
    press(office, reverse("admin:reconciliation_check", args=[payment.reference]))
    (row,) = queue(office, "ticket-without-money")
    office.post(row.address, {"seats": ["A1"], "amount": "0", "why": "refunded at Paystack", "confirmed": "on"})
    booking.refresh_from_db()
    assert booking.status == "cancelled"
    assert queue(office, "ticket-without-money") == []
    assert Refund.objects.count() == 1


def test_what_was_put_away_stays_away_after_the_next_walk(office, booking):
    payment = paid(booking)
    charge(payment, status="reversed")
    check = reverse("admin:reconciliation_check", args=[payment.reference])
    press(office, check)
    (row,) = queue(office, "ticket-without-money")
    press(office, reverse("admin:reconciliation_put_away", args=row.put_away), why="settled by hand")
    press(office, check)
    assert queue(office, "ticket-without-money") == []
    assert Finding.objects.get().resolved_by is not None


def test_a_second_charge_shows_its_refund_until_it_is_back(office, booking):
    first, second = attempt(booking), attempt(booking, "ussd")
    for payment in (first, second):
        charge(payment)
        payment_look(payment.reference, via=gateway.WORKER)
    (row,) = queue(office, "paid-twice")
    assert (row.booking, str(row.money)) == (booking, "₦3,500")
    assert "is on its way" in press(office, row.address)
    set_state(Refund.objects.get(), "processed")
    assert "is paid back" in press(office, row.address)
    assert queue(office, "paid-twice") == []


def test_a_refund_is_looked_at_by_one_person_at_a_time(office, booking, monkeypatch):
    refund = refund_of(paid(booking), 350_000)
    taken = Refund.objects.get()
    check = reverse("admin:reconciliation_refund_check", args=[refund.reference])
    monkeypatch.setattr("payments.flows.putting_right.refund_claim", lambda refund, now: False)
    assert "Somebody is looking at this very refund" in press(office, check)
    taken.refresh_from_db()
    assert taken.provider_id == ""


def test_a_payment_of_another_sum_is_put_away_once_it_is_back(office, booking):
    payment = attempt(booking)
    charge(payment, amount=1_00)
    payment_look(payment.reference, via=gateway.WORKER)
    (row,) = queue(office, "mismatch")
    assert "paid ₦1" in str(row.what)
    press(office, reverse("admin:reconciliation_put_away", args=row.put_away), why="typed by hand at the bank")
    assert queue(office, "mismatch") == []


def test_a_failed_refund_is_asked_for_again_once(office, owner, booking, paystack, manager):
    paystack.account.faults.add("refund_stuck")
    refund = refund_of(paid(booking), 350_000)
    follow()
    set_state(refund, "failed")
    follow()
    (row,) = queue(office, "refunds")
    assert "is asked for again" in press(office, row.address)
    old = reverse("admin:reconciliation_refund_again", args=[Refund.objects.get().reference])
    assert "has not failed" in press(owner, old)
    assert queue(office, "refunds") == []
    assert "refund_pending" in kinds_of_events(refund.payment, manager)


def test_bank_details_go_to_paystack_once_and_are_not_kept(office, owner, booking, paystack, manager):
    paystack.account.faults.add("refund_stuck")
    refund = paid_out_of_order(paid(booking))
    (row,) = queue(office, "refunds")
    page = office.get(row.address).content.decode()
    assert "Zenith Bank" in page
    assert "GCB Bank" not in page  # another currency's
    bank = next(bank for bank in gateway.banks("NGN") if bank.name == "Zenith Bank")
    for wrong in ({"bank": bank.bank_id, "account_number": "12"}, {"bank": "x", "account_number": "0000000000"}, {}):
        assert office.post(row.address, wrong).status_code == 400
    details = {"bank": bank.bank_id, "account_number": "0123456789"}
    assert "Paystack has the bank details" in press(office, row.address, **details)
    assert "needs no bank details any more" in press(owner, row.address, **details)
    told = requests.get(f"{paystack.base_url}/_standin/refunds", timeout=5).json()
    assert [each["account_details"]["account_number"] for each in told] == ["0123456789"]
    refund.refresh_from_db()
    assert refund.status == RefundStatus.PENDING
    kept = PaymentEvent.objects.filter(actor=manager).values_list("detail", flat=True)
    assert "…6789" in str(list(kept))
    assert "0123456789" not in str(list(kept))


def test_of_two_people_with_bank_details_at_once_the_second_is_told(booking, paystack, manager):
    paystack.account.faults.add("refund_stuck")
    refund = paid_out_of_order(paid(booking))
    details = {"account_number": "0123456789", "bank_id": "1", "actor_id": manager.pk}
    refund_details_give(refund.reference, **details)
    with pytest.raises(RefundRuns):
        refund_details_give(refund.reference, **details)


def test_bank_details_without_an_answer_can_be_given_again(office, booking, paystack):
    paystack.account.faults.add("refund_stuck")
    refund = paid_out_of_order(paid(booking))
    address = reverse("admin:reconciliation_refund_details", args=[refund.reference])
    bank = gateway.banks("NGN")[0]
    paystack.account.faults.add("reset", operation="refund_retry", times=1)  # done, and nothing heard of it
    said = press(office, address, bank=bank.bank_id, account_number="0123456789")
    assert "can't be reached" in said
    refund.refresh_from_db()
    assert refund.status == RefundStatus.NEEDS_ATTENTION
    follow()
    refund.refresh_from_db()
    assert refund.status == RefundStatus.PENDING  # the next look finds that it was done


def test_a_charge_of_nobody_is_the_owners_alone(office, owner, rival):
    stranger()
    payments_reconcile()
    (row,) = queue(owner, "paid-without-ticket")
    assert row.reference == "SHOP-1"
    assert "Nothing is new" in press(owner, row.address)
    away = reverse("admin:reconciliation_put_away", args=row.put_away)
    for other in (office, rival):
        assert queue(other, "paid-without-ticket") == []
        assert other.post(row.address).status_code == 404
        assert other.get(away).status_code == 404
    press(owner, away, why="the bar's till")
    assert queue(owner, "paid-without-ticket") == []


# ---- Whose they are


def test_the_rival_finds_nothing_of_it(rival, office, booking, paystack):
    paystack.account.faults.add("refund_stuck")
    payment = paid(booking)
    refund = paid_out_of_order(payment)
    charge(payment, status="reversed")
    assert len(queue(office, "refunds")) == 1
    theatre = booking.showtime.screen.theatre
    assert all(found.rows == [] for found in rival.get(DESK).context["queues"])
    assert rival.get(DESK, {"theatre": theatre.pk}).status_code == 404
    assert rival.post(reverse("admin:reconciliation_walk"), {"theatre": theatre.pk, "days": 3}).status_code == 404
    for name, reference in (
        ("check", payment.reference),
        ("give_back", payment.reference),
        ("refund_check", refund.reference),
        ("refund_again", refund.reference),
        ("refund_details", refund.reference),
    ):
        assert rival.post(reverse(f"admin:reconciliation_{name}", args=[reference])).status_code == 404
    away = reverse("admin:reconciliation_put_away", args=[FindingKind.TAKEN_BACK, payment.reference])
    assert (rival.get(away).status_code, rival.post(away, {"why": "x"}).status_code) == (404, 404)
    refund.refresh_from_db()
    assert refund.status == RefundStatus.NEEDS_ATTENTION
    assert not Walk.objects.exists()


def test_the_owner_narrows_the_queues_to_a_theatre(owner, booking, paystack):
    paystack.account.faults.add("refund_stuck")
    paid_out_of_order(paid(booking))
    other = coming_showtime().screen.theatre
    assert len(queue(owner, "refunds")) == 1
    assert len(queue(owner, "refunds", theatre=booking.showtime.screen.theatre_id)) == 1
    assert queue(owner, "refunds", theatre=other.pk) == []


def test_paystack_away_a_button_says_so_and_changes_nothing(office, booking, paystack):
    payment = paid(booking)
    paystack.account.faults.add("error_502", operation="verify")
    paystack.account.faults.add("error_502", operation="refund_list")
    said = press(office, reverse("admin:reconciliation_check", args=[payment.reference]))
    assert "can't be reached" in said


def test_the_desk_takes_the_same_queries_for_many_rows_as_for_few(office, showtime, paystack):
    counted = []
    for labels in (SEATS[:1], SEATS[1:]):
        for label in labels:
            payment = paid(hold(showtime, (label,), who=buyer(label), now=database_now()))
            Refund.objects.filter(pk=refund_of(payment, 1_00).pk).update(status=RefundStatus.FAILED, next_check_at=None)
            fields = {"payment": payment, "amount_minor": 1, "currency": "NGN", "found_at": database_now()}
            Finding.objects.create(kind=FindingKind.TAKEN_BACK, reference=payment.reference, **fields)
            Payment.objects.filter(pk=payment.pk).update(mismatch="amount")
        with CaptureQueriesContext(connection) as queries:
            assert office.get(DESK).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
