"""Servers that a test may break: a proxy before the tests' MariaDB, a MariaDB of its own, a Redis of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from movy.lib.http import forget_failures
from movy.lib.mysql.rest import rest
from scripts.servers import MariaDB, Redis, program
from tests.faults.proxy import Proxy


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """What one test broke, the next one is not kept from using."""
    yield
    rest.end()
    forget_failures()


@pytest.fixture
def proxy(transactional_db: None) -> Iterator[Proxy]:
    """A proxy before the tests' MariaDB; nobody uses it yet."""
    with Proxy(int(connection.settings_dict["PORT"])) as proxy:
        yield proxy


@pytest.fixture
def proxied(proxy: Proxy) -> Iterator[Proxy]:
    """The proxy, with this process's own connection led through it, but not when the tables are emptied."""
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = str(proxy.port)
    yield proxy
    connection.close()
    connection.settings_dict["PORT"] = port


@pytest.fixture
def mariadb(transactional_db: None, tmp_path: Path) -> Iterator[MariaDB]:
    """A MariaDB of the test's own, to be stopped and killed; empty, until copy_database() fills it."""
    with MariaDB(tmp_path / "mariadb") as server:
        yield server


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    """A Redis of the test's own, to be killed."""
    with Redis(tmp_path / "redis") as server:
        yield server


def copy_database(server: MariaDB) -> None:
    """Give another MariaDB what the test has written to its own."""
    here = connection.settings_dict
    dump = subprocess.run(
        [
            *[program("mariadb-dump"), "--no-defaults", "--protocol=tcp", "--host=127.0.0.1"],
            *[f"--port={here['PORT']}", f"--user={here['USER']}", f"--password={here['PASSWORD']}"],
            *["--single-transaction", here["NAME"]],
        ],
        capture_output=True,
        check=True,
    )
    subprocess.run(
        [
            *[program("mariadb"), "--no-defaults", "--protocol=tcp", "--host=127.0.0.1", f"--port={server.port}"],
            *["--user=movy", "--password=movy", "movy"],
        ],
        input=dump.stdout,
        check=True,
    )
