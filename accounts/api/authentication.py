"""Who asks an API endpoint: `Authorization: Bearer ACCESS_TOKEN`, nothing else."""

from __future__ import annotations

from typing import Any

from allauth.core.internal.httpkit import get_authorization_credential
from allauth.headless.contrib.rest_framework.authentication import JWTTokenAuthentication
from allauth.headless.tokens.strategies.jwt import internal as jwt
from rest_framework.request import Request

from accounts.models import User
from accounts.sessions import owner_of


class BearerAuthentication(JWTTokenAuthentication):
    """allauth's access tokens, which die with the sign-in that they belong to. No cookie authenticates the API.

    A token that is good is told by one query, because this is part of every request; about every other one allauth
    itself decides, which reads session and user one after the other through the ORM.
    """

    def authenticate_credentials(self, key: str) -> tuple[Any, dict[str, Any]]:
        found: tuple[Any, dict[str, Any]] = _signed_in(key) or super().authenticate_credentials(key)
        return found


def bearer_token(request: Request) -> str:
    """Return what stands where an access token belongs, "" for nothing."""
    return get_authorization_credential(request._request, "Bearer") or ""


def _signed_in(token: str) -> tuple[User, dict[str, Any]] | None:
    """Return the owner of a token and what is in it; None unless its sign-in is still theirs."""
    payload = jwt.decode_token(token, "access")
    session_key = payload and jwt.session_key_from_sid(payload["sid"])
    if not payload or not session_key or not payload["sub"].isdecimal():
        return None
    user = owner_of(session_key, payload["sub"])
    return (user, payload) if user else None
