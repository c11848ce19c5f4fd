"""What real processes write into their log while people sign up, book, pay and fail: one line an event, whatever names
are made of, and none of what must stay secret, at the level of production and at the most talkative one."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default as mail_policy
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from accounts.tests.factories import PASSWORD
from bookings.models import Booking, BookingStatus
from movy.outbox.models import Mail
from payments.models import Payment
from payments.tests.factories import charge, coming_showtime
from tests.processes import children, kill
from tests.running import wait_for
from tests.site import Answer, Site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

FORGED = 'Ada\r\nCRITICAL root somebody broke in\n{"levelname": "CRITICAL"}\x1b[2J\u2028\x85next'
"""A name that begins lines of its own, in a log that people read and in one that machines do."""

WRONG_PASSWORD, NEW_PASSWORD = "a wrong word of mine", "a new word of mine"
CARD = {"authorization_code": "AUTH_k3cretc0de", "bin": "408408", "last4": "4081", "exp_year": "2039"}
CVV = "4081-408-cvv"
INVITATION = "token-of-a-link-in-a-mail:signed"
KEYS = {
    "SECRET_KEY": "kQ3vX9pL2mN8bR5tY7wZ1cF4gH6jD0sAeU-log-tests",
    "PAYSTACK_SECRET_KEY": settings.PAYSTACK_SECRET_KEY,
    "TMDB_ACCESS_TOKEN": "tmdb-token-of-this-test",
    "GOOGLE_CLIENT_SECRET": "google-secret-of-this-test",
}
PRODUCTION = {"DEBUG": "0", "ALLOW_STANDINS": "1", "GOOGLE_CLIENT_ID": "movy.apps.test", **KEYS}
PRODUCTION["PYTHONWARNINGS"] = "ignore"  # of a checkout whose static files were never gathered


def form(site: Site, path: str, **fields: str) -> Answer:
    """Post a form as a browser does that has seen the page."""
    token = "c" * 32
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"csrftoken={token}",
        "Origin": site.base_url,
    }
    return site.call("POST", path, body=urlencode(fields | {"csrfmiddlewaretoken": token}).encode(), headers=headers)


def key_in(mail: Mail) -> str:
    text = message_from_bytes(bytes(mail.content), policy=mail_policy).get_body(("plain",)).get_content()
    return str(re.search(r"/auth/user/reset-password/(\S+)", text)[1])


def life(site: Site, showtime_id: int, paystack: Any) -> Iterator[str]:
    """Sign up, in, out, book, pay, come back, be refused and fail in every way that is written down; yield what is
    nobody's business."""
    person = {"email": "ada@movy.test", "password": PASSWORD, "first_name": FORGED, "last_name": FORGED}
    made = site.call("POST", "/api/v1/auth/user/signup", body=person)
    assert made.status == 201, made.body
    token = made.json()["access_token"]
    yield from (token, made.json()["refresh_token"], PASSWORD)
    site.call("POST", "/api/v1/auth/user/refresh", body={"refresh_token": token})
    site.call("POST", "/api/v1/auth/user/login", body={"email": "ada@movy.test", "password": WRONG_PASSWORD})
    form(site, "/auth/user/login", email="ada@movy.test", password=WRONG_PASSWORD)
    entered = form(site, "/auth/user/login", email="ada@movy.test", password=PASSWORD)
    assert entered.status == 303
    yield from (entered.headers["set-cookie"].partition("sessionid=")[2].partition(";")[0], WRONG_PASSWORD)

    wish = {"showtime": showtime_id, "seats": ["C4"]}
    keyed = {"Idempotency-Key": "a-key-of-the-app"}
    booked = site.call("POST", "/api/v1/booking", body=wish, token=token, headers=keyed)
    reference = booked.json()["booking"]["reference"]
    paystack.account.faults.add("error_502", operation="initialize", times=1)
    assert site.call("POST", "/api/v1/booking/pay", body={"booking": reference}, token=token).status == 502
    paid = site.call("POST", "/api/v1/booking/pay", body={"booking": reference}, token=token).json()
    yield from (paid["access_code"], keyed["Idempotency-Key"])
    payment = Payment.objects.get(reference=paid["reference"])
    charge(payment)
    data = {"reference": payment.reference, "authorization": CARD, "card": {"cvv": CVV}, "customer": {"name": FORGED}}
    message = json.dumps({"event": "charge.success", "data": data}).encode()
    assert site.webhook(message, signature="0" * 128).status == 401
    assert site.webhook(message).status == 200
    site.webhook(json.dumps({"event": FORGED, "data": data | {"reference": FORGED}}).encode())
    shown = site.call("GET", f"/api/v1/bookings/{reference}", token=token).json()
    yield from (*CARD.values(), CVV, shown["tickets"][0]["code"])
    site.call("GET", f"/tickets/{shown['tickets'][0]['code']}")
    site.call("GET", f"/verify-payment?reference={payment.reference}")

    site.call("POST", "/api/v1/auth/user/forgot-password", body={"email": "ada@movy.test"})
    key = key_in(Mail.objects.latest("pk"))
    site.call("GET", f"/auth/user/reset-password/{key}")
    site.call("POST", "/api/v1/auth/user/reset-password", body={"key": key, "password": NEW_PASSWORD})
    site.call("POST", "/api/v1/auth/google", body={"id_token": "made.up.id-token"})
    yield "made.up.id-token"
    for path in ("/movies", "/bookings/x", "/api/v1/movies/x", "/admin", "/auth/google/callback"):
        site.call("GET", f"{path}{quote(FORGED)}?error={quote(FORGED)}&state={quote(FORGED)}")
    site.call("GET", f"/auth/google/callback?error={quote(FORGED)}&state={quote(FORGED)}")
    form(site, "/auth/user/login", email=FORGED, password=FORGED)
    site.call("GET", "/movies", headers={"Host": "evil.test", "X-Forwarded-For": "10.0.0.1", "Referer": FORGED[:3]})
    for path in ("/auth/user/login", f"/auth/user/reset-password/{key}", f"/invitations/{INVITATION}"):
        assert site.call("POST", path, body=b"no token").status == 403  # which is written down, with the address
    yield from (INVITATION, key.partition("-")[2], NEW_PASSWORD)


@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
def test_the_log_has_one_line_an_event_and_nothing_that_is_secret(level, paystack, tmp_path: Path):
    showtime = coming_showtime()
    with (tmp_path / "log").open("wb") as log, Site(log=log, **PRODUCTION, LOG_LEVEL=level) as site:
        secrets = [*life(site, showtime.pk, paystack), *KEYS.values()]
        kill(children(site.process.pid)[0])  # for a line of the web server's own
        wait_for(lambda: "Unexpected exit" in (tmp_path / "log").read_text(), what="the web server's word about it")
    assert Booking.objects.get().status == BookingStatus.CONFIRMED
    written = (tmp_path / "log").read_text(errors="strict")
    told = [secret for secret in secrets if secret in written]
    assert not told, written
    lines = [json.loads(line) for line in written.split("\n") if line]
    assert {"502", "outside call failed"} <= set(words(lines))
    assert not [line for line in lines if line["levelname"] == "CRITICAL"]
    assert not [line for line in written.splitlines() if line and not line.startswith("{")]


def words(lines: list[dict[str, Any]]) -> Iterator[str]:
    for line in lines:
        yield line["message"].partition(":")[0]
        yield from line["message"].replace("=", " ").split()


@pytest.mark.parametrize("formatter", ["json", "plain"])
def test_keys_in_addresses_are_left_out_of_every_line(formatter):
    chosen = dict(settings.LOGGING["formatters"][formatter])
    written = import_string(chosen.pop("()"))(chosen["format"])
    for path in (
        "/auth/user/reset-password/1-abc",
        "/auth/user/confirm-email/MQ:abc",
        "/invitations/abc:x",
        "/tickets/abc",
        "/bookings/K7MR4PX29D/open/abc",
    ):
        record = logging.LogRecord("django", logging.ERROR, "", 1, "Internal Server Error: %s", (path,), None)
        record.request = f"<WSGIRequest: GET '{path}'>"
        assert "abc" not in written.format(record)
        assert path.rpartition("/")[0] in written.format(record)


@pytest.mark.parametrize("formatter", ["json", "plain"])
def test_a_name_with_line_ends_is_one_line(formatter):
    chosen = dict(settings.LOGGING["formatters"][formatter])
    record = logging.LogRecord("movy", logging.ERROR, "", 1, "failed: %s", (FORGED,), None)
    line = import_string(chosen.pop("()"))(chosen["format"]).format(record)
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line
    assert "somebody broke in" in line
