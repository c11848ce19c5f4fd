"""initialize, verify, fetch, list, totals and timeline of the Paystack stand-in."""

import pytest
import requests

from standins import paystack

MINIMUMS = {"NGN": 50_00, "GHS": 10, "ZAR": 1_00, "KES": 3_00, "USD": 2_00, "XOF": 1_00}


def test_a_new_transaction_is_answered_as_paystack_does(client):
    response = client.post("/transaction/initialize", {"email": "ada@movy.test", "amount": 5_000, "reference": "MV-1"})
    data = response.json()["data"]
    assert response.json() == {"status": True, "message": "Authorization URL created", "data": data}
    assert data["authorization_url"] == f"{client.server.base_url}/checkout/{data['access_code']}"
    assert (len(data["access_code"]), data["reference"]) == (15, "MV-1")


def test_the_checkout_address_follows_the_host_that_was_asked(client):
    url = client.server.base_url.replace("127.0.0.1", "localhost")
    headers = {"Authorization": "Bearer sk_test_movy_standin"}
    body = {"email": "ada@movy.test", "amount": 5_000}
    data = requests.post(f"{url}/transaction/initialize", json=body, headers=headers, timeout=5).json()["data"]
    assert data["authorization_url"].startswith(f"{url}/checkout/")


@pytest.mark.parametrize("key", ["", "sk_test_somebody_else", "sk_live_movy_standin"])
def test_any_other_key_is_refused(client, key):
    response = client.get("/transaction", key=key)
    assert response.status_code == 401
    assert response.json() == {
        "status": False,
        "message": "Invalid key",
        "meta": {"nextStep": "Ensure that you provide the correct authorization key for the request"},
        "type": "validation_error",
        "code": "invalid_Key",
    }


def test_it_does_not_start_with_a_live_key():
    with pytest.raises(ValueError, match="sk_test_"):
        paystack.start(secret_key="sk_live_real_money")


@pytest.mark.parametrize(
    ("fields", "message", "code"),
    [
        ({"email": None}, "Email Address is required", "missing_params"),
        ({"email": "ada"}, "Invalid Email Address Passed", "invalid_email_address"),
        ({"amount": None}, "Amount is required", "missing_params"),
        ({"amount": 100.5}, '"amount" must be an integer', "invalid_params"),
        ({"amount": "100.50"}, '"amount" must be an integer', "invalid_params"),
        ({"amount": True}, '"amount" must be an integer', "invalid_params"),
        ({"amount": 0}, "Invalid Amount Sent", "invalid_params"),
        ({"amount": -5_000}, "Invalid Amount Sent", "invalid_params"),
        ({"amount": 10**30}, "Invalid Amount Sent", "invalid_params"),
        ({"currency": "EUR"}, "Currency not supported by merchant", "unsupported_currency"),
        ({"currency": "XOF", "amount": 150}, "Invalid Amount Sent", "invalid_params"),
        ({"callback_url": "javascript:alert(1)"}, '"callback_url" must be a valid uri', "invalid_params"),
        ({"channels": "card"}, '"channels" must be an array', "invalid_params"),
        ({"subaccount": "ACCT_nobody"}, "Invalid Subaccount", "invalid_params"),
        ({"split_code": "SPL_nobody"}, "Invalid split code", "invalid_params"),
        ({"email": ["ada@movy.test"]}, '"email" must be a string', "invalid_params"),
    ],
)
def test_bad_fields_are_refused(client, fields, message, code):
    body = {"email": "ada@movy.test", "amount": 5_000, "currency": "NGN", "reference": "MV-1"} | fields
    response = client.post("/transaction/initialize", body)
    answer = response.json()
    assert (response.status_code, answer["status"], answer["message"], answer["code"]) == (400, False, message, code)
    assert client.get("/transaction/verify/MV-1").status_code == 404


@pytest.mark.parametrize(("currency", "minimum"), MINIMUMS.items())
def test_each_currency_has_its_smallest_charge(client, currency, minimum):
    assert client.initialize("MV-least", amount=minimum, currency=currency)
    too_little = client.post(
        "/transaction/initialize", {"email": "ada@movy.test", "amount": minimum - 1, "currency": currency}
    )
    assert (too_little.status_code, too_little.json()["message"]) == (400, "Invalid Amount Sent")


@pytest.mark.parametrize("amount", ["20000", 20_000.0, 20_000])
def test_whole_numbers_are_kept_as_integers(client, amount):
    client.initialize(amount=amount)
    assert repr(client.verified()["amount"]) == "20000"


def test_a_reference_works_once(client):
    client.initialize("MV-1")
    again = client.post(
        "/transaction/initialize",
        {"email": "ada@movy.test", "amount": 350_000, "currency": "NGN", "reference": "MV-1"},
    )
    assert again.status_code == 400
    assert again.json() == {
        "status": False,
        "message": "Duplicate Transaction Reference",
        "meta": {"nextStep": "Try and create the Transaction or Charge with a new reference"},
        "type": "validation_error",
        "code": "duplicate_reference",
        "errorCodeMappingNotFound": False,
    }


def test_a_form_body_is_heard_too(client):
    url = f"{client.server.base_url}/transaction/initialize"
    headers = {"Authorization": "Bearer sk_test_movy_standin"}
    data = {"email": "ada@movy.test", "amount": "5000", "reference": "MV-1"}
    assert requests.post(url, data=data, headers=headers, timeout=5).status_code == 200


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[]", b"null", b'{"email": ' + b"[" * 100_000])
def test_a_body_that_cannot_be_read_is_a_400(client, body):
    url = f"{client.server.base_url}/transaction/initialize"
    headers = {"Authorization": "Bearer sk_test_movy_standin", "Content-Type": "application/json"}
    response = requests.post(url, data=body, headers=headers, timeout=5)
    assert (response.status_code, response.json()["status"]) == (400, False)


def test_an_unpaid_transaction_is_abandoned(client):
    client.initialize()
    data = client.verified()
    assert (data["status"], data["paid_at"], data["fees"], data["authorization"]) == ("abandoned", None, None, {})


def test_a_paid_transaction_tells_all(client):
    client.paid()
    data = client.verified()
    assert (data["status"], data["gateway_response"], data["domain"]) == ("success", "Successful", "test")
    assert (data["amount"], data["requested_amount"], data["currency"]) == (350_000, 350_000, "NGN")
    assert data["fees"] == 5_250 + 100_00
    assert data["id"] > 2**32
    assert data["paid_at"].endswith("Z")
    assert data["paid_at"] == data["paidAt"]
    assert data["authorization"] | {"authorization_code": "", "signature": ""} == {
        "authorization_code": "",
        "bin": "408408",
        "last4": "4081",
        "exp_month": "12",
        "exp_year": "2030",
        "channel": "card",
        "card_type": "visa ",
        "bank": "TEST BANK",
        "country_code": "NG",
        "brand": "visa",
        "reusable": True,
        "signature": "",
        "account_name": None,
    }


@pytest.mark.parametrize("status", [404, 400])
def test_an_unknown_reference_is_not_found_either_way(client, status):
    client.control("PATCH", "/config", {"unknown_reference_status": status})
    response = client.get("/transaction/verify/MV-none")
    assert response.status_code == status
    assert response.json()["message"] == "Transaction reference not found."
    assert response.json()["code"] == "transaction_not_found"


def test_a_reference_may_hold_signs_that_urls_escape(client):
    client.initialize("a.b-c=")
    assert client.verified("a.b-c%3D")["reference"] == "a.b-c="


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (None, ""),
        (
            {"order": 42, "tags": [1.5, True], "deep": {"n": 1}},
            {"order": "42", "tags": ["1.5", True], "deep": {"n": "1"}},
        ),
        ('{"order": 42}', {"order": 42}),
        ("no json", "no json"),
    ],
)
def test_metadata_comes_back_with_paystacks_quirk(client, sent, shown):
    client.initialize(metadata=sent)
    assert client.verified()["metadata"] == shown


def test_a_transaction_is_fetched_by_number_alone(client):
    transaction_id = client.paid()["id"]
    assert client.get(f"/transaction/{transaction_id}").json()["data"]["reference"] == "MV-1"
    unknown = client.get("/transaction/MV-1")
    assert (unknown.status_code, unknown.json()["message"]) == (404, "Transaction not found")


def test_the_timeline_follows_the_payer(client):
    started = client.initialize()
    client.visit(started)
    client.pay_by_card(started, "4084 0800 0000 5408", "001")
    client.pay_by_card(started, "4084 0840 8408 4081", "408")
    for name in ("MV-1", client.verified()["id"]):
        log = client.get(f"/transaction/timeline/{name}").json()["data"]
        assert (log["attempts"], log["errors"], log["success"]) == (2, 1, True)
        assert [entry["type"] for entry in log["history"]] == ["action", "error", "success"]


def references(response):
    return [row["reference"] for row in response.json()["data"]]


def test_the_list_is_newest_first_in_pages(client):
    for number in range(5):
        client.initialize(f"MV-{number}")
    first = client.get("/transaction?perPage=2")
    assert references(first) == ["MV-4", "MV-3"]
    assert first.json()["meta"] == {
        "total": 5,
        "total_volume": 5 * 350_000,
        "skipped": 0,
        "perPage": 2,
        "page": 1,
        "pageCount": 3,
    }
    assert references(client.get("/transaction?per_page=2&page=3")) == ["MV-0"]


def test_a_cursor_walks_the_list_there_and_back(client):
    for number in range(5):
        client.initialize(f"MV-{number}")
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get("/transaction", params={"use_cursor": "true", "perPage": 2, "next": cursor})
        seen += references(page)
        cursor = page.json()["meta"]["next"]
    assert seen == ["MV-4", "MV-3", "MV-2", "MV-1", "MV-0"]
    back = client.get(
        "/transaction", params={"use_cursor": "true", "perPage": 2, "previous": page.json()["meta"]["previous"]}
    )
    assert references(back) == ["MV-2", "MV-1"]
    assert client.get("/transaction?use_cursor=true&next=@@").status_code == 400


def test_the_list_filters(client):
    paid = client.paid("MV-paid")
    client.initialize("MV-open", amount=9_900, email="bo@movy.test")
    assert references(client.get("/transaction?status=success")) == ["MV-paid"]
    assert references(client.get("/transaction?amount=9900")) == ["MV-open"]
    assert references(client.get(f"/transaction?customer={paid['customer']['id']}")) == ["MV-paid"]
    assert references(client.get(f"/transaction?customer={paid['customer']['customer_code']}")) == []
    assert references(client.get("/transaction?to=2020-01-01")) == []
    assert len(references(client.get("/transaction?from=2020-01-01T00:00:00Z"))) == 2
    assert client.get("/transaction?from=yesterday").status_code == 400


def test_totals_count_what_was_paid(client):
    client.paid("MV-1")
    client.paid("MV-2", currency="GHS", amount=4_000)
    client.initialize("MV-3")
    assert client.get("/transaction/totals").json()["data"] == {
        "total_transactions": 2,
        "total_volume": 354_000,
        "total_volume_by_currency": [{"currency": "NGN", "amount": 350_000}, {"currency": "GHS", "amount": 4_000}],
        "pending_transfers": 354_000,
        "pending_transfers_by_currency": [{"currency": "NGN", "amount": 350_000}, {"currency": "GHS", "amount": 4_000}],
    }


def test_what_was_paid_is_known_after_a_restart(tmp_path):
    path = str(tmp_path / "paystack.sqlite3")
    first = paystack.start(state_path=path)
    body = {"email": "ada@movy.test", "amount": 350_000, "reference": "MV-1"}
    headers = {"Authorization": "Bearer sk_test_movy_standin"}
    requests.post(f"{first.base_url}/transaction/initialize", json=body, headers=headers, timeout=5)
    requests.post(f"{first.base_url}/_standin/transactions/MV-1/pay", json={}, timeout=5)
    before = requests.get(f"{first.base_url}/transaction/verify/MV-1", headers=headers, timeout=5).json()
    first.stop()
    second = paystack.start(state_path=path)
    after = requests.get(f"{second.base_url}/transaction/verify/MV-1", headers=headers, timeout=5).json()
    duplicate = requests.post(f"{second.base_url}/transaction/initialize", json=body, headers=headers, timeout=5)
    second.stop()
    assert after == before
    assert after["data"]["status"] == "success"
    assert duplicate.json()["code"] == "duplicate_reference"
