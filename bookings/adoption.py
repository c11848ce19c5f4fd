"""When an account adopts what its owner booked without it: at the moments that allauth tells of. For all ways in alike,
pages and API, without accounts having to know of bookings."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_logged_in
from django.http import HttpRequest

from accounts.models import User
from accounts.selectors import verified_emails
from bookings.flows import guest_bookings_adopt
from bookings.guests import guest_email, references_booked_take


def connect() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="bookings.adoption")
    email_confirmed.connect(_confirmed, dispatch_uid="bookings.adoption")


def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    """What was booked in this session is theirs, and what was booked with an e-mail that they have shown to be theirs;
    not with one that they only say they have."""
    guest_bookings_adopt(
        user_id=user.pk,
        references=references_booked_take(request.session),
        emails=_as_booked(verified_emails(user)),
    )


def _confirmed(email_address: EmailAddress, **_: Any) -> None:
    guest_bookings_adopt(user_id=email_address.user_id, emails=_as_booked([email_address.email]))


def _as_booked(emails: list[str]) -> list[str]:
    """Return e-mails as guests' bookings have them; one that nobody can have booked with is left out."""
    found = []
    for email in emails:
        try:
            found.append(guest_email(email))
        except UnicodeError:
            continue
    return found
