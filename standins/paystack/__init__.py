"""A local server that speaks Paystack: its API, its hosted checkout page, its webhooks, and faults on demand.

    server = standins.paystack.start(webhook_url="http://127.0.0.1:8000/webhooks/paystack")
    server.base_url   # what PAYSTACK_BASE_URL is set to
    server.account    # the state behind it, for tests in this process: server.account.faults.add("reset", times=1)
    server.stop()

From a shell: python -m standins.paystack --port 8002
"""

from typing import Any

from standins.http import Request, Response, Router, Server, json_response
from standins.paystack.account import Account
from standins.paystack.api import Api
from standins.paystack.checkout import Checkout
from standins.paystack.config import Config
from standins.paystack.control import Control
from standins.paystack.dashboard import Dashboard
from standins.paystack.errors import invalid
from standins.paystack.faults_page import FaultsPage


class PaystackRouter(Router):
    def not_found(self, request: Request) -> Response:
        return json_response({"status": False, "message": "The requested resource was not found"}, 404)

    def bad_request(self, request: Request, reason: str) -> Response:
        return invalid(reason).response()


class PaystackServer(Server):
    """A running stand-in; `account` is its state."""

    def __init__(self, config: Config, *, host: str, port: int) -> None:
        router = PaystackRouter()
        super().__init__(router, host=host, port=port)
        self.account = Account(config)
        Control(router, self.account)
        Dashboard(router, self.account)
        FaultsPage(router, self.account)
        Api(router, self.account)
        Checkout(router, self.account)  # last: its /{access_code} would take any single word

    def stop(self) -> None:
        super().stop()
        self.account.close()


def start(port: int = 0, host: str = "127.0.0.1", **config: Any) -> PaystackServer:
    """Serve in a thread of this process. `config` is what `Config` takes; port 0 takes a free one."""
    server = PaystackServer(Config(**config), host=host, port=port)
    server.start()
    return server
