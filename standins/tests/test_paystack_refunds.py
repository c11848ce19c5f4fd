"""Refunds, subaccounts, splits and banks of the Paystack stand-in."""

import json

import pytest

TRANSFER = {"currency": "NGN", "account_number": "0000000000", "bank_id": "6"}


def messages(response):
    return response.status_code, response.json()["message"]


def test_a_refund_goes_through_all_its_states(client, receiver):
    client.paid()
    receiver.wait_for(1)  # messages of one moment may overtake each other
    client.server.account.config.refund_step_seconds = 0.15
    answer = client.post("/refund", {"transaction": "MV-1", "amount": 350_000})
    created = answer.json()["data"]
    assert messages(answer) == (200, "Refund has been queued for processing")
    assert created["status"] == "pending"
    assert client.verified()["status"] == "reversal-pending"
    client.refund_when(created["id"], "processing")
    assert client.verified()["status"] == "reversal-pending"
    done = client.refund_when(created["id"], "processed")
    assert (done["amount"], done["transaction_reference"]) == (350_000, "MV-1")
    assert client.verified()["status"] == "reversed"
    receiver.wait_for(4)
    assert receiver.events() == ["charge.success", "refund.pending", "refund.processing", "refund.processed"]


def test_the_transaction_is_an_object_once_and_a_number_later(client):
    transaction_id = client.paid()["id"]
    created = client.refund(1_000)
    assert created["transaction"]["id"] == transaction_id
    assert created["transaction"]["reference"] == "MV-1"
    assert client.get(f"/refund/{created['id']}").json()["data"]["transaction"] == transaction_id


def test_a_refund_may_name_the_transactions_number(client):
    transaction_id = client.paid()["id"]
    assert client.post("/refund", {"transaction": transaction_id, "amount": 100}).status_code == 200
    assert client.post("/refund", {"transaction": str(transaction_id), "amount": "100"}).status_code == 200


def test_refunds_never_exceed_the_payment(client):
    client.paid()
    client.refund(200_000)
    too_much = (400, "Total refund amount cannot exceed original transaction amount")
    assert messages(client.post("/refund", {"transaction": "MV-1", "amount": 150_001})) == too_much
    assert messages(client.post("/refund", {"transaction": "MV-1"})) == too_much
    client.refund(150_000)
    assert messages(client.post("/refund", {"transaction": "MV-1", "amount": 1})) == too_much


def test_a_failed_refund_gives_its_amount_back(client):
    client.paid(card="4084080000671803")
    client.refund_when(client.refund(350_000)["id"], "failed")
    assert client.verified()["status"] == "success"
    assert client.get("/refund").json()["meta"]["failedRefundCount"] == 1
    client.refund(350_000)


def test_a_refund_that_needs_attention_waits_for_bank_details(client, receiver):
    client.server.account.config.refund_step_seconds = 0.1
    client.paid(card="4084080000671902")
    receiver.wait_for(1)
    refund_id = client.refund(350_000)["id"]
    client.refund_when(refund_id, "needs-attention")
    receiver.wait_for(4)
    assert client.verified()["status"] == "reversal-pending"
    path = f"/refund/retry_with_customer_details/{refund_id}"
    assert client.post(path, {}).status_code == 400
    assert client.post(path, {"refund_account_details": TRANSFER}).json()["data"]["status"] == "processing"
    client.refund_when(refund_id, "processed")
    receiver.wait_for(6)
    assert receiver.events()[-3:] == ["refund.needs-attention", "refund.processing", "refund.processed"]


def test_a_refund_in_another_state_takes_no_details(client):
    client.paid()
    client.server.account.config.refund_step_seconds = 60
    path = f"/refund/retry_with_customer_details/{client.refund(1_000)['id']}"
    answer = client.post(path, {"refund_account_details": TRANSFER})
    assert messages(answer) == (422, 'Invalid Refund state, refund status should be "needs-attention"')
    assert answer.json()["code"] == "invalid_params"


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"transaction": None}, (400, "Transaction is required")),
        ({"transaction": "MV-none"}, (404, "Transaction not found")),
        ({"currency": "GHS"}, (400, "Transaction currency must match refund currency")),
        ({"amount": 1.5}, (400, '"amount" must be an integer')),
    ],
)
def test_a_bad_refund_is_refused(client, fields, answer):
    client.paid()
    assert messages(client.post("/refund", {"transaction": "MV-1", "amount": 1_000} | fields)) == answer
    assert client.verified()["status"] == "success"


def test_a_refund_in_cedis_has_a_floor(client):
    client.paid(currency="GHS", amount=5_000)
    answer = client.post("/refund", {"transaction": "MV-1", "amount": 99})
    assert messages(answer) == (
        400,
        "The minimum amount you may send in a single refund at this time is: GHS1.00",
    )
    client.refund(100)


def test_an_unpaid_transaction_cannot_be_refunded(client):
    client.initialize()
    assert client.post("/refund", {"transaction": "MV-1", "amount": 1_000}).status_code == 400


@pytest.mark.parametrize("left", ["reversed", "success"])
def test_what_a_partial_refund_leaves_is_a_setting(client, left):
    client.control("PATCH", "/config", {"partial_refund_leaves": left})
    client.paid()
    client.refund_when(client.refund(1_000)["id"], "processed")
    assert client.verified()["status"] == left


def test_the_list_of_refunds_filters_by_number_alone(client):
    transaction_id = client.paid("MV-1")["id"]
    client.paid("MV-2")
    refund_id = client.refund(1_000, "MV-1")["id"]
    client.refund(2_000, "MV-2")
    assert len(client.get("/refund").json()["data"]) == 2
    assert [row["id"] for row in client.get(f"/refund?transaction={transaction_id}").json()["data"]] == [refund_id]
    assert client.get("/refund?transaction=MV-1").json()["data"] == []
    assert client.get("/refund/1").status_code == 404


THEATRE = {
    "business_name": "Grand Hall",
    "settlement_bank": "057",
    "account_number": "0000000000",
    "percentage_charge": 10,
}


def subaccount(client, **fields):
    response = client.post("/subaccount", THEATRE | fields)
    assert response.status_code == 201, response.text
    return response.json()["data"]


def test_a_subaccount_is_made_listed_read_and_changed(client):
    made = subaccount(client)
    assert made["subaccount_code"].startswith("ACCT_")
    assert (made["settlement_bank"], made["active"], made["is_verified"]) == ("Zenith Bank", True, False)
    path = f"/subaccount/{made['subaccount_code']}"
    changed = client.call("PUT", path, {"business_name": "Small Hall", "active": False}).json()["data"]
    assert (changed["business_name"], changed["active"]) == ("Small Hall", False)
    assert client.get(path).json()["data"]["business_name"] == "Small Hall"
    assert client.get("/subaccount").json()["data"][0]["active"] == 0
    assert client.get("/subaccount/ACCT_none").status_code == 404


@pytest.mark.parametrize("fields", [{"business_name": ""}, {"settlement_bank": "999"}, {"percentage_charge": 101}])
def test_a_bad_subaccount_is_refused(client, fields):
    assert client.post("/subaccount", THEATRE | fields).status_code == 400


def test_a_theatre_gets_its_share(client):
    code = subaccount(client)["subaccount_code"]
    paid = client.paid(subaccount=code, amount=100_000)
    assert paid["subaccount"]["subaccount_code"] == code
    split = paid["fees_split"]
    assert split["paystack"] == paid["fees"] == 1_500
    assert split["subaccount"] == 90_000
    assert sum(split[name] for name in ("paystack", "integration", "subaccount")) == 100_000


@pytest.mark.parametrize(
    ("charge", "fields", "split"),
    [
        # what Paystack's test mode answered somebody for this amount and flat charge, to the kobo
        (2, {"transaction_charge": 875_000}, (200_000, 675_000, 45_000_000, "account", "875000", "2")),
        (2, {}, (200_000, 717_500, 44_957_500, "account", "", "2")),
        (10.5, {"bearer": "subaccount"}, (200_000, 4_816_875, 40_858_125, "subaccount", "", "10.5")),
    ],
)
def test_verify_fetch_list_and_webhook_tell_alike_who_gets_what(client, receiver, charge, fields, split):
    code = subaccount(client, percentage_charge=charge)["subaccount_code"]
    paid = client.paid(subaccount=code, amount=45_875_000, **fields)
    fetched = client.get(f"/transaction/{paid['id']}").json()["data"]
    (listed,) = client.get("/transaction").json()["data"]
    announced = json.loads(receiver.wait_for(1)[0].body)["data"]
    paystack, integration, theatre, bearer, flat, percentage = split
    for data in (client.verified(), fetched, listed, announced):
        assert data["fees"] == paystack
        assert data["subaccount"]["subaccount_code"] == code
        assert data["fees_split"] == {
            "paystack": paystack,
            "integration": integration,
            "subaccount": theatre,
            "params": {"bearer": bearer, "transaction_charge": flat, "percentage_charge": percentage},
        }


def test_nobody_shares_a_payment_without_a_subaccount_or_before_it_is_paid(client):
    client.paid("MV-1")
    client.initialize("MV-2", subaccount=subaccount(client)["subaccount_code"])
    unpaid, alone = client.get("/transaction").json()["data"]
    assert (alone["subaccount"], alone["fees_split"], alone["fees"] is None) == ({}, None, False)
    assert (bool(unpaid["subaccount"]), unpaid["fees_split"], unpaid["fees"]) == (True, None, None)


def test_a_bearer_that_cannot_pay_the_fee_is_refused(client):
    code = subaccount(client, percentage_charge=0)["subaccount_code"]
    body = {"email": "ada@movy.test", "amount": 100_000, "subaccount": code}
    assert client.post("/transaction/initialize", body).status_code == 400
    assert client.post("/transaction/initialize", body | {"bearer": "subaccount"}).status_code == 200


def test_the_shares_of_a_split_add_up_to_the_amount(client):
    codes = [subaccount(client)["subaccount_code"] for _ in range(2)]
    parts = [{"subaccount": codes[0], "share": 20}, {"subaccount": codes[1], "share": 33}]
    made = client.post("/split", {"name": "Two", "type": "percentage", "currency": "NGN", "subaccounts": parts})
    split = made.json()["data"]
    assert client.get(f"/split/{split['id']}").json()["data"] == split
    shares = client.paid(split_code=split["split_code"], amount=100_001)["split"]["shares"]
    assert [part["amount"] for part in shares["subaccounts"]] == [20_000, 33_000]
    assert shares["paystack"] + shares["integration"] + 53_000 == 100_001


def test_percentages_above_a_hundred_are_refused(client):
    code = subaccount(client)["subaccount_code"]
    split = {
        "name": "Much",
        "type": "percentage",
        "currency": "NGN",
        "subaccounts": [{"subaccount": code, "share": 101}],
    }
    assert client.post("/split", split).status_code == 400


def test_banks_are_listed_and_accounts_resolved(client):
    banks = client.get("/bank?currency=GHS").json()["data"]
    assert {bank["currency"] for bank in banks} == {"GHS"}
    found = client.get("/bank/resolve?account_number=0000000000&bank_code=057")
    assert found.json()["data"] == {"account_number": "0000000000", "account_name": "TEST ACCOUNT 0000", "bank_id": 6}
    assert client.get("/bank/resolve?account_number=12&bank_code=057").status_code == 422
    assert client.get("/bank/resolve?account_number=0000000000&bank_code=none").status_code == 400
