"""What is packed, for whom, and that it is the same unpacked."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from movy.lib.compress import BYTES_MIN, Compressed, accepts_gzip, gzipped

LONG = b"Nosferatu " * BYTES_MIN


def answered(rf, response: HttpResponse, accepted: str = "gzip") -> HttpResponse:
    return Compressed(lambda request: response)(rf.get("/", headers={"accept-encoding": accepted}))


@pytest.mark.parametrize(
    ("accepted", "is_wanted"),
    [
        ("gzip", True),
        ("deflate, gzip;q=1.0, br", True),
        ("GZIP ; q=0.5", True),
        ("x-gzip", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *;q=0", False),
        ("br, deflate", False),
        ("notgzip", False),
        ("", False),
    ],
)
def test_who_reads_gzip_says_so(rf, accepted, is_wanted):
    assert accepts_gzip(rf.get("/", headers={"accept-encoding": accepted})) is is_wanted


def test_a_long_page_is_packed_and_says_so(rf):
    answer = answered(rf, HttpResponse(LONG, headers={"ETag": '"one"'}))
    assert gzip.decompress(answer.content) == LONG
    assert (answer["Content-Encoding"], answer["Vary"], answer["ETag"]) == ("gzip", "Accept-Encoding", 'W/"one"')
    assert int(answer["Content-Length"]) == len(answer.content) < len(LONG) / 10


def test_who_reads_no_gzip_gets_it_plain_and_caches_are_told(rf):
    answer = answered(rf, HttpResponse(LONG), accepted="br")
    assert (answer.content, answer["Vary"]) == (LONG, "Accept-Encoding")
    assert "Content-Encoding" not in answer


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(b"short"),
        HttpResponse(LONG, content_type="image/jpeg"),
        HttpResponse(LONG, content_type="application/pdf"),
        HttpResponse(LONG, headers={"Content-Encoding": "br"}),
        StreamingHttpResponse([LONG], content_type="text/event-stream"),
        StreamingHttpResponse([LONG], content_type="text/html"),
    ],
    ids=["short", "picture", "PDF", "packed already", "events", "streamed"],
)
def test_what_would_gain_nothing_stays_as_it_is(rf, response):
    answer = answered(rf, response)
    assert answer.get("Content-Encoding") in (None, "br")
    assert b"".join(answer) in (LONG, b"short")


def test_equal_pages_are_packed_into_equal_bytes():
    assert gzipped(LONG) == gzipped(LONG)


def test_the_length_of_a_packed_page_tells_nothing(rf):
    """Who can put words into a page and measure it would learn what else stands there (BREACH)."""
    assert len({len(answered(rf, HttpResponse(LONG)).content) for _time in range(40)}) > 1
