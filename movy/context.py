"""What every page knows about the site."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """`test_mode`: no real money moves here, so every page says so. `google_sign_in`: whether Google is configured.
    `site_languages`: what the footer offers. `share_url`: the picture of links to pages that have none of their own.
    `live_url`: where seat maps listen for news, with `{host}` as it is (movy/lib/live.py)."""
    return {
        "test_mode": settings.ALLOW_STANDINS or settings.PAYSTACK_BASE_URL != settings.PAYSTACK_REAL_URL,
        "google_sign_in": bool(settings.GOOGLE_CLIENT_ID),
        "live_url": settings.LIVE_URL,
        "site_languages": settings.LANGUAGES,
        "share_url": f"{settings.BASE_URL}/share.png",
    }
