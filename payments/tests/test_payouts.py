"""Payouts against figures worked out by hand, and against the takings."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.tests.factories import hold
from movy.lib.money import Money
from payments.models import Channel, Payment, RefundReason
from payments.tests.sold import charged, given_back, sent_back, sold
from payments.tests.test_reports import EVENING, FRIDAY, NOON, make, naira, rows_of, show
from tests.security.admin_world import person
from theatres.models import Theatre
from theatres.tests.factories import TheatreFactory

pytestmark = pytest.mark.django_db

BOOKS = [("takings", "day"), ("desk", ""), ("payouts", "day")]


@pytest.fixture
def theatre() -> Theatre:
    return TheatreFactory(name="Eko Lantern", slug="eko-lantern")


def divided(payment: Payment, *, fees: int, theatre: int) -> Payment:
    """Let Paystack have told who gets what of a charge."""
    platform = payment.charged_minor - fees - theatre
    Payment.objects.filter(pk=payment.pk).update(fees_minor=fees, theatre_minor=theatre, platform_minor=platform)
    return payment


def test_payouts_divide_every_charge_and_say_what_is_not_told(theatre):
    here = show(theatre)
    divided(sold(here, ["A1", "A2"], NOON).confirming_payment, fees=20_500, theatre=630_000)
    told = sold(here, ["A3"], NOON, channel=Channel.BANK_TRANSFER).confirming_payment
    divided(told, fees=5_250, theatre=0)
    sold(here, ["A4"], EVENING)  # not told yet
    sold(here, ["A5"], NOON, channel=Channel.CASH)  # the desk's: Paystack never had it
    twice = divided(charged(told.booking, NOON), fees=5_250, theatre=0)
    sent_back(twice, 350_000, NOON, reason=RefundReason.PAID_TWICE)
    table = make("payouts", theatre, "day", last=FRIDAY)
    assert table.rows == [
        (
            FRIDAY,
            4,
            naira(17_500),
            naira(14_000),
            naira(310),
            naira(6300),
            naira(7390),
            naira(3500),
            naira(3500),
        )
    ]
    charged_, _tickets, fees, to_theatre, to_platform, untold, _back = table.totals[0][2:]
    assert charged_.amount_minor == sum(part.amount_minor for part in (fees, to_theatre, to_platform, untold))
    assert len(table.notes) == 3
    assert [row[:2] for row in rows_of("payouts", theatre, "channel")] == [("bank transfer", 1), ("card", 3)]


def test_payouts_and_the_desk_are_the_takings_to_the_last_kobo(theatre):
    here = show(theatre)
    divided(sold(here, {"A1": 333_333, "A2": 7}, NOON).confirming_payment, fees=11_101, theatre=300_001)
    back = sold(here, {"A3": 99_999, "A4": 1}, NOON)
    given_back(back, ["A4"], EVENING, refund_minor=1)
    sold(here, ["A5"], NOON, channel=Channel.CASH, sold_by=person("efe@movy.test"))
    late = hold(here, ["A6"], now=NOON - timedelta(days=1))
    sent_back(charged(late, NOON), 350_000, NOON, reason=RefundReason.SEATS_GONE)
    takings, desk, paid_out = (make(name, theatre, by).totals[0] for name, by in BOOKS)
    assert takings[2] == Money(paid_out[3].amount_minor + desk[4].amount_minor, "NGN")  # sold = for tickets + desk
    online = paid_out[2].amount_minor - paid_out[8].amount_minor  # charged less money back
    assert takings[4].amount_minor == online + desk[6].amount_minor
    assert {make("payouts", theatre, by).totals[0] for by in ("day", "channel")} == {paid_out}
