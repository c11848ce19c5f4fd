"""Redis is killed under a running Movy: nothing that matters needs it, and the limits on sign-in still count."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import make_password

from accounts.tests.factories import PASSWORD, user_make
from bookings.models import Booking, BookingStatus
from payments.models import Payment
from payments.tests.factories import charge, coming_showtime
from tests.races.test_rush import buyers
from tests.site import Site

pytestmark = [pytest.mark.mariadb, pytest.mark.slow]


def test_without_redis_a_booking_goes_its_whole_way(audited, paystack, redis):
    showtime = coming_showtime()
    (token,) = buyers(1)
    user = user_make(email="ngozi@movy.test", password=None)
    user.password = make_password(PASSWORD, hasher="argon2")  # the tests' own cheap one is not known to a Site
    user.save()
    login = "/api/v1/auth/user/login"
    credentials = {"email": user.email, "password": PASSWORD}
    with Site(REDIS_URL=redis.url) as site:
        assert site.call("POST", login, body=credentials).status == 200
        redis.process.kill()
        redis.process.wait()

        for page in ("/", "/movies", "/theatres", f"/booking/{showtime.pk}", "/auth/user/login", "/api/v1/movies"):
            assert (page, site.call("GET", page).status) == (page, 200)
        assert site.call("POST", login, body=credentials).status == 200
        wish = {"showtime": showtime.pk, "seats": ["C4"]}
        held = site.call("POST", "/api/v1/booking", body=wish, token=token)
        assert held.status == 201
        reference = held.json()["booking"]["reference"]
        assert site.call("POST", "/api/v1/booking/pay", body={"booking": reference}, token=token).status == 200
        payment = Payment.objects.get()
        charge(payment)
        assert (
            site.webhook(
                b'{"event": "charge.success", "data": {"reference": "%s"}}' % payment.reference.encode()
            ).status
            == 200
        )
        assert Booking.objects.get().status == BookingStatus.CONFIRMED
        assert site.call("POST", f"/api/v1/cancel-booking/{reference}", body={}, token=token).status == 200
        assert Booking.objects.get().status == BookingStatus.CANCELLED

        wrong = credentials | {"password": "not this one"}
        tries = [site.call("POST", login, body=wrong).status for _try in range(7)]
        assert tries == [401] * 5 + [429] * 2

        ready = site.call("GET", "/readyz")
        assert (ready.status, ready.json()["redis"], ready.json()["database"]) == (200, "down", "up")


def test_while_redis_is_away_the_pages_cache_is_silent_and_comes_back(audited, redis):
    with Site(REDIS_URL=redis.url) as site:
        redis.stop()
        assert site.call("GET", "/movies").status == 200
        redis.start()
        assert site.call("GET", "/movies").status == 200
