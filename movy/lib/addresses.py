"""Addresses of our pages as the world should know them."""

from __future__ import annotations

from urllib.parse import urljoin

from django.conf import settings


def canonical(path: str) -> str:
    """Return where a page or a file is for good: under BASE_URL, whatever host was asked. An address of another origin,
    such as that of a storage, stays as it is."""
    return urljoin(f"{settings.BASE_URL}/", path)
