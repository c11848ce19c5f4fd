"""What the tests of the Paystack stand-in speak with: a merchant with a key, and a payer with a browser."""

import time
from dataclasses import dataclass
from typing import Any

import requests

from standins.paystack import PaystackServer
from standins.paystack.config import DEFAULT_SECRET_KEY

CALLBACK = "https://movy.test/verify-payment?booking=7"
CANCEL = "https://movy.test/bookings/7"
PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Received:
    body: bytes
    signature: str


class PaystackClient:
    def __init__(self, server: PaystackServer) -> None:
        self.server = server
        self.faults = server.account.faults
        self.session = requests.Session()

    def call(self, method: str, path: str, body: Any = None, *, key: str = DEFAULT_SECRET_KEY, **kwargs: Any) -> Any:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        kwargs.setdefault("timeout", PATIENCE_SECONDS)
        return self.session.request(method, self.server.base_url + path, json=body, headers=headers, **kwargs)

    def get(self, path: str, **kwargs: Any) -> Any:
        return self.call("GET", path, **kwargs)

    def post(self, path: str, body: Any = None, **kwargs: Any) -> Any:
        return self.call("POST", path, body, **kwargs)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        response = self.session.request(
            method, f"{self.server.base_url}/_standin{path}", json=body, timeout=PATIENCE_SECONDS
        )
        response.raise_for_status()
        return response.json()

    def initialize(self, reference: str = "MV-1", **fields: Any) -> dict[str, Any]:
        body = {"email": "ada@movy.test", "amount": 350_000, "currency": "NGN", "reference": reference}
        body |= {"callback_url": CALLBACK, "metadata": {"cancel_action": CANCEL}}
        response = self.post("/transaction/initialize", body | fields)
        assert response.status_code == 200, response.text
        return response.json()["data"]

    def visit(self, started: dict[str, Any], **fields: str) -> requests.Response:
        """Open the checkout page, or press one of its buttons when there are fields. Follows no redirect."""
        url = started["authorization_url"]
        if not fields:
            return requests.get(url, timeout=PATIENCE_SECONDS)
        return requests.post(url, data=fields, allow_redirects=False, timeout=PATIENCE_SECONDS)

    def pay_by_card(self, started: dict[str, Any], number: str, cvv: str, **fields: str) -> requests.Response:
        return self.visit(started, channel="card", number=number, cvv=cvv, expiry="12/39", action="pay", **fields)

    def paid(self, reference: str = "MV-1", *, card: str = "4084084084084081", **fields: Any) -> dict[str, Any]:
        """Make a transaction that is paid, and return its data."""
        self.initialize(reference, **fields)
        return self.control("POST", f"/transactions/{reference}/pay", {"card": card})

    def verified(self, reference: str = "MV-1") -> dict[str, Any]:
        response = self.get(f"/transaction/verify/{reference}")
        assert response.status_code == 200, response.text
        return response.json()["data"]

    def refund(self, amount: int, reference: str = "MV-1") -> dict[str, Any]:
        response = self.post("/refund", {"transaction": reference, "amount": amount})
        assert response.status_code == 200, response.text
        return response.json()["data"]

    def delivery_when(self, status: str) -> dict[str, Any]:
        """Return the only webhook once it has a status: it is written down after the answer to it came."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            (delivery,) = self.control("GET", "/webhooks")
            if delivery["status"] == status:
                return delivery
            assert time.monotonic() < end, f"still {delivery['status']}"
            time.sleep(0.01)

    def refund_when(self, refund_id: int, status: str) -> dict[str, Any]:
        """Return a refund once it has a status."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            refund = self.get(f"/refund/{refund_id}").json()["data"]
            if refund["status"] == status:
                return refund
            assert time.monotonic() < end, f"still {refund['status']}"
            time.sleep(0.01)
