"""Movy's rules in plain Python: one showing, its seats, bookings and money, one thing at a time; no database, no lock,
no network. What tests/model/test_model.py holds the real one against, and the shortest way to read what the rules are.

Money is in kobo. A method does what its name says, or raises Refused with the code that the API answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

PRICE = 350_000
CURRENCY = "NGN"
HOLD = {
    "card": timedelta(minutes=10),
    "ussd": timedelta(minutes=20),
    "bank_transfer": timedelta(minutes=35),
}
BEFORE_CHOOSING = timedelta(minutes=10)
MONEY_BACK_UNTIL = timedelta(hours=2)  # before the start: all of it until then, nothing later
OURS = {"pending": "pending", "processing": "pending", "needs-attention": "needs_attention"}  # of Paystack's words


class Refused(Exception):
    """The rules forbid it, and nothing has changed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Refund:
    amount: int
    currency: str
    reason: str
    status: str = "pending"
    at_paystack: str = ""  # how it stands there; empty: never asked for
    is_ours_known: bool = False  # whether Paystack's answer to our asking has reached us


@dataclass
class Attempt:
    """One try to pay. `at_paystack`: what Paystack would say, empty where it has never heard of it. `took`: amount and
    currency, once it has taken any; `charged`: the same, once we know."""

    booking: Booking
    channel: str
    at_paystack: str = ""
    has_address: bool = False
    took: tuple[int, str] | None = None
    status: str = "pending"
    charged: tuple[int, str] | None = None
    confirms: bool = False
    refunds: list[Refund] = field(default_factory=list)

    @property
    def is_by_hand(self) -> bool:
        return self.channel == "cash"

    @property
    def left(self) -> int:
        """What could still go back."""
        return (self.charged[0] if self.charged else 0) - sum(refund.amount for refund in self.refunds)


@dataclass
class Booking:
    """`tickets`: by seat, "valid", "admitted" or "void". A seat leaves `kept` when it is given back."""

    seats: tuple[str, ...]
    kept: list[str]
    until: datetime
    status: str = "held"
    is_lengthened: bool = False
    attempts: list[Attempt] = field(default_factory=list)
    tickets: dict[str, str] = field(default_factory=dict)
    mails: int = 0
    has_email: bool = True

    @property
    def paid_by(self) -> Attempt | None:
        return next((attempt for attempt in self.attempts if attempt.confirms), None)

    def tell(self) -> None:
        self.mails += self.has_email


class Cinema:
    def __init__(self, seats: tuple[str, ...], *, now: datetime, starts_at: datetime, ends_at: datetime) -> None:
        self.seats, self.now, self.starts_at, self.ends_at = seats, now, starts_at, ends_at
        self.is_called_off = False
        self.bookings: list[Booking] = []
        self.attempts: list[Attempt] = []
        self.refunds: list[Refund] = []

    # ---- Who and what there is

    @property
    def held(self) -> list[Booking]:
        """Holds that still run."""
        return [row for row in self.bookings if self.status(row) == "held"]

    @property
    def payable(self) -> list[Attempt]:
        """Attempts that a buyer has open at Paystack."""
        return [row for row in self.attempts if row.at_paystack and not row.took]

    @property
    def moving(self) -> list[Refund]:
        """Refunds that Paystack has not ended."""
        return [row for row in self.refunds if row.at_paystack not in ("", "processed", "failed")]

    # ---- Seats

    def status(self, booking: Booking) -> str:
        """A hold past its time reads expired at once, swept or not."""
        return "expired" if booking.status == "held" and booking.until <= self.now else booking.status

    def owner(self, seat: str) -> Booking | None:
        """Who has a seat: the one live booking that keeps it."""
        owners = [row for row in self.bookings if seat in row.kept and self.status(row) in ("held", "confirmed")]
        assert len(owners) < 2, "the model itself sold a seat twice"
        return owners[0] if owners else None

    def hold(self, seats: tuple[str, ...]) -> None:
        if self.is_called_off or self.now >= self.starts_at:
            raise Refused("sales_closed")
        self._take(seats, until=min(self.now + BEFORE_CHOOSING, self.starts_at))

    def sell_at_desk(self, seats: tuple[str, ...]) -> None:
        if self.is_called_off or self.now >= self.ends_at:
            raise Refused("sales_closed")
        booking = self._take(seats, until=min(self.now + BEFORE_CHOOSING, self.ends_at))
        booking.has_email = False
        self._confirm(booking)
        total = PRICE * len(seats)
        self._attempt(Attempt(booking, "cash", status="paid", charged=(total, CURRENCY), confirms=True))

    def _take(self, seats: tuple[str, ...], *, until: datetime) -> Booking:
        if any(self.owner(seat) for seat in seats):
            raise Refused("seats_unavailable")
        self.bookings.append(Booking(seats, list(seats), until))
        return self.bookings[-1]

    def sweep(self) -> None:
        """The worker ends the holds whose time is over, and asks about their attempts before."""
        overdue = [row for row in self.bookings if row.status == "held" and row.until <= self.now]
        for booking in sorted(overdue, key=lambda row: row.until):
            for attempt in reversed(booking.attempts):
                self.hear(attempt)
            if booking.status == "held":
                booking.status = "expired"

    # ---- Paying

    def pay(self, booking: Booking, channel: str, *, answer: str) -> None:
        """`answer`: "given", "lost" after Paystack has opened the transaction, or "refused" before."""
        match self.status(booking):
            case "confirmed":
                raise Refused("already_paid")
            case "cancelled":
                raise Refused("already_cancelled")
            case "expired":
                raise Refused("hold_expired")
        if self.is_called_off:
            raise Refused("sales_closed")
        if any((row.channel, row.status, row.has_address) == (channel, "pending", True) for row in booking.attempts):
            return
        if not booking.is_lengthened:
            booking.is_lengthened = True
            booking.until = max(booking.until, min(self.now + HOLD[channel], self.starts_at))
        opened = "" if answer == "refused" else "abandoned"
        self._attempt(Attempt(booking, channel, at_paystack=opened, has_address=answer == "given"))
        if answer != "given":
            raise Refused("payment_provider_unavailable")

    def _attempt(self, attempt: Attempt) -> None:
        self.attempts.append(attempt)
        attempt.booking.attempts.append(attempt)

    def charge(self, attempt: Attempt, amount: int, currency: str) -> None:
        """The buyer's money is taken. Nobody here knows yet."""
        attempt.at_paystack, attempt.took = "success", (amount, currency)

    def decline(self, attempt: Attempt) -> None:
        attempt.at_paystack = "failed"

    def hear(self, attempt: Attempt) -> None:
        """Somebody or something makes us ask Paystack: browser, webhook, worker or office. They differ in nothing."""
        if attempt.status == "paid":
            return
        if attempt.at_paystack == "failed":
            attempt.status = "failed"
        if attempt.took is None:
            return
        attempt.status, attempt.charged = "paid", attempt.took
        booking = attempt.booking
        if attempt.charged != (PRICE * len(booking.seats), CURRENCY):
            self._refund(attempt, attempt.charged[0], "mismatch")
        elif self._confirm(booking):
            attempt.confirms = True
            return
        elif booking.status == "confirmed":
            self._refund(attempt, attempt.charged[0], "paid_twice")
        elif self.is_called_off:
            self._refund(attempt, attempt.charged[0], "called_off")
        elif booking.status == "cancelled":
            self._refund(attempt, attempt.charged[0], "cancelled")
        else:
            self._refund(attempt, attempt.charged[0], "seats_gone")
        booking.tell()

    def _confirm(self, booking: Booking) -> bool:
        """In time its seats are its own; late if nobody has taken one and the show has not begun."""
        if booking.status not in ("held", "expired") or self.is_called_off:
            return False
        is_late = self.status(booking) == "expired"
        if is_late and (self.now >= self.starts_at or any(self.owner(seat) for seat in booking.kept)):
            return False
        booking.status = "confirmed"
        booking.tickets = dict.fromkeys(booking.kept, "valid")
        booking.tell()
        return True

    # ---- Giving back

    def cancel(self, booking: Booking, seats: tuple[str, ...]) -> None:
        """`seats`: none means all."""
        chosen = self._to_give_back(booking, seats)
        attempt = booking.paid_by if booking.status == "confirmed" else None
        if attempt and self.now > self.starts_at - MONEY_BACK_UNTIL:
            raise Refused("cancellation_closed")
        self._give_back(booking, chosen)
        if attempt:
            self._refund(attempt, min(PRICE * len(chosen), attempt.left), "cancelled")
            booking.tell()

    def refund_at_office(self, booking: Booking, seats: tuple[str, ...], amount: int) -> None:
        """As the theatre likes: seats without money, money without seats, at any time; never more than is left."""
        if not seats and not amount:
            raise Refused("nothing_to_refund")
        attempt = booking.paid_by
        if amount > (attempt.left if attempt else 0):
            raise Refused("refund_too_much")
        if seats:
            self._give_back(booking, self._to_give_back(booking, seats))
        if attempt:
            self._refund(attempt, amount, "office")
        booking.tell()

    def _to_give_back(self, booking: Booking, seats: tuple[str, ...]) -> list[str]:
        if self.status(booking) in ("cancelled", "expired"):
            raise Refused("already_cancelled")
        chosen = list(seats or booking.kept)
        if set(chosen) - set(booking.seats):
            raise Refused("unknown_seats")
        if set(chosen) - set(booking.kept):
            raise Refused("already_cancelled")
        if booking.status == "held" and len(chosen) != len(booking.kept):
            raise Refused("invalid")
        return chosen

    def _give_back(self, booking: Booking, seats: list[str]) -> None:
        if any(booking.tickets.get(seat) == "admitted" for seat in seats):
            raise Refused("already_admitted")
        for seat in seats:
            booking.kept.remove(seat)
            if seat in booking.tickets:
                booking.tickets[seat] = "void"
        if not booking.kept:
            booking.status = "cancelled"

    def call_off(self) -> None:
        self.is_called_off = True

    def go_on_calling_off(self) -> None:
        """The worker ends everybody's booking, and pays back what their seats cost."""
        if not self.is_called_off:
            return
        for booking in [row for row in self.bookings if row.status in ("held", "confirmed")]:
            if self.status(booking) != "expired":
                booking.tell()
            if booking.paid_by:
                self._refund(booking.paid_by, min(PRICE * len(booking.kept), booking.paid_by.left), "called_off")
            for seat, ticket in booking.tickets.items():
                booking.tickets[seat] = "admitted" if ticket == "admitted" else "void"
            booking.status, booking.kept = "cancelled", []

    def admit(self, booking: Booking, seat: str) -> None:
        if self.is_called_off or booking.tickets[seat] == "void":
            raise Refused("cancelled")
        if booking.tickets[seat] == "admitted":
            raise Refused("already_admitted")
        booking.tickets[seat] = "admitted"

    # ---- Money back

    def _refund(self, attempt: Attempt, amount: int, reason: str) -> None:
        assert attempt.charged is not None
        if amount:
            self.refunds.append(Refund(amount, attempt.charged[1], reason))
            attempt.refunds.append(self.refunds[-1])

    def follow(self, *, answer: str) -> None:
        """The worker asks for the refunds that Paystack has not heard of, and reads how the others stand. `answer`:
        "given", or "lost" after Paystack has begun those that it was asked for."""
        for refund in self.refunds:
            attempt = self.attempt_of(refund)
            if attempt.is_by_hand or refund.status in ("processed", "failed"):
                continue
            if not refund.at_paystack:
                refund.at_paystack = "pending"
                refund.is_ours_known = answer == "given"
                continue
            refund.is_ours_known = True
            status = OURS.get(refund.at_paystack, refund.at_paystack)
            if status != refund.status and status != "pending":
                attempt.booking.tell()
            refund.status = status

    def ask_again(self, refund: Refund) -> None:
        if refund.status != "failed":
            raise Refused("refund_runs")
        refund.status, refund.at_paystack, refund.is_ours_known = "pending", "", False

    def pay_out(self, refund: Refund) -> None:
        if not self.attempt_of(refund).is_by_hand:
            raise Refused("not_paid_here")
        refund.status = "processed"

    def attempt_of(self, refund: Refund) -> Attempt:
        return next(row for row in self.attempts if any(refund is known for known in row.refunds))
