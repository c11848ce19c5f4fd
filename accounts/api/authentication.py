"""Who asks an API endpoint: `Authorization: Bearer ACCESS_TOKEN`, nothing else."""

from __future__ import annotations

from typing import Any

from allauth.core.internal.httpkit import get_authorization_credential
from allauth.headless.contrib.rest_framework.authentication import JWTTokenAuthentication
from allauth.headless.tokens.strategies.jwt import internal as jwt
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import DateTimeField
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from rest_framework.request import Request

from accounts.models import User
from accounts.services import session_store
from movy.lib.sql import sql_value

_FIELDS = [field for field in User._meta.concrete_fields if not isinstance(field, DateTimeField)]
"""What is read of a user. Drivers give instants without their zone; the ORM reads these when somebody asks for one."""

_SESSION_AND_USER = f"""
    SELECT session.session_data, {", ".join(f"owner.{field.column}" for field in _FIELDS)}
    FROM {Session._meta.db_table} session JOIN {User._meta.db_table} owner ON owner.id = %s
    WHERE session.session_key = %s AND session.expire_date > %s
"""  # noqa: S608 - names of our own


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
    """Return the owner of a token and what is in it; None unless all is as django.contrib.auth.get_user() wants it: the
    sign-in not ended, by a backend of ours, the account open, the password the one it was made with."""
    payload = jwt.decode_token(token, "access")
    session_key = payload and jwt.session_key_from_sid(payload["sid"])
    if not payload or not session_key or not payload["sub"].isdecimal():
        return None
    with connection.cursor() as cursor:
        cursor.execute(_SESSION_AND_USER, [payload["sub"], session_key, sql_value(timezone.now())])
        row = cursor.fetchone()
    if row is None:
        return None
    data = session_store().decode(row[0])
    values = [field.to_python(value) for field, value in zip(_FIELDS, row[1:], strict=True)]
    user = User.from_db(connection.alias, [field.attname for field in _FIELDS], values)
    is_good = (
        data.get(SESSION_KEY) == payload["sub"]
        and data.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and user.is_active
        and constant_time_compare(data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    )
    return (user, payload) if is_good else None
