"""What is packed, for whom, and that it is the same unpacked."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from movy.lib.compress import BYTES_MIN, Compressed, Packed, Spliced, accepts_gzip, gzipped

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


@pytest.mark.parametrize("pieces", [[LONG], [LONG, b""], [b"", LONG, b""], [b"<p>", LONG, LONG + b"</p>"]])
@pytest.mark.parametrize("own", [b"", b"x" * 64, bytes(range(256)) * 255])
def test_bytes_of_ones_own_are_put_into_a_packed_page(rf, pieces, own):
    page, wanted = Spliced(pieces), own.join(pieces)
    packed = page.answer(rf.get("/", headers={"accept-encoding": "gzip"}), "text/html", own=own)
    plain = page.answer(rf.get("/"), "text/html", own=own)
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content == wanted  # its checksum and length are looked at too
    assert [int(answer["Content-Length"]) for answer in (packed, plain)] == [len(packed.content), len(wanted)]


def test_what_is_kept_packed_is_answered_plain_to_who_reads_no_gzip(rf):
    kept = Packed(LONG)
    assert kept.answer(rf.get("/"), "text/plain").content == LONG
    assert gzip.decompress(kept.answer(rf.get("/", headers={"accept-encoding": "gzip"}), "text/plain").content) == LONG
