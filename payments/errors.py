"""What can be refused about paying."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from movy.lib.errors import DomainError
from movy.lib.money import Money


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


# ---- At the office


class RefundTooMuch(DomainError):
    code = "refund_too_much"

    def __init__(self, *, left: Money) -> None:
        super().__init__(gettext("Only %(left)s of this payment is left to give back.") % {"left": left})


class NothingToRefund(DomainError):
    code = "nothing_to_refund"
    status = 400
    message = _("Tick the seats that are given back, or name an amount.")


class NotPaidHere(DomainError):
    """A refund that Paystack pays: nobody hands it over."""

    code = "not_paid_here"
    message = _("This was paid online, so it goes back the same way. Nothing is paid out at the desk.")


class RefundRuns(DomainError):
    code = "refund_runs"
    message = _("This refund has not failed, so it is not asked for again. It goes on by itself.")


class GoesBackAlready(DomainError):
    """A charge that has its ticket, or goes back in full."""

    code = "goes_back_already"
    message = _("There is nothing left to give back: this money has its ticket, or goes back already.")


class LookedAtAlready(DomainError):
    code = "looked_at_already"
    message = _("Somebody is looking at this very refund. Please look again in a moment.")


class PutAwayAlready(DomainError):
    code = "put_away_already"
    message = _("Somebody has put this away before.")


class BankDetailsRefused(DomainError):
    """Paystack does not take these bank details, for its own reason."""

    code = "bank_details_refused"
    status = 400

    def __init__(self, why: str) -> None:
        super().__init__(gettext("Paystack did not take these bank details: %(why)s") % {"why": why})
