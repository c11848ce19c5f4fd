"""Settings from the environment. What is missing or cannot be read stops the start, by name, in one line.

Variables of the environment win over the file `.env` beside manage.py. `.env.example` names all of them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"", "0", "false", "no", "off"}


def read_file(path: Path) -> None:
    """Take what `path` says for variables that the environment doesn't set. A missing file is no error."""
    if path.is_file():
        environ.Env.read_env(path, overwrite=False)


def text(name: str, *, default: str = "") -> str:
    """Return the variable without surrounding blanks; `default` when it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    """Return a yes or no. Raises ImproperlyConfigured for a word that is neither."""
    value = os.environ.get(name, "").strip().lower()
    if name not in os.environ:
        return default
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be on or off, not {value!r}.")


def number(name: str, *, default: float) -> float:
    """Return a number of at least 0. Raises ImproperlyConfigured for anything else."""
    value = text(name)
    if not value:
        return default
    try:
        parsed = float(value)
    except ValueError:
        parsed = -1
    if not 0 <= parsed < 1e9:
        raise ImproperlyConfigured(f"{name} must be a number of at least 0, not {value!r}.")
    return parsed


def whole(name: str, *, default: int) -> int:
    """Return a whole number of at least 0. Raises ImproperlyConfigured for anything else."""
    parsed = number(name, default=default)
    if parsed != int(parsed):
        raise ImproperlyConfigured(f"{name} must be a whole number.")
    return int(parsed)


def web_address(name: str) -> str:
    """Return an http or https address without a slash at its end, or "" when there is none. Raises ImproperlyConfigured
    for anything else."""
    value = text(name).rstrip("/")
    if value and not re.fullmatch(r"https?://[^\s/;,'\"]+(/[^\s;,'\"]*)?", value):
        raise ImproperlyConfigured(f"{name} must be an address such as https://movy.example, not {value!r}.")
    return value


def words(name: str, *, default: str = "") -> list[str]:
    """Return what stands between the commas, without blanks and empty parts."""
    return [word.strip() for word in text(name, default=default).split(",") if word.strip()]
