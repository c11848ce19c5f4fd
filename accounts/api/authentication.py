"""Who asks an API endpoint: `Authorization: Bearer ACCESS_TOKEN`, nothing else."""

from __future__ import annotations

from typing import Any

from allauth.core.internal.httpkit import get_authorization_credential
from allauth.headless.contrib.rest_framework.authentication import JWTTokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request


class BearerAuthentication(JWTTokenAuthentication):
    """allauth's access tokens, which die with the sign-in that they belong to. No cookie authenticates the API."""

    def authenticate_credentials(self, key: str) -> Any:
        try:
            return super().authenticate_credentials(key)
        except RecursionError as error:  # brackets in brackets in brackets, where the JSON of a token's head belongs
            raise AuthenticationFailed("Invalid token.") from error


def bearer_token(request: Request) -> str:
    """Return what stands where an access token belongs, "" for nothing."""
    return get_authorization_credential(request._request, "Bearer") or ""
