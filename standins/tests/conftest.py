"""Fixtures for the stand-ins' own tests: servers on free ports, in threads of this process."""

import http.server
import json
import os
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from standins import paystack
from standins.tests.paystack_client import PaystackClient, Received


class _Receiver(http.server.ThreadingHTTPServer):
    """Takes webhooks, answering with the statuses it was given and 200 once they run out."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _ReceiverHandler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/webhooks/paystack"
        self.received: list[Received] = []
        self.answers: list[int] = []
        self.pause_seconds = 0.0  # between a message and its answer
        self.on_message: Callable[[], object] = lambda: None  # done before it is answered
        self.open = 0  # messages that wait for their answer
        self.most_open = 0
        self.changed = threading.Condition()

    def wait_for(self, count: int, *, seconds: float = 20) -> list[Received]:
        """Return what came, once `count` messages have; fails the test when they don't in time."""
        with self.changed:
            came = self.changed.wait_for(lambda: len(self.received) >= count, seconds)
            assert came, f"{len(self.received)} of {count} webhooks came"
            return list(self.received)

    def events(self) -> list[str]:
        return [json.loads(message.body)["event"] for message in self.received]


class _ReceiverHandler(http.server.BaseHTTPRequestHandler):
    server: _Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.changed:
            status = self.server.answers.pop(0) if self.server.answers else 200
            self.server.received.append(Received(body, self.headers["x-paystack-signature"]))
            self.server.open += 1
            self.server.most_open = max(self.server.open, self.server.most_open)
            self.server.changed.notify_all()
        self.server.on_message()
        time.sleep(self.server.pause_seconds)
        with self.server.changed:
            self.server.open -= 1
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[_Receiver]:
    server = _Receiver()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(receiver: _Receiver) -> Iterator[PaystackClient]:
    """A stand-in whose clock runs fast, and the merchant who talks to it."""
    server = paystack.start(webhook_url=receiver.url, refund_step_seconds=0.03, speed=36_000)
    yield PaystackClient(server)
    server.stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the comparison with Paystack's OpenAPI file out, and say so, where there is no such file."""
    if os.environ.get("PAYSTACK_OPENAPI"):
        return
    left_out = [item for item in items if item.path.name == "test_paystack_openapi.py"]
    if not left_out:
        return
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter:  # pytest-xdist's workers have none
        reporter.write_line(f"Left out {len(left_out)} tests of standins: PAYSTACK_OPENAPI names no OpenAPI file.")
