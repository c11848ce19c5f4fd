"""The disk is full where uploads and logs go: the upload is refused in a sentence, and bookings go on."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from accounts.tests.factories import user_make
from catalog.models import Movie
from payments.tests.factories import coming_showtime
from tests.faults.walk import walk
from tests.races.test_rush import buyers
from tests.security.admin_walk import form_data, url
from tests.site import Site, form_headers
from theatres.tests.factories import MembershipFactory

pytestmark = [pytest.mark.mariadb, pytest.mark.slow]


def picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(drawn, "PNG")
    return drawn.getvalue()


def test_the_upload_says_so_and_bookings_go_on(audited, proof, paystack, tmp_path):
    showtime = coming_showtime()
    (token,) = buyers(1)
    manager, theatre = Client(), showtime.screen.theatre
    manager.force_login(MembershipFactory(theatre=theatre, user=user_make(email="manager@movy.test")).user)
    page = url(Movie, "add")
    filled_in = form_data(manager.get(page)) | {"theatre": theatre.pk, "title": "Our Town", "runtime_minutes": "90"}
    full = "tests.faults.full_disk_wsgi:application"
    with (
        proof("the disk is full where uploads and logs go", holds="the upload says so, bookings go on") as count,
        Site(application=full, MEDIA_ROOT=str(tmp_path), LOG_LEVEL="DEBUG", RATE_LIMITS="off") as site,
    ):
        upload = io.BytesIO(picture())
        upload.name = "poster.png"
        body = encode_multipart(BOUNDARY, filled_in | {"poster": upload})
        headers = form_headers(manager) | {"Content-Type": MULTIPART_CONTENT, "Origin": site.base_url}
        answer = site.call("POST", page, body=body, headers=headers)
        assert (answer.status, b"could not be stored" in answer.body) == (200, True)
        assert b'value="Our Town"' in answer.body
        assert not Movie.objects.filter(title="Our Town").exists()
        count.times += 1
        walk(site, token=token, showtime_id=showtime.pk, label="C4")
