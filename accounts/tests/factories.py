"""The least valid people."""

from __future__ import annotations

from itertools import count

from allauth.account.models import EmailAddress

from accounts.models import User

PASSWORD = "four words in a row"
_numbers = count(1)


def user_make(*, email: str = "", password: str | None = PASSWORD, is_verified: bool = False, **fields) -> User:
    """Return a person with an e-mail nobody else has, as signing up makes them."""
    user = User.objects.create_user(email or f"person{next(_numbers)}@movy.test", password, **fields)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=is_verified)
    return user
