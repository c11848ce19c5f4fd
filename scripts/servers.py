"""A MariaDB and a Redis of our own: in a temporary folder, on free ports of 127.0.0.1, gone at the end of the block.

    with private_servers() as servers:
        servers.mariadb.url, servers.redis.url

    python -m scripts.servers COMMAND ...    # runs the command with DATABASE_URL and REDIS_URL set to them

A test that breaks a server makes one for itself and uses `process`, stop() and start().
"""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from scripts.supervisor import Supervisor, groups_end, spawn

START_SECONDS = 60.0

MARIADB_SETTINGS = [
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    "--max-connections=400",
    "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_general_ci",
    "--innodb-flush-log-at-trx-commit=1",  # commits as durable as in production, or races and figures would flatter us
    "--innodb-buffer-pool-size=256M",
    "--innodb-log-file-size=64M",
    "--performance-schema=off",
    "--skip-log-bin",
]
MARIADB_USER_SQL = """\
CREATE USER IF NOT EXISTS movy@127.0.0.1 IDENTIFIED BY 'movy';
GRANT ALL ON *.* TO movy@127.0.0.1;
CREATE DATABASE IF NOT EXISTS movy CHARACTER SET utf8mb4;
"""
REDIS_SETTINGS = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"]


class ServerMissing(Exception):
    """A server's program is not on this machine, or the server did not start: the text says which and why."""


def program(name: str) -> str:
    """Return the path of a program; Debian keeps servers where only root looks. Raises ServerMissing."""
    path = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))
    if path is None:
        raise ServerMissing(f"{name} is not installed; scripts/system-packages test installs it.")
    return path


def free_port() -> int:
    """Return a port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server process in a folder of its own, with its log in `log`. Subclasses say how it is started."""

    name: str
    process: subprocess.Popen[bytes]

    def __init__(self, folder: Path, *, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.log = folder / "log"
        folder.mkdir(parents=True)

    @property
    def url(self) -> str:
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def start(self) -> None:
        """Start and wait until it takes connections. Raises ServerMissing with its log when it doesn't."""
        with self.log.open("ab") as log:
            self.process = spawn(self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while not self._takes_connections():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise ServerMissing(f"{self.name} did not start:\n{self.log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        groups_end([self.process])

    def _takes_connections(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class MariaDB(Server):
    """MariaDB with a user movy, password movy, who may do anything, and an empty database movy."""

    name = "MariaDB"

    def __init__(self, folder: Path, *, port: int | None = None) -> None:
        super().__init__(folder, port=port)
        self._user = f"--user={getpass.getuser()}"  # or the server refuses to be root
        self._data = f"--datadir={folder / 'data'}"
        self._init_file = folder / "users.sql"
        self._init_file.write_text(MARIADB_USER_SQL)
        made = subprocess.run(
            [
                *[program("mariadb-install-db"), "--no-defaults", self._user, self._data],
                *["--auth-root-authentication-method=normal", "--skip-test-db"],
            ],
            capture_output=True,
            text=True,
        )
        if made.returncode:
            raise ServerMissing(f"mariadb-install-db failed:\n{made.stdout}{made.stderr}")

    @property
    def url(self) -> str:
        return f"mysql://movy:movy@127.0.0.1:{self.port}/movy"

    def command(self) -> list[str]:
        return [
            *[program("mariadbd"), "--no-defaults", self._user, self._data, f"--port={self.port}"],
            *[f"--socket={self.folder / 'socket'}", f"--pid-file={self.folder / 'pid'}"],
            f"--tmpdir={self.folder}",  # a server that starts empties its own, which may be another one's as well
            *[f"--init-file={self._init_file}", *MARIADB_SETTINGS],
        ]


class Redis(Server):
    """Redis that keeps nothing on disk."""

    name = "Redis"

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        return [program("redis-server"), "--port", str(self.port), "--dir", str(self.folder), *REDIS_SETTINGS]


@dataclass(frozen=True)
class Servers:
    mariadb: MariaDB
    redis: Redis

    @property
    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.mariadb.url, "REDIS_URL": self.redis.url}


@contextmanager
def private_servers() -> Iterator[Servers]:
    """Yield both servers, started. Raises ServerMissing when one cannot run here."""
    with (
        tempfile.TemporaryDirectory(prefix="movy-") as folder,
        MariaDB(Path(folder) / "mariadb") as mariadb,
        Redis(Path(folder) / "redis") as redis,
    ):
        yield Servers(mariadb, redis)


def main(command: list[str]) -> int:
    with Supervisor([]) as supervisor, private_servers() as servers:
        os.environ |= servers.environment
        return supervisor.call(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
