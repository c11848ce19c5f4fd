"""A start that would be unsafe does not happen, and says why in one line."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SAFE = {
    "DEBUG": "0",
    "SECRET_KEY": "k3J9x-Qw7Zb2Vt6Lm8Rn4Pc1Ys5Hd0Gf_Ua9Ee3Tj7Wo2Ki6",
    "PAYSTACK_SECRET_KEY": "sk_live_abcdef",
    "DATABASE_URL": "sqlite:///var/checks.sqlite3",
    "BASE_URL": "https://movy.example",
}
CLEAN = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
EMPTY = dict.fromkeys(
    ["PAYSTACK_BASE_URL", "TMDB_BASE_URL", "GOOGLE_BASE_URL", "ALLOW_STANDINS", "RATE_LIMITS", "REDIS_URL"], ""
) | {"RATE_LIMITS": "on"}


def start(**changes: str) -> tuple[int, str]:
    command = [sys.executable, "-c", "import movy.settings"]
    env = CLEAN | EMPTY | SAFE | changes
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=30)
    return done.returncode, done.stderr.strip().splitlines()[-1] if done.stderr else ""


def test_a_safe_start_happens():
    assert start() == (0, "")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "change-me"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 50}, "SECRET_KEY"),
        ({"PAYSTACK_SECRET_KEY": ""}, "PAYSTACK_SECRET_KEY"),
        ({"RATE_LIMITS": "off"}, "RATE_LIMITS"),
        ({"PAYSTACK_BASE_URL": "http://127.0.0.1:8002"}, "PAYSTACK_BASE_URL"),
        ({"TMDB_BASE_URL": "http://127.0.0.1:8003"}, "TMDB_BASE_URL"),
        ({"GOOGLE_BASE_URL": "http://127.0.0.1:8004"}, "GOOGLE_BASE_URL"),
        ({"HOLD_MINUTES": "ten"}, "HOLD_MINUTES"),
    ],
)
def test_an_unsafe_start_is_refused_by_name(changes, named):
    status, said = start(**changes)
    assert status != 0
    assert named in said


@pytest.mark.parametrize("changes", [{"RATE_LIMITS": "off"}, {"PAYSTACK_BASE_URL": "http://127.0.0.1:8002"}])
def test_staging_may_use_standins_and_lift_limits(changes):
    assert start(ALLOW_STANDINS="1", **changes) == (0, "")
