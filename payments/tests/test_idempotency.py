"""`Idempotency-Key` on the requests that a client must be able to send again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from accounts.services import session_token_issue
from bookings.api import views
from bookings.models import Booking, BookingStatus
from bookings.tests.factories import buyer
from movy.idempotency.models import FirstAnswer
from movy.idempotency.services import answers_prune
from movy.lib.clock import database_now
from movy.lib.http import forget_failures
from payments.errors import ProviderUnavailable
from payments.flows import payment_look
from payments.gateway import paystack as gateway
from payments.models import Payment, PaymentStatus, Refund
from payments.tests.factories import attempt, charge, coming_showtime, held_booking
from theatres.models import Role
from theatres.tests.factories import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack")]


@pytest.fixture
def ask(client):
    """Send a POST of the API with a key, as Ada unless told otherwise."""

    def send(path: str, body: Any, *, key: str = "one", who: str = "ada"):
        headers = {"Authorization": f"Bearer {token(who)}"} | ({"Idempotency-Key": key} if key else {})
        return client.post(f"/api/v1{path}", body, content_type="application/json", headers=headers)

    def token(who: str) -> str:
        if who not in tokens:
            tokens[who] = session_token_issue(User.objects.get(pk=buyer(who).user_id))
        return tokens[who]

    tokens: dict[str, str] = {}
    return send


def is_replay(answer) -> bool:
    return answer.get("Idempotent-Replayed") == "true"


def test_a_hold_is_made_once_and_answered_twice(ask):
    wish = {"showtime": coming_showtime().pk, "seats": ["C4"]}
    first, second = ask("/booking", wish), ask("/booking", wish)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert (is_replay(first), is_replay(second)) == (False, True)
    assert second["Content-Type"] == "application/json"
    assert Booking.objects.count() == 1


def test_the_best_seats_are_found_once(ask):
    showtime = coming_showtime()
    first, second = (ask(f"/booking/{showtime.pk}", {"tickets": 1}) for _try in range(2))
    assert first.content == second.content
    assert Booking.objects.count() == 1


def test_an_attempt_to_pay_is_begun_once(ask):
    booking = held_booking()
    first, second = (ask("/booking/pay", {"booking": booking.reference}) for _try in range(2))
    assert first.content == second.content
    assert (is_replay(first), is_replay(second)) == (False, True)
    assert Payment.objects.count() == 1


def test_a_key_on_a_payment_that_was_begun_without_one_is_kept_too(ask):
    booking = held_booking()
    attempt(booking)
    first, second = (ask("/booking/pay", {"booking": booking.reference}) for _try in range(2))
    assert first.content == second.content
    assert is_replay(second)


def test_one_seat_is_cancelled_once_and_the_answer_stays_though_the_refund_goes_on(ask):
    booking = held_booking(labels=("C4", "C5"))
    payment = attempt(booking)
    charge(payment)
    payment_look(payment.reference, via=gateway.WORKER)
    path, wish = f"/cancel-booking/{booking.reference}", {"seats": ["C4"]}
    first = ask(path, wish)
    Refund.objects.update(status="processed")
    second = ask(path, wish)
    assert first.json()["refund"]["status"] == "pending"
    assert first.content == second.content
    assert is_replay(second)
    assert Refund.objects.count() == 1
    assert Booking.objects.get().status == BookingStatus.CONFIRMED


def test_a_sale_at_the_desk_is_made_once(ask):
    showtime = coming_showtime()
    MembershipFactory(user_id=buyer("ada").user_id, theatre=showtime.screen.theatre, role=Role.BOX_OFFICE)
    wish = {"showtime": showtime.pk, "seats": ["C4"], "paid_by": "cash"}
    first, second = (ask(f"/theatre/{showtime.screen.theatre_id}/box-office", wish) for _try in range(2))
    assert (first.status_code, first.json()["booking"]["status"]) == (201, "confirmed")
    assert first.content == second.content
    assert is_replay(second)
    assert Payment.objects.count() == 1


def test_a_refusal_is_kept_too_when_asking_again_would_not_change_it(ask):
    showtime = coming_showtime()
    held_booking(showtime, who=buyer("kofi"))
    wish = {"showtime": showtime.pk, "seats": ["C4"]}
    first = ask("/booking", wish)
    Booking.objects.all().update(status=BookingStatus.CANCELLED)
    second = ask("/booking", wish)
    assert (first.status_code, first.json()["code"]) == (409, "seats_unavailable")
    assert second.content == first.content
    assert second["Content-Type"] == "application/problem+json"
    assert is_replay(second)


def test_a_wish_that_cannot_be_read_is_kept_refused(ask):
    first, second = (ask("/booking", {"showtime": "five", "seats": []}) for _try in range(2))
    assert (first.status_code, first.json()["code"]) == (400, "invalid")
    assert first.content == second.content
    assert is_replay(second)


def test_what_may_heal_is_tried_anew(ask):
    """A 404 of a showing that comes on sale, a 502 of a Paystack that comes back: nothing is kept."""
    showtime = coming_showtime()
    wish = {"showtime": showtime.pk, "seats": ["C4"]}
    type(showtime).objects.update(status="draft")
    assert ask("/booking", wish).status_code == 404
    type(showtime).objects.update(status="on_sale")
    answer = ask("/booking", wish)
    assert answer.status_code == 201
    assert not is_replay(answer)


def test_a_payment_that_could_not_be_begun_is_begun_by_the_second_try(ask, settings):
    wish = {"booking": held_booking().reference}
    working, settings.PAYSTACK_BASE_URL = settings.PAYSTACK_BASE_URL, "http://127.0.0.1:9"
    first = ask("/booking/pay", wish)
    settings.PAYSTACK_BASE_URL = working
    forget_failures()
    second = ask("/booking/pay", wish)
    assert (first.status_code, first.json()["code"]) == (ProviderUnavailable.status, ProviderUnavailable.code)
    assert second.status_code == 200
    assert not is_replay(second)


@pytest.mark.parametrize("other", ["body", "path"])
def test_another_request_under_a_used_key_is_refused(ask, other):
    showtime = coming_showtime()
    ask("/booking", {"showtime": showtime.pk, "seats": ["C4"]})
    answer = (
        ask("/booking", {"showtime": showtime.pk, "seats": ["C5"]})
        if other == "body"
        else ask(f"/booking/{showtime.pk}", {"showtime": showtime.pk, "seats": ["C4"]})
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Booking.objects.count() == 1


def test_the_same_body_in_another_order_is_the_same_request(ask, client):
    showtime = coming_showtime()
    ask("/booking", {"showtime": showtime.pk, "seats": ["C4"]})
    assert is_replay(ask("/booking", {"seats": ["C4"], "showtime": showtime.pk}))


def test_keys_of_two_people_are_two_keys_and_case_counts(ask):
    showtime = coming_showtime()
    ask("/booking", {"showtime": showtime.pk, "seats": ["C4"]}, key="Key")
    kofi = ask("/booking", {"showtime": showtime.pk, "seats": ["C4"]}, key="Key", who="kofi")
    ada = ask("/booking", {"showtime": showtime.pk, "seats": ["C5"]}, key="key")
    assert (kofi.status_code, kofi.json()["code"]) == (409, "seats_unavailable")
    assert ada.status_code == 201


@pytest.mark.parametrize("key", ["two words", "k" * 256, "naïve", "tab\there"])
def test_a_key_that_is_none_is_refused(ask, key):
    answer = ask("/booking", {"showtime": coming_showtime().pk, "seats": ["C4"]}, key=key)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert not Booking.objects.exists()


def test_without_a_sign_in_a_key_is_not_looked_at(client):
    answer = client.post("/api/v1/booking", {}, content_type="application/json", headers={"Idempotency-Key": "one"})
    assert answer.status_code == 401
    assert not FirstAnswer.objects.exists()


def test_while_the_first_runs_the_second_is_told_to_wait(ask, monkeypatch):
    monkeypatch.setattr("movy.idempotency.services.WAIT_SECONDS", 0.1)
    wish = {"showtime": coming_showtime().pk, "seats": ["C4"]}
    ask("/booking", wish)
    FirstAnswer.objects.update(status=None)  # as while the first one is still at work
    answer = ask("/booking", wish)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_in_progress")
    assert FirstAnswer.objects.get().status is None


def test_a_try_that_died_at_work_leaves_its_key_to_the_next(ask):
    wish = {"booking": held_booking().reference}
    ask("/booking/pay", wish)
    FirstAnswer.objects.update(status=None, claimed_until=database_now() - timedelta(seconds=1))
    answer = ask("/booking/pay", wish)
    assert answer.status_code == 200
    assert not is_replay(answer)
    assert Payment.objects.get().status == PaymentStatus.PENDING


def test_a_try_whose_claim_was_taken_over_changes_nothing(ask, monkeypatch):
    """It was slower than a claim lasts, and another try with the same key is at work: only one of them may act."""
    hold = views.seats_hold

    def slow_hold(*args: Any, **kwargs: Any) -> Booking:
        FirstAnswer.objects.update(claimed_by="another try")
        return hold(*args, **kwargs)

    monkeypatch.setattr(views, "seats_hold", slow_hold)
    answer = ask("/booking", {"showtime": coming_showtime().pk, "seats": ["C4"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_in_progress")
    assert not Booking.objects.exists()


def test_a_day_later_a_key_is_new(ask):
    wish = {"showtime": coming_showtime().pk, "seats": ["C4"]}
    ask("/booking", wish)
    FirstAnswer.objects.update(created_at=database_now() - timedelta(hours=24))
    answer = ask("/booking", wish)
    assert not is_replay(answer)
    assert answer.status_code == 409  # Ada holds the seat already


def test_the_worker_forgets_old_answers_alone(ask):
    showtime = coming_showtime()
    ask("/booking", {"showtime": showtime.pk, "seats": ["C4"]}, key="old")
    FirstAnswer.objects.update(created_at=database_now() - timedelta(hours=25))
    ask("/booking", {"showtime": showtime.pk, "seats": ["C5"]}, key="young")
    assert answers_prune() == 1
    assert FirstAnswer.objects.count() == 1
    assert answers_prune() == 0
