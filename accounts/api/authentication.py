"""Who asks an API endpoint: `Authorization: Bearer ACCESS_TOKEN`, nothing else."""

from __future__ import annotations

from allauth.core.internal.httpkit import get_authorization_credential
from allauth.headless.contrib.rest_framework.authentication import JWTTokenAuthentication
from rest_framework.request import Request


class BearerAuthentication(JWTTokenAuthentication):
    """allauth's access tokens, which die with the sign-in that they belong to. No cookie authenticates the API."""


def bearer_token(request: Request) -> str:
    """Return what stands where an access token belongs, "" for nothing."""
    return get_authorization_credential(request._request, "Bearer") or ""
