"""Sign-ins, each read together with the person whose it is: pages and API ask for both at nearly every request.

The sessions are Django's. Whose one is allauth notes beside it when somebody signs in (allauth.usersessions); what the
session itself says decides, and where the two differ, or nothing is noted, Django asks for the person by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, cast

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import DateTimeField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from movy.lib import sessions
from movy.lib.sql import sql_value

_FIELDS = [field for field in User._meta.concrete_fields if not isinstance(field, DateTimeField)]
"""What is read of a person, the key first. Drivers give instants without their zone; the ORM reads these when somebody
asks for one."""

_READ = f"""
    SELECT session.session_data, {", ".join(f"owner.{field.column}" for field in _FIELDS)}
    FROM {Session._meta.db_table} session
    %s
    WHERE session.session_key = %%s AND session.expire_date > %%s
"""  # noqa: S608 - names of our own
_OF_THE_NOTED = _READ % (
    f"LEFT JOIN {UserSession._meta.db_table} noted ON noted.session_key = session.session_key"
    f" LEFT JOIN {User._meta.db_table} owner ON owner.id = noted.user_id"
)
_OF_THIS_ONE = _READ % f"LEFT JOIN {User._meta.db_table} owner ON owner.id = %s"


class SessionStore(sessions.SessionStore):
    """`owner`: whose sign-in it is when it was read, None where that is not known."""

    owner: User | None = None

    def load(self) -> dict[str, Any]:
        row = _row(_OF_THE_NOTED, [self.session_key])
        if row is None:
            self._session_key = None
            return {}
        self.owner = _owner(row)
        return self.decode(row[0])


class SignedIn(AuthenticationMiddleware):
    """`request.user` as Django gives it, without a query of its own where the session's brought the person too."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = cast(User, SimpleLazyObject(partial(_user_of, request)))


def owner_of(session_key: str, owner_pk: str) -> User | None:
    """Return the person with this key if it is they who signed in, and still are. One query."""
    row = _row(_OF_THIS_ONE, [owner_pk, session_key])
    owner = _owner(row) if row else None
    return owner if row and owner and is_signed_in(SessionStore().decode(row[0]), owner) else None


def is_signed_in(session: Mapping[str, Any] | SessionBase, user: User) -> bool:
    """Whether a session is this person's sign-in as django.contrib.auth.get_user() wants it: by a backend of ours, the
    account open, the password the one it was made with."""
    return (
        session.get(SESSION_KEY) == str(user.pk)
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and user.is_active
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    )


def _user_of(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    session = cast(SessionStore, request.session)
    is_somebodys = SESSION_KEY in session  # which reads it
    owner = session.owner
    return owner if is_somebodys and owner and is_signed_in(session, owner) else get_user(request)


def _row(sql: str, params: list[Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, sql_value(timezone.now())])
        return cast("tuple[Any, ...] | None", cursor.fetchone())


def _owner(row: tuple[Any, ...]) -> User | None:
    if row[1] is None:  # nobody is noted, or there is no such person
        return None
    values = [field.to_python(value) for field, value in zip(_FIELDS, row[1:], strict=True)]
    return User.from_db(connection.alias, [field.attname for field in _FIELDS], values)
