"""Charts as SVG, drawn here on the server: no script, no style attributes, classes for the colours (reports.css).

Every chart is one image to a screen reader, with a sentence that names it; its figures stand in a table beside it.
Numbers are in units of the viewBox, which the page scales.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH = 720
WIDTH_PAIRS = 560  # they stand beside their table
WIDTH_DAY = 1120

ROW, ROW_BAR = 28, 16
LABEL_WIDTH, VALUE_WIDTH = 210, 120
LABEL_LETTERS = 30

COLUMNS_HEIGHT, COLUMNS_TOP, COLUMNS_BOTTOM = 220, 24, 28
COLUMN_GAP = 0.32  # of a group's width

LANE, LANE_LABEL, AXIS = 44, 110, 22
DAY_HOURS = 24

METER_WIDTH, METER_HEIGHT = 96, 10


@dataclass(frozen=True)
class Bar:
    """One bar: its name, how long, and what is written at its end. A negative value has no length. marks: values at
    which it should have ended."""

    label: str
    value: float
    text: str
    marks: Sequence[float] = ()


def bar_chart(bars: Sequence[Bar], *, name: str) -> SafeString:
    """Return bars one under the other, the longest over the whole width."""
    longest = max((value for bar in bars for value in (bar.value, *bar.marks)), default=0) or 1
    room = WIDTH - LABEL_WIDTH - VALUE_WIDTH
    rows = format_html_join(
        "",
        '<text class="chart-text" x="{}" y="{}" text-anchor="end">{}</text>'
        '<rect class="chart-now" x="{}" y="{}" width="{}" height="{}" rx="3"/>'
        '<text class="chart-value" x="{}" y="{}">{}</text>',
        (
            (
                LABEL_WIDTH - 10,
                place * ROW + 19,
                _short(bar.label),
                LABEL_WIDTH,
                place * ROW + (ROW - ROW_BAR) // 2,
                round(max(bar.value, 0) / longest * room, 1),
                ROW_BAR,
                LABEL_WIDTH + round(max(bar.value, 0, *bar.marks) / longest * room, 1) + 8,
                place * ROW + 19,
                bar.text,
            )
            for place, bar in enumerate(bars)
        ),
    )
    marks = format_html_join(
        "",
        '<line class="chart-hand" x1="{}" x2="{}" y1="{}" y2="{}"/>',
        (
            ((x := round(LABEL_WIDTH + value / longest * room, 1)), x, place * ROW + 2, place * ROW + ROW - 2)
            for place, bar in enumerate(bars)
            for value in bar.marks
        ),
    )
    return _svg(name, WIDTH, len(bars) * ROW, format_html("{}{}", rows, marks))


@dataclass(frozen=True)
class Pair:
    """Two columns side by side: what was before, and what is now (None: not yet)."""

    label: str
    before: float
    now: float | None
    text: str = ""  # over the column of now


def pair_chart(pairs: Sequence[Pair], *, name: str) -> SafeString:
    """Return pairs of columns, left to right."""
    highest = max((max(pair.before, pair.now or 0) for pair in pairs), default=0) or 1
    room = COLUMNS_HEIGHT - COLUMNS_TOP - COLUMNS_BOTTOM
    ground = COLUMNS_HEIGHT - COLUMNS_BOTTOM
    group = WIDTH_PAIRS / (len(pairs) or 1)
    column = round(group * (1 - COLUMN_GAP) / 2, 1)

    def height(value: float) -> float:
        return round(max(value, 0) / highest * room, 1)

    drawn = format_html_join(
        "",
        '<rect class="chart-before" x="{}" y="{}" width="{}" height="{}" rx="3"/>'
        '<rect class="chart-now" x="{}" y="{}" width="{}" height="{}" rx="3"/>'
        '<text class="chart-value" x="{}" y="{}" text-anchor="middle">{}</text>'
        '<text class="chart-text" x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (
                (x := round(group * (place + COLUMN_GAP / 2), 1)),
                ground - height(pair.before),
                column - 2,
                height(pair.before),
                round(x + column, 1),
                ground - height(pair.now or 0),
                column - 2,
                height(pair.now or 0),
                round(x + column * 1.5, 1),
                ground - height(pair.now or 0) - 6,
                pair.text,
                round(group * (place + 0.5), 1),
                COLUMNS_HEIGHT - 8,
                pair.label,
            )
            for place, pair in enumerate(pairs)
        ),
    )
    line = format_html('<line class="chart-axis" x1="0" x2="{}" y1="{}" y2="{}"/>', WIDTH_PAIRS, ground, ground)
    return _svg(name, WIDTH_PAIRS, COLUMNS_HEIGHT, format_html("{}{}", drawn, line))


@dataclass(frozen=True)
class Block:
    """Something that runs in a lane: hours after the axis begins, how full (0 to 1), and its words."""

    begins: float
    ends: float
    full: float
    title: str
    detail: str


@dataclass(frozen=True)
class Lane:
    name: str
    blocks: Sequence[Block]


def timeline(lanes: Sequence[Lane], *, name: str, hours: Sequence[tuple[float, str]], now: float | None) -> SafeString:
    """Return a lane for each screen along one day. `hours`: where marks stand, first and last being the axis's ends;
    `now`: where the clock stands, None on another day."""
    first, last = hours[0][0], hours[-1][0]
    scale = (WIDTH_DAY - LANE_LABEL) / (last - first)
    height = AXIS + LANE * len(lanes)

    def x(hour: float) -> float:
        return round(LANE_LABEL + (min(max(hour, first), last) - first) * scale, 1)

    marks = format_html_join(
        "",
        '<line class="chart-axis" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="chart-text" x="{}" y="14" text-anchor="{}">{}</text>',
        ((x(hour), x(hour), AXIS, height, x(hour), "end" if hour == last else "start", text) for hour, text in hours),
    )
    names = format_html_join(
        "",
        '<svg x="0" y="{}" width="{}" height="{}"><text class="chart-text" x="0" y="26">{}</text></svg>',
        ((AXIS + place * LANE, LANE_LABEL - 8, LANE, lane.name) for place, lane in enumerate(lanes)),
    )
    # An inner svg cuts off what is too long for it.
    blocks = format_html_join(
        "",
        '<svg x="{}" y="{}" width="{}" height="{}"><rect class="chart-block" width="100%" height="100%" rx="4"/>'
        '<rect class="chart-full" width="{}" height="100%" rx="4"/>'
        '<text class="chart-title" x="6" y="15">{}</text><text class="chart-text" x="6" y="30">{}</text></svg>',
        (
            (
                x(block.begins),
                AXIS + place * LANE + 3,
                (width := max(x(block.ends) - x(block.begins) - 2, 2)),
                LANE - 6,
                round(width * min(max(block.full, 0), 1), 1),
                block.title,
                block.detail,
            )
            for place, lane in enumerate(lanes)
            for block in lane.blocks
        ),
    )
    hand = (
        format_html('<line class="chart-hand" x1="{}" x2="{}" y1="{}" y2="{}"/>', x(now), x(now), AXIS, height)
        if now is not None and first <= now <= last
        else ""
    )
    return _svg(name, WIDTH_DAY, height, format_html("{}{}{}{}", marks, names, blocks, hand))


def meter(part: int, whole: int) -> SafeString:
    """Return a small bar that is as full as part of whole. It repeats a number beside it: nothing is read aloud."""
    filled = round(METER_WIDTH * min(part / whole, 1), 1) if whole else 0
    return format_html(
        '<svg class="meter" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true">'
        '<rect class="chart-block" width="{}" height="{}" rx="5"/>'
        '<rect class="chart-now" width="{}" height="{}" rx="5"/></svg>',
        *(METER_WIDTH, METER_HEIGHT) * 3,
        filled,
        METER_HEIGHT,
    )


def _svg(name: str, width: float, height: float, drawn: SafeString) -> SafeString:
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>', width, height, name, drawn
    )


def _short(text: str) -> str:
    return text if len(text) <= LABEL_LETTERS else f"{text[: LABEL_LETTERS - 1]}…"
