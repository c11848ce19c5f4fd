"""Every test calls a real local server. Deadlines are tenths of a second, so that nothing waits longer than it must."""

import logging
import threading
import time
from collections.abc import Iterator

import pytest

from movy.lib import http
from movy.lib.counters import COUNTED
from movy.lib.http import Breaker, Outside, OutsideBusy, OutsideUnavailable
from standins.http import (
    Request,
    Response,
    Router,
    Server,
    html_response,
    json_response,
    redirect_response,
    send_after,
    send_drip,
    send_reset,
    send_silence,
)

TOKEN = "a-very-secret-token"


@pytest.fixture(autouse=True)
def _fresh(settings):
    settings.OUTSIDE_CALLS_MAX = 2
    http.forget_failures()


@pytest.fixture
def router() -> Router:
    return Router()


@pytest.fixture
def base(router) -> Iterator[str]:
    with Server(router).start() as server:
        yield server.base_url


def serve(router: Router, response: Response) -> None:
    router.route("GET", "/thing")(lambda request: response)


def outside(**parts) -> Outside:
    return Outside(**{"connect_seconds": 1, "read_seconds": 0.3, "deadline_seconds": 0.6, **parts})


def reason_of(base: str, **parts) -> OutsideUnavailable:
    with pytest.raises(OutsideUnavailable) as caught:
        outside(**parts).fetch_json("GET", f"{base}/thing")
    return caught.value


def test_an_answer_comes_back_as_data(router, base):
    serve(router, json_response({"name": "Nosferatu"}))
    answer = outside().fetch_json("GET", f"{base}/thing", params={"page": 2}, headers={"Authorization": TOKEN})
    assert (answer.status, answer.data) == (200, {"name": "Nosferatu"})
    assert router.requests[0]["query"] == {"page": "2"}


def test_a_body_is_sent_as_json(router, base):
    @router.route("POST", "/thing")
    def echo(request: Request) -> Response:
        return json_response({"type": request.headers["content-type"], "said": request.json()})

    answer = outside().fetch_json("POST", f"{base}/thing", json={"amount": 350000})
    assert answer.data == {"type": "application/json", "said": {"amount": 350000}}


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_a_refusal_is_data_too(router, base, status):
    serve(router, json_response({"message": "no"}, status))
    assert outside().fetch_json("GET", f"{base}/thing").status == status


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_is_unavailable(router, base, status):
    serve(router, html_response("<h1>Bad gateway</h1>", status))
    assert reason_of(base).status == status


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({}, None),
        ({"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}, None),
    ],
)
def test_a_429_is_unavailable_and_says_for_how_long(router, base, header, seconds):
    serve(router, json_response({}, 429, header))
    error = reason_of(base)
    assert (error.status, error.retry_after) == (429, seconds)


@pytest.mark.parametrize("body", [b"<html>", b'{"cut": [1, 2', b"", b"\xff\xfe", b"[" * 100_000])
def test_what_is_not_json_is_unavailable(router, base, body):
    serve(router, Response(200, body))
    assert reason_of(base).reason == "not JSON"


def test_a_redirect_is_not_followed(router, base):
    with Server(Router()).start() as elsewhere:
        serve(router, redirect_response(f"{elsewhere.base_url}/metadata"))
        assert reason_of(base).reason == "redirect"
        assert not elsewhere.router.requests


def test_a_reset_connection_is_unavailable(router, base):
    serve(router, Response(sender=send_reset))
    assert reason_of(base).reason == "ConnectionError"


def test_nobody_listening_is_unavailable():
    with Server(Router()).start() as server:
        base = server.base_url
    assert reason_of(base).reason == "ConnectionError"


def test_silence_ends_the_call_at_the_read_timeout(router, base):
    serve(router, Response(sender=send_silence(30)))
    started = time.monotonic()
    assert reason_of(base, read_seconds=0.2, deadline_seconds=20).reason == "ReadTimeout"
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("body", [b"", b"x" * 1000], ids=["in the headers", "in the body too"])
def test_a_slow_drip_ends_at_the_deadline(router, base, body):
    serve(router, Response(200, body, sender=send_drip(0.1)))  # more than ten seconds of it
    started = time.monotonic()
    assert reason_of(base, deadline_seconds=0.4).reason == "deadline"
    assert time.monotonic() - started < 5


def test_a_body_cut_by_the_deadline_is_not_taken_for_a_whole_one(router, base):
    def no_length(connection, answer):
        connection.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        for _ in range(100):
            connection.send(b"1")  # a prefix of it is JSON as well
            time.sleep(0.02)

    serve(router, Response(sender=no_length))
    assert reason_of(base, deadline_seconds=0.4).reason == "deadline"


def test_a_body_larger_than_allowed_is_unavailable(router, base):
    serve(router, json_response({"name": "n" * 2000}))
    assert reason_of(base, max_bytes=1000).reason == "body too large"


def test_the_next_call_is_refused_at_once_when_all_places_are_taken(router, base, settings):
    settings.OUTSIDE_CALLS_MAX = 1
    inside = threading.Event()

    def hold(connection, answer):
        inside.set()
        send_after(0.2)(connection, answer)

    serve(router, Response(200, b"{}", sender=hold))
    first = threading.Thread(target=lambda: outside().fetch_json("GET", f"{base}/thing"))
    first.start()
    assert inside.wait(2)
    with pytest.raises(OutsideBusy):
        outside().fetch_json("GET", f"{base}/thing")
    first.join()
    assert len(router.requests) == 1
    assert outside().fetch_json("GET", f"{base}/thing").status == 200  # the place is free again


def test_a_failing_host_is_left_alone_and_another_is_not(router, base):
    serve(router, json_response({}, 503))
    errors = [reason_of(base) for _ in range(7)]
    assert [error.reason for error in errors] == ["HTTP 503"] * 5 + ["resting"] * 2
    assert errors[-1].retry_after in range(1, 11)
    assert len(router.requests) == 5
    other = Router()
    serve(other, json_response({}))
    with Server(other).start() as server:
        assert outside().fetch_json("GET", f"{server.base_url}/thing").status == 200


def test_busy_is_no_failure_of_the_host(router, base, settings):
    serve(router, json_response({}))
    settings.OUTSIDE_CALLS_MAX = 0
    for _ in range(10):
        with pytest.raises(OutsideBusy):
            outside().fetch_json("GET", f"{base}/thing")
    settings.OUTSIDE_CALLS_MAX = 1
    assert outside().fetch_json("GET", f"{base}/thing").status == 200


def failed_breaker(*at: float) -> Breaker:
    breaker = Breaker()
    for now in at:
        breaker.failed(now)
    return breaker


def test_the_breaker_opens_only_for_failures_close_together():
    window = Breaker.WINDOW_SECONDS
    failed_breaker(0, 10, 20, 30, window + 1).check(now=window + 1)
    with pytest.raises(OutsideUnavailable):
        failed_breaker(0, 10, 20, 30, window).check(now=window)


def test_the_breaker_opens_for_the_worker_too_whose_calls_end_after_thirty_seconds():
    with pytest.raises(OutsideUnavailable):
        failed_breaker(30, 60, 90, 120, 150).check(now=150)


def test_a_success_between_failures_keeps_the_breaker_shut():
    breaker = failed_breaker(0, 1, 2, 3)
    breaker.succeeded()
    breaker.failed(4)
    breaker.check(now=4)


def test_after_a_rest_one_caller_tries_while_the_others_still_wait():
    breaker = failed_breaker(0, 1, 2, 3, 4)
    breaker.check(now=14)
    with pytest.raises(OutsideUnavailable):
        breaker.check(now=14)
    breaker.failed(15)
    with pytest.raises(OutsideUnavailable):
        breaker.check(now=24.9)
    breaker.check(now=25)
    breaker.succeeded()
    breaker.check(now=25)


def counted(base: str, outcome: str) -> float:
    host = base.removeprefix("http://")
    return COUNTED.get_sample_value("movy_outside_calls_total", {"host": host, "outcome": outcome}) or 0


def test_every_call_is_counted_by_how_it_went_and_a_rest_says_until_when(router, base, settings):
    answers = iter([json_response({}), *[json_response({}, 503)] * 5])
    router.route("GET", "/thing")(lambda request: next(answers))
    outside().fetch_json("GET", f"{base}/thing")
    rests_until = {"host": base.removeprefix("http://")}
    assert COUNTED.get_sample_value("movy_outside_rests_until_seconds", rests_until) <= time.time()
    for _ in range(7):
        reason_of(base)
    assert COUNTED.get_sample_value("movy_outside_rests_until_seconds", rests_until) > time.time()
    settings.OUTSIDE_CALLS_MAX = 0
    reason_of(base)
    outcomes = {outcome: counted(base, outcome) for outcome in ("ok", "failed", "resting", "busy")}
    assert outcomes == {"ok": 1, "failed": 5, "resting": 2, "busy": 1}


def test_neither_log_nor_error_tells_the_token_or_the_query(router, base, caplog):
    serve(router, Response(sender=send_reset))
    with (
        caplog.at_level(logging.DEBUG, logger="movy"),
        pytest.raises(OutsideUnavailable) as caught,
    ):
        outside().fetch_json(
            "GET",
            f"{base}/thing",
            params={"query": "private words"},
            headers={"Authorization": f"Bearer {TOKEN}"},
        )
    told = caplog.text + repr(caught.value)
    assert "path=/thing" in told
    assert TOKEN not in told
    assert "private" not in told
    assert caught.value.__suppress_context__


def test_cookies_are_not_kept(router, base):
    seen = []

    @router.route("GET", "/thing")
    def thing(request: Request) -> Response:
        seen.append(request.headers.get("cookie"))
        return json_response({}, headers={"Set-Cookie": "a=b; Path=/"})

    door = outside()
    door.fetch_json("GET", f"{base}/thing")
    door.fetch_json("GET", f"{base}/thing")
    assert seen == [None, None]
