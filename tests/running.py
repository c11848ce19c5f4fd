"""Movy as `make run` starts it: web, live, worker and stand-ins, on a copy of this tree that is as fresh as a clone."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

from scripts.run import ports_taken
from scripts.suite import ENVIRONMENT
from scripts.supervisor import group_kill

ROOT = Path(__file__).resolve().parent.parent
LEFT_AT_HOME = (".git", ".venv", ".env", "var", ".*_cache")
START_SECONDS = 90  # what the contract allows a fresh machine
STOP_SECONDS = 20
PASSWORD = "a rainy matinee for two"

Found = TypeVar("Found")


def wait_for(look: Callable[[], Found], *, what: str, seconds: float = 30) -> Found:
    """Return what `look` finds as soon as it is true. Raises AssertionError, naming `what`, when it never is."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"{what} did not come within {seconds} s"
        time.sleep(0.1)
    return found


@dataclass(frozen=True)
class Person:
    email: str
    token: str  # for the API
    password: str = PASSWORD


class RunningMovy:
    """`make run` without its installing. Start it in a folder where it has run before, and it goes on from there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = port_with_neighbours()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.live_url = f"http://127.0.0.1:{self.port + 1}"
        self.paystack_url = f"http://127.0.0.1:{self.port + 2}"
        self.tmdb_url = f"http://127.0.0.1:{self.port + 3}"
        self.google_url = f"http://127.0.0.1:{self.port + 4}"
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        if not self.folder.exists():
            shutil.copytree(ROOT, self.folder, ignore=shutil.ignore_patterns(*LEFT_AT_HOME))
        of_tests = {*ENVIRONMENT, "DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PYTHONPATH"}
        env = {name: value for name, value in os.environ.items() if name not in of_tests}
        self.said: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "scripts.run"],
            cwd=self.folder,
            env=env | {"PORT": str(self.port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        try:
            wait_for(self._is_settled, what="the welcome", seconds=START_SECONDS)
            assert self._process.poll() is None, f"`make run` ended:\n{self.output}"
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._listener.join(STOP_SECONDS)
        group_kill(self._process)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.said.append(line.decode(errors="replace"))

    def _is_settled(self) -> bool:
        return "Ctrl-C stops all of it." in self.output or self._process.poll() is not None

    @property
    def keeper_pid(self) -> int:
        """Of the process that keeps all others alive."""
        return self._process.pid

    @property
    def output(self) -> str:
        return "".join(self.said)

    def press_ctrl_c(self) -> bool:
        """Interrupt it and return whether it ended well and all of its processes are gone.

        Each of them has our pipe for its output, so that the pipe's end means that nobody is left.
        """
        self._process.send_signal(signal.SIGINT)
        self._listener.join(STOP_SECONDS)
        return not self._listener.is_alive() and self._process.wait(STOP_SECONDS) == 0

    # ---- What a test asks of it over HTTP

    def api(self, method: str, path: str, body: Any = None, *, token: str = "") -> Any:
        """Return the JSON that Movy's API answers. Raises AssertionError for a refusal."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return _call(self.port, method, f"/api/v1{path}", body, headers)

    def paystack(self, method: str, path: str, body: Any = None) -> Any:
        """Return what the control API of Paystack's stand-in answers."""
        return _call(self.port + 2, method, f"/_standin{path}", body, {})

    def person_new(self, first_name: str = "Efe") -> Person:
        """Return somebody who has just registered."""
        email = f"{first_name.lower()}.{next(self._numbers)}@visitor.test"
        body = {"email": email, "password": PASSWORD, "first_name": first_name, "last_name": "Adeleke"}
        return Person(email, self.api("POST", "/auth/user/signup", body)["access_token"])

    def showtimes(self, theatre: str) -> Iterator[dict[str, Any]]:
        """Yield shows of a theatre that can be booked and cancelled for days to come."""
        theatres = self.api("GET", "/theatres")["results"]
        number = next(row["id"] for row in theatres if row["name"] == theatre)
        for showtime in itertools.islice(self._listed(f"/theatres/{number}/showtimes"), 30, None):  # near ones first
            if showtime["sales_open"] and showtime["seats_free"] > 40:
                yield showtime

    def _listed(self, path: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of a list of the API, page after page."""
        page = self.api("GET", f"{path}?page_size=100")
        yield from page["results"]
        while page["next"]:
            page = self.api("GET", f"{path}?{urlsplit(page['next']).query}")
            yield from page["results"]

    def paid_booking(self, person: Person, showtime_id: int, *, tickets: int = 2) -> Any:
        """Return a booking of the best seats that this person has just paid by card."""
        path = f"/booking/{showtime_id}"
        booking = self.api("POST", path, {"tickets": tickets}, token=person.token)["booking"]
        payment = self.api("POST", "/booking/pay", {"booking": booking["reference"]}, token=person.token)["reference"]
        self.paystack("POST", f"/transactions/{payment}/pay", {"card": "4084084084084081"})
        return self.api("GET", f"/verify-payment?reference={payment}", token=person.token)["booking"]

    # ---- What it wrote to people

    def mails(self, recipient: str) -> list[EmailMessage]:
        """Return the mails that the worker has sent to somebody, oldest first."""
        with sqlite3.connect(self.folder / "var" / "movy.sqlite3") as database:
            rows = database.execute("SELECT content FROM outbox_mail WHERE sent_at IS NOT NULL ORDER BY id").fetchall()
        mails = (message_from_bytes(content, policy=policy.default) for (content,) in rows)
        return [mail for mail in mails if recipient in mail["To"]]

    def mailed_link(self, recipient: str, subject: str) -> str:
        """Return the first link of the mail with this subject, once it has been sent."""

        def link() -> str:
            for mail in self.mails(recipient):
                if subject in mail["Subject"]:
                    return re.findall(r"http\S+", mail.get_body(("plain",)).get_content())[0]
            return ""

        return wait_for(link, what=f"the mail {subject!r} to {recipient}")


def port_with_neighbours() -> int:
    """Return a port that is free with the next four: none of those that the system gives to connections, or another
    test's client could sit on one of them while we look who listens. Each of xdist's processes has a thousand of its
    own, because two that look at once find the same ones free."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = 20_000 + 1_000 * (worker % 12)
    while True:
        port = random.randrange(first, first + 1_000, 5)
        if not ports_taken(list(range(port, port + 5))):
            return port


def _call(port: int, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        sent = None if body is None else json.dumps(body)
        link.request(method, path, sent, headers | ({"Content-Type": "application/json"} if sent else {}))
        answer = link.getresponse()
        read = answer.read()
        assert answer.status < 400, f"{method} {path}: {answer.status} {read[:500]!r}"
        return json.loads(read) if read else None
    finally:
        link.close()
