"""The charts of docs/performance.md. They bring their own colours, because a page of documentation has no style sheet
of ours; otherwise they are drawn as the office's and as those of docs/staying-up.md."""

from __future__ import annotations

from collections import Counter

from benchmarks.results import Found
from benchmarks.rows import GROWTH_FLOOR, GROWTH_GOAL
from movy.lib.charts import Bar, bar_chart
from tests.load.drawing import columns
from tests.load.people import Outcome

STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#333}.chart-value{font-weight:600}.chart-now{fill:#c97a00}"
    ".chart-hand{stroke:#a6320b;stroke-width:2}"
    "@media (prefers-color-scheme:dark){text{fill:#ddd}.chart-now{fill:#a86f10}.chart-hand{stroke:#fff}}"
)


def charts(run: Found) -> dict[str, str]:
    """Return a chart for each file of docs/img/ that shows a run."""
    return {
        "bench-ratios.svg": _bars(
            [
                Bar(row["target"]["what"], row["ratio"], f"{row['ratio']:.2f}", _marks(row["target"]))
                for row in run["rows"]
            ],
            name="Ratio of each row to what it is measured against, with floor and goal as lines",
        ),
        "bench-growth.svg": _bars(
            [
                Bar(row["target"]["what"], 1 / row["ratio"], f"{1 / row['ratio']:.2f}", (GROWTH_GOAL, GROWTH_FLOOR))
                for row in run["growth"]
            ],
            name="How many times as long each row takes with 20 times the data, with goal and floor as lines",
        ),
        "bench-rush.svg": columns(
            Counter(
                {
                    (second, outcome): count
                    for second, counts in enumerate(run["rush"]["answers"])
                    for outcome, count in zip(Outcome, counts, strict=True)
                }
            ),
            [],
            seconds=len(run["rush"]["answers"]),
            name="Answers a second while ten thousand people want one show",
        ),
    }


def _marks(target: Found) -> tuple[float, float]:
    return target["floor"], target["goal"]


def _bars(bars: list[Bar], *, name: str) -> str:
    svg = bar_chart(bars, name=name).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    head, end, rest = svg.partition(">")
    return f"{head}{end}\n<style>{STYLE}</style>\n{rest}\n"
