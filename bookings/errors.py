"""What can be refused about a booking."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.constants import HOLDS_A_BUYER_MAX, SEATS_A_BUYER_MAX
from movy.lib.clock import rfc3339
from movy.lib.errors import DomainError


class SeatsUnavailable(DomainError):
    """Somebody was faster. `seats` are the labels that are gone."""

    code = "seats_unavailable"

    def __init__(self, labels: Iterable[str]) -> None:
        labels = list(labels)
        names = ", ".join(labels)
        super().__init__(
            ngettext(
                "Seat %(seats)s has just been taken. Please choose another one.",
                "Seats %(seats)s have just been taken. Please choose others.",
                len(labels),
            )
            % {"seats": names},
            seats=labels,
        )


class UnknownSeats(DomainError):
    """Labels that this hall doesn't have."""

    code = "unknown_seats"
    status = 400

    def __init__(self, labels: Iterable[str]) -> None:
        labels = list(labels)
        super().__init__(_("There is no seat %(seats)s in this hall.") % {"seats": ", ".join(labels)}, seats=labels)


class NotEnoughSeats(DomainError):
    code = "not_enough_seats"
    message = gettext_lazy("There are not enough free seats of this kind. Try fewer, or another showing.")


class SalesClosed(DomainError):
    code = "sales_closed"
    message = gettext_lazy("Tickets for this showing are no longer sold here. Please choose another showing.")


class TooManySeats(DomainError):
    code = "too_many_seats"

    def __init__(self) -> None:
        super().__init__(
            _("One person can have %(limit)d seats at a showing. Take fewer seats.") % {"limit": SEATS_A_BUYER_MAX}
        )


class TooManyHolds(DomainError):
    code = "too_many_holds"

    def __init__(self) -> None:
        super().__init__(
            _("You already have %(limit)d unpaid bookings for this showing. Pay for one of them or let one go first.")
            % {"limit": HOLDS_A_BUYER_MAX}
        )


class HeldTooOften(DomainError):
    """The same seats again within a minute, or very many unpaid seats from one address."""

    code = "held_too_often"
    status = 429

    def __init__(self, *, retry_after_seconds: int) -> None:
        super().__init__(
            ngettext(
                "Others get a chance at these seats first. You can try again in %(seconds)d second.",
                "Others get a chance at these seats first. You can try again in %(seconds)d seconds.",
                retry_after_seconds,
            )
            % {"seconds": retry_after_seconds},
            retry_after=retry_after_seconds,
        )


class HoldExpired(DomainError):
    code = "hold_expired"
    message = gettext_lazy("The time to pay for these seats has run out, and they are free for others again.")


class CancellationClosed(DomainError):
    code = "cancellation_closed"
    message = gettext_lazy("This booking can no longer be cancelled. Ask the theatre's box office for help.")


class AlreadyCancelled(DomainError):
    code = "already_cancelled"
    message = gettext_lazy("These seats have been given back already.")


class AlreadyAdmitted(DomainError):
    code = "already_admitted"
    message = gettext_lazy("Somebody has been let in with one of these tickets, so they can't be cancelled any more.")


class UnknownTicket(DomainError):
    code = "unknown_ticket"
    status = 404
    message = gettext_lazy("This is not a ticket of ours.")


# ---- At the door


class TicketAdmitted(DomainError):
    """Somebody came in with it. Told again to whoever repeats a check-in whose answer got lost: `admitted_at` is then
    seconds ago. `admitted_by` is a name, empty for an account that is gone."""

    code = "already_admitted"
    message = gettext_lazy("Somebody has come in with this ticket already.")

    def __init__(self, *, admitted_at: datetime, admitted_by: str) -> None:
        super().__init__(admitted_at=rfc3339(admitted_at), admitted_by=admitted_by)


class TicketCancelled(DomainError):
    code = "cancelled"
    message = gettext_lazy("This ticket lets nobody in: it was given back, or its show was called off.")


class OtherTheatre(DomainError):
    """A genuine ticket, of which this theatre learns nothing else."""

    code = "other_theatre"
    message = gettext_lazy("This ticket is for another theatre.")


class WrongShowtime(DomainError):
    """`showtime` says what the ticket is for: the theatre's own, so that the door can show the way."""

    code = "wrong_showtime"

    def __init__(self, *, showtime_id: int, title: str, starts_at: datetime, showing: str) -> None:
        super().__init__(
            _("This ticket is not for now. It is for %(showing)s.") % {"showing": showing},
            showtime={"id": showtime_id, "title": title, "starts_at": rfc3339(starts_at)},
        )


# ---- At the office


class NobodyToSendTo(DomainError):
    code = "nobody_to_send_to"
    message = gettext_lazy("There are no valid tickets in this booking, or no e-mail to send them to.")


class SentJustNow(DomainError):
    code = "sent_just_now"
    status = 429
    message = gettext_lazy("The tickets were sent a moment ago. Give the mail a minute before you send it again.")
