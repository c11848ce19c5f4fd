"""How much one account, and one address, may ask for in a minute."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.test import Client, RequestFactory
from redis import Redis
from redis.exceptions import ConnectionError as RedisAway

from accounts.services import session_token_issue
from accounts.tests.factories import user_make
from movy.lib import limits
from movy.lib.cache import counted
from movy.lib.limits import Throttled, address_limit_check, client_network

READ, WRITE = "/api/v1/auth/user", "/api/v1/auth/user/login"


@pytest.fixture(autouse=True)
def few(settings, monkeypatch):
    """Three reads and two writes an account, ten times that an address, in a minute that is forty seconds old."""
    settings.RATE_LIMITS, settings.API_READS_PER_MINUTE, settings.API_WRITES_PER_MINUTE = True, 3, 2
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 6_000_040.5))


def signed_in() -> Client:
    return Client(headers={"authorization": f"Bearer {session_token_issue(user_make())}"})


def statuses(times: int, ask) -> list[int]:
    return [ask().status_code for _time in range(times)]


@pytest.mark.django_db
def test_an_account_that_reads_too_much_waits_for_the_next_minute(monkeypatch):
    ada, ben = signed_in(), signed_in()
    assert statuses(4, lambda: ada.get(READ)) == [200, 200, 200, 429]
    answer = ada.get(READ)
    assert (answer["Content-Type"], answer["Retry-After"]) == ("application/problem+json", "20")
    assert answer.json()["code"] == "throttled"
    assert ben.get(READ).status_code == 200
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 6_000_060.0))
    assert ada.get(READ).status_code == 200


@pytest.mark.django_db
def test_reads_and_writes_are_counted_apart():
    ada = signed_in()
    assert statuses(3, lambda: ada.patch(READ, {"first_name": "A"}, content_type="application/json")) == [200, 200, 429]
    assert ada.get(READ).status_code == 200


@pytest.mark.django_db
def test_an_address_may_do_as_much_as_ten_accounts_whoever_asks(client):
    assert set(statuses(20, lambda: client.post(WRITE, b"{", content_type="application/json"))) == {400}
    answer = client.post(WRITE, b"{", content_type="application/json")
    assert (answer.status_code, answer["Retry-After"], answer.json()["code"]) == (429, "20", "throttled")
    assert client.post("/api/v1/nothing").status_code == 429
    assert client.post(WRITE, b"{", content_type="application/json", REMOTE_ADDR="10.0.0.9").status_code == 400


@pytest.mark.database
def test_a_claimed_address_does_not_begin_a_new_count(client):
    answers = [client.post("/api/v1/nothing", headers={"x-forwarded-for": f"10.0.0.{n}"}) for n in range(21)]
    assert [answer.status_code for answer in answers] == [404] * 20 + [429]


@pytest.mark.database
def test_behind_a_proxy_of_ours_its_word_counts(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = [client.post("/api/v1/nothing", headers={"x-forwarded-for": f"6.6.6.6, 10.0.0.{n}"}) for n in range(21)]
    assert {answer.status_code for answer in answers} == {404}


def test_the_addresses_that_one_customer_gets_of_ipv6_are_one():
    def network(address: str) -> str:
        return client_network(RequestFactory().get("/", REMOTE_ADDR=address))

    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9") != network("2001:db8:1:3::1")
    assert network("10.0.0.1") != network("10.0.0.2")


def test_off_lifts_them(client, settings):
    settings.RATE_LIMITS = False
    assert set(statuses(40, lambda: client.post("/api/v1/nothing"))) == {404}


@pytest.mark.django_db
def test_pages_health_and_webhooks_are_never_throttled(client):
    for path in ("/healthz", "/webhooks/paystack", "/nothing"):
        assert 429 not in statuses(40, lambda path=path: client.post(path))


@pytest.mark.database
def test_of_fifty_at_once_exactly_as_many_pass_as_may():
    def passes(_number: int) -> bool:
        try:
            address_limit_check(RequestFactory().post("/"))
        except Throttled:
            return False
        return True

    with ThreadPoolExecutor(50) as pool:
        assert sum(pool.map(passes, range(50))) == 20


def test_what_an_address_does_is_told_in_bundles_and_bounded_all_the_same(settings, monkeypatch):
    settings.API_READS_PER_MINUTE = 100  # a thousand an address, so five a bundle
    told = []
    monkeypatch.setattr(limits, "_counted", lambda key, *, by=1: told.append(by) or 400 * len(told))

    def look() -> None:
        address_limit_check(RequestFactory().get("/", REMOTE_ADDR="10.0.0.77"))

    for _time in range(14):  # with what others told: 400, and 800
        look()
    assert told == [5, 5]
    with pytest.raises(Throttled):
        look()
    with pytest.raises(Throttled):  # without asking anybody
        look()
    assert told == [5, 5, 5]
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 6_000_060.0))
    look()


@pytest.mark.mariadb
def test_a_count_costs_one_round_trip_and_is_forgotten_when_its_time_is_over():
    redis = caches["redis"].client.get_client()
    asked = redis.info("stats")["total_commands_processed"]
    key = f"count of {asked}"
    assert [counted(caches["counters"], key, timeout=60) for _time in range(3)] == [1, 2, 3]
    within_scripts = 3 + 1  # each counts, the first says until when
    assert redis.info("stats")["total_commands_processed"] - asked == 3 + within_scripts + 1
    assert 0 < redis.ttl(caches["redis"].make_key(key)) <= 60


@pytest.mark.mariadb
def test_without_redis_each_process_counts_and_the_database_is_left_alone(monkeypatch):
    def away(*_args: object, **_kwargs: object) -> None:
        raise RedisAway

    monkeypatch.setattr(Redis, "execute_command", away)
    for _time in range(20):
        address_limit_check(RequestFactory().post("/"))
    with pytest.raises(Throttled):
        address_limit_check(RequestFactory().post("/"))
