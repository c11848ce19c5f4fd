"""The page of a map may connect to the live process, by the name under which it was asked for, and to nobody else."""

from __future__ import annotations

import pytest

from bookings.tests.factories import showtime_on_sale
from tests.security.strict import policy


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["movy.test", "127.0.0.1:8000"])
def test_the_page_of_a_map_may_connect_there_and_other_pages_may_not(client, settings, host):
    settings.LIVE_URL, settings.ALLOWED_HOSTS = "http://{host}:8001", ["*"]
    showtime = showtime_on_sale()
    name = host.partition(":")[0]
    seat_map = client.get(f"/booking/{showtime.pk}", headers={"host": host})
    assert policy(seat_map)["connect-src"] == ["'self'", f"http://{name}:8001"]
    assert f'data-live="http://{{host}}:8001/booking/{showtime.pk}/live"' in seat_map.content.decode()
    assert policy(client.get("/movies", headers={"host": host}))["connect-src"] == ["'self'"]


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["[::1]:8000", "[::::]", "a..b", "xn--"])
def test_an_odd_host_gets_the_map_without_an_address_that_a_policy_cannot_name(client, settings, host):
    settings.LIVE_URL, settings.ALLOWED_HOSTS = "http://{host}:8001", ["*"]
    answer = client.get(f"/booking/{showtime_on_sale().pk}", headers={"host": host})
    assert answer.status_code == 200
    assert all(";" not in source and "[" not in source for source in policy(answer)["connect-src"])
