"""A Movy of the test's own: real web processes on the test's database, met over HTTP."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import IO, Any, Self
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.test import Client

from scripts import parts
from scripts.servers import free_port
from scripts.supervisor import groups_end, spawn
from tests.schema.conformance import PAGES, PREFIX, check

START_SECONDS = 90  # a machine may be busy
APPLICATION = "movy.wsgi:application"


def database_url(*, port: int | None = None) -> str:
    """Return the address of the database that this test's own connection is on; `port` is another way there."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    user, password = quote(database["USER"]), quote(database["PASSWORD"])
    return f"mysql://{user}:{password}@{database['HOST']}:{port or database['PORT'] or 3306}/{database['NAME']}"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Site:
    """Web processes as `make serve` starts them, with `env` on top of the tests' own environment.

    application: another one than Movy's, which a test has bent. log: where the processes write, else with the test's.
    """

    def __init__(
        self,
        *,
        workers: int = 1,
        threads: int = 4,
        application: str = APPLICATION,
        log: IO[bytes] | None = None,
        **env: str,
    ) -> None:
        self._output = {"stdout": log, "stderr": log} if log else {}
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        part = parts.web(port=self.port, workers=workers, threads=threads)
        self._part = replace(part, command=[application if word == APPLICATION else word for word in part.command])
        self.environment = {
            **os.environ,
            "DEBUG": "1",
            "DATABASE_URL": database_url(),
            "SECRET_KEY": settings.SECRET_KEY,
            # this process's own Redis database, which is emptied between tests: limits count there
            "REDIS_URL": settings.CACHES.get("redis", {}).get("LOCATION", ""),
            "PAYSTACK_BASE_URL": settings.PAYSTACK_BASE_URL,
            "TMDB_BASE_URL": settings.TMDB_BASE_URL,
            "BASE_URL": self.base_url,
            "LOG_LEVEL": "ERROR",
            **self._part.env,
            **env,
        }

    def __enter__(self) -> Self:
        self.process = spawn(self._part.command, env=self.environment, **self._output)
        deadline = time.monotonic() + START_SECONDS
        while not self._is_up():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError("the web did not start")
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        groups_end([self.process])

    def call(
        self, method: str, path: str, *, body: Any = None, token: str = "", headers: dict[str, str] | None = None
    ) -> Answer:
        """Send one request on a connection of its own. `body` is sent as JSON, bytes as they are. An answer of the API
        is as its schema says."""
        sent = dict(headers or {})
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            link.request(method, path, body=body, headers=sent)
            response = link.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, found, response.read())
        finally:
            link.close()
        place = path.partition("?")[0]
        if place.startswith(PREFIX) and place not in PAGES:
            check(method=method, path=place, status=answer.status, headers=answer.headers, body=answer.body)
        return answer

    def webhook(self, body: bytes, *, signature: str | None = None, headers: dict[str, str] | None = None) -> Answer:
        """Send a message as Paystack does, signed with our key unless told otherwise."""
        if signature is None:
            signature = hmac.new(settings.PAYSTACK_SECRET_KEY.encode(), body, hashlib.sha512).hexdigest()
        signed = {"Content-Type": "application/json", "x-paystack-signature": signature}
        return self.call("POST", "/webhooks/paystack", body=body, headers=signed | (headers or {}))

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of manage.py against the same database."""
        return subprocess.run(
            [sys.executable, "manage.py", *command], env=self.environment, capture_output=True, text=True, timeout=120
        )

    def _is_up(self) -> bool:
        try:
            return self.call("GET", "/healthz").status == 200
        except OSError:
            return False


def form_headers(browser: Client) -> dict[str, str]:
    """Return what goes with a form that this browser sends from a page that it has seen."""
    session, csrf = (browser.cookies[name].value for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME))
    return {
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={csrf}",
        "X-CSRFToken": csrf,
        "Content-Type": "application/x-www-form-urlencoded",
    }


def all_at_once(threads: int, calls: list[Any]) -> list[Any]:
    """Run the calls in so many threads and return what they return, in their order."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda call: call(), calls))
