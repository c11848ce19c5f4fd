"""Who asks an API endpoint: `Authorization: Bearer ACCESS_TOKEN`, nothing else."""

from __future__ import annotations

from allauth.headless.contrib.rest_framework.authentication import JWTTokenAuthentication


class BearerAuthentication(JWTTokenAuthentication):
    """allauth's access tokens, which die with the sign-in that they belong to. No cookie authenticates the API."""
