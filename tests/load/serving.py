"""Movy as `make serve` runs it, without the installing: its keeper, web processes, live process and worker."""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import connection

from scripts.servers import MariaDB
from scripts.suite import ENVIRONMENT
from scripts.supervisor import groups_end, spawn
from tests.processes import Process, children, serving
from tests.running import LEFT_AT_HOME, ROOT, wait_for

START_SECONDS = 90
WEB_WORKERS = 2


class Served:
    """`python -m scripts.serve` in a copy of this tree, where it may collect its static files. `env` is production's:
    DEBUG is off. What it says goes to `log`."""

    def __init__(self, folder: Path, *, port: int, **env: str) -> None:
        self.folder = folder
        self.port = port
        self.log = folder.with_suffix(".log")
        of_tests = {*ENVIRONMENT, "DJANGO_SETTINGS_MODULE", "PYTHONPATH"}
        self.environment = {name: value for name, value in os.environ.items() if name not in of_tests} | {
            "DEBUG": "0",  # spawn() keeps what the tests set
            "SECRET_KEY": settings.SECRET_KEY,  # the test's tokens are signed with it
            "ALLOW_STANDINS": "1",
            "BASE_URL": f"http://127.0.0.1:{port}",
            "PORT": str(port),
            "WEB_WORKERS": str(WEB_WORKERS),
            "RATE_LIMITS": "off",
            "LOG_LEVEL": "WARNING",
            **env,
        }

    def __enter__(self) -> Self:
        shutil.copytree(ROOT, self.folder, ignore=shutil.ignore_patterns(*LEFT_AT_HOME))
        with self.log.open("wb") as log:
            self.keeper = spawn(
                [sys.executable, "-m", "scripts.serve"],
                env=self.environment,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        try:
            wait_for(self._is_settled, what="the web", seconds=START_SECONDS)
            assert self.keeper.poll() is None, f"`make serve` ended:\n{self.said}"
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        groups_end([self.keeper])

    def _is_settled(self) -> bool:
        return self.keeper.poll() is not None or (self.answers() and len(self.web_processes()) == WEB_WORKERS)

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def answers(self) -> bool:
        """Whether somebody answers at the port, whatever is up behind it."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            link.request("GET", "/healthz")
            return link.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            link.close()

    def audit(self) -> list[str]:
        """Return what `manage.py audit` finds; no more than its last line when that is "violations=0"."""
        ran = subprocess.run(
            [sys.executable, "manage.py", "audit"],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        found = ran.stdout.splitlines()
        return [] if found[-1:] == ["violations=0"] else [*found, *ran.stderr.splitlines()]

    # ---- Whom to kill

    def web(self) -> Process:
        """The server that keeps the web processes."""
        return next(iter(serving(self.keeper.pid, "movy.wsgi")))

    def web_processes(self) -> list[Process]:
        """Those that answer. Python keeps a helper beside them."""
        keepers = serving(self.keeper.pid, "movy.wsgi")
        return [row for web in keepers for row in children(web.pid) if "resource_tracker" not in row.command]

    def has_another_than(self, *victims: Process) -> bool:
        """Whether there are as many web processes as there should be, none of the victims among them."""
        there = self.web_processes()
        return len(there) == WEB_WORKERS and not set(there) & set(victims)

    def worker(self) -> Process:
        return next(row for row in children(self.keeper.pid) if "worker" in row.command.split())


@contextmanager
def looking_at(server: MariaDB) -> Iterator[None]:
    """Lead this process's own connection to another MariaDB meanwhile, so that its rows are read by the ORM."""
    there = {"HOST": "127.0.0.1", "PORT": str(server.port), "USER": "movy", "PASSWORD": "movy", "NAME": "movy"}
    here = {name: connection.settings_dict[name] for name in there}
    connection.close()
    connection.settings_dict.update(there)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(here)
