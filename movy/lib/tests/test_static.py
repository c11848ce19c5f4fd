"""Collected scripts are kept for ever under their names, and name each other by these; what was not collected is packed
as it is asked for."""

from __future__ import annotations

import gzip
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.test import Client

from movy.lib.static import StaticStorage

STYLE = "css/movy.css"


def test_a_script_names_the_one_that_it_needs_as_it_is_now(tmp_path):
    (tmp_path / "js").mkdir()
    (tmp_path / "js/map.js").write_text('import { follow } from "./live.js";\n')
    (tmp_path / "js/live.js").write_text("export function follow() {}\n")
    here = StaticFilesStorage(location=tmp_path, base_url="/static/")
    storage = StaticStorage(location=tmp_path, base_url="/static/")
    processed = storage.post_process({name: (here, name) for name in ("js/map.js", "js/live.js")})
    stored = {name: hashed for name, hashed, _was_changed in processed}
    live = stored["js/live.js"].removeprefix("js/")
    assert live not in ("", "live.js")
    assert f'from "./{live}"' in (tmp_path / stored["js/map.js"]).read_text()


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_an_uncollected_style_sheet_is_sent_packed_to_whoever_reads_that():
    whole = (Path(settings.BASE_DIR) / "static" / STYLE).read_bytes()
    packed = Client(headers={"accept-encoding": "gzip, br"}).get(f"/static/{STYLE}")
    assert (packed["Content-Encoding"], packed["Vary"]) == ("gzip", "Accept-Encoding")
    assert int(packed["Content-Length"]) == len(body(packed)) < len(whole) / 3
    assert gzip.decompress(body(packed)) == whole
    plain = Client().get(f"/static/{STYLE}")
    assert not plain.has_header("Content-Encoding")
    assert body(plain) == whole


def test_what_a_browser_has_is_not_sent_again_and_pictures_stay_as_they_are():
    client = Client(headers={"accept-encoding": "gzip"})
    etag = client.get(f"/static/{STYLE}")["ETag"]
    again = client.get(f"/static/{STYLE}", headers={"if-none-match": etag})
    assert (again.status_code, body(again)) == (304, b"")
    assert not client.get("/static/vendor/zxing-wasm/zxing_reader.wasm").has_header("Content-Encoding")
