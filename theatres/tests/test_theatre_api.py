from __future__ import annotations

import pytest

from theatres.tests.factories import TheatreFactory

pytestmark = pytest.mark.django_db

THEATRES = "/api/v1/theatres"


def names(client, query="") -> list[str]:
    return [row["name"] for row in client.get(f"{THEATRES}{query}").json()["results"]]


def test_a_theatre_has_the_contracts_shape(client):
    theatre = TheatreFactory(name="Lantern", slug="lantern", latitude="6.4281", longitude="3.4219")
    shape = {
        "id": theatre.pk,
        "slug": "lantern",
        "name": "Lantern",
        "city": "Lagos",
        "country": "NG",
        "address": "1 Harbour Street",
        "timezone": "Africa/Lagos",
        "currency": "NGN",
        "latitude": 6.4281,
        "longitude": 3.4219,
    }
    assert client.get(f"{THEATRES}/{theatre.pk}").json() == shape
    assert client.get(THEATRES).json() == {"next": None, "previous": None, "results": [shape]}


def test_near_sorts_by_distance_and_the_unplaced_come_last(client, django_assert_num_queries):
    TheatreFactory(name="Nowhere", city="A")
    TheatreFactory(name="Nairobi", city="B", latitude="-1.27", longitude="36.81")
    TheatreFactory(name="Lagos", city="C", latitude="6.43", longitude="3.42")
    with django_assert_num_queries(1):
        assert names(client, "?near=6.5,3.4") == ["Lagos", "Nairobi", "Nowhere"]
    assert names(client, "?near=-1.3,36.8") == ["Nairobi", "Lagos", "Nowhere"]
    assert names(client, "?city=c") == ["Lagos"]


@pytest.mark.parametrize("near", ["here", "1", "1,2,3", "91,0", "0,181", "nan,0", "inf,0", ","])
def test_a_place_that_cannot_be_read_is_refused(client, near):
    answer = client.get(f"{THEATRES}?near={near}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "near")
