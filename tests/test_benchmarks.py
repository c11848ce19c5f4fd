"""What the benchmarks make of what they measure. The measuring itself is `make bench`; no test depends on a figure."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from benchmarks import report, results
from benchmarks.client import answer, request, statuses
from benchmarks.drawings import charts
from benchmarks.figures import Rate, Target, figure, interleaved, percentile
from benchmarks.report import BEGIN, END, PAGE, between_markers, report_text, verdict
from benchmarks.rows import LARGE, SMALL, TARGETS
from benchmarks.suite import figures, growth
from tests.load.people import Outcome, Request
from tests.load.rush import Seen

TARGET = Target("a page", "a view that answers ok", floor=0.3, goal=0.6)


def rates(*per_second: float, cpu_ms: float = 1.0) -> list[Rate]:
    return [Rate(int(each * 10), 10.0, cpu_seconds=each * 10 * cpu_ms / 1000) for each in per_second]


def run_of(ratio: float) -> dict[str, Any]:
    """Return a run as it is kept, in which every row has this ratio."""
    measured = {
        (town, name): rates(*(100 * ratio if town == SMALL and name == target.what else 100.0,) * 3)
        for town in (SMALL, LARGE)
        for target in TARGETS
        for name in (target.what, target.against)
    }
    seen = Seen(
        began=100.0,
        arrivals=[Request(100.5, 0.2, Outcome.OK, ""), Request(102.1, 0.4, Outcome.REFUSED, "")],
        others=[Request(99.0, 0.1, Outcome.OK, ""), Request(101.0, 0.3, Outcome.OK, "")],
    )
    from benchmarks.rushing import summary

    return {
        "machine": {
            **{"cores": 2, "cpu": "AMD", "kernel": "Linux", "python": "3.11", "django": "5.2", "database": "MariaDB"},
            **{"fsync_us": 100, "load_before": [0.1, 0.2, 0.3], "on": "2026-11-23", "revision": "abc1234"},
        },
        "towns": [
            {"times": town, "rows": {"catalog_showtime": 5 * town, "bookings_showtimeseat": 900 * town}, "seconds": 9}
            for town in (SMALL, LARGE)
        ],
        "rows": figures(measured),
        "growth": growth(measured, [SMALL, LARGE]),
        "queries": {town: {"movie list, page": [8, 1]} for town in (SMALL, LARGE)},
        "live": {
            **{"maps": 1000, "changes": 40, "p50_ms": 300.0, "p99_ms": 340.0, "hold_ms": 9.0, "missed": 0},
            **{"kib_a_map": 20.0, "load": 0.5},
        },
        "rush": summary(seen)
        | {"arrivals": 2, "seconds": 60, "load": 1.0, "seats_held": 420, "seats_twice": 0, "as_told": True}
        | {"cpu_ms": 3.0, "database_ms": None},
    }


@pytest.fixture
def kept_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "RESULTS", tmp_path)
    results.write("full", [run_of(ratio) for ratio in (0.9, 0.5, 0.6, 0.4)])
    return results.kept("full")


def test_a_ratio_is_taken_round_by_round_because_a_machine_drifts():
    row = figure(TARGET, rates(50, 500, 30), rates(100, 1000, 100))
    assert (row.ratio_min, row.ratio, row.ratio_max) == (0.3, 0.5, 0.5)
    assert (row.per_second, row.against_per_second, row.cpu_ms) == (50, 100, 1.0)
    assert row.database_ms is None


def test_everything_takes_its_turn_and_the_first_round_is_not_kept():
    order = []

    def run_named(name: str):
        def run() -> Rate:
            order.append(name)
            return Rate(len(order), 1.0)

        return run

    found = interleaved({"a": run_named("a"), "b": run_named("b")}, rounds=2)
    assert order == ["a", "b"] * 3
    assert [rate.count for rate in found["b"]] == [4, 6]


def test_percentiles_are_of_what_was_measured():
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert percentile(list(range(1, 101)), 99) == 100
    assert percentile([], 99) == 0


def test_a_figure_reaches_the_goal_the_floor_or_neither():
    assert [verdict(value, 0.3, 0.6) for value in (0.6, 0.59, 0.3, 0.29)] == ["goal", "floor", "floor", "BELOW"]


def test_the_last_three_runs_are_kept_and_how_far_they_are_apart_is_told(kept_runs):
    assert [run["rows"][0]["ratio"] for run in kept_runs] == [0.5, 0.6, 0.4]
    assert results.agreement(kept_runs, "rows", 0) == pytest.approx(1.5)
    assert "1.50 times" in report_text(kept_runs)


def test_growth_is_the_large_town_against_the_small_one(kept_runs):
    row = kept_runs[-1]["growth"][0]
    assert row["ratio"] == 2.5
    assert "0.40 times goal" in report_text(kept_runs)


def test_a_run_without_growth_is_told_without_it(kept_runs):
    run = kept_runs[-1] | {"growth": []}
    assert "with 20 times the data" not in report_text([run])


def test_a_rush_is_told_by_second_and_by_what_the_others_noticed(kept_runs):
    rush = kept_runs[-1]["rush"]
    assert rush["answers"] == [[1, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 1, 0, 0, 0]]
    assert (rush["others_before_p99_ms"], rush["others_during_p99_ms"]) == (100, 300)
    assert "3.00 times" in report_text(kept_runs)


def test_charts_are_pictures_that_stand_alone(kept_runs):
    drawn = charts(kept_runs[-1])
    for svg in drawn.values():
        root = ET.fromstring(svg)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert root.get("aria-label")
        assert "prefers-color-scheme:dark" in svg
    assert drawn["bench-ratios.svg"].count('class="chart-now"') == len(TARGETS)
    assert drawn["bench-ratios.svg"].count("<line") == 2 * len(TARGETS)


def test_new_figures_leave_the_rest_of_the_page_alone():
    page = f"Before.\n\n{BEGIN}\n\nold\n\n{END}\n\nAfter.\n"
    assert between_markers(page, "new") == f"Before.\n\n{BEGIN}\n\nnew\n\n{END}\n\nAfter.\n"


def test_the_page_has_the_place_for_its_figures():
    assert between_markers(PAGE.read_text(), report.table(["a"], [["b"]]))


class Answering(BaseHTTPRequestHandler):
    """Answers with as many bytes as it is asked for; nothing to one who has it already."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.headers["If-None-Match"]:
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", self.path[1:])
        self.end_headers()
        self.wfile.write(b"x" * int(self.path[1:]))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def answering_port():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_the_client_counts_each_answer_once_however_long_it_is(answering_port):
    long, short, same = (
        request("GET", "/1000000"),
        request("GET", "/2"),
        request("GET", "/2", If_None_Match='"1"'),
    )
    assert statuses(answering_port, [[long, short, same], [short, long, long], []]) == {200: 5, 304: 1}


def test_the_client_reads_headers_by_small_names(answering_port):
    status, headers = answer(answering_port, request("GET", "/3"))
    assert (status, headers["etag"], headers["content-length"]) == (200, '"1"', "3")
