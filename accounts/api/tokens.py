"""Sign-ins of clients without cookies: allauth's own, with a session row for each and tokens that point to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.flows.signup import complete_signup
from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.headless import app_settings
from allauth.headless.constants import Client
from allauth.headless.internal.decorators import mark_request_as_headless
from allauth.headless.tokens.strategies.jwt import internal as jwt
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from accounts.constants import FAILED_LOGIN_SECONDS, OTHER_LIMIT_SECONDS
from accounts.errors import InvalidCredentials, InvalidToken, TooManyTries
from accounts.models import User
from accounts.services import Registration, session_end, session_store, user_register
from movy.lib.db import again, run_in_transaction


@dataclass(frozen=True)
class Tokens:
    """What a client signs its calls with, and gets the next pair with. expires_in: seconds that access_token lives."""

    access_token: str
    refresh_token: str
    token_type: str = "Bearer"  # noqa: S105
    expires_in: int = settings.HEADLESS_JWT_ACCESS_TOKEN_EXPIRES_IN


def sign_in(request: HttpRequest, *, email: str, password: str) -> tuple[User, Tokens]:
    """Sign in by password. Raises TooManyTries, and InvalidCredentials: for a wrong password and an unknown e-mail the
    same after the same time."""
    limit_check(request, "login")
    credentials = {"email": email, "password": password}
    try:
        user = get_adapter().authenticate(request, **credentials)
    except ValidationError as error:  # the only one that authenticate() raises
        raise TooManyTries(retry_after=FAILED_LOGIN_SECONDS) from error
    if user is None:
        raise InvalidCredentials
    login = Login(user=user, email=email)
    return user, _tokens(request, lambda: perform_password_login(request, credentials, login))


def sign_up(request: HttpRequest, person: Registration) -> tuple[User, Tokens]:
    """Make an account, ask by mail to confirm its e-mail, and sign in. Raises EmailTaken, TooManyTries."""
    limit_check(request, "signup")
    user = user_register(person)
    return user, _tokens(request, lambda: complete_signup(request, user=user))


def tokens_refresh(refresh_token: str) -> Tokens:
    """Trade a refresh token for a new pair. Raises InvalidToken, and ends the sign-in of a token that was used before:
    then it is in two hands, and nobody knows which of them is the owner's."""

    def trade() -> tuple[str, str] | None:
        list(Session.objects.select_for_update().filter(session_key=key))  # two at once: one comes second
        pair: tuple[str, str] | None = app_settings.TOKEN_STRATEGY.refresh_token(refresh_token)
        if pair is None:
            session_end(key)
        return pair

    payload = jwt.decode_token(refresh_token, "refresh")
    if payload is None:
        raise InvalidToken
    key = session_key(payload)
    pair = run_in_transaction(trade, find=again)  # a pair whose commit got no answer counts as used
    if pair is None:
        raise InvalidToken
    return Tokens(*pair)


def session_key(payload: dict[str, str]) -> str:
    """Return which session row a token that we signed belongs to."""
    return jwt.session_key_from_sid(payload["sid"]) or ""


def limit_check(request: HttpRequest, action: str) -> None:
    """Count one use of a door that pages and API share. Raises TooManyTries."""
    if not ratelimit.consume(request, action=action):
        raise TooManyTries(retry_after=OTHER_LIMIT_SECONDS)


def _tokens(request: HttpRequest, begin: Callable[[], HttpResponse]) -> Tokens:
    """Run allauth's stages of signing in and take the tokens out of its answer. Raises InvalidCredentials for somebody
    who doesn't get through: a closed account, or a stage that only the pages have."""
    with _own_session(request):
        response = begin()
        if response.status_code != 200:
            raise InvalidCredentials
        meta = json.loads(response.content)["meta"]
    return Tokens(meta["access_token"], meta["refresh_token"])


@contextmanager
def _own_session(request: HttpRequest) -> Iterator[None]:
    """A new session that no cookie leads to, instead of the one that the request came with."""
    cookies = request.session, request.user
    mark_request_as_headless(request, Client.APP)
    request.session, request.user = session_store(), AnonymousUser()
    request.allauth.headless._pre_user = request.user  # type: ignore[attr-defined]  # who it was before
    try:
        yield
        request.session.save()
    finally:
        request.session, request.user = cookies
        request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False  # signing in asks for one
