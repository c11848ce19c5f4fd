"""docs/alarms.yml asks for metrics that are there, and the docs explain every alarm and every metric."""

from __future__ import annotations

import re

import pytest
import yaml
from django.conf import settings
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.metrics_core import CounterMetricFamily, Metric

from movy import metrics
from movy.health import LIVE
from movy.lib.counters import COUNTED
from movy.management.commands.worker import lanes

DOCS = settings.BASE_DIR / "docs"
NAME = re.compile(r"\bmovy_[a-z_]+")
RULES = [rule for group in yaml.safe_load((DOCS / "alarms.yml").read_text())["groups"] for rule in group["rules"]]


def families() -> list[Metric]:
    return [*COUNTED.collect(), *metrics._Asked().collect()]


def names(family: Metric) -> set[str]:
    """Return under which names a family is asked for in an expression."""
    if family.type == CounterMetricFamily("x", "x").type:
        return {f"{family.name}_total"}
    if family.type == HistogramMetricFamily("x", "x").type:
        return {f"{family.name}_{part}" for part in ("bucket", "sum", "count")}
    return {family.name}


@pytest.mark.django_db
def test_every_alarm_asks_for_metrics_that_are_there():
    there = set().union(*(names(family) for family in families()))
    for rule in RULES:
        asked = set(NAME.findall(rule["expr"]))
        assert asked <= there, rule["alert"]
        assert asked or rule["alert"] == "MovyUnreachable"  # which asks whether the scrape itself works


def test_every_alarm_is_explained_in_the_runbook_with_what_to_do_and_how_urgent_it_is():
    runbook = (DOCS / "runbook.md").read_text()
    explained = dict(re.findall(r"^\| `(Movy\w+)` \| (page|ticket) \| .+ \| .+ \|$", runbook, re.MULTILINE))
    assert explained == {rule["alert"]: rule["labels"]["severity"] for rule in RULES}


@pytest.mark.django_db
def test_every_metric_is_explained_and_no_other():
    explained = set(NAME.findall((DOCS / "metrics.md").read_text()))
    bare = {name for family in families() for name in (names(family) if family.type == "counter" else {family.name})}
    assert explained == bare


def test_the_rules_name_jobs_and_groups_as_movy_does():
    said = set(re.findall(r'(?:who|job)="([^"]+)"', (DOCS / "alarms.yml").read_text()))
    assert said <= {job.name for jobs in lanes().values() for job in jobs} | {"movy", LIVE}
