"""Sign-ins of clients without cookies: allauth's own, with a session row for each and tokens that point to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.flows.signup import complete_signup
from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.headless import app_settings
from allauth.headless.constants import Client
from allauth.headless.internal.decorators import mark_request_as_headless
from allauth.headless.socialaccount.internal import complete_token_login
from allauth.headless.tokens.strategies.jwt import internal as jwt
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse

from accounts.constants import FAILED_LOGIN_SECONDS, OTHER_LIMIT_SECONDS
from accounts.errors import InvalidCredentials, InvalidToken, TooManyTries
from accounts.google import google_claims, google_provider
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
    """Sign in by password. Raises TooManyTries, SecondFactorNeeded, and InvalidCredentials: for a wrong password and an
    unknown e-mail the same after the same time."""
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


def sign_in_by_google(request: HttpRequest, id_token: str) -> tuple[User, Tokens]:
    """Sign in with what Google's SDK gave an app; somebody new gets an account. Who may come in this way is the rule of
    the page (accounts/adapters.py). Raises InvalidToken, SecondFactorNeeded, GoogleUnavailable, TooManyTries; NotFound
    where Google is not configured."""
    limit_check(request, "login")
    claims = google_claims(request, id_token)
    try:
        return _google_begin(request, claims)
    except IntegrityError:  # another first visit was faster: now there is an account
        return _google_begin(request, claims)
    except InvalidCredentials as error:
        raise InvalidToken(InvalidCredentials.message) from error


def _google_begin(request: HttpRequest, claims: dict[str, Any]) -> tuple[User, Tokens]:
    login = google_provider(request).sociallogin_from_response(request, claims)
    login.state["process"] = AuthProcess.LOGIN
    tokens = _tokens(request, lambda: complete_token_login(request, login))
    return login.user, tokens


def tokens_refresh(refresh_token: str) -> Tokens:
    """Trade a refresh token for a new pair. Raises InvalidToken, and ends the sign-in of a token that was used before:
    then it is in two hands, and nobody knows which of them is the owner's."""

    def trade() -> tuple[str, str] | None:
        session_lock(key)
        pair: tuple[str, str] | None = app_settings.TOKEN_STRATEGY.refresh_token(refresh_token)
        if pair is None:
            session_end(key)
        return pair

    key = session_key_of(refresh_token, "refresh")
    if not key:
        raise InvalidToken
    pair = run_in_transaction(trade, find=again)  # a pair whose commit got no answer counts as used
    if pair is None:
        raise InvalidToken
    return Tokens(*pair)


def session_lock(key: str) -> None:
    """Let one trade of a sign-in's tokens through at a time, until the transaction ends: of two at once, one comes
    second and finds the token used."""
    list(Session.objects.select_for_update().filter(session_key=key))


def sign_out(*, access_token: str, refresh_token: str) -> None:
    """End the sign-in that one of the tokens belongs to: an app whose access token has run out still has the other.
    Either may be "". Raises InvalidToken when none of them leads to one."""
    keys = {session_key_of(access_token, "access"), session_key_of(refresh_token, "refresh")}
    ended = [session_end(key) for key in keys if key]
    if not any(ended):
        raise InvalidToken


def session_key_of(token: str, use: str) -> str:
    """Return which session row a token that we signed for this use points to, "" for any other text."""
    payload = jwt.decode_token(token, use)
    return (payload and jwt.session_key_from_sid(payload["sid"])) or ""


def limit_check(request: HttpRequest, action: str, *, key: str | None = None) -> None:
    """Count one use of a door that pages and API share. Raises TooManyTries."""
    if not ratelimit.consume(request, action=action, key=key):
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
