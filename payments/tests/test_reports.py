"""Reports against figures worked out by hand: docs/reports.md says what each of them means."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum

from bookings.models import BookedSeat, BookingStatus, Ticket
from bookings.tests.factories import hold, showtime_on_sale
from catalog.models import Showtime, ShowtimeStatus
from catalog.tests.factories import MovieFactory, ShowtimeFactory
from movy.lib.exports import Table
from movy.lib.money import Money
from payments.audit import violations
from payments.models import Channel, Payment, Refund, RefundReason, RefundStatus
from payments.reports.catalogue import REPORTS
from payments.reports.scope import Period, Scope, cinema_week, presets, scope_of
from payments.tests.sold import charged, given_back, sent_back, sold
from tests.security.admin_world import person
from theatres.models import Theatre
from theatres.tests.factories import ScreenFactory, TheatreFactory

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 6, 5)
SATURDAY, THURSDAY = FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=6)
NOON = datetime(2026, 6, 5, 11, tzinfo=UTC)  # 12:00 in Lagos
EVENING = NOON + timedelta(hours=7)
LABELS = [f"A{number}" for number in range(1, 11)]


def naira(major: float) -> Money:
    return Money(round(major * 100), "NGN")


def make(name: str, theatre: Theatre, by: str = "", *, first: date = FRIDAY, last: date = THURSDAY, **of) -> Table:
    return REPORTS[name].make(scope_of(theatre, first, last, **of), by)


def rows_of(*args, **kwargs) -> list[tuple]:
    return list(make(*args, **kwargs).rows)


@pytest.fixture
def theatre() -> Theatre:
    return TheatreFactory(name="Eko Lantern", slug="eko-lantern")


def show(
    theatre: Theatre, starts_at: datetime = NOON + timedelta(hours=7), *, hall: str = "Hall 1", **kwargs
) -> Showtime:
    """A show of ten seats on sale. Its start, unless given: 19:00 in Lagos on the Friday."""
    screen = theatre.screens.filter(name=hall).first() or ScreenFactory(theatre=theatre, name=hall, seats=LABELS)
    return showtime_on_sale(screen=screen, starts_at=starts_at, **kwargs)


# ---- Days


def test_a_sale_before_five_in_the_morning_belongs_to_the_evening_before(theatre):
    here = show(theatre)
    sold(here, ["A1"], datetime(2026, 6, 6, 3, 59, tzinfo=UTC))  # Saturday 04:59 in Lagos
    sold(here, ["A2", "A3"], datetime(2026, 6, 6, 4, 0, tzinfo=UTC))  # Saturday 05:00
    assert rows_of("takings", theatre, "day", last=SATURDAY) == [
        (FRIDAY, 1, naira(3500), naira(0), naira(3500)),
        (SATURDAY, 2, naira(7000), naira(0), naira(7000)),
    ]
    assert rows_of("takings", theatre, "day", first=SATURDAY, last=SATURDAY)[0][1] == 2


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        # Clocks go forward on the 29th at 02:00: that night's day has 23 hours, ending at 03:00 UTC.
        (datetime(2026, 3, 29, 2, 59, tzinfo=UTC), datetime(2026, 3, 29, 3, 0, tzinfo=UTC), date(2026, 3, 29)),
        # And back on 25 October at 03:00: 25 hours, ending at 04:00 UTC.
        (datetime(2026, 10, 25, 3, 59, tzinfo=UTC), datetime(2026, 10, 25, 4, 0, tzinfo=UTC), date(2026, 10, 25)),
    ],
    ids=["spring", "autumn"],
)
def test_the_day_ends_at_five_by_the_clock_when_summer_time_begins_and_ends(before, after, change):
    berlin = TheatreFactory(timezone="Europe/Berlin", currency="USD")
    here = show(berlin, before)
    sold(here, ["A1"], before)
    sold(here, ["A2"], after)
    days = {"first": change - timedelta(days=1), "last": change}
    assert [row[:2] for row in rows_of("takings", berlin, "day", **days)] == [(days["first"], 1), (change, 1)]
    assert [row[1:7] for row in rows_of("return", berlin, **days)] == [
        (days["first"], "Hall 1", 1, "Adult", Money(350_000, "USD"), 2)
    ]


def test_a_show_after_midnight_stands_in_the_return_of_the_evening_before(theatre):
    late = show(theatre, datetime(2026, 6, 5, 23, 30, tzinfo=UTC))  # Saturday 00:30 in Lagos
    sold(late, ["A1"], NOON)
    assert [row[1] for row in rows_of("return", theatre)] == [FRIDAY]
    assert [row[0] for row in rows_of("occupancy", theatre, "day")] == [FRIDAY]


def test_the_trades_week_begins_on_friday(theatre):
    assert [cinema_week(FRIDAY + timedelta(days=number)) for number in range(-1, 8)] == [
        FRIDAY - timedelta(days=7),
        *[FRIDAY] * 7,
        FRIDAY + timedelta(days=7),
    ]
    spans = presets(theatre, datetime(2026, 6, 12, 3, 0, tzinfo=UTC))  # Friday 04:00: Thursday still
    assert spans["today"] == (THURSDAY, THURSDAY)
    assert spans["week"] == (FRIDAY, THURSDAY)
    assert spans["week_before"] == (date(2026, 5, 29), date(2026, 6, 4))
    assert spans["month_before"] == (date(2026, 5, 1), date(2026, 5, 31))


def test_every_instant_of_a_period_has_the_number_of_its_day(theatre):
    period = Period(FRIDAY, THURSDAY, theatre.timezone)
    at = show(theatre)
    for number in range(7):
        sold(at, [LABELS[number]], period.starts_at + timedelta(days=number, minutes=1))
    found = Payment.objects.annotate(day=period.day_of("paid_at")).order_by("paid_at")
    assert list(found.values_list("day", flat=True)) == list(range(7))


# ---- Takings


def test_takings_by_everything_add_up_to_the_same_money(theatre):
    evening = show(theatre, movie=MovieFactory(title="Ọjà"))
    other = show(theatre, hall="Hall 2", movie=MovieFactory(title="Kongi"))
    online = sold(evening, {"A1": 350_000, "A2": 200_000}, NOON)
    sold(other, ["A1"], NOON, channel=Channel.CASH, ticket_type="child")
    given_back(online, ["A2"], NOON + timedelta(days=1), refund_minor=100_000)  # half of its price
    whole = ("Total", 3, naira(9000), naira(1000), naira(8000))
    for by in ("day", "film", "screen", "channel"):
        assert make("takings", theatre, by).totals == [whole], by
    assert make("takings", theatre, "show").totals == [("Total", None, None, *whole[1:])]
    assert make("takings", theatre, "ticket_type").totals == [whole[:3]]
    assert rows_of("takings", theatre, "film") == [
        ("Ọjà", 2, naira(5500), naira(1000), naira(4500)),
        ("Kongi", 1, naira(3500), naira(0), naira(3500)),
    ]
    assert rows_of("takings", theatre, "day")[:2] == [
        (FRIDAY, 3, naira(9000), naira(0), naira(9000)),
        (SATURDAY, 0, naira(0), naira(1000), naira(-1000)),
    ]
    assert rows_of("takings", theatre, "channel") == [
        ("card", 2, naira(5500), naira(1000), naira(4500)),
        ("cash", 1, naira(3500), naira(0), naira(3500)),
    ]
    assert rows_of("takings", theatre, "ticket_type") == [("Adult", 2, naira(5500)), ("Child", 1, naira(3500))]
    assert [row[:4] for row in rows_of("takings", theatre, "show")] == [
        ("Fri 5 Jun 2026, 19:00", "Ọjà", "Hall 1", 2),
        ("Fri 5 Jun 2026, 19:00", "Kongi", "Hall 2", 1),
    ]


def test_charges_that_bought_no_ticket_are_no_takings_and_stand_among_the_payments(theatre):
    here = show(theatre)
    good = sold(here, ["A1"], NOON, fees_minor=15_250)
    short = hold(here, ["A2"], now=NOON - timedelta(days=1))
    odd = charged(short, NOON, minor=349_999, mismatch="amount")
    sent_back(odd, 349_999, NOON, reason=RefundReason.MISMATCH, status=RefundStatus.PENDING)
    sent_back(charged(good, NOON), 350_000, NOON, reason=RefundReason.PAID_TWICE)
    assert make("takings", theatre, "day", last=FRIDAY).totals == [("Total", 1, naira(3500), naira(0), naira(3500))]
    assert make("fees", theatre, "day", last=FRIDAY).totals == [
        ("Total", 3, naira(10_499.99), naira(6999.99), naira(152.50), naira(6999.99), naira(3347.50))
    ]
    assert rows_of("fees", theatre, "channel")[0][0] == "card"
    assert rows_of("refunds", theatre) == [
        ("paid something else than asked", "on its way", 1, naira(3499.99)),
        ("paid twice", "paid back", 1, naira(3500)),
    ]
    assert [row[6] for row in rows_of("return", theatre)] == [1]


def test_a_free_booking_is_an_admission_and_no_takings(theatre):
    sold(show(theatre), {"A1": 0}, NOON)
    assert rows_of("takings", theatre, "day") == []
    assert [row[4:] for row in rows_of("return", theatre)] == [
        ("Adult", naira(0), 1, naira(0), 0, naira(0), 1, naira(0))
    ]


def test_money_of_two_currencies_is_never_added(theatre):
    sold(show(theatre), ["A1"], NOON)
    theatre.currency = "USD"
    theatre.save()
    sold(show(theatre, NOON + timedelta(days=1)), ["A1", "A2"], NOON)
    for name, by in [("takings", "film"), ("fees", "day"), ("return", "")]:
        totals = make(name, theatre, by).totals
        assert [row[-1] for row in totals] == [Money(350_000, "NGN"), Money(700_000, "USD")], name


def test_a_report_is_of_one_film_when_asked_for_it(theatre):
    here, other = show(theatre), show(theatre, hall="Hall 2")
    for each in (here, other):
        given_back(sold(each, ["A1", "A2"], NOON), ["A2"], NOON, refund_minor=350_000)
    film = {"movie_id": here.movie_id}
    assert make("takings", theatre, "day", **film).totals == [("Total", 2, naira(7000), naira(3500), naira(3500))]
    assert make("fees", theatre, "day", **film).totals[0][2] == naira(7000)
    assert {row[0] for row in rows_of("return", theatre, **film)} == {here.movie.title}
    assert {row[0] for row in rows_of("occupancy", theatre, "film", **film)} == {here.movie.title}


def test_the_desks_sales_stand_by_person_and_by_cash_or_card(theatre):
    here, efe, bola = show(theatre), person("efe@movy.test", first_name="Efe"), person("bola@movy.test")
    sold(here, ["A1", "A2"], NOON, channel=Channel.CASH, sold_by=efe)
    sold(here, ["A3"], NOON, channel=Channel.CASH, sold_by=efe)
    sold(here, ["A4"], NOON, channel=Channel.CARD_TERMINAL, sold_by=efe)
    back = sold(here, ["A5"], NOON, channel=Channel.CASH, sold_by=bola)
    given_back(back, ["A5"], NOON, refund_minor=350_000)
    sold(here, ["A6"], NOON)  # online: not the desk's
    gone = sold(here, ["A7"], NOON, channel=Channel.CASH, sold_by=person("gone@movy.test"))
    gone.sold_by.delete()
    assert rows_of("desk", theatre) == [
        ("Efe", "card terminal", 1, 1, naira(3500), naira(0), naira(3500)),
        ("Efe", "cash", 2, 3, naira(10_500), naira(0), naira(10_500)),
        ("bola@movy.test", "cash", 1, 1, naira(3500), naira(3500), naira(0)),
        ("somebody whose account is closed", "cash", 1, 1, naira(3500), naira(0), naira(3500)),
    ]


# ---- The distributor's return and occupancy


def test_the_return_has_a_row_for_each_film_day_screen_type_and_price(theatre):
    film = MovieFactory(title="Ọjà")
    first, second = show(theatre, movie=film), show(theatre, NOON + timedelta(hours=3), movie=film)
    show(theatre, NOON + timedelta(days=1), movie=film)  # nobody came
    sold(first, {"A1": 350_000, "A2": 350_000, "A3": 200_000}, NOON - timedelta(days=3))
    part = sold(second, ["A1", "A2"], NOON, channel=Channel.CASH)
    given_back(part, ["A2"], NOON, refund_minor=175_000)  # half came back; the ticket is out at its whole price
    hold(first, ["A9"], now=NOON - timedelta(days=2))  # never paid
    table = make("return", theatre)
    assert table.rows == [
        ("Ọjà", FRIDAY, "Hall 1", 2, "Adult", naira(2000), 1, naira(2000), 0, naira(0), 1, naira(2000)),
        ("Ọjà", FRIDAY, "Hall 1", None, "Adult", naira(3500), 4, naira(14_000), 1, naira(3500), 3, naira(10_500)),
        ("Ọjà", SATURDAY, "Hall 1", 1, "–", None, 0, naira(0), 0, naira(0), 0, naira(0)),
    ]
    assert table.totals == [("Total", None, None, 3, None, None, 5, naira(16_000), 1, naira(3500), 4, naira(12_500))]
    assert table.file_stem == "eko-lantern-return-20260605-20260611"


def test_a_show_called_off_is_no_show_and_its_tickets_come_out_again(theatre):
    here = show(theatre)
    given_back(sold(here, ["A1"], NOON), ["A1"], NOON, refund_minor=350_000)
    Showtime.objects.filter(pk=here.pk).update(status=ShowtimeStatus.CALLED_OFF)
    assert [(row[3], *row[6::2]) for row in rows_of("return", theatre)] == [(0, 1, 1, 0)]
    assert rows_of("occupancy", theatre, "show") == []


def test_a_draft_stands_nowhere(theatre):
    ShowtimeFactory(screen=show(theatre, NOON - timedelta(days=30)).screen, starts_at=NOON)
    assert rows_of("return", theatre) == rows_of("occupancy", theatre, "day") == []


def test_occupancy_counts_seats_sold_and_people_who_came(theatre):
    here = show(theatre)
    show(theatre, NOON + timedelta(days=1))
    booking = sold(here, ["A1", "A2", "A3"], NOON)
    Ticket.objects.filter(booked_seat__in=list(booking.seats.all()[:2])).update(admitted_at=NOON)
    table = make("occupancy", theatre, "day")
    assert [row[1:] for row in table.rows] == [(1, 10, 3, 2, Decimal("30.0")), (1, 10, 0, 0, Decimal("0.0"))]
    assert table.totals == [("Total", 2, 20, 3, 2, Decimal("15.0"))]


# ---- The whole


def test_money_in_equals_confirmed_bookings_plus_refunds_and_the_audit_agrees(theatre):
    """Over all days the reports hold every kobo that the audit knows, for each theatre by itself."""
    other = TheatreFactory(currency="GHS", timezone="Africa/Accra")
    for house in (theatre, other):
        here = show(house)
        sold(here, ["A1"], NOON, channel=Channel.CASH)
        part = sold(here, ["A2", "A3"], NOON)
        given_back(part, ["A3"], NOON, refund_minor=350_000)
        whole = sold(here, ["A4"], NOON)
        given_back(whole, ["A4"], NOON, refund_minor=350_000)
        late = hold(here, ["A5"], now=NOON - timedelta(days=1))
        sent_back(charged(late, NOON, minor=1), 1, NOON, reason=RefundReason.MISMATCH)
        sent_back(charged(part, NOON), 700_000, NOON, reason=RefundReason.PAID_TWICE)
    assert list(violations(NOON)) == []
    for house in (theatre, other):
        own = {"booking__showtime__screen__theatre": house}
        kept = BookedSeat.objects.filter(cancelled_at=None, booking__status=BookingStatus.CONFIRMED, **own)
        confirmed = Money(kept.aggregate(sum=Sum("price_minor"))["sum"], house.currency)
        money_in = Money(Payment.objects.filter(**own).aggregate(sum=Sum("charged_minor"))["sum"], house.currency)
        back = Money(
            Refund.objects.filter(payment__booking__showtime__screen__theatre=house).aggregate(sum=Sum("amount_minor"))[
                "sum"
            ],
            house.currency,
        )
        assert money_in.amount_minor == confirmed.amount_minor + back.amount_minor
        total = make("fees", house, "day").totals[0]
        assert (total[2], total[5]) == (money_in, back)
        assert total[6] == confirmed
        assert make("takings", house, "day").totals[0][4] == confirmed
        assert make("return", house).totals[0][-1] == confirmed


def test_no_report_holds_anything_of_another_theatre(theatre):
    other = TheatreFactory(name="Quartz")
    here = show(other, movie=MovieFactory(title="Quartz Film"), hall="Quartz Hall")
    booking = sold(here, ["A1", "A2"], NOON, sold_by=person("quartz@movy.test"), channel=Channel.CASH)
    given_back(booking, ["A2"], NOON, refund_minor=350_000)
    for name, report in REPORTS.items():
        for by in report.choices or [""]:
            table = make(name, theatre, by)
            assert (list(table.rows), list(table.totals)) == ([], []), (name, by)


def test_the_scope_of_a_film_is_a_theatres_film(theatre):
    assert Scope(theatre, Period(FRIDAY, FRIDAY, "UTC"), 7).of_bookings("x__") == {
        "x__showtime__screen__theatre": theatre,
        "x__showtime__movie": 7,
    }
