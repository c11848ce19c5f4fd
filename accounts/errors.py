"""Why somebody doesn't get in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from movy.lib.errors import DomainError


class EmailTaken(DomainError):
    """Another account has this e-mail."""

    code = "email_taken"
    status = 400
    message = _("There is an account with this e-mail already. Sign in, or ask for a new password.")


class InvalidCredentials(DomainError):
    """Wrong password, unknown e-mail, closed account: nobody is told which."""

    code = "invalid_credentials"
    status = 401
    message = _("That e-mail and password don't belong together. Have another look at both.")


class InvalidToken(DomainError):
    """A token that is none of ours, has run out, or was used before."""

    code = "invalid_token"
    status = 401
    message = _("This sign-in has ended. Please sign in again.")


class TooManyTries(DomainError):
    """extra: `retry_after`, in seconds."""

    code = "too_many_tries"
    status = 429
    message = _("Too many tries. Please wait a few minutes, or ask for a new password.")
