"""What `make run` decides before it starts anything."""

from __future__ import annotations

import socket
import stat
from pathlib import Path

import pytest

from scripts import run


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for variable, _ in run.STANDINS.values():
        monkeypatch.delenv(variable, raising=False)


def test_the_first_start_writes_an_env_file_with_a_key_of_its_own_that_nobody_else_reads() -> None:
    run.env_file_write()
    text = run.ENV_FILE.read_text()
    assert "ALLOW_STANDINS=1\n" in text
    assert len(next(line for line in text.splitlines() if line.startswith("SECRET_KEY="))) > 60
    assert stat.S_IMODE(run.ENV_FILE.stat().st_mode) == 0o600


def test_an_env_file_that_is_there_is_left_alone() -> None:
    run.ENV_FILE.write_text("DEBUG=1\n")
    run.env_file_write()
    assert run.ENV_FILE.read_text() == "DEBUG=1\n"


def test_the_env_file_holds_no_address_that_follows_the_port() -> None:
    run.env_file_write()
    assert "127.0.0.1" not in run.ENV_FILE.read_text()


def test_each_standin_has_its_place_beyond_the_port() -> None:
    assert run.standins_wanted(port=9000) == [
        ("paystack", "PAYSTACK_BASE_URL", 9002),
        ("tmdb", "TMDB_BASE_URL", 9003),
        ("google", "GOOGLE_BASE_URL", 9004),
    ]


@pytest.mark.parametrize("value", ["https://api.paystack.co", ""])
def test_a_standin_that_a_variable_replaces_is_not_started(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PAYSTACK_BASE_URL", value)
    assert [name for name, _, _ in run.standins_wanted(port=9000)] == ["tmdb", "google"]


def test_a_port_that_somebody_listens_on_is_named() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert run.ports_taken([port]) == [port]
    assert run.ports_taken([port]) == []
