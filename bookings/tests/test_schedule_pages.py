"""The schedule in the office: the week, new showings and repeats, copies, files, one showing's page."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.flows import showings_open_due
from bookings.models import ShowtimeSeat
from bookings.tests.factories import hold, showtime_on_sale
from catalog.models import CardPrice, Listing, PriceCard, Showtime, ShowtimePrice
from catalog.series import Wish, series_plan
from catalog.tests.factories import ListingFactory, ShowtimeFactory
from movy.lib.clock import database_now, local_day
from theatres.models import Screen, Theatre, TicketType
from theatres.tests.factories import ScreenFactory, TheatreFactory
from theatres.tests.people import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def screen() -> Screen:
    """A hall of two seats in Lagos, where cleaning takes 15 minutes."""
    return ScreenFactory(name="Grand Hall")


@pytest.fixture
def theatre(screen) -> Theatre:
    return screen.theatre


@pytest.fixture
def listing(theatre) -> Listing:
    """A film of 100 minutes on the theatre's list."""
    return ListingFactory(theatre=theatre, movie__title="Metropolis")


@pytest.fixture
def office(theatre) -> Client:
    return browser_of("manager", theatre)


@pytest.fixture
def monday(theatre) -> date:
    """A Monday that is three weeks away."""
    today = local_day(database_now(), theatre.timezone)
    return today + timedelta(days=28 - today.weekday())


def address(name: str, theatre: Theatre, *more: int) -> str:
    return reverse(f"admin:schedule_{name}", args=[theatre.pk, *more])


def at(day: date, clock: str) -> datetime:
    """In Lagos, which is an hour ahead."""
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=UTC) - timedelta(hours=1)


def typed(screen: Screen, listing: Listing, day: date, **more: Any) -> dict[str, Any]:
    """What a manager types for one showing at 19:00 that costs ₦3,500 a seat."""
    return {
        "movie": listing.movie_id,
        "screen": screen.pk,
        "day": day.isoformat(),
        "at": "19:00",
        "format": "2D",
        "price": "own",
        "amount": "3,500",
        "opening": "now",
    } | more


def next_change(month: int) -> date:
    """Return the last Sunday of the next such month, on which the clocks of London change."""
    soon = database_now().date() + timedelta(days=2)
    sundays = (
        max(day for number in range(25, 32) if (day := date(year, month, number)).weekday() == 6)
        for year in (soon.year, soon.year + 1)
    )
    return next(day for day in sundays if day > soon)


def card(theatre: Theatre, name: str, minor: int, **when: Any) -> PriceCard:
    made = PriceCard.objects.create(theatre=theatre, name=name, **when)
    kinds = {"category": theatre.categories.get(), "ticket_type": theatre.ticket_types.get(code="adult")}
    CardPrice.objects.create(card=made, **kinds, amount_minor=minor)
    return made


# ---- The week


def test_a_show_after_midnight_stands_at_the_end_of_the_evening_before(office, theatre, screen, monday):
    show = ShowtimeFactory(screen=screen, starts_at=at(monday + timedelta(days=1), "00:30"))
    page = office.get(address("week", theatre), {"day": monday.isoformat()})
    [lane] = page.context["lanes"]
    days = {day: [one.showtime for one in blocks] for day, blocks in lane.days()}
    assert days[monday] == [show]
    assert days[monday + timedelta(days=1)] == []


def test_an_address_that_names_no_day_shows_this_week(office, theatre):
    for day in ("", "soon", "9999-12-31", "0001-01-01", "2026-02-30"):
        assert office.get(address("week", theatre), {"day": day}).status_code == 200


def test_the_week_leads_on_from_the_list(office, theatre):
    assert reverse("admin:schedule_home") in office.get(reverse("admin:catalog_showtime_changelist")).content.decode()
    assert office.get(reverse("admin:schedule_home"))["Location"] == address("week", theatre)


WEEK_QUERIES = 10
"""Session and user, the role, the theatre, now; shows, their seats, screens; the person's theatres; the second step."""


@pytest.mark.parametrize("screens", [1, 11])
def test_a_week_of_eleven_screens_takes_the_queries_of_one(office, theatre, monday, screens):
    for _number in range(screens):
        hall = ScreenFactory(theatre=theatre)
        for days in range(7):
            showtime_on_sale(screen=hall, starts_at=at(monday + timedelta(days=days), "19:00"))
    with CaptureQueriesContext(connection) as queries:
        page = office.get(address("week", theatre), {"day": monday.isoformat()})
    assert page.content.decode().count("data-moves") == 7 * screens
    assert len(queries) == WEEK_QUERIES


def test_a_plan_of_a_hundred_showings_takes_the_queries_of_two(theatre, screen, listing, monday):
    now = database_now()
    taken = []
    for days in (2, 100):
        wishes = [
            Wish(listing.movie, screen, monday + timedelta(days=n), time(19), prices=350_000) for n in range(days)
        ]
        with CaptureQueriesContext(connection) as queries:
            planned = series_plan(wishes, theatre=theatre, now=now)
        assert not any(one.problems for one in planned)
        taken.append(len(queries))
    assert taken == [7, 7]


def test_python_and_the_database_agree_on_which_shows_meet(screen, listing, monday):
    first = ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "12:00"))  # clean at 13:55
    for minutes in (-116, -115, -114, -1, 0, 1, 114, 115, 116):
        Showtime.objects.exclude(pk=first.pk).delete()
        other = ShowtimeFactory(
            screen=screen, movie=listing.movie, starts_at=first.starts_at + timedelta(minutes=minutes)
        )
        found = Showtime.objects.in_the_way_of(
            screen_id=screen.pk, starts_at=other.starts_at, free_at=other.free_at
        ).exclude(pk=other.pk)
        assert found.exists() == first.meets(other) == other.meets(first) == (abs(minutes) < 115)


# ---- New ones


def test_one_showing_is_scheduled_priced_and_on_sale_at_once(office, theatre, screen, listing, monday):
    answer = office.post(address("new", theatre), typed(screen, listing, monday))
    assert answer.status_code == 303
    show = Showtime.objects.get()
    assert (show.starts_at, show.status, show.price_card) == (at(monday, "19:00"), "on_sale", None)
    assert show.prices.get().amount_minor == 350_000
    assert ShowtimeSeat.objects.filter(showtime=show).count() == 2
    assert show.history.count() == 2  # made, put on sale
    assert ShowtimePrice.history.get().amount_minor == 350_000


def test_half_past_midnight_is_the_end_of_the_day_that_was_typed(office, theatre, screen, listing, monday):
    office.post(address("new", theatre), typed(screen, listing, monday, at="00:30"))
    assert Showtime.objects.get().starts_at == at(monday + timedelta(days=1), "00:30")


def test_the_show_in_the_way_is_named_and_what_was_typed_is_kept(office, theatre, screen, listing, monday):
    ShowtimeFactory(screen=screen, movie__title="Nosferatu", starts_at=at(monday, "17:10"))  # clean at 19:05
    answer = office.post(address("new", theatre), typed(screen, listing, monday))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Nosferatu runs in Grand Hall from 17:10" in page
    assert 'value="3,500"' in page
    assert Showtime.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("at", "25:00"),
        ("day", "2026-02-30"),
        ("day", "1999-01-01"),
        ("movie", "0"),
        ("screen", str(2**70)),
        ("amount", "3,50"),
        ("amount", "1.005"),
        ("amount", "10"),
        ("amount", "1e9"),
        ("amount", "-5"),
        ("amount", "٣٥٠٠"),
        ("amount", ""),
        ("price", "99999"),
        ("opening", "at"),
        ("until", "2020-01-01"),
        ("language", "english"),
        ("weekdays", "9"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(office, theatre, screen, listing, monday, field, value):
    answer = office.post(address("new", theatre), typed(screen, listing, monday) | {field: value})
    assert answer.status_code == 400
    assert answer.context["form"].errors
    assert not Showtime.objects.exists()


def test_a_showing_in_the_past_is_refused(office, theatre, screen, listing):
    day = local_day(database_now(), theatre.timezone) - timedelta(days=2)
    answer = office.post(address("new", theatre), typed(screen, listing, day))
    assert answer.status_code == 409
    assert "That is in the past." in answer.content.decode()


# ---- Repeats


def test_a_repeat_is_shown_before_anything_is_saved_then_saved_whole(office, theatre, screen, listing, monday):
    data = typed(screen, listing, monday, until=(monday + timedelta(days=13)).isoformat(), weekdays=["5", "6"])
    preview = office.post(address("new", theatre), data)
    assert (preview.context["good"], preview.context["refused"]) == (4, 0)
    assert not Showtime.objects.exists()
    edited = office.post(address("new", theatre), data | {"edit": "1"})
    assert 'value="3,500"' in edited.content.decode()
    again = {name: [v for n, v in preview.context["carried"] if n == name] for name, _v in preview.context["carried"]}
    assert office.post(address("new", theatre), again | {"save": "all"}).status_code == 303
    assert [show.starts_at for show in Showtime.objects.order_by("starts_at")] == [
        at(monday + timedelta(days=days), "19:00") for days in (4, 5, 11, 12)
    ]


def test_of_a_repeat_with_conflicts_all_or_those_that_can_be_are_saved(office, theatre, screen, listing, monday):
    ShowtimeFactory(screen=screen, movie__title="Nosferatu", starts_at=at(monday + timedelta(days=1), "20:00"))
    data = typed(screen, listing, monday, until=(monday + timedelta(days=2)).isoformat())
    preview = office.post(address("new", theatre), data)
    assert (preview.context["good"], preview.context["refused"]) == (2, 1)
    assert "Nosferatu runs in Grand Hall from 20:00" in preview.content.decode()
    assert office.post(address("new", theatre), data | {"save": "all"}).status_code == 409
    assert Showtime.objects.count() == 1
    assert office.post(address("new", theatre), data | {"save": "free"}).status_code == 303
    assert Showtime.objects.count() == 3


def test_showings_of_one_series_are_in_each_others_way_too(office, theatre, screen, listing, monday):
    lines = [f"Metropolis,Grand Hall,{monday},19:00", f"Metropolis,Grand Hall,{monday},20:00"]
    text = "\n".join(["film,screen,date,time,price", *(f"{line},3500" for line in lines)])
    preview = office.post(address("import", theatre), {"text": text})
    assert [len(one.problems) for one in preview.context["planned"]] == [0, 1]


def test_a_series_longer_than_one_transaction_should_be_is_refused(office, theatre, screen, listing, monday):
    data = typed(screen, listing, monday, until="2999-12-31")
    answer = office.post(address("new", theatre), data)
    assert answer.status_code == 400
    assert "more than 500 showings" in answer.content.decode()


def test_a_repeat_keeps_the_clock_over_summer_time_and_refuses_hours_that_are_not(listing, screen, office, theatre):
    forward, back = next_change(3), next_change(10)
    Theatre.objects.filter(pk=theatre.pk).update(timezone="Europe/London")
    saturday = forward - timedelta(days=1)
    data = typed(screen, listing, saturday, at="12:00", until=(forward + timedelta(days=1)).isoformat())
    office.post(address("new", theatre), data | {"save": "all"})
    hours = [show.starts_at.hour for show in Showtime.objects.order_by("starts_at")]
    assert hours == [12, 11, 11]
    skipped = office.post(address("new", theatre), typed(screen, listing, saturday, at="01:30"))
    assert skipped.status_code == 409
    assert "There is no 01:30 that night" in skipped.content.decode()
    twice = office.post(address("new", theatre), typed(screen, listing, back - timedelta(days=1), at="01:30"))
    assert "01:30 comes twice that night" in twice.content.decode()


# ---- Copies


def test_a_week_is_copied_with_its_prices_and_without_what_was_called_off(office, theatre, screen, listing, monday):
    special = card(theatre, "Evening", 500_000)
    shown = {"screen": screen, "movie": listing.movie, "prices": 200_000}
    ShowtimeFactory(**shown, starts_at=at(monday, "15:00"))
    ShowtimeFactory(**shown, starts_at=at(monday + timedelta(days=7), "00:30"), price_card=special)  # Sunday's last
    ShowtimeFactory(**shown, starts_at=at(monday, "20:00"), status="called_off")
    to = monday + timedelta(days=7)
    data = {"first": monday.isoformat(), "span": "7", "to": to.isoformat(), "opening": "draft", "save": "all"}
    assert office.post(address("copy", theatre), data).status_code == 303
    copies = Showtime.objects.filter(starts_at__gte=at(to, "05:00")).order_by("starts_at")
    assert [(show.starts_at, show.prices.get().amount_minor, show.status) for show in copies] == [
        (at(to, "15:00"), 200_000, "draft"),
        (at(to + timedelta(days=7), "00:30"), 500_000, "draft"),
    ]


def test_days_without_a_showing_are_nothing_to_copy(office, theatre, monday):
    data = {"first": monday.isoformat(), "span": "7", "to": monday.isoformat(), "opening": "draft"}
    answer = office.post(address("copy", theatre), data)
    assert answer.status_code == 400
    assert "no showing among these days" in answer.content.decode()


# ---- Files


@pytest.mark.parametrize("encode", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_is_read_as_excel_writes_it(office, theatre, screen, monday, encode, delimiter):
    ListingFactory(theatre=theatre, movie__title="Amélie")
    row = delimiter.join(["Amélie", "grand hall", monday.strftime("%d/%m/%Y"), "19:00:00", "3500", "on sale"])
    text = delimiter.join(["Film", "Screen", "Date", "Time", "Price", "Status"]) + "\r\n" + row + "\r\n"
    upload = SimpleUploadedFile("week.csv", text.encode(encode))
    preview = office.post(address("import", theatre), {"file": upload})
    assert (preview.context["good"], preview.context["refused"]) == (1, 0)
    again = dict(preview.context["carried"]) | {"save": "all"}
    assert office.post(address("import", theatre), again).status_code == 303
    assert Showtime.objects.get(status="on_sale").starts_at == at(monday, "19:00")


def test_every_mistake_in_a_file_is_named_by_line_and_column(office, theatre, screen, listing, monday):
    lines = [
        "film,screen,date,time,format,language,price,status",
        f"Metropolis,Grand Hall,{monday},19:00,2D,,3500,draft",
        f"Nobody's,Nowhere,soon,late,{'x' * 21},english,1.005,perhaps",
        "",
        ",,,,,,,draft",
    ]
    preview = office.post(address("import", theatre), {"text": "\n".join(lines)})
    told = {one.wish.line: [problem.field for problem in one.problems] for one in preview.context["planned"]}
    every = ["film", "screen", "date", "time", "format", "language", "price", "status"]
    assert told == {2: [], 3: every, 5: ["film", "screen", "date", "time"]}
    assert not Showtime.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00",
        b"film,screen\n",
        b"film,screen,date,time\n",
        b"film,screen,date,time,colour\nx\n",
        b'film"\n"',
        b"\xff" * 50,
    ],
)
def test_a_file_that_is_no_programme_is_refused_with_a_sentence(office, theatre, content):
    answer = office.post(address("import", theatre), {"file": SimpleUploadedFile("x.csv", content)})
    assert answer.status_code == 400
    assert "errornote" in answer.content.decode()


def test_a_file_too_large_is_refused(office, theatre):
    answer = office.post(address("import", theatre), {"file": SimpleUploadedFile("x.csv", b"x" * 200_001)})
    assert answer.status_code == 400


def test_what_is_exported_can_be_read_in_again_and_runs_no_formula(office, theatre, screen, monday):
    listing = ListingFactory(theatre=theatre, movie__title="=HYPERLINK(1)")
    card(theatre, "Always", 350_000)
    ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"))
    answer = office.get(address("export", theatre), {"day": monday.isoformat()})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    Showtime.objects.all().delete()
    assert office.post(address("import", theatre), {"text": text}).context["good"] == 1


def test_the_file_to_begin_with_can_be_read(office, theatre, screen, listing):
    text = b"".join(office.get(address("template", theatre)).streaming_content).decode("utf-8-sig")
    [one] = office.post(address("import", theatre), {"text": text}).context["planned"]
    assert one.wish.problems == ()


# ---- One showing


def test_a_showing_is_moved_unless_somebody_has_booked_it(office, theatre, screen, listing, monday):
    show = showtime_on_sale(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"))
    place = {"wish": "move", "screen": screen.pk, "day": monday.isoformat(), "at": "20:30"}
    assert office.post(address("show", theatre, show.pk), place).status_code == 303
    show.refresh_from_db()
    assert show.starts_at == at(monday, "20:30")
    hold(show, ["C4"], now=database_now())
    refused = office.post(address("show", theatre, show.pk), place | {"at": "21:00"})
    assert refused.status_code == 409
    assert "People have booked this showing" in refused.content.decode()
    show.refresh_from_db()
    assert show.starts_at == at(monday, "20:30")


def test_a_move_into_another_show_is_refused_and_names_it(office, theatre, screen, listing, monday):
    ShowtimeFactory(screen=screen, movie__title="Nosferatu", starts_at=at(monday, "22:00"))
    show = ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"))
    place = {"wish": "move", "screen": screen.pk, "day": monday.isoformat(), "at": "21:00"}
    refused = office.post(address("show", theatre, show.pk), place)
    assert refused.status_code == 409
    assert "Nosferatu runs in Grand Hall from 22:00" in refused.content.decode()


def test_a_draft_goes_on_sale_at_its_moment_and_not_before(office, theatre, screen, listing, monday):
    show = ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"))
    moment = f"{monday - timedelta(days=7)}T10:00"
    assert office.post(address("show", theatre, show.pk), {"wish": "open_at", "opens_on": moment}).status_code == 303
    show.refresh_from_db()
    assert show.on_sale_at == at(monday - timedelta(days=7), "10:00")
    assert showings_open_due() == 0
    Showtime.objects.filter(pk=show.pk).update(on_sale_at=database_now() - timedelta(seconds=1))
    assert (showings_open_due(), showings_open_due()) == (1, 0)
    show.refresh_from_db()
    assert (show.status, show.on_sale_at) == ("on_sale", None)
    assert ShowtimeSeat.objects.filter(showtime=show).count() == 2


def test_the_films_page_says_when_booking_opens_and_tells_nothing_of_other_drafts(client, screen, listing, monday):
    plain = ShowtimeFactory(screen=screen, starts_at=at(monday, "12:00")).movie
    assert "Look in again soon" in client.get(plain.get_absolute_url()).content.decode()
    opens_at = at(monday - timedelta(days=7), "10:00")
    show = ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"), on_sale_at=opens_at)
    page = client.get(listing.movie.get_absolute_url()).content.decode()
    assert f"Booking opens on {monday - timedelta(days=7):%A} " in page
    assert f"10:00 at {screen.theatre.name}." in page
    assert client.get(f"/booking/{show.pk}").status_code == 404


def test_sales_cannot_begin_after_they_end_nor_in_the_past(office, theatre, screen, listing, monday):
    show = ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"))
    for moment in (f"{monday}T19:00", "2020-01-01T10:00"):
        answer = office.post(address("show", theatre, show.pk), {"wish": "open_at", "opens_on": moment})
        assert answer.status_code == 400
    show.refresh_from_db()
    assert show.on_sale_at is None


def test_a_showing_is_opened_taken_back_and_deleted(office, theatre, screen, listing, monday):
    show = ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"))
    for wish, status in (("open", "on_sale"), ("draft", "draft")):
        assert office.post(address("show", theatre, show.pk), {"wish": wish}).status_code == 303
        show.refresh_from_db()
        assert show.status == status
    assert office.post(address("show", theatre, show.pk), {"wish": "nothing"}).status_code == 400
    assert office.post(address("show", theatre, show.pk), {"wish": "delete"}).status_code == 303
    assert not Showtime.objects.exists()


# ---- Prices


def test_a_showing_takes_the_prices_of_the_first_card_that_fits(office, theatre, screen, listing, monday):
    card(theatre, "Always", 350_000, position=9)
    matinee = card(
        theatre, "Weekday matinee 2D", 150_000, position=1, weekdays="12345", starts_before=time(17), format="2d"
    )
    for clock, format in (("14:00", "2D"), ("18:00", "2D")):
        office.post(address("new", theatre), typed(screen, listing, monday, at=clock, format=format, price=""))
    saturday = monday + timedelta(days=5)
    for day, clock in ((saturday, "14:00"), (saturday, "01:00")):
        office.post(address("new", theatre), typed(screen, listing, day, at=clock, price=""))
    shows = Showtime.objects.order_by("starts_at")
    assert [show.prices.get().amount_minor for show in shows] == [150_000, 350_000, 350_000, 350_000]
    assert shows[0].price_card == matinee


def test_without_a_card_that_fits_a_showing_needs_a_price(office, theatre, screen, listing, monday):
    answer = office.post(address("new", theatre), typed(screen, listing, monday, price=""))
    assert answer.status_code == 409
    assert "No price card fits" in answer.content.decode()


def test_changed_cards_reach_coming_showings_that_nobody_booked_and_only_when_asked(
    office, theatre, screen, listing, monday
):
    always = card(theatre, "Always", 350_000)
    follows, booked, own = (
        showtime_on_sale(screen=screen, movie=listing.movie, starts_at=at(monday, clock), price_card=followed)
        for clock, followed in (("10:00", always), ("13:00", always), ("16:00", None))
    )
    booking = hold(booked, ["C4"], now=database_now())
    CardPrice.objects.update(amount_minor=400_000)
    page = office.get(address("reprice", theatre))
    assert [one.showtime for one in page.context["found"]] == [follows]
    assert "₦3,500" in page.content.decode()
    assert "₦4,000" in page.content.decode()
    assert office.post(address("reprice", theatre), {"seen": "other"}).status_code == 409
    assert follows.prices.get().amount_minor == 350_000
    assert office.post(address("reprice", theatre), {"seen": page.context["seen"]}).status_code == 303
    assert [show.prices.get().amount_minor for show in (follows, booked, own)] == [400_000, 350_000, 350_000]
    assert booking.seats.get().price_minor == booking.total_minor == 350_000


def test_a_changed_price_never_changes_a_booking(office, theatre, screen, listing, monday):
    show = showtime_on_sale(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"))
    booking = hold(show, ["C4"], now=database_now())
    ShowtimePrice.objects.filter(showtime=show).update(amount_minor=900_000)
    booking.refresh_from_db()
    assert (booking.total_minor, booking.seats.get().price_minor) == (350_000, 350_000)


def test_a_card_is_made_then_priced_as_people_write_money(office, theatre):
    TicketType.objects.create(theatre=theatre, code="child", name="Child", position=1)
    add = reverse("admin:catalog_pricecard_add")
    made = {"theatre": theatre.pk, "name": "Matinee", "position": "1", "weekdays": ["1", "2"], "starts_before": "17:00"}
    answer = office.post(add, made)
    found = PriceCard.objects.get()
    assert answer["Location"] == reverse("admin:catalog_pricecard_change", args=[found.pk])
    assert (found.weekdays, found.starts_before) == ("12", time(17))
    form = office.get(answer["Location"]).context["adminform"].form
    [(_category, [adult, child])] = list(form.grid())
    wish = made | {adult.html_name: "3,500.50", child.html_name: ""}
    assert office.post(answer["Location"], wish).status_code == 302
    assert CardPrice.objects.get().amount_minor == 350_050
    refused = office.post(answer["Location"], wish | {child.html_name: "3,50"})
    assert refused.status_code == 200
    assert "Write a price as 3500" in refused.content.decode()
    assert CardPrice.objects.get().amount_minor == 350_050


def test_retired_kinds_are_not_priced_any_more_and_what_was_priced_keeps_them(office, theatre, screen, listing, monday):
    student = TicketType.objects.create(theatre=theatre, code="student", name="Student")
    before = ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "10:00"))
    TicketType.objects.filter(pk=student.pk).update(is_retired=True)
    office.post(address("new", theatre), typed(screen, listing, monday))
    assert before.prices.count() == 2
    assert Showtime.objects.exclude(pk=before.pk).get().prices.get().ticket_type.code == "adult"


# ---- And the rival manager?


def test_the_rival_finds_no_page_of_another_theatres_schedule(theatre, screen, listing, monday):
    show = ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"))
    rival = browser_of("rival", theatre)
    pages = [address(name, theatre) for name in ("week", "new", "copy", "import", "template", "export", "reprice")]
    for page in [*pages, address("show", theatre, show.pk)]:
        for answer in (rival.get(page), rival.post(page, typed(screen, listing, monday) | {"wish": "delete"})):
            assert answer.status_code == 404, page
            assert "Metropolis" not in answer.content.decode()
    assert Showtime.objects.get() == show


def test_the_rivals_own_pages_take_nothing_of_another_theatre(theatre, screen, listing, monday):
    foreign_card = card(theatre, "Secret card", 100_000)
    show = ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"))
    rival, own = browser_of("rival", theatre), Theatre.objects.exclude(pk=theatre.pk)
    browser = browser_of("manager", own := own.first() or TheatreFactory())
    hall, film = ScreenFactory(theatre=own), ListingFactory(theatre=own)
    before = Showtime.objects.count()
    for foreign in ({"screen": screen.pk}, {"movie": listing.movie_id}, {"price": str(foreign_card.pk)}):
        answer = browser.post(address("new", own), typed(hall, film, monday) | foreign)
        assert answer.status_code == 400
        assert "Secret" not in answer.content.decode()
    assert browser.get(address("show", own, show.pk)).status_code == 404
    text = f"film,screen,date,time,price\nMetropolis,Grand Hall,{monday},19:00,Secret card\n"
    [one] = browser.post(address("import", own), {"text": text}).context["planned"]
    assert {problem.field for problem in one.problems} == {"film", "screen", "price"}
    assert Showtime.objects.count() == before
    assert rival.get(reverse("admin:catalog_pricecard_change", args=[foreign_card.pk])).status_code == 302
