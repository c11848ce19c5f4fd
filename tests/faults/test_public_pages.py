"""What changes is on every public page of every process within a second, whatever becomes of Redis."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import redis as redis_client

from accounts.services import session_token_issue
from catalog.models import Showtime, ShowtimeStatus
from catalog.tests.factories import ListingFactory
from payments.tests.factories import coming_showtime
from tests.site import Site
from theatres.tests.people import person

A_SECOND = 1.0  # the contract's


def with_price(showtime: Showtime) -> list[str]:
    movie, theatre = showtime.movie_id, showtime.screen.theatre_id
    return ["/", "/movies", f"/movies/{movie}", f"/theatres/{theatre}", "/api/v1/movies", f"/api/v1/movies/{movie}"]


def bodies(sites: list[Site], paths: list[str]) -> dict[tuple[int, str], bytes]:
    """Ask each process for each page, after the second in which a change may still be on its way."""
    time.sleep(A_SECOND)
    found = {}
    for number, site in enumerate(sites):
        for path in paths:
            answer = site.call("GET", path)
            assert answer.status == 200
            found[number, path] = answer.body
    return found


class Cinema:
    """One film with one showing, whose manager changes things through one of the processes."""

    def __init__(self, sites: list[Site]) -> None:
        self.sites, self.showtime = sites, coming_showtime()
        theatre = self.showtime.screen.theatre
        ListingFactory(theatre=theatre, movie=self.showtime.movie)
        self.token = session_token_issue(person("manager", theatre))
        self.path = f"/api/v1/theatre/{theatre.pk}/showtimes/{self.showtime.pk}"

    def price_is(self, naira: int) -> None:
        answer = self.sites[0].call("PATCH", self.path, body={"price": naira * 100}, token=self.token)
        assert answer.status == 200, answer.body
        for where, body in bodies(self.sites, with_price(self.showtime)).items():
            shown = f"{naira:,}".encode() in body or f'"amount":{naira * 100}'.encode() in body
            assert shown, (where, naira)


def test_without_redis_a_price_is_on_every_page_of_two_processes_within_a_second(audited):
    with Site(REDIS_URL="") as one, Site(REDIS_URL="") as two:
        cinema = Cinema([one, two])
        for naira in (4_000, 4_100):
            cinema.price_is(naira)
        Showtime.objects.update(status=ShowtimeStatus.CALLED_OFF)  # as an import or a shell would, behind their backs
        for where, body in bodies([one, two], ["/", "/movies", "/api/v1/movies"]).items():
            assert b"4,100" not in body, where
            assert b"410000" not in body, where


@pytest.mark.mariadb
def test_with_redis_emptied_and_killed_a_price_is_on_every_page_within_a_second(audited, redis):
    def emptied() -> None:
        redis_client.from_url(redis.url).flushall()

    def killed() -> None:
        redis.process.kill()
        redis.process.wait()

    faults: list[Callable[[], None]] = [lambda: None, emptied, killed]
    with Site(REDIS_URL=redis.url) as one, Site(REDIS_URL=redis.url) as two:
        cinema = Cinema([one, two])
        cinema.price_is(4_000)
        for naira, fault in enumerate(faults, start=4_100):
            fault()
            cinema.price_is(naira)
        redis.start()
        cinema.price_is(4_200)
