import hashlib
from collections import Counter, defaultdict
from datetime import UTC, date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from demo.films import FILMS
from demo.schedule import PROGRAMME, Fill, blocked_labels, fill, held_labels, showtimes, sold_labels
from demo.theatres import CLEANING_MINUTES, SCREENS, THEATRE_BY_SLUG, plan

DAYS = [date(2026, 11, 22) + timedelta(days=at) for at in range(14)]
screens = pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.key)


def fortnight(screen):
    return [show for day in DAYS for show in showtimes(day, screen)]


@screens
def test_three_shows_a_day_or_more_within_the_opening_hours(screen):
    zone = ZoneInfo(THEATRE_BY_SLUG[screen.theatre].timezone)
    for day in DAYS:
        shows = showtimes(day, screen)
        assert 3 <= len(shows) <= 5
        for show in shows:
            local = show.starts_at.astimezone(zone)
            assert show.starts_at.tzinfo is UTC
            assert local.date() == day
            assert time(10) <= local.time() <= time(23, 30)
            assert local.minute % 5 == local.second == 0


@screens
def test_no_show_begins_before_the_last_one_is_swept_up(screen):
    shows = fortnight(screen)
    for one, two in zip(shows, shows[1:], strict=False):
        assert two.starts_at >= one.ends_at + timedelta(minutes=CLEANING_MINUTES)


@screens
def test_formats_are_the_screens_and_3d_the_films(screen):
    for show in fortnight(screen):
        assert show.format in screen.formats
        assert show.format != "3D" or show.film.has_3d
        assert show.language == show.film.language


def test_some_shows_end_past_midnight():
    zone = ZoneInfo("Africa/Lagos")
    lagos = [show for screen in SCREENS[:6] for show in fortnight(screen)]
    assert any(show.ends_at.astimezone(zone).date() > show.starts_at.astimezone(zone).date() for show in lagos)


def test_every_film_that_is_out_plays_soon_at_one_to_three_theatres_and_no_other_does():
    places = defaultdict(set)
    for screen in SCREENS:
        for day in DAYS[:3]:
            for show in showtimes(day, screen):
                places[show.film.slug].add(screen.theatre)
    assert set(places) == {film.slug for film in FILMS if film.opens_in_weeks is None}
    assert all(1 <= len(theatres) <= 3 for theatres in places.values())


def test_every_film_is_on_one_to_three_lists():
    lists = Counter(slug for programme in PROGRAMME.values() for slug in programme)
    assert set(lists) == {film.slug for film in FILMS}
    assert set(lists.values()) <= {1, 2, 3}


@screens
def test_taken_seats_exist_and_are_taken_once(screen):
    labels = {seat.label: seat for seat in plan(screen)}
    for show in showtimes(DAYS[3], screen):
        taken = [*sold_labels(show), *held_labels(show), *blocked_labels(show)]
        assert len(taken) == len(set(taken))
        assert set(taken) <= set(labels)
        assert all(labels[label].kind == "regular" for label in taken)
        assert all(1 <= len(party) <= 6 for party in fill(show).parties)


@screens
def test_the_share_sold_is_nothing_in_grand_hall_and_5_to_60_percent_elsewhere(screen):
    for show in fortnight(screen)[:20]:
        share = len(sold_labels(show)) / screen.seat_count
        if screen.key == "grand-hall":
            assert fill(show) == Fill()
        else:
            assert 0.05 <= share <= 0.60
            assert held_labels(show)
            assert blocked_labels(show)


def test_the_same_day_gives_the_same_shows_on_every_machine():
    """Pinned, because two machines, or two runs with other hash seeds, must agree about the demo."""
    lines = []
    for screen in SCREENS:
        for show in showtimes(date(2026, 12, 5), screen):
            lines.append(f"{screen.key} {show.starts_at} {show.film.slug} {show.format} {fill(show)}")
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12] == "83e75d6442e3"
