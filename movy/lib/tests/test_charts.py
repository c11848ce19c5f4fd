"""Charts are plain SVG: named, safe, and in bounds."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from movy.lib.charts import WIDTH_DAY, Bar, Block, Lane, Pair, bar_chart, meter, pair_chart, timeline

HOURS = [(10.0, "10:00"), (18.0, "18:00"), (24.0, "00:00")]


def shows(*blocks: Block) -> str:
    return timeline([Lane("Grand Hall", blocks)], name="Today", hours=HOURS, now=12.5)


def charts() -> list[str]:
    return [
        bar_chart([Bar("<b>&", 3, "₦3"), Bar("less", -1, "−₦1")], name='A "name"'),
        bar_chart([], name="none"),
        pair_chart([Pair("Fri", 3, 2, "₦2"), Pair("Sat", 1, None)], name="Weeks"),
        pair_chart([], name="none"),
        shows(Block(9, 11, 1.5, "<i>", "x"), Block(23, 30, 0, "late", "x")),
        meter(1, 2),
        meter(1, 0),
    ]


@pytest.mark.parametrize("svg", charts())
def test_a_chart_is_well_formed_and_has_no_style_of_its_own(svg: str) -> None:
    root = ElementTree.fromstring(svg)  # raises for markup that slipped in
    assert not any("style" in node.attrib for node in root.iter())
    assert not any(node.tag == "b" for node in root.iter())


@pytest.mark.parametrize("svg", charts())
def test_nothing_is_drawn_outside_or_inside_out(svg: str) -> None:
    for node in ElementTree.fromstring(svg).iter("rect"):
        sizes = [float(node.get(name, "0").rstrip("%")) for name in ("x", "y", "width", "height")]
        assert min(sizes) >= 0
        assert sizes[0] <= WIDTH_DAY


def test_a_chart_says_its_name_and_the_small_meter_is_silent() -> None:
    assert ElementTree.fromstring(charts()[0]).get("aria-label") == 'A "name"'
    assert ElementTree.fromstring(meter(1, 2)).get("aria-hidden") == "true"
