"""Where browsers are led for paying, and back, and where mails lead."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from payments.errors import CallbackNotAllowed
from payments.models import Payment


def verify_address(request: HttpRequest) -> str:
    """Return where Paystack leads a browser back to, on the host that was asked."""
    return request.build_absolute_uri(reverse("payments:verify"))


def callback_checked(request: HttpRequest, callback_url: str) -> str:
    """Return `callback_url` if it leads to this site or where the operator allowed. Raises CallbackNotAllowed."""
    parts = urlsplit(callback_url)
    origin = f"{parts.scheme}://{parts.netloc}"
    own = {f"{request.scheme}://{request.get_host()}", settings.BASE_URL}
    malformed = "\\" in callback_url or any(ord(char) <= 32 for char in callback_url)
    if malformed or parts.scheme not in ("http", "https") or origin not in own | set(settings.CALLBACK_ORIGINS):
        raise CallbackNotAllowed
    return callback_url


def find_url(payment: Payment) -> str:
    """Return where anybody with the buyer's e-mail reads what became of a payment, for a mail."""
    return f"{settings.BASE_URL}{reverse('payments:find')}?reference={payment.reference}"
