"""What is known about an account."""

from __future__ import annotations

from allauth.account.forms import UserTokenForm
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.models import SocialAccount

from accounts.errors import InvalidKey
from accounts.models import User


def email_is_verified(user: User) -> bool:
    """Whether the person has shown that the account's e-mail is theirs. One query."""
    return EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()


def verified_emails(user: User) -> list[str]:
    """Return the e-mails that the person has shown to be theirs. One query."""
    return list(EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True))


def google_account(user: User) -> SocialAccount | None:
    """Return the Google account that opens this one, if there is one. One query."""
    return SocialAccount.objects.filter(user=user, provider="google").first()


def has_second_factor(user: User) -> bool:
    """Whether signing in to this account takes a code besides the password. One query."""
    return is_mfa_enabled(user, [Authenticator.Type.TOTP])


def needs_own_sign_in(user: User) -> bool:
    """Whether an account may do more than its owner's own business: then a matching Google e-mail must not open it."""
    return user.is_staff or user.is_superuser or user.memberships.exists()


def reset_key_owner(key: str) -> User:
    """Return whose password a key out of a mail may set. Raises InvalidKey. One query."""
    number, _, secret = key.partition("-")
    form = UserTokenForm({"uidb36": number, "key": secret})
    if not form.is_valid():
        raise InvalidKey
    owner: User = form.reset_user
    return owner
