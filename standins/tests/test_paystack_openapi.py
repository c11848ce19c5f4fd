"""The Paystack stand-in against Paystack's own OpenAPI file.

The file is not part of this repository: PAYSTACK_OPENAPI is the path of a copy of dist/paystack.yaml from
PaystackOSS/openapi. Where the file and what Paystack is seen to answer differ, the stand-in answers as Paystack does.
Every such place stands in DIFFERENCES with its reason, and a place that no longer differs fails the test.
"""

import os
from typing import Any

import jsonschema
import pytest
import yaml

NO_NAME = "a new customer has no name or phone yet"

# (operation, where in the answer; * is any number): why it differs
DIFFERENCES = {
    ("GET /transaction", "data/*/fees_split"): "an object with who pays what, when a subaccount shares the payment",
    ("GET /transaction", "data/*/metadata"): 'may be an object, a string, "" or 0',
    ("GET /transaction", "data/*/paidAt"): "null while it is unpaid",
    ("GET /transaction", "data/*/authorization"): "empty while it is unpaid",
    ("GET /transaction/{id}", "data/authorization"): "the receiver's bank is only there for transfers",
    ("GET /transaction/{id}", "data/customer/first_name"): NO_NAME,
    ("GET /transaction/{id}", "data/customer/last_name"): NO_NAME,
    ("GET /transaction/{id}", "data/customer/phone"): NO_NAME,
    ("GET /transaction/{id}", "data/customer/international_format_phone"): NO_NAME,
    ("GET /transaction/{id}", "data/customer/metadata"): "null until something is put there",
    ("GET /transaction/{id}", "data/metadata"): "custom_fields is only there if the merchant sent it",
    ("GET /transaction/{id}", "data/fees_split"): "an object with who pays what, when a subaccount shares the payment",
    ("GET /refund", "meta/perPage"): "a number, as in every other list",
    ("GET /refund", "data/*/customer/metadata"): "null until something is put there",
    ("GET /refund", "data/*/customer/international_format_phone"): NO_NAME,
    ("GET /refund", "data/*/customer/first_name"): NO_NAME,
    ("GET /refund", "data/*/customer/last_name"): NO_NAME,
    ("GET /refund/{id}", "data/customer/first_name"): NO_NAME,
    ("GET /refund/{id}", "data/customer/last_name"): NO_NAME,
    ("GET /refund/{id}", "data/customer/phone"): NO_NAME,
    ("GET /refund/{id}", "data/customer/metadata"): "null until something is put there",
    ("GET /refund/{id}", "data/customer/international_format_phone"): NO_NAME,
    ("POST /split", "data/bearer_subaccount"): "null when everybody bears the fee",
    ("GET /split/{id}", "data/bearer_subaccount"): "null when everybody bears the fee",
    ("401 error", "code"): "the file has the two swapped: its enum of `code` is what `type` holds",
    ("404 error", "code"): "the file has the two swapped: its enum of `code` is what `type` holds",
    ("422 error", "code"): "the file has the two swapped: its enum of `code` is what `type` holds",
}

THEATRE = {"business_name": "Hall", "settlement_bank": "057", "account_number": "0000000000", "percentage_charge": 10.5}
QUERY_VALUES = {
    "boolean": "true",
    "integer": "1",
    "string": "x",
    "next": "",
    "previous": "",
    "from": "2020-01-01T00:00:00Z",
    "to": "2040-01-01T00:00:00Z",
    "account_number": "0000000000",
    "bank_code": "057",
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    with open(os.environ["PAYSTACK_OPENAPI"], encoding="utf-8") as file:
        return as_json_schema(yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def as_json_schema(node: Any) -> Any:
    """Return an OpenAPI 3.0 tree with `nullable` said in JSON Schema's words."""
    if isinstance(node, list):
        return [as_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {name: as_json_schema(value) for name, value in node.items()}
    if made.pop("nullable", None) is True and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
    return made


def resolved(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def problems(document: dict[str, Any], schema: dict[str, Any], value: Any) -> dict[str, str]:
    """Return what a value breaks of a schema: where, with * for numbers, and what."""
    validator = jsonschema.Draft7Validator(schema | {"components": document["components"]})
    return {
        "/".join("*" if isinstance(part, int) else part for part in error.absolute_path): error.message
        for error in validator.iter_errors(value)
    }


def answer_schema(document: dict[str, Any], operation: str, status: int) -> dict[str, Any]:
    method, path = operation.split(" ")
    answer = resolved(document, document["paths"][path][method.lower()]["responses"][str(status)])
    return answer["content"]["application/json"]["schema"]


def answers(client) -> dict[tuple[str, str, int], Any]:
    """Call everything once and return the bodies by (name, operation, status)."""
    made = client.post("/subaccount", THEATRE)
    code = made.json()["data"]["subaccount_code"]
    split_body = {
        "name": "All",
        "type": "percentage",
        "currency": "NGN",
        "subaccounts": [{"subaccount": code, "share": 20}],
    }
    split = client.post("/split", split_body)
    started = client.post("/transaction/initialize", {"email": "ada@movy.test", "amount": 350_000, "subaccount": code})
    reference = started.json()["data"]["reference"]
    client.initialize("MV-open", metadata="")
    client.paid("MV-1", metadata={"order": 1})
    transaction = client.control("POST", f"/transactions/{reference}/pay", {"card": "4084080000671902"})
    refund = client.post("/refund", {"transaction": reference, "amount": 1_000})
    refund_id = refund.json()["data"]["id"]
    client.refund_when(refund_id, "needs-attention")
    details = {"currency": "NGN", "account_number": "0000000000", "bank_id": "6"}
    retry_path = f"/refund/retry_with_customer_details/{refund_id}"
    retried = client.post(retry_path, {"refund_account_details": details})
    client.refund_when(refund_id, "processed")
    timeout_path = "/integration/payment_session_timeout"
    return {
        ("initialize", "POST /transaction/initialize", 200): started,
        ("duplicate", "POST /transaction/initialize", 400): client.post(
            "/transaction/initialize", {"email": "ada@movy.test", "amount": 5_000, "reference": "MV-1"}
        ),
        ("verify paid", "GET /transaction/verify/{reference}", 200): client.get(f"/transaction/verify/{reference}"),
        ("verify open", "GET /transaction/verify/{reference}", 200): client.get("/transaction/verify/MV-open"),
        ("401 error", "GET /transaction", 401): client.get("/transaction", key=""),
        ("404 error", "GET /transaction/verify/{reference}", 404): client.get("/transaction/verify/MV-none"),
        ("list", "GET /transaction", 200): client.get("/transaction"),
        ("fetch", "GET /transaction/{id}", 200): client.get(f"/transaction/{transaction['id']}"),
        ("timeline", "GET /transaction/timeline/{id}", 200): client.get(f"/transaction/timeline/{transaction['id']}"),
        ("totals", "GET /transaction/totals", 200): client.get("/transaction/totals"),
        ("refund", "POST /refund", 200): refund,
        ("refunds", "GET /refund", 200): client.get("/refund"),
        ("refund fetch", "GET /refund/{id}", 200): client.get(f"/refund/{refund_id}"),
        ("retry", "POST /refund/retry_with_customer_details/{id}", 200): retried,
        ("422 error", "POST /refund/retry_with_customer_details/{id}", 422): client.post(retry_path, {}),
        ("subaccount", "POST /subaccount", 201): made,
        ("subaccounts", "GET /subaccount", 200): client.get("/subaccount"),
        ("subaccount fetch", "GET /subaccount/{code}", 200): client.get(f"/subaccount/{code}"),
        ("subaccount change", "PUT /subaccount/{code}", 200): client.call(
            "PUT", f"/subaccount/{code}", {"active": True}
        ),
        ("split", "POST /split", 200): split,
        ("split fetch", "GET /split/{id}", 200): client.get(f"/split/{split.json()['data']['id']}"),
        ("banks", "GET /bank", 200): client.get("/bank"),
        ("resolve", "GET /bank/resolve", 200): client.get("/bank/resolve?account_number=0000000000&bank_code=057"),
        ("timeout set", f"PUT {timeout_path}", 200): client.call("PUT", timeout_path, {"timeout": 30}),
        ("timeout", f"GET {timeout_path}", 200): client.get(timeout_path),
    }


def test_every_answer_has_the_shape_that_the_file_gives_it(client, document):
    found = {}
    for (name, operation, status), response in answers(client).items():
        assert response.status_code == status, f"{name}: {response.text}"
        schema = answer_schema(document, operation, status)
        subject = operation if response.ok else name
        found |= {(subject, where): what for where, what in problems(document, schema, response.json()).items()}
    unexplained = {place: what for place, what in found.items() if place not in DIFFERENCES}
    assert unexplained == {}
    assert [place for place in DIFFERENCES if place not in found] == [], "these do not differ any more"


def test_every_query_parameter_of_the_file_is_taken(client, document):
    """An unknown filter may find nothing, but nothing that the file allows is an error."""
    client.paid()
    for path in ("/transaction", "/transaction/totals", "/refund", "/subaccount", "/bank", "/bank/resolve"):
        parameters = [resolved(document, one) for one in document["paths"][path]["get"].get("parameters", [])]
        query = {}
        for parameter in parameters:
            schema = parameter["schema"]
            by_type = schema["enum"][0] if "enum" in schema else QUERY_VALUES[schema["type"]]
            query[parameter["name"]] = QUERY_VALUES.get(parameter["name"], by_type)
        assert client.get(path, params=query).status_code == 200, path


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        (
            "POST /transaction/initialize",
            {
                "email": "ada@movy.test",
                "amount": 5_000,
                "currency": "NGN",
                "reference": "MV-1",
                "channels": ["card", "bank", "ussd", "qr", "eft", "mobile_money", "bank_transfer"],
                "callback_url": "https://movy.test/verify-payment",
                "label": "Movy",
                "metadata": {"order": 1},
            },
        ),
        ("POST /subaccount", THEATRE | {"description": "A hall", "primary_contact_email": "a@b.co", "metadata": "{}"}),
    ],
)
def test_a_body_that_the_file_allows_is_taken(client, document, operation, body):
    method, path = operation.split(" ")
    schema = document["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]["schema"]
    assert problems(document, schema, body) == {}
    assert client.post(path, body).ok


@pytest.mark.parametrize("name", ["email", "amount"])
def test_what_the_file_requires_is_required(client, document, name):
    assert name in document["components"]["schemas"]["TransactionInitialize"]["required"]
    body = {"email": "ada@movy.test", "amount": 5_000}
    del body[name]
    assert client.post("/transaction/initialize", body).status_code == 400
