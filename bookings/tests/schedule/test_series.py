"""Repeats, copies and files: many showings in one go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bookings.tests.schedule.steps import address, at, card, next_change, typed
from catalog.models import Showtime
from catalog.tests.factories import ListingFactory, ShowtimeFactory
from theatres.models import Theatre

pytestmark = pytest.mark.django_db


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
