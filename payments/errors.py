"""What can be refused about paying."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from movy.lib.errors import DomainError


class AlreadyPaid(DomainError):
    code = "already_paid"
    message = _("This booking is paid already. Your tickets are on its page.")


class NothingToPay(DomainError):
    code = "already_cancelled"
    message = _("This booking has been cancelled, so there is nothing to pay.")


class ChannelNotAvailable(DomainError):
    code = "channel_not_available"
    status = 400
    message = _("This way of paying is not available here. Please choose another one.")


class CallbackNotAllowed(DomainError):
    code = "invalid"
    status = 400

    def __init__(self) -> None:
        message = _("This address is not one that we lead back to.")
        super().__init__(message, errors=[{"field": "callback_url", "code": "invalid", "message": str(message)}])


class ProviderUnavailable(DomainError):
    code = "payment_provider_unavailable"
    status = 502
    message = _("We can't reach our payment partner right now. Your seats stay held: please try again in a moment.")
