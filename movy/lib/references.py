"""References and codes that people read, type and cannot guess."""

from __future__ import annotations

import hashlib
import secrets

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Capital letters and digits without I, O, 0 and 1, which are mistaken for each other: 32 signs, 5 bits each."""


def reference_new(length: int = 10) -> str:
    """Return `length` random signs of ALPHABET: 10 of them are 50 bits."""
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in secrets.token_bytes(length))  # 256 is a multiple of 32


def hex_digest(value: str | bytes) -> str:
    """Return the SHA-256 of a key or message in hex, by which it is stored and found.

    Databases differ in which strings they call equal (case, trailing blanks); they agree about 64 hex digits.
    """
    return hashlib.sha256(value.encode() if isinstance(value, str) else value).hexdigest()
