"""How a mail's addressee is found again, without an index of addresses to read."""

from __future__ import annotations

import hashlib
from email.utils import parseaddr


def address_digest(address: str) -> str:
    """Return the digest of an address, whatever its case and whoever's name stands before it."""
    return hashlib.sha256(parseaddr(address)[1].lower().encode()).hexdigest()
