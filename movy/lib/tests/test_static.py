"""Collected scripts are kept for ever under their names, and name each other by these."""

from __future__ import annotations

from django.contrib.staticfiles.storage import StaticFilesStorage

from movy.lib.static import StaticStorage


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
