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


class SecondFactorNeeded(DomainError):
    """The password is right, and the account wants more than a password, which only pages can ask for. A guesser who
    learns that much has passed the same limits as on the page, which tells it too."""

    code = "second_factor_needed"
    status = 401
    message = _("This account asks for a second step after the password. Please sign in on the website.")


class InvalidKey(DomainError):
    """A key out of a mail that is none of ours, has run out, or was used before."""

    code = "invalid_key"
    status = 400
    message = _("This link has been used, or is too old. Please ask for a new one.")


class GoogleUnavailable(DomainError):
    """Google can't be asked whether a token is its own."""

    code = "google_unavailable"
    status = 502
    message = _("We can't reach Google right now. Please try again in a moment, or sign in with your password.")


class LastOwner(DomainError):
    """Without this account nobody would run the platform."""

    code = "last_owner"
    message = _("You are the only owner of this platform. Make somebody else an owner first.")


class TooManyTries(DomainError):
    """extra: `retry_after`, in seconds."""

    code = "too_many_tries"
    status = 429
    message = _("Too many tries. Please wait a few minutes, or ask for a new password.")
