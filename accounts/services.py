"""What happens to accounts."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from importlib import import_module

from allauth.account.models import EmailAddress
from allauth.headless.tokens.strategies.jwt import internal as jwt
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import IntegrityError
from django.db.models import Q, Value
from django.db.models.functions import Replace

from accounts.errors import EmailTaken, InvalidKey, LastOwner
from accounts.models import User, email_normal
from movy.lib.db import run_in_transaction

CLOSED_DOMAIN = "closed.invalid"
"""Where the e-mails of closed accounts are: RFC 2606 keeps .invalid from ever being anybody's."""

GONE = "-"
"""What the office's log calls somebody whose account is closed."""


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


def email_confirm(user: User) -> None:
    """Note that the account's e-mail is its owner's: they came by a link that was mailed there. Again changes nothing.
    Runs inside the door's transaction."""
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"primary": True, "verified": True})


def user_rename(user: User, *, first_name: str, last_name: str) -> User:
    user.first_name, user.last_name = first_name, last_name
    user.save(update_fields=["first_name", "last_name"])
    return user


def password_reset(user: User, *, password: str) -> None:
    """Set the password of somebody whose key out of a mail is good, and so end all their sign-ins, which are bound to
    the old one. Opens its own transaction.

    user: as read when the key was checked. The key is bound to the password of that moment: raises InvalidKey when
    another use of it, or another change, came first.
    """
    hashed = make_password(password)  # takes long, so before the transaction

    def change() -> bool:
        return User.objects.filter(pk=user.pk, password=user.password).update(password=hashed) == 1

    def find() -> bool | None:
        return User.objects.filter(pk=user.pk, password=hashed).exists() or None  # the salt makes it ours

    if not run_in_transaction(change, find=find):
        raise InvalidKey
    user.password = hashed


def user_addresses(user_id: int) -> set[str]:
    """Return the e-mail addresses that are known to be a person's."""
    listed = EmailAddress.objects.filter(user_id=user_id).values_list("email", flat=True)
    return {*listed, *User.objects.filter(pk=user_id).values_list("email", flat=True)}


def user_delete(user_id: int) -> None:
    """Close an account for good: what is left is a number that the books can point to. The e-mail is free for a new
    account. Runs inside the door's transaction, after other apps have forgotten the person; again changes nothing.

    Raises LastOwner.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    if user.is_superuser:
        owners = User.objects.select_for_update().filter(is_superuser=True, is_active=True).order_by("pk")
        if [owner.pk for owner in owners] == [user.pk]:
            raise LastOwner
    sign_ins = UserSession.objects.filter(user=user).values_list("session_key", flat=True)
    Session.objects.filter(pk__in=list(sign_ins)).delete()
    for model in (UserSession, EmailAddress, SocialAccount, Authenticator):
        model.objects.filter(user=user).delete()
    _office_log_forget(user)
    user.email = f"{secrets.token_hex(16)}@{CLOSED_DOMAIN}"
    user.first_name = user.last_name = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.set_unusable_password()
    user.save()


def _office_log_forget(user: User) -> None:
    """Take a person out of what the office's log says was done to them, as itself and in a theatre's page; the line
    stays."""
    LogEntry.objects.filter(Q(object_repr=user.email) | Q(object_repr__startswith=f"{user.email} ")).update(
        object_repr=GONE
    )
    written = json.dumps(user.email)[:-1]  # as in a change message: behind its quotation mark
    for end in ('"', " "):  # alone, or before the role
        LogEntry.objects.filter(change_message__contains=written + end).update(
            change_message=Replace("change_message", Value(written + end), Value(f'"{GONE}{end}'))
        )


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


def session_end(session_key: str) -> bool:
    """End a sign-in: cookie, access token and refresh token are worth nothing from now on. Return False when it was
    over already."""
    ended, _ = Session.objects.filter(pk=session_key).delete()
    return ended > 0


def user_session_end(user: User, session_id: int) -> bool:
    """End one of a person's sign-ins, by allauth's number for it; return False when it isn't theirs, or was over."""
    session = UserSession.objects.filter(user=user, pk=session_id).first()
    return session is not None and session_end(session.session_key)


def session_store() -> SessionBase:
    return import_module(settings.SESSION_ENGINE).SessionStore()
