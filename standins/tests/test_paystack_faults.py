"""Faults and the control API of the Paystack stand-in."""

import http.client
import json
import socket
import time

import pytest
import requests

from standins.paystack.faults import FAULTS

BODY = {"email": "ada@movy.test", "amount": 350_000, "currency": "NGN", "reference": "MV-1"}


@pytest.mark.parametrize(
    ("fault", "status", "is_json"),
    [("bad_key", 401, True), ("rate_limit", 429, True), ("error_500", 500, False), ("error_502", 502, False)],
)
def test_some_faults_answer_and_do_nothing(client, fault, status, is_json):
    client.faults.add(fault, operation="initialize", times=1)
    response = client.post("/transaction/initialize", BODY)
    assert response.status_code == status
    assert ("json" in response.headers["Content-Type"]) == is_json
    assert client.post("/transaction/initialize", BODY).status_code == 200


def test_the_rate_limit_says_when_to_come_back(client):
    client.faults.add("rate_limit", value=7)
    response = client.get("/transaction")
    assert (response.headers["x-ratelimit-reset"], response.headers["Retry-After"]) == ("7", "7")


@pytest.mark.parametrize(("fault", "is_done"), [("refused_reset", False), ("reset", True), ("cut_short", True)])
def test_a_connection_may_break_before_or_after_the_work(client, fault, is_done):
    client.faults.add(fault, operation="initialize", times=1)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        client.post("/transaction/initialize", BODY)
    assert (client.get("/transaction/verify/MV-1").status_code == 200) == is_done


def test_silence_after_the_work_looks_like_a_timeout(client):
    client.faults.add("timeout", value=2, operation="initialize", times=1)
    with pytest.raises(requests.Timeout):
        client.post("/transaction/initialize", BODY, timeout=0.5)
    assert client.verified()["status"] == "abandoned"


def test_a_delay_delays(client):
    client.faults.add("delay", value=0.2, times=1)
    begun = time.monotonic()
    assert client.get("/transaction").status_code == 200
    assert time.monotonic() - begun >= 0.2


def test_a_slow_call_holds_up_no_other(client):
    client.initialize()
    client.faults.add("timeout", value=20, operation="list", times=1)
    with pytest.raises(requests.Timeout):
        client.get("/transaction", timeout=0.1)
    begun = time.monotonic()
    client.verified()
    assert time.monotonic() - begun < 10


def test_a_drip_outlives_a_read_timeout(client):
    client.faults.add("drip", value=0.001, times=1)
    begun = time.monotonic()
    assert client.get("/transaction", timeout=0.3).status_code == 200
    assert time.monotonic() - begun > 0.3


def test_json_may_be_cut_in_half(client):
    client.initialize()
    client.faults.add("truncated_json", times=1)
    response = client.get("/transaction/verify/MV-1")
    assert response.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(response.content)


@pytest.mark.parametrize(
    ("fault", "name", "seen"),
    [
        ("wrong_amount", "amount", 349_999),
        ("wrong_currency", "currency", "GHS"),
        ("wrong_domain", "domain", "live"),
        ("wrong_reference", "reference", "MV-2"),
        ("wrong_status", "status", "abandoned"),
        ("metadata", "metadata", 0),
        ("metadata", "metadata", None),
        ("metadata", "metadata", '{"a": 1}'),
    ],
)
def test_a_transaction_can_be_told_wrong(client, receiver, fault, name, seen):
    client.control("POST", "/faults", {"fault": fault, "value": seen, "reference": "MV-1"})
    client.paid("MV-1")
    client.paid("MV-9")
    assert client.verified()[name] == seen
    assert client.verified("MV-9")[name] != seen
    told = [json.loads(message.body)["data"][name] for message in receiver.wait_for(2)]
    assert seen in told
    assert client.control("GET", "/transactions/MV-1")["status"] == "success"


def test_verify_may_lie_once_and_then_tell_the_truth(client):
    client.paid()
    client.faults.add("wrong_status", operation="verify", times=1)
    assert [client.verified()["status"] for _ in range(2)] == ["abandoned", "success"]


def test_refunds_may_be_stuck_and_let_go(client):
    client.paid()
    rule = client.faults.add("refund_stuck", reference="MV-1")
    refund_id = client.refund(1_000)["id"]
    time.sleep(0.2)
    assert client.refund_when(refund_id, "pending")
    client.control("DELETE", f"/faults/{rule.id}")
    client.refund_when(refund_id, "processed")


def test_refunds_may_end_as_told(client):
    client.paid()
    client.faults.add("refund_outcome", value="needs-attention")
    client.refund_when(client.refund(1_000)["id"], "needs-attention")


def test_the_status_of_an_unknown_reference_can_differ_by_reference(client):
    client.faults.add("unknown_reference_status", value=400, reference="MV-4")
    assert client.get("/transaction/verify/MV-4").status_code == 400
    assert client.get("/transaction/verify/MV-5").status_code == 404


def test_every_fault_is_described_and_can_be_switched_on_over_http(client):
    known = client.control("GET", "/faults")["known"]
    assert set(known) == set(FAULTS)
    for name, fault in FAULTS.items():
        assert fault.about
        client.control("POST", "/faults", {"fault": name, "reference": "MV-none", "times": 1})
    assert len(client.control("GET", "/faults")["on"]) == len(FAULTS)
    assert client.control("DELETE", "/faults")["on"] == []


def test_a_test_can_make_a_transaction_what_it_likes(client, receiver):
    client.initialize()
    changes = {"status": "success", "paid_at": "2026-01-02T03:04:05Z", "amount": 1_000, "currency": "GHS"}
    client.control("PATCH", "/transactions/MV-1", changes | {"domain": "live", "channel": "ussd"})
    data = client.verified()
    assert (data["amount"], data["requested_amount"], data["currency"]) == (1_000, 350_000, "GHS")
    assert (data["domain"], data["channel"], data["paid_at"]) == ("live", "ussd", "2026-01-02T03:04:05.000Z")
    assert json.loads(receiver.wait_for(1)[0].body)["data"]["amount"] == 1_000


def test_a_success_can_be_forced_without_a_word(client, receiver):
    client.initialize()
    client.control("PATCH", "/transactions/MV-1", {"status": "success", "webhook": False})
    assert client.verified()["status"] == "success"
    assert client.control("GET", "/webhooks") == []


@pytest.mark.parametrize("status", ["failed", "ongoing", "reversed"])
def test_other_states_can_be_forced(client, status):
    client.initialize()
    client.control("PATCH", "/transactions/MV-1", {"status": status})
    assert client.verified()["status"] == status


@pytest.mark.parametrize("body", [{"status": "lost"}, {"amount": "much"}, {"id": 7}, {"paid_at": "noon"}])
def test_nonsense_is_refused_by_the_control_api_too(client, body):
    client.initialize()
    url = f"{client.server.base_url}/_standin/transactions/MV-1"
    assert requests.patch(url, json=body, timeout=5).status_code == 400


def test_a_refund_can_be_moved_by_hand(client, receiver):
    client.paid()
    client.faults.add("refund_stuck")
    refund_id = client.refund(1_000)["id"]
    client.control("PATCH", f"/refunds/{refund_id}", {"status": "failed"})
    assert client.verified()["status"] == "success"
    assert client.control("GET", "/refunds")[0]["status"] == "failed"


def test_the_request_log_keeps_what_was_asked(client):
    client.get("/transaction/verify/MV-1?x=1")
    (row,) = client.control("GET", "/requests?path=/transaction/verify")
    assert (row["method"], row["path"], row["query"], row["status"]) == (
        "GET",
        "/transaction/verify/MV-1",
        {"x": "1"},
        404,
    )
    assert "sk_test" not in json.dumps(row)


def test_a_reset_forgets_everything(client):
    client.paid()
    client.faults.add("error_500")
    client.control("POST", "/reset")
    assert client.get("/transaction").json()["data"] == []
    assert client.control("GET", "/webhooks") == []


@pytest.mark.parametrize(
    "raw",
    [
        b"POST /transaction/initialize HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST /transaction/initialize HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /transaction/initialize HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        b"POST /transaction/initialize HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 \r\n\r\n",
    ],
)
def test_a_broken_request_breaks_nothing(client, raw):
    with socket.create_connection(client.server._listener.server_address, timeout=20) as connection:
        connection.sendall(raw)
        assert b"400" in connection.recv(1_000)
    assert client.get("/transaction").status_code == 200


def test_connections_are_kept_alive(client):
    connection = http.client.HTTPConnection(*client.server._listener.server_address, timeout=20)
    sockets = []
    for _ in range(3):
        connection.request("GET", "/_standin/health")
        connection.getresponse().read()
        sockets.append(connection.sock)
    connection.close()
    assert sockets == [sockets[0]] * 3
    assert sockets[0] is not None


@pytest.mark.parametrize("change", [{"speed": 0}, {"ladder": "steep"}, {"speed": "fast"}, {"secret_key": "sk_test_x"}])
def test_the_configuration_takes_no_nonsense(client, change):
    response = requests.patch(f"{client.server.base_url}/_standin/config", json=change, timeout=5)
    assert response.status_code == 400
