"""A picture of what people were answered, second by second, for docs/staying-up.md: an SVG that brings its own colours,
because a page of documentation has no style sheet of ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from tests.load.people import Outcome, Request

WIDTH, HEIGHT = 1000, 300
LEFT, TOP, BOTTOM = 34, 64, 50

COLOURS = {  # light, dark; told apart without colour too, by their order from the ground up
    Outcome.OK: ("#2f6f4f", "#7fc8a0"),
    Outcome.REFUSED: ("#b9a98a", "#8d7f66"),
    Outcome.LATER: ("#d98a00", "#f2b544"),
    Outcome.LOST: ("#b3261e", "#ff8a80"),
}
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#333}.axis{stroke:#999;stroke-width:1}"
    ".kill{stroke:#333;stroke-width:1;stroke-dasharray:3 3}"
    + "".join(f".{outcome.name.lower()}{{fill:{light}}}" for outcome, (light, _dark) in COLOURS.items())
    + "@media (prefers-color-scheme:dark){text{fill:#ddd}.axis{stroke:#777}.kill{stroke:#ddd}"
    + "".join(f".{outcome.name.lower()}{{fill:{dark}}}" for outcome, (_light, dark) in COLOURS.items())
    + "}"
)


@dataclass(frozen=True)
class Kill:
    """What was killed, when (time.monotonic()), and how long it took to be back."""

    part: str
    at: float
    back_seconds: float


@dataclass(frozen=True)
class Mark:
    """Something that happened, so many seconds after the first one."""

    second: float
    text: str


def chart(requests: Sequence[Request], kills: Sequence[Kill], *, began: float, seconds: int) -> str:
    """Return columns of answers for each second since `began`, with a mark for each kill."""
    by_second = Counter((int(row.ended_at - began), row.outcome) for row in requests)
    marks = [Mark(kill.at - began, kill.part) for kill in kills]
    name = "Answers a second while one part of Movy after the other is killed"
    return columns(by_second, marks, seconds=seconds, name=name)


def columns(by_second: Counter[tuple[int, Outcome]], marks: Sequence[Mark], *, seconds: int, name: str) -> str:
    """Return a column for each second, of what was answered in it. `name`: what a screen reader says."""
    highest = max(sum(by_second[second, outcome] for outcome in COLOURS) for second in range(seconds)) or 1
    ground = HEIGHT - BOTTOM
    step, scale = (WIDTH - LEFT) / seconds, (ground - TOP) / highest
    drawn = []
    for second in range(seconds):
        y = float(ground)
        for outcome in COLOURS:
            height = by_second[second, outcome] * scale
            y -= height
            if height:
                place = f'x="{LEFT + second * step:.1f}" y="{y:.1f}" width="{step * 0.9:.2f}" height="{height:.1f}"'
                drawn.append(f'<rect class="{outcome.name.lower()}" {place}/>')
    for number, mark in enumerate(marks):
        x = LEFT + mark.second * step
        drawn.append(f'<line class="kill" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 12 * (number % 3)}" y2="{ground}"/>')
        place = f'x="{x + 3:.1f}"' if x < WIDTH - 80 else f'x="{x - 3:.1f}" text-anchor="end"'
        drawn.append(f'<text {place} y="{TOP - 2 - 12 * (number % 3)}">{escape(mark.text)}</text>')
    drawn.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH}" y1="{ground}" y2="{ground}"/>')
    for second in range(0, seconds + 1, 60 if seconds >= 120 else 5):
        end = ' text-anchor="end"' if second == seconds else ""
        drawn.append(f'<text x="{LEFT + second * step:.1f}" y="{ground + 16}"{end}>{second} s</text>')
    drawn.append(f'<text x="{LEFT - 6}" y="{TOP + 4}" text-anchor="end">{highest}</text>')
    for number, outcome in enumerate(COLOURS):
        x = LEFT + number * 190
        drawn.append(f'<rect class="{outcome.name.lower()}" x="{x}" y="{HEIGHT - 20}" width="12" height="12"/>')
        drawn.append(f'<text x="{x + 18}" y="{HEIGHT - 10}">{escape(outcome.value)}</text>')
    drawn.append('<text x="0" y="14">Answers a second</text>')
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(name)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box}>'
    return "\n".join([head, f"<style>{STYLE}</style>", *drawn, "</svg>", ""])


def table(requests: Sequence[Request], kills: Sequence[Kill], *, until: float) -> str:
    """Return in Markdown what each kind of kill cost: until the next kill, or the end."""
    ends = [kill.at for kill in kills[1:]] + [until]
    lines = ["| killed | times | answered | come later | lost | longest answer | back within |", f"|{' --- |' * 7}"]
    for part in dict.fromkeys(kill.part for kill in kills):
        spans = [(kill, end) for kill, end in zip(kills, ends, strict=True) if kill.part == part]
        rows = [row for kill, end in spans for row in requests if kill.at <= row.ended_at < end]
        count = Counter(row.outcome for row in rows)
        answered = [row.seconds for row in rows if row.outcome is not Outcome.LOST]
        cells = [
            part,
            len(spans),
            count[Outcome.OK] + count[Outcome.REFUSED],
            count[Outcome.LATER],
            count[Outcome.LOST],
            f"{max(answered, default=0):.1f} s",
            f"{max(kill.back_seconds for kill, _end in spans):.1f} s",
        ]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)
