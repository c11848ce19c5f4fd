"""Google's word for who somebody is, as apps bring it: an id_token. The pages' way there and back is allauth's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jwt
import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.google.provider import GoogleProvider
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.errors import GoogleUnavailable, InvalidToken
from movy.lib.errors import NotFound
from movy.lib.http import Outside, OutsideUnavailable

GOOGLE = Outside(connect_seconds=2, read_seconds=4, deadline_seconds=5)
ALGORITHM = "RS256"
REFUSED = _("Google's sign-in didn't work. Please try again.")


def google_provider(request: HttpRequest) -> GoogleProvider:
    """Raises NotFound where no Google client is configured."""
    try:
        return get_adapter().get_provider(request, GoogleProvider.id)
    except SocialApp.DoesNotExist as error:
        raise NotFound from error


def google_claims(request: HttpRequest, id_token: str) -> dict[str, Any]:
    """Return what a token says that Google signed for us, that still runs and that was not used before.

    Raises InvalidToken, GoogleUnavailable, NotFound.
    """
    provider = google_provider(request)
    if not _is_signed_as_google_does(id_token):
        raise InvalidToken(REFUSED)
    try:
        login = provider.verify_token(request, {"id_token": id_token})
    except ValidationError as error:
        if isinstance(error.__cause__, requests.RequestException):
            raise GoogleUnavailable from error
        raise InvalidToken(REFUSED) from error
    claims: dict[str, Any] = login.account.extra_data
    return claims


def google_get(url: str, headers: Mapping[str, str] | None = None) -> requests.Response:
    """Read one of Google's addresses, in the place of allauth's requests.Session.get: within a bounded time, and not at
    all for a moment while Google is down. Raises requests.RequestException for an answer that is none."""
    try:
        answer = GOOGLE.fetch_json("GET", url, headers=headers)
    except OutsideUnavailable as error:
        raise requests.ConnectionError(error.reason) from error
    if not isinstance(answer.data, dict):
        raise requests.ConnectionError("no JSON object")
    response = requests.Response()
    response.status_code = answer.status
    response.json = lambda **_options: answer.data  # type: ignore[method-assign]
    return response


def _is_signed_as_google_does(id_token: str) -> bool:
    """Whether a token's head names a key of Google's kind. allauth believes the head, and stumbles over another."""
    try:
        head = jwt.get_unverified_header(id_token)
    except jwt.PyJWTError:
        return False
    return head.get("alg") == ALGORITHM and isinstance(head.get("kid"), str)
