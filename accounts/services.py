"""What happens to accounts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from importlib import import_module

from allauth.account.models import EmailAddress
from allauth.headless.tokens.strategies.jwt import internal as jwt
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError

from accounts.errors import EmailTaken
from accounts.models import User, email_normal
from movy.lib.db import run_in_transaction


@dataclass(frozen=True)
class Registration:
    """A person who wants an account. `password` is a hash: hashing takes long and is done outside the transaction."""

    email: str
    password: str
    first_name: str
    last_name: str


def registration(*, email: str, password: str, first_name: str, last_name: str) -> Registration:
    """Return what user_register needs, from what a person typed."""
    return Registration(email_normal(email), make_password(password), first_name, last_name)


def user_register(person: Registration) -> User:
    """Make an account with an e-mail that is not confirmed yet. Opens its own transaction.

    Raises EmailTaken. Two people who register one e-mail at once are told apart by the database alone.
    """

    def create() -> User:
        user = User.objects.create(**asdict(person))
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
        return user

    def find() -> User | None:
        return User.objects.filter(email=person.email, password=person.password).first()  # the salt makes it ours

    try:
        return run_in_transaction(create, find=find)
    except IntegrityError as error:
        raise EmailTaken from error


def user_rename(user: User, *, first_name: str, last_name: str) -> User:
    user.first_name, user.last_name = first_name, last_name
    user.save(update_fields=["first_name", "last_name"])
    return user


def session_token_issue(user: User) -> str:
    """Return an access token for a person without asking for a password: for load tests and scripts, never for a view.

    It is as good as one from signing in, and dies with its own session.
    """
    session = session_store()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return jwt.create_access_token(user, session, {})


def session_end(session_key: str) -> None:
    """End a sign-in: cookie, access token and refresh token are worth nothing from now on."""
    session_store().delete(session_key)


def session_store() -> SessionBase:
    return import_module(settings.SESSION_ENGINE).SessionStore()
