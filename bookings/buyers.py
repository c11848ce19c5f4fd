"""Who is buying, told from a request."""

from __future__ import annotations

from typing import cast

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from accounts.models import User
from bookings.models import Buyer


def buyer_of(request: HttpRequest) -> Buyer:
    """Return the signed-in person as a buyer. The address counts proxies as TRUSTED_PROXIES says (allauth reads it)."""
    user = cast(User, request.user)  # the doors let nobody else as far as here
    return _buyer(request, email=user.email, name=user.get_full_name(), user_id=user.pk)


def guest_of(request: HttpRequest, *, email: str, name: str) -> Buyer:
    """Return somebody without an account as a buyer. `email` as bookings.guests.guest_email writes it. Whether an
    account has this e-mail is nobody's business here: it neither helps nor hinders."""
    return _buyer(request, email=email, name=name, user_id=None)


def _buyer(request: HttpRequest, *, email: str, name: str, user_id: int | None) -> Buyer:
    return Buyer(
        email=email,
        name=name,
        user_id=user_id,
        address=get_adapter().get_client_ip(request),
        language=get_language() or settings.LANGUAGE_CODE,
    )
