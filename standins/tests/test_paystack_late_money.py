"""Money that comes late, browsers that come back early or never, and what Movy hears meanwhile."""

import json
from datetime import datetime, timedelta

import pytest

from standins import paystack
from standins.tests.paystack_client import PaystackClient
from standins.tests.test_paystack_checkout import RETURN


@pytest.mark.parametrize(
    ("channel", "fields", "status"),
    [
        ("ussd", {"action": "paid"}, "pending"),
        ("bank_transfer", {"action": "paid"}, "ongoing"),
        ("mobile_money", {"action": "paid"}, "ongoing"),
        ("card", {"action": "pay", "number": "4084084084084081", "cvv": "408", "expiry": "12/39"}, "ongoing"),
    ],
)
def test_a_payer_has_paid_and_the_money_comes_later(client, receiver, channel, fields, status):
    client.faults.add("success_late", value=0.8)
    started = client.initialize()
    response = client.visit(started, channel=channel, **fields)
    assert "We are waiting for your bank" in response.text
    assert RETURN.replace("&", "&amp;") in response.text  # who goes back to the shop now comes before the money
    assert (client.verified()["status"], client.verified()["paid_at"]) == (status, None)
    assert "We are waiting for your bank" in client.visit(started).text
    message = json.loads(receiver.wait_for(1)[0].body)
    assert (message["data"]["status"], message["data"]["channel"]) == ("success", channel)
    assert client.verified()["status"] == "success"
    assert "Paid already" in client.visit(started).text


def test_slow_channels_can_be_slow_alone(client, receiver):
    client.faults.add("success_late", value=30, operation="bank_transfer")
    slow, quick = client.initialize("MV-1"), client.initialize("MV-2")
    client.visit(slow, channel="bank_transfer", action="paid")
    client.visit(quick, channel="ussd", action="paid")
    assert (client.verified("MV-1")["status"], client.verified("MV-2")["status"]) == ("ongoing", "success")


def test_a_test_can_pay_late_without_a_browser(client, receiver):
    client.faults.add("success_late", value=0.05)
    client.initialize()
    assert client.control("POST", "/transactions/MV-1/pay", {"channel": "ussd"})["status"] == "pending"
    receiver.wait_for(1)


def test_money_arrives_after_the_session_has_ended(client, receiver):
    client.call("PUT", "/integration/payment_session_timeout", {"timeout": 60})
    client.faults.add("success_late", value=0.2)
    started = client.initialize()
    client.visit(started, channel="ussd", action="paid")
    client.server.account.payments.find("MV-1").created_at = "2020-01-01T00:00:00.000Z"
    receiver.wait_for(1)
    assert client.verified()["status"] == "success"


def test_a_page_that_was_opened_is_paid_by_itself_even_after_the_session(client, receiver):
    client.call("PUT", "/integration/payment_session_timeout", {"timeout": 60})
    client.faults.add("paid_after_opening", value=0.8)
    started = client.initialize(channels=["bank_transfer"])
    client.visit(started)
    client.visit(started)
    client.server.account.payments.find("MV-1").created_at = "2020-01-01T00:00:00.000Z"
    assert "expired" in client.visit(started).text
    receiver.wait_for(1)
    assert (client.verified()["status"], client.verified()["channel"]) == ("success", "bank_transfer")
    assert len(client.control("GET", "/webhooks")) == 1


def test_what_failed_meanwhile_stays_failed(client, receiver):
    client.faults.add("success_late", value=0.6)
    client.visit(client.initialize(), channel="ussd", action="paid")
    client.visit(client.initialize("MV-2"), channel="ussd", action="paid")
    client.control("PATCH", "/transactions/MV-1", {"status": "failed"})
    receiver.wait_for(1)
    assert (client.verified("MV-1")["status"], client.verified("MV-2")["status"]) == ("failed", "success")


def test_money_on_its_way_arrives_though_the_standin_was_started_anew(receiver, tmp_path):
    settings = {"webhook_url": receiver.url, "state_path": str(tmp_path / "paystack.sqlite3")}
    first = PaystackClient(paystack.start(**settings))
    first.faults.add("success_late", value=0.5)
    started = first.initialize()
    first.pay_by_card(started, "4084084084084081", "408")
    first.server.stop()
    second = PaystackClient(paystack.start(**settings))
    receiver.wait_for(1)
    assert second.verified()["authorization"]["last4"] == "4081"
    second.server.stop()


def test_a_payment_may_be_announced_before_it_was_begun(client, receiver):
    """The answer to initialize waits for the webhook's, and no longer than it was told to."""
    client.faults.add("paid_before_answer", value=5, times=1)
    client.initialize("MV-1")
    assert client.control("GET", "/webhooks?reference=MV-1")[0]["status"] == "delivered"
    receiver.pause_seconds = 1
    client.faults.add("paid_before_answer", value=0.05, times=1)
    client.initialize("MV-2")
    assert client.control("GET", "/webhooks?reference=MV-2")[0]["tries"] == []


def test_the_receiver_may_ask_paystack_while_the_answer_waits_for_it(client, receiver):
    """Movy verifies when a webhook comes: nothing of the stand-in may be locked meanwhile."""
    client.faults.add("return_after_webhook")
    started = client.initialize()
    asked = []
    receiver.on_message = lambda: asked.append(client.verified("MV-1")["status"])
    client.visit(started, channel="ussd", action="paid")
    assert asked == ["success"]


def test_a_browser_that_waits_for_a_lost_webhook_does_not_wait(client):
    client.faults.add("webhook_lost")
    client.faults.add("return_after_webhook", value=60)
    assert client.visit(client.initialize(), channel="ussd", action="paid").status_code == 302


def test_a_webhook_after_the_return_is_late_by_as_much_as_told(client, receiver):
    client.faults.add("webhook_after_return", value=0.3)
    begun = datetime.now().astimezone()
    client.visit(client.initialize(), channel="ussd", action="paid")
    receiver.wait_for(1)
    assert datetime.now().astimezone() - begun >= timedelta(seconds=0.3)


def test_a_refunds_events_go_on_backwards_after_bank_details(client, receiver):
    client.faults.add("refund_events_reversed")
    client.paid(card="4084080000671902")
    refund_id = client.refund(5_000)["id"]
    client.refund_when(refund_id, "needs-attention")
    receiver.wait_for(4)
    details = {"currency": "NGN", "account_number": "0000000000", "bank_id": "6"}
    client.post(f"/refund/retry_with_customer_details/{refund_id}", {"refund_account_details": details})
    receiver.wait_for(6)
    assert receiver.events()[1:] == [
        "refund.needs-attention",
        "refund.processing",
        "refund.pending",
        "refund.processed",
        "refund.processing",
    ]


def test_a_fault_of_one_payment_strikes_its_list_of_refunds_too(client):
    paid = client.paid()
    client.faults.add("error_500", operation="refund_list", reference="MV-1")
    assert client.get(f"/refund?transaction={paid['id']}").status_code == 500
    assert client.get("/refund").status_code == 200
