"""Addresses: no trailing slash, and stand-ins under the name by which Movy was asked."""

from __future__ import annotations

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from movy.middleware import NoTrailingSlash, StandinAddress


def answered(path: str, method: str = "get") -> HttpResponse:
    request = getattr(RequestFactory(), method)(path)
    return NoTrailingSlash(lambda _request: HttpResponse("here"))(request)


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [("/movies/", "/movies"), ("/movies/?city=Lagos", "/movies?city=Lagos"), ("/x//", "/x")],
)
def test_a_get_with_a_trailing_slash_leads_to_the_address_without(path, leads_to):
    answer = answered(path)
    assert (answer.status_code, answer["Location"]) == (301, leads_to)


def test_it_never_leads_to_another_host():
    request = RequestFactory().get("/")
    request.path_info = "//evil.example/"
    assert NoTrailingSlash(lambda _request: HttpResponse())(request)["Location"] == "/evil.example"


@pytest.mark.parametrize(("path", "method"), [("/", "get"), ("/admin/", "get"), ("/movies", "get"), ("/x/", "post")])
def test_all_else_is_left_alone(path, method):
    assert answered(path, method).content == b"here"


def led(settings, location: str, host: str) -> str:
    settings.PAYSTACK_BASE_URL = "http://127.0.0.1:8002"
    settings.ALLOWED_HOSTS = ["*"]
    middleware = StandinAddress(lambda _request: HttpResponseRedirect(location))
    return middleware(RequestFactory().post("/booking/pay", headers={"host": host}))["Location"]


def test_a_phone_is_led_to_the_stand_in_by_the_name_it_asked_movy_under(settings):
    checkout = "http://127.0.0.1:8002/checkout/abc"
    assert led(settings, checkout, "192.168.1.7:8000") == "http://192.168.1.7:8002/checkout/abc"
    assert led(settings, checkout, "127.0.0.1:8000") == checkout


def test_other_addresses_are_not_touched(settings):
    elsewhere = "http://127.0.0.1:80021/checkout/abc"
    assert led(settings, elsewhere, "192.168.1.7:8000") == elsewhere


def test_it_is_not_there_when_the_real_services_are_used(settings):
    settings.PAYSTACK_BASE_URL = settings.PAYSTACK_REAL_URL
    settings.GOOGLE_BASE_URL = ""
    with pytest.raises(MiddlewareNotUsed):
        StandinAddress(lambda _request: HttpResponse())
