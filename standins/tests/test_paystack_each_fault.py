"""Every fault of the Paystack stand-in, over HTTP: it strikes the reference it is on for and no other, or everything.

SYMPTOMS tells of each fault how it shows. A symptom plays a whole scenario with a reference that is new, and returns
whether the fault showed in it. A fault without a symptom has no test, and fails.
"""

import http.client
import json
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import requests

from standins.http import Router
from standins.paystack.api import Api
from standins.paystack.faults import API_CALLS, FAULTS
from standins.paystack.webhooks import sign
from standins.tests.paystack_client import PaystackClient

VALUES = {  # for faults whose default would take long, or says too little
    "delay": 1,
    "timeout": 0.1,
    "drip": 0.02,
    "metadata": None,
    "success_late": 30,
    "paid_after_opening": 30,
    "webhook_late": 1,
    "webhook_after_return": 0,
    "refund_outcome": "needs-attention",
}
Symptom = Callable[[PaystackClient, Any, str], bool]


def value_of(fault: str) -> Any:
    return VALUES.get(fault, FAULTS[fault].default)


def until(condition: Callable[[], Any], *, seconds: float = 20) -> bool:
    """Return whether the condition came true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def begin(client: PaystackClient, reference: str) -> requests.Response:
    return client.post("/transaction/initialize", {"email": "ada@movy.test", "amount": 350_000, "reference": reference})


def is_begun(client: PaystackClient, reference: str) -> bool:
    return any(row["reference"] == reference for row in client.control("GET", "/transactions"))


def breaks(client: PaystackClient, reference: str) -> bool:
    try:
        begin(client, reference)
    except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
        return True
    return False


def messages(client: PaystackClient, reference: str) -> list[dict[str, Any]]:
    """Return what was sent about a payment, once all of it was tried."""
    path = f"/webhooks?reference={reference}"
    assert until(lambda: all(row["tries"] or row["status"] != "pending" for row in client.control("GET", path)))
    return client.control("GET", path)


def paid_message(client: PaystackClient, reference: str) -> dict[str, Any]:
    client.paid(reference)
    (message,) = messages(client, reference)
    return message


def answers(status: int) -> Symptom:
    def symptom(client, receiver, reference):
        response = begin(client, reference)
        return response.status_code == status and not is_begun(client, reference)

    return symptom


def breaks_when(*, done: bool) -> Symptom:
    return lambda client, receiver, reference: breaks(client, reference) and is_begun(client, reference) == done


def is_slow(client, receiver, reference):
    begun = time.monotonic()
    begin(client, reference)
    return time.monotonic() - begun >= value_of("delay")


def trickles(client, receiver, reference):
    connection = http.client.HTTPConnection(*client.server._listener.server_address, timeout=20)
    key = client.server.account.config.secret_key
    body = json.dumps({"email": "ada@movy.test", "amount": 350_000, "reference": reference})
    connection.request("POST", "/transaction/initialize", body, {"Authorization": f"Bearer {key}"})
    first = connection.sock.recv(100)
    connection.close()
    return len(first) < 10


def is_cut_json(client, receiver, reference):
    response = begin(client, reference)
    try:
        json.loads(response.content)
    except json.JSONDecodeError:
        return response.status_code == 200
    return False


def shows(fault: str, name: str) -> Symptom:
    """The wrong value stands in verify, fetch, list and charge.success alike."""

    def symptom(client, receiver, reference):
        message = json.loads(paid_message(client, reference)["body"])["data"]
        fetched = client.get(f"/transaction/{message['id']}").json()["data"]
        listed = client.get("/transaction").json()["data"]
        in_list = next(row for row in listed if row["id"] == message["id"])
        seen = [data[name] for data in (message, fetched, in_list, client.verified(reference))]
        assert seen == [seen[0]] * 4
        return seen[0] == value_of(fault)

    return symptom


def is_announced_before_its_answer(client, receiver, reference):
    receiver.pause_seconds = 0.05
    begin(client, reference)
    rows = client.control("GET", f"/webhooks?reference={reference}")
    return [row["status"] for row in rows] == ["delivered"]


def is_paid_once_opened(client, receiver, reference):
    client.visit(client.initialize(reference))
    return bool(client.control("GET", f"/transactions/{reference}")["arrival"])


def arrives_late(client, receiver, reference):
    response = client.visit(client.initialize(reference), channel="ussd", action="paid")
    return "waiting for your bank" in response.text and client.verified(reference)["status"] == "pending"


def pay_in_browser(client, reference):
    return client.visit(client.initialize(reference), channel="ussd", action="paid")


def comes_back_after_the_webhook(client, receiver, reference):
    receiver.pause_seconds = 0.6
    assert pay_in_browser(client, reference).status_code == 302
    (row,) = client.control("GET", f"/webhooks?reference={reference}")
    return row["status"] == "delivered"


def does_not_come_back(client, receiver, reference):
    response = pay_in_browser(client, reference)
    assert client.verified(reference)["status"] == "success"
    return "Location" not in response.headers


def comes_back_with_another_reference(client, receiver, reference):
    location = pay_in_browser(client, reference).headers["Location"]
    return location.endswith("&trxref=SOMEBODY-ELSES&reference=SOMEBODY-ELSES")


def has_status(status: str) -> Symptom:
    return lambda client, receiver, reference: paid_message(client, reference)["status"] == status


def is_late(client, receiver, reference):
    message = paid_message(client, reference)
    waited = datetime.fromisoformat(message["tries"][0]["at"]) - datetime.fromisoformat(message["created_at"])
    return waited.total_seconds() >= value_of("webhook_late")


def waits_for_the_return(client, receiver, reference):
    was_held = paid_message(client, reference)["status"] == "held"
    access_code = client.control("GET", f"/transactions/{reference}")["access_code"]
    client.visit({"authorization_url": f"{client.server.base_url}/checkout/{access_code}"}, channel="card")
    return until(lambda: messages(client, reference)[0]["status"] == "delivered") and was_held


def comes_three_times(*, at_once: bool) -> Symptom:
    def symptom(client, receiver, reference):
        receiver.pause_seconds, receiver.most_open = 0.4, 0
        client.paid(reference)
        rows = messages(client, reference)
        assert len({row["body"] for row in rows}) == 1
        return until(lambda: len(messages(client, reference)) == 3, seconds=0.1) and (receiver.most_open > 1) == at_once

    return symptom


def message_is(check: Callable[[dict[str, Any]], bool]) -> Symptom:
    return lambda client, receiver, reference: check(paid_message(client, reference))


def refund_is_told_backwards(client, receiver, reference):
    client.paid(reference)
    client.refund_when(client.refund(1_000, reference)["id"], "processed")
    assert until(lambda: len(messages(client, reference)) == 4)
    events = [json.loads(message.body) for message in receiver.received]
    told = [event["data"]["status"] for event in events if event["data"].get("transaction_reference") == reference]
    return told == ["processed", "processing", "pending"]


def refund_stays_pending(client, receiver, reference):
    client.paid(reference)
    path = f"/refund/{client.refund(1_000, reference)['id']}"
    return not until(lambda: client.get(path).json()["data"]["status"] != "pending", seconds=0.3)


def refund_needs_attention(client, receiver, reference):
    client.paid(reference)
    path = f"/refund/{client.refund(1_000, reference)['id']}"
    assert until(lambda: client.get(path).json()["data"]["status"] in ("processed", "needs-attention"))
    return client.get(path).json()["data"]["status"] == "needs-attention"


def is_unknown_with_400(client, receiver, reference):
    return client.get(f"/transaction/verify/{reference}").status_code == 400


SYMPTOMS: dict[str, Symptom] = {
    "bad_key": answers(401),
    "rate_limit": answers(429),
    "error_500": answers(500),
    "error_502": answers(502),
    "refused_reset": breaks_when(done=False),
    "delay": is_slow,
    "timeout": breaks_when(done=True),
    "reset": breaks_when(done=True),
    "drip": trickles,
    "truncated_json": is_cut_json,
    "cut_short": breaks_when(done=True),
    "wrong_amount": shows("wrong_amount", "amount"),
    "wrong_currency": shows("wrong_currency", "currency"),
    "wrong_domain": shows("wrong_domain", "domain"),
    "wrong_reference": shows("wrong_reference", "reference"),
    "wrong_status": shows("wrong_status", "status"),
    "metadata": shows("metadata", "metadata"),
    "paid_before_answer": is_announced_before_its_answer,
    "paid_after_opening": is_paid_once_opened,
    "success_late": arrives_late,
    "return_after_webhook": comes_back_after_the_webhook,
    "return_lost": does_not_come_back,
    "return_reference": comes_back_with_another_reference,
    "webhook_lost": has_status("lost"),
    "webhook_held": has_status("held"),
    "webhook_late": is_late,
    "webhook_after_return": waits_for_the_return,
    "webhook_duplicate": comes_three_times(at_once=True),
    "webhook_repeated": comes_three_times(at_once=False),
    "webhook_wrong_signature": message_is(lambda row: row["signature"] == "0" * 128),
    "webhook_other_key": message_is(
        lambda row: row["signature"] == sign(row["body"].encode(), "sk_test_somebody_else")
    ),
    "webhook_tampered": message_is(lambda row: '"status":"xsuccess"' in row["body"]),
    "webhook_unknown_event": message_is(lambda row: json.loads(row["body"])["event"] == "charge.celebrated"),
    "refund_events_reversed": refund_is_told_backwards,
    "refund_stuck": refund_stays_pending,
    "refund_outcome": refund_needs_attention,
    "unknown_reference_status": is_unknown_with_400,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_strikes_the_reference_it_is_on_for_or_every_one(client, receiver, fault):
    shows_up = SYMPTOMS[fault]
    client.control("POST", "/faults", {"fault": fault, "value": value_of(fault), "reference": "MV-1"})
    assert shows_up(client, receiver, "MV-1")
    assert not shows_up(client, receiver, "MV-2")
    client.control("DELETE", "/faults")
    client.control("POST", "/faults", {"fault": fault, "value": value_of(fault)})
    assert shows_up(client, receiver, "MV-3")
    client.control("DELETE", "/faults")
    assert not shows_up(client, receiver, "MV-4")


def test_faults_can_be_narrowed_to_every_call_of_the_api(client):
    assert set(API_CALLS) == set(Api(Router(), client.server.account).calls)
