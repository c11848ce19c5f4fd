"""What the endpoints of accounts answer."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from accounts.api.tokens import Tokens
from accounts.models import User
from accounts.selectors import email_is_verified


def user_output(user: User) -> dict[str, Any]:
    return {
        "id": user.pk,
        "email": user.email,
        "email_verified": email_is_verified(user),
        "first_name": user.first_name,
        "last_name": user.last_name,
    }


def sign_in_output(user: User, tokens: Tokens) -> dict[str, Any]:
    return {"user": user_output(user), **asdict(tokens)}
