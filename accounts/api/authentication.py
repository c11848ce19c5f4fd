"""Who asks an API endpoint: `Authorization: Bearer ACCESS_TOKEN`, nothing else."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from allauth.core.internal.httpkit import get_authorization_credential
from allauth.headless.contrib.rest_framework.authentication import JWTTokenAuthentication
from allauth.headless.tokens.strategies.jwt import internal as jwt
from rest_framework.request import Request

from accounts.models import User
from accounts.sessions import owner_of
from movy.lib.recent import Recent


class Read(NamedTuple):
    """What is in a good token: allauth's payload, and the key of the session that it names."""

    payload: dict[str, Any]
    session_key: str


_read: Recent[Read] = Recent(size=2048, seconds=60)  # of some 2 kB each
"""Tokens whose signature was found to be ours: an app sends the same one with every request for five minutes. When they
run out is looked at each time, and so is whether the sign-in still stands."""


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
    read = _read.find(token) or _token_read(token)
    if read is None or read.payload["exp"] <= time.time():
        return None
    user = owner_of(read.session_key, read.payload["sub"])
    return (user, read.payload) if user else None


def _token_read(token: str) -> Read | None:
    """Return what is in a token that we have signed and that hasn't run out."""
    payload = jwt.decode_token(token, "access")
    session_key = payload and jwt.session_key_from_sid(payload["sid"])
    if not payload or not session_key or not payload["sub"].isdecimal():
        return None
    return _read.keep(token, Read(payload, session_key))
