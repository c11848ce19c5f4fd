"""The office's first page: a theatre's day, its weeks, what needs a hand, and the first steps of a new one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.tests.factories import hold
from catalog.models import ShowtimePrice, ShowtimeStatus
from catalog.tests.factories import ListingFactory, ShowtimeFactory
from movy.lib.clock import database_now
from movy.lib.money import Money
from movy.outbox.models import Mail
from payments.models import Channel, Payment, RefundStatus
from payments.reports.attention import first_steps, matters_of
from payments.reports.home import today_of, weeks_of
from payments.tests.sold import charged, given_back, sent_back, sold
from payments.tests.test_reports import LABELS, show
from tests.security.admin_world import person
from theatres.models import SeatCategory, Theatre
from theatres.tests.factories import MembershipFactory, ScreenFactory, TheatreFactory, seats_add

pytestmark = pytest.mark.django_db

HOME = reverse("admin:index")
NOW = datetime(2026, 6, 7, 14, 0, tzinfo=UTC)  # Sunday 15:00 in Lagos
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


@pytest.fixture
def theatre() -> Theatre:
    return TheatreFactory(name="Eko Lantern")


def manager_of(theatre: Theatre) -> Client:
    client = Client()
    client.force_login(MembershipFactory(theatre=theatre, user=person(f"manager-{theatre.pk}@movy.test")).user)
    return client


# ---- The weeks


def test_this_week_stands_beside_the_last_up_to_the_same_moment(theatre):
    here = show(theatre, NOW + 30 * DAY)
    sold(here, ["A1"], NOW - HOUR)  # today
    sold(here, ["A2"], NOW - 2 * DAY, channel=Channel.CASH)  # Friday, at the desk
    sold(here, ["A3"], NOW - WEEK - HOUR)  # last Sunday before this time
    sold(here, ["A4"], NOW - WEEK + HOUR)  # and after it
    sold(here, ["A5"], NOW - 2 * WEEK)  # too old
    (week,) = weeks_of(theatre, NOW)
    assert (week.day.tickets, week.online_today, week.desk_today) == (1, Money(350_000, "NGN"), Money(0, "NGN"))
    assert week.taken_so_far == Money(700_000, "NGN")
    assert week.before_until_now.minor == 350_000
    assert week.comparison == "100 % more than ₦3,500 by this time last week"
    assert week.rows[2] == ("Sun 7 Jun", "₦7,000", "₦3,500", "₦3,500", "₦0")
    assert week.rows[0] == ("Fri 5 Jun", "₦0", "₦3,500", "₦0", "₦3,500")
    assert week.rows[3] == ("Mon 8 Jun", "₦0", "", "", "")


def test_last_week_is_compared_by_the_theatres_clock_when_summer_time_has_begun_since():
    berlin = TheatreFactory(timezone="Europe/Berlin", currency="USD")
    now = datetime(2026, 3, 29, 13, 0, tzinfo=UTC)  # Sunday 15:00 in summer time; last Sunday 15:00 was 14:00 UTC
    here = show(berlin, now + 30 * DAY)
    sold(here, ["A1"], datetime(2026, 3, 22, 13, 59, tzinfo=UTC))
    sold(here, ["A2"], datetime(2026, 3, 22, 14, 0, tzinfo=UTC))
    assert weeks_of(berlin, now)[0].before_until_now.minor == 350_000


def test_each_currency_has_its_own_weeks_the_theatres_own_first(theatre):
    sold(show(theatre, NOW + 30 * DAY), ["A1"], NOW - HOUR)
    theatre.currency = "USD"
    theatre.save()
    assert [(week.currency, week.taken_today) for week in weeks_of(theatre, NOW)] == [
        ("USD", Money(0, "USD")),
        ("NGN", Money(350_000, "NGN")),
    ]


# ---- The day


def test_today_is_the_cinema_day_and_shows_each_screens_seats(theatre):
    early = show(theatre, NOW - HOUR)
    show(theatre, datetime(2026, 6, 7, 23, 30, tzinfo=UTC), hall="Hall 2")  # Monday 00:30: today's last
    show(theatre, datetime(2026, 6, 7, 2, 0, tzinfo=UTC), hall="Hall 3")  # Sunday 03:00: yesterday's
    show(theatre, NOW + 3 * HOUR).__class__.objects.filter(starts_at=NOW + 3 * HOUR).update(
        status=ShowtimeStatus.CALLED_OFF
    )
    sold(early, ["A1", "A2", "A3"], NOW - 2 * HOUR)
    today = today_of(theatre, NOW)
    assert {name: [(shown.time, shown.sold) for shown in shows] for name, shows in today.screens.items()} == {
        "Hall 1": [("14:00", 3), ("18:00", 0)],
        "Hall 2": [("00:30", 0)],
    }
    assert (today.sold, today.seats, today.percent) == (3, 20, 15)  # without the one called off
    assert "called off" in today.chart


# ---- What needs a hand


def texts(theatre: Theatre, now: datetime = NOW) -> list[str]:
    return [matter.text for matter in matters_of(theatre, now)]


def queues_behind(theatre: Theatre, now: datetime) -> list[list[Any]]:
    """Follow the link of each matter to the rows of its queue."""
    client = manager_of(theatre)
    found = []
    for matter in matters_of(theatre, now):
        address, name = matter.url.split("#")
        found += [queue.rows for queue in client.get(address).context["queues"] if queue.name == name]
    return found


def test_nothing_needs_a_hand_where_all_is_well(theatre):
    sold(show(theatre, NOW + DAY), ["A1"], NOW)
    assert texts(theatre) == []


def test_refunds_that_are_stuck_are_named_with_where_to_see_to_them(theatre):
    here = show(theatre, NOW + DAY)
    for label, status in zip(
        LABELS, ["needs_attention", "needs_attention", "failed", "pending", "processed"], strict=False
    ):
        sent_back(sold(here, [label], NOW).confirming_payment, 1, NOW, status=RefundStatus(status))
    assert texts(theatre) == ["2 refunds need the customers' bank details", "1 refund failed"]
    assert [len(rows) for rows in queues_behind(theatre, NOW)] == [3, 3]


def test_payments_that_do_not_match_are_named_for_a_month(theatre):
    booking = hold(show(theatre, NOW + DAY), ["A1"], now=NOW)
    sent_back(charged(booking, NOW, minor=1, mismatch="amount"), 1, NOW)
    assert texts(theatre) == ["1 payment of the last 30 days is not what was asked for"]
    assert [matter.url.split("#")[1] for matter in matters_of(theatre, NOW)] == ["mismatch"]
    assert texts(theatre, NOW + 31 * DAY) == []


def test_a_show_on_sale_with_a_category_that_has_no_price_is_named(theatre):
    here = show(theatre, NOW + DAY)
    balcony = SeatCategory.objects.create(theatre=theatre, code="balcony", name="Balcony")
    seats_add(here.screen, ["B1"], category="balcony")
    assert texts(theatre) == [f"{here.movie.title}, Mon 8 Jun 2026, 15:00 is on sale with seats that have no price"]
    kind = theatre.ticket_types.get()
    ShowtimePrice.objects.create(showtime=here, category=balcony, ticket_type=kind, amount_minor=1)
    assert texts(theatre) == []


def test_a_draft_is_named_when_it_starts_within_two_days(theatre):
    screen = ScreenFactory(theatre=theatre)
    soon = ShowtimeFactory(screen=screen, starts_at=NOW + 48 * HOUR)
    ShowtimeFactory(screen=screen, starts_at=NOW + 49 * HOUR)
    (matter,) = matters_of(theatre, NOW)
    assert matter.text == f"{soon.movie.title}, Tue 9 Jun 2026, 15:00 is a draft: nobody can book it yet"
    assert manager_of(theatre).get(matter.url).status_code == 200


def test_many_drafts_are_named_in_part_and_counted(theatre):
    screen = ScreenFactory(theatre=theatre)
    for number in range(8):
        ShowtimeFactory(screen=screen, starts_at=NOW + (number + 1) * HOUR)
    assert len(texts(theatre)) == 6
    assert texts(theatre)[-1] == "and 3 more shows like these"


def test_a_mail_about_a_booking_that_was_given_up_is_named_to_its_theatre_alone(theatre):
    now = database_now()
    booking = sold(show(theatre, now + DAY), ["A1"], now)
    fields = {"sender": "", "recipients": [], "subject": "Tickets", "content": b"", "about": booking.reference}
    Mail.objects.create(message_id="<1>", next_try_at=None, **fields)
    Mail.objects.create(message_id="<2>", next_try_at=now, **fields)  # still tried
    assert texts(theatre, now) == [f"A mail about booking {booking.reference} could not be sent"]
    assert texts(TheatreFactory(), now) == []


def test_another_theatres_matters_are_not_named(theatre):
    other = TheatreFactory()
    here = show(other, NOW + DAY)
    sent_back(sold(here, ["A1"], NOW).confirming_payment, 1, NOW, status=RefundStatus.FAILED)
    Payment.objects.update(mismatch="amount")
    ShowtimePrice.objects.all().delete()
    ShowtimeFactory(screen=here.screen, starts_at=NOW + HOUR)
    assert len(texts(other)) == 4
    assert texts(theatre) == []


# ---- The page


def test_a_new_theatre_is_led_through_its_first_steps(theatre):
    client = manager_of(theatre)
    assert [(step.text, step.is_done) for step in first_steps(theatre)] == [
        ("Draw a screen", False),
        ("Put a film on the list", False),
        ("Schedule it", False),
    ]
    for step in first_steps(theatre):
        assert client.get(step.url).status_code == 200
    assert "Your first steps" in client.get(HOME).content.decode()
    ScreenFactory(theatre=theatre)
    ListingFactory(theatre=theatre)
    assert [step.is_done for step in first_steps(theatre)] == [True, True, False]
    show(theatre)
    assert "Your first steps" not in client.get(HOME).content.decode()


def test_the_home_shows_the_day_in_the_strict_csps_terms(theatre):
    now = database_now()
    given_back(sold(show(theatre, now), ["A1", "A2"], now), ["A2"], now, refund_minor=1)
    text = manager_of(theatre).get(HOME).content.decode()
    assert "₦7,000" in text
    assert text.count('<svg class="chart"') == 2
    assert " style=" not in text


def test_somebody_with_two_theatres_chooses_between_them(theatre):
    other = TheatreFactory(name="Zebra")
    client = Client()
    user = person("both@movy.test")
    client.force_login(user)
    for each in (theatre, other):
        MembershipFactory(theatre=each, user=user)
    assert "<h1>" in client.get(HOME).content.decode()
    assert client.get(HOME).context["theatre"] == theatre
    assert client.get(HOME, {"theatre": other.pk}).context["theatre"] == other


def test_the_home_takes_the_same_queries_for_many_rows_as_for_few(theatre):
    client, now, taken = manager_of(theatre), database_now(), []
    for labels in (LABELS[:1], LABELS[1:]):
        for number, label in enumerate(labels):
            here = show(theatre, now + number * HOUR, hall=f"Hall {label}")
            sold(here, [label], now - number * HOUR)
            Mail.objects.create(
                message_id=f"<{label}>", sender="", recipients=[], subject="", content=b"", about=f"X{label}"
            )
            ShowtimeFactory(screen=here.screen, starts_at=now + (number + 5) * HOUR)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(HOME).status_code == 200
        taken.append(len(queries))
    assert taken[0] == taken[1]
    assert taken[0] <= 20
