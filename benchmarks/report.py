"""What was found, to read: tables in Markdown, and the charts of docs/performance.md.

python -m benchmarks.report    # writes both anew from benchmarks/results/full.json
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from pathlib import Path

from benchmarks import drawings
from benchmarks.results import Found, agreement, kept
from benchmarks.rows import (
    GROWTH_FLOOR,
    GROWTH_GOAL,
    LIVE_FLOOR_MS,
    LIVE_GOAL_MS,
    QUERIES_GOAL,
    SMALL,
)

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "performance.md"
BEGIN, END = "<!-- figures: written by python -m benchmarks.report -->", "<!-- end of the figures -->"


def report_text(runs: Sequence[Found]) -> str:
    """Return the newest run as Markdown, with how far the kept runs are apart."""
    newest = runs[-1]
    parts = [_machine(newest, len(runs)), _rows(runs), _queries(newest), _live(newest), _rush(newest)]
    if newest["growth"]:
        parts.insert(2, _growth(runs))
    return "\n\n".join(parts)


def report_write() -> None:
    """Write the tables of the full runs into the page, between its markers, and draw its charts."""
    runs = kept("full")
    PAGE.write_text(between_markers(PAGE.read_text(), _page(runs)))
    for name, svg in drawings.charts(runs[-1]).items():
        (DOCS / "img" / name).write_text(svg)


def between_markers(page: str, figures: str) -> str:
    """Return the page with other figures. Raises ValueError for one without both markers."""
    begin, end = page.index(BEGIN) + len(BEGIN), page.index(END)
    return f"{page[:begin]}\n\n{figures}\n\n{page[end:]}"


def _page(runs: Sequence[Found]) -> str:
    newest = runs[-1]
    charts = [
        "![Ratios, with floor and goal of each as lines](img/bench-ratios.svg)",
        "![How long each takes on the large town, 1 is as long as on the small one](img/bench-growth.svg)",
        "![Answers a second during the rush](img/bench-rush.svg)",
    ]
    tables = [_rows(runs), _growth(runs), _rush(newest)]
    drawn = [f"{table}\n\n{chart}" for table, chart in zip(tables, charts, strict=True)]
    return "\n\n".join([_machine(newest, len(runs)), *drawn[:2], _queries(newest), _live(newest), drawn[2]])


def _machine(run: Found, runs: int) -> str:
    facts = run["machine"]
    load = ", ".join(f"{load:.2f}" for load in facts["load_before"])
    towns = "; ".join(
        f"the town of {town['times']} has {town['rows']['catalog_showtime']:,} showings and"
        f" {town['rows']['bookings_showtimeseat']:,} seats in them, {sum(town['rows'].values()):,} rows in all,"
        f" built in {town['seconds']} s"
        for town in run["towns"]
    )
    return (
        f"`make bench` at {facts['revision']}, {facts['on']}: {facts['cores']} cores ({facts['cpu']}),"
        f" {facts['database']}, Python {facts['python']}, Django {facts['django']}, a durable write takes"
        f" {facts['fsync_us']} µs; load before it {load}. The newest of"
        f" {runs} run{'s' if runs > 1 else ''}. Data: {towns}."
    )


def _rows(runs: Sequence[Found]) -> str:
    head = [
        *["what", "against", "floor", "goal", "measured", "min to max", "a second, ours / theirs"],
        *["CPU ms, ours / theirs", "database CPU ms", "runs apart by"],
    ]
    return table(
        head,
        [
            [
                row["target"]["what"],
                row["target"]["against"],
                f"{row['target']['floor']:.2f}",
                f"{row['target']['goal']:.2f}",
                f"{row['ratio']:.2f} {verdict(row['ratio'], row['target']['floor'], row['target']['goal'])}",
                f"{row['ratio_min']:.2f} to {row['ratio_max']:.2f}",
                f"{row['per_second']:.0f} / {row['against_per_second']:.0f}",
                _pair(row["cpu_ms"], row["against_cpu_ms"]),
                _pair(row["database_ms"], row["against_database_ms"]),
                _times(agreement(runs, "rows", number)) if len(runs) > 1 else "–",
            ]
            for number, row in enumerate(runs[-1]["rows"])
        ],
    )


def _growth(runs: Sequence[Found]) -> str:
    head = [
        *["with 20 times the data", "floor", "goal", "takes", "min to max"],
        *["CPU ms, large / small", "database CPU ms", "runs apart by"],
    ]
    grown = [run for run in runs if run["growth"]]
    return table(
        head,
        [
            [
                row["target"]["what"],
                _times(GROWTH_FLOOR),
                _times(GROWTH_GOAL),
                f"{_times(1 / row['ratio'])} {verdict(row['ratio'], row['target']['floor'], row['target']['goal'])}",
                f"{1 / row['ratio_max']:.2f} to {1 / row['ratio_min']:.2f}",
                _pair(row["cpu_ms"], row["against_cpu_ms"]),
                _pair(row["database_ms"], row["against_database_ms"]),
                _times(agreement(grown, "growth", number)) if len(grown) > 1 else "–",
            ]
            for number, row in enumerate(runs[-1]["growth"])
        ],
    )


def _queries(run: Found) -> str:
    """The floor is that a number is the same whatever the size of the town; a first look, with nothing made beforehand,
    is what counts for the goal."""
    towns = sorted(run["queries"], key=int)
    rows = []
    for row, counted in run["queries"][str(SMALL)].items():
        is_fixed = all(run["queries"][town][row] == counted for town in towns)
        word = verdict(-counted[0], -inf if is_fixed else inf, -QUERIES_GOAL)
        rows.append([row, "fixed", f"{QUERIES_GOAL}", *map(str, counted), word])
    return table(["queries a page", "floor", "goal", "first look", "the next", ""], rows)


def _live(run: Found) -> str:
    live = run["live"]
    word = verdict(-live["p99_ms"], -LIVE_FLOOR_MS, -LIVE_GOAL_MS)
    return table(
        [f"a change of a seat → {live['maps']:,} open maps", "floor", "goal", "measured"],
        [
            [
                "p99, with the 250 ms of gathering",
                f"{LIVE_FLOOR_MS} ms",
                f"{LIVE_GOAL_MS} ms",
                f"{live['p99_ms']:.0f} ms {word}",
            ],
            ["p50", "–", "–", f"{live['p50_ms']:.0f} ms"],
            ["of it the hold over HTTP, median", "–", "–", f"{live['hold_ms']:.0f} ms"],
            [f"maps that one of {live['changes']} changes did not reach", "0", "0", f"{live['missed']}"],
            ["memory of the live process for a map", "–", "–", f"{live['kib_a_map']:.0f} KiB"],
            ["load of the machine afterwards", "–", "–", f"{live['load']:.2f}"],
        ],
    )


def _rush(run: Found) -> str:
    rush = run["rush"]
    before, during = rush["others_before_p99_ms"], rush["others_during_p99_ms"]
    told = "as people were told" if rush["as_told"] else "NOT AS PEOPLE WERE TOLD"
    return table(
        [f"{rush['arrivals']:,} arrivals in {rush['seconds']:.0f} s, one show of 420 seats", "measured"],
        [
            ["seats held", f"{rush['seats_held']}, {rush['seats_twice']} of them twice, {told}"],
            ["5xx and lost connections", f"{rush['broken']}"],
            ["answers to those who arrive: p50, p99, longest", _ms(rush["p50_ms"], rush["p99_ms"], rush["longest_ms"])],
            ["buyers of other shows before: p50, p99", _ms(rush["others_before_p50_ms"], before)],
            ["the same during the rush", _ms(rush["others_during_p50_ms"], during)],
            ["p99 during against before", _times(during / before) if before else "–"],
            ["CPU ms for an answer: web / database", _pair(rush["cpu_ms"], rush["database_ms"])],
            ["load of the machine afterwards", f"{rush['load']:.2f}"],
        ],
    )


def verdict(value: float, floor: float, goal: float) -> str:
    """Return which of both a value reaches; more is better, and a goal counts only above the floor."""
    if value < floor:
        return "BELOW"
    return "goal" if value >= goal else "floor"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown, its columns as wide as they need."""
    lines = [head, *rows]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |" for line in lines
    )


def _pair(ours: float | None, theirs: float | None) -> str:
    return " / ".join("–" if value is None else f"{value:.2f}" for value in (ours, theirs))


def _times(value: float) -> str:
    return f"{value:.2f} times"


def _ms(*values: float) -> str:
    return ", ".join(f"{value:.0f} ms" for value in values)


if __name__ == "__main__":
    report_write()
