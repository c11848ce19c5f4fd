"""Webhooks of the Paystack stand-in: what is signed, when it is tried again, and how it goes wrong on demand."""

import hashlib
import hmac
import json
import time

import pytest

from standins import paystack
from standins.paystack.webhooks import LADDERS

KEY = b"sk_test_movy_standin"


def is_signed(message, key=KEY):
    return hmac.compare_digest(hmac.new(key, message.body, hashlib.sha512).hexdigest(), message.signature)


def test_a_payment_is_announced_with_the_bytes_that_are_signed(client, receiver):
    client.paid()
    (message,) = receiver.wait_for(1)
    assert is_signed(message)
    event = json.loads(message.body)
    assert event["event"] == "charge.success"
    verified = client.verified()
    assert event["data"] == {name: verified[name] for name in event["data"] if name != "plan"} | {"plan": {}}


def test_no_event_tells_of_what_was_not_paid(client, receiver):
    started = client.initialize(channels=["card", "ussd"])
    client.pay_by_card(started, "4084080000005408", "001")
    client.visit(started, action="leave")
    client.visit(started, channel="ussd", action="fail")
    assert client.control("GET", "/webhooks") == []
    assert receiver.received == []


def test_refund_events_have_their_own_shapes(client, receiver):
    client.server.account.config.refund_step_seconds = 0.1  # apart enough that none overtakes another
    client.paid(card="4084080000671902")
    receiver.wait_for(1)
    refund_id = client.refund(5_000)["id"]
    bodies = [json.loads(message.body)["data"] for message in receiver.wait_for(4)[1:]]
    pending, processing, attention = bodies
    assert (pending["amount"], pending["refund_reference"], "id" in pending) == ("5000", None, False)
    assert processing["status"] == "processing"
    assert (attention["amount"], attention["id"]) == (5_000, str(refund_id))
    assert all(is_signed(message) for message in receiver.received)


def test_it_is_tried_again_until_the_answer_is_200(client, receiver):
    receiver.answers = [500, 201, 301]
    client.paid()
    first, *others = receiver.wait_for(4)
    assert others == [first] * 3
    delivery = client.delivery_when("delivered")
    assert [one["response_code"] for one in delivery["tries"]] == [500, 201, 301, 200]


def test_it_gives_up_at_the_end_of_the_ladder(client, receiver):
    client.control("PATCH", "/config", {"speed": 3_600_000.0})
    receiver.answers = [500] * 20
    client.paid()
    receiver.wait_for(1 + len(LADDERS["test"]))
    assert len(client.delivery_when("failed")["tries"]) == 11


def test_a_receiver_that_is_away_holds_up_nothing():
    server = paystack.start(webhook_url="http://127.0.0.1:9/webhooks/paystack")
    try:
        started = time.monotonic()
        server.account.payments.initialize({"email": "ada@movy.test", "amount": 5_000, "reference": "MV-1"}, client="")
        server.account.payments.succeed(server.account.payments.find("MV-1"), channel="card")
        assert time.monotonic() - started < 5  # its first rung is minutes away
    finally:
        server.stop()


def test_a_message_is_sent_again_on_request(client, receiver):
    client.paid()
    receiver.wait_for(1)
    delivery_id = client.control("GET", "/webhooks")[0]["id"]
    client.control("POST", f"/webhooks/{delivery_id}/resend")
    first, second = receiver.wait_for(2)
    assert first == second


def test_any_event_can_be_sent(client, receiver):
    client.control("POST", "/webhooks", {"event": "charge.dispute.create", "data": {"id": 7}, "reference": "MV-1"})
    (message,) = receiver.wait_for(1)
    assert json.loads(message.body) == {"event": "charge.dispute.create", "data": {"id": 7}}
    assert is_signed(message)


def test_a_lost_webhook_never_comes(client, receiver):
    client.faults.add("webhook_lost", reference="MV-1", times=1)
    client.paid("MV-1")
    client.paid("MV-2")
    (message,) = receiver.wait_for(1)
    assert json.loads(message.body)["data"]["reference"] == "MV-2"
    assert [row["status"] for row in client.control("GET", "/webhooks?reference=MV-1")] == ["lost"]


def test_held_webhooks_come_when_released(client, receiver):
    client.faults.add("webhook_held", operation="charge.success")
    client.paid()
    assert client.control("GET", "/webhooks")[0]["status"] == "held"
    assert receiver.received == []
    client.control("POST", "/webhooks/release")
    receiver.wait_for(1)


def test_a_duplicated_webhook_comes_several_times(client, receiver):
    client.faults.add("webhook_duplicate", value=20)
    client.paid()
    assert len(set(receiver.wait_for(20))) == 1


def test_a_late_webhook_comes_later(client, receiver):
    client.faults.add("webhook_late", value=0.2)
    begun = time.monotonic()
    client.paid()
    receiver.wait_for(1)
    assert time.monotonic() - begun >= 0.2


@pytest.mark.parametrize("fault", ["webhook_wrong_signature", "webhook_other_key", "webhook_tampered"])
def test_a_webhook_can_be_forged(client, receiver, fault):
    client.faults.add(fault)
    client.paid()
    (message,) = receiver.wait_for(1)
    assert not is_signed(message)


def test_an_event_can_have_an_unknown_name(client, receiver):
    client.faults.add("webhook_unknown_event")
    client.paid()
    (message,) = receiver.wait_for(1)
    assert json.loads(message.body)["event"] == "charge.celebrated"
    assert is_signed(message)
