"""The walk through a booking in docs/api.md, run as it stands: every line works, every example is true to shape."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.running import RunningMovy

BLOCK = re.compile(r"```(sh|json)\n(.*?)```", re.DOTALL)
NEXT = "=== next block ==="
LEFT_OUT = "…"


def blocks() -> list[tuple[str, str]]:
    """Return the page's blocks from the walk on, as (language, text)."""
    walk = (settings.BASE_DIR / "docs/api.md").read_text().partition("## The whole of it by curl")[2]
    return BLOCK.findall(walk)


def run(script: list[str], movy: RunningMovy) -> list[str]:
    """Run the blocks in one shell, on `movy`'s ports; return what each of them printed."""
    text = f"\necho; echo '{NEXT}'\n".join(script)
    here = {"127.0.0.1:8000": f"127.0.0.1:{movy.port}", "127.0.0.1:8002": f"127.0.0.1:{movy.port + 2}"}
    for there, place in (here | {"/tmp/": f"{movy.folder}/"}).items():
        text = text.replace(there, place)
    ran = subprocess.run(["bash", "-eu"], input=text, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return [part.strip() for part in ran.stdout.split(NEXT)]


def has_shape_of(answer: Any, example: Any) -> bool:
    """Whether an answer has every field that the example shows. What an example leaves out is not looked at."""
    match example:
        case {"price_by_category": prices, **rest}:  # its fields are a theatre's own words
            return has_shape_of(list(answer["price_by_category"].values()), list(prices.values())) and has_shape_of(
                answer, rest
            )
        case dict():
            return isinstance(answer, dict) and all(
                name in answer and has_shape_of(answer[name], value)
                for name, value in example.items()
                if name != LEFT_OUT
            )
        case list():
            return isinstance(answer, list) and all(has_shape_of(row, example[0]) for row in answer if example)
        case None:
            return True
        case _:
            return answer is None or type(answer) is type(example)


@pytest.mark.slow
def test_every_line_of_the_walk_works_and_every_example_is_true(tmp_path: Path) -> None:
    walk = blocks()
    with RunningMovy(tmp_path / "movy") as movy:
        printed = iter(run([text for language, text in walk if language == "sh"], movy))
        answers: list[str] = []
        for language, text in walk:
            if language == "sh":
                answers.append(next(printed))
            else:
                assert has_shape_of(json.loads(answers[-1]), json.loads(text)), answers[-1]
    assert answers[3] == "304"
    assert answers[-1] == "partly_refunded"


def test_a_missing_field_is_noticed():
    example = {"payment": {"status": "paid", LEFT_OUT: LEFT_OUT}, "seats": [{"label": "C4"}]}
    assert has_shape_of({"payment": {"status": "failed"}, "seats": [{"label": "A1", "x": 1}], "more": 1}, example)
    assert not has_shape_of({"payment": {}, "seats": []}, example)
    assert not has_shape_of({"payment": {"status": 1}, "seats": []}, example)
    assert not has_shape_of({"payment": {"status": "paid"}, "seats": [{}]}, example)
