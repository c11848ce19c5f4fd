"""The tables that `make test` and `make test-long` end with."""

from __future__ import annotations

import json
from pathlib import Path

from scripts.suite import guard_table, noted, proof_table

ROW = {"fault": "the worker is killed", "holds": "200 mails, none twice", "held": True, "times": 200, "violations": 0}


def test_what_a_test_proved_is_read_from_its_report(tmp_path: Path):
    report = tmp_path / "report.xml"
    value = json.dumps(ROW).replace('"', "&quot;")
    report.write_text(
        f'<testsuites><testsuite tests="1"><testcase name="a"><properties><property name="proof" value="{value}"/>'
        "</properties></testcase></testsuite></testsuites>"
    )
    assert noted(report, "proof") == (ROW,)
    assert noted(report, "guard") == noted(tmp_path / "none.xml", "proof") == ()


def test_a_row_says_how_often_and_what_the_audit_found():
    failed = ROW | {"held": False, "violations": None}
    head, good, bad = proof_table([ROW, failed]).strip().splitlines()
    assert head.split() == ["fault", "times", "audit", "what", "held"]
    assert good.split("  ")[0] == "the worker is killed"
    assert good.endswith("200  violations=0   200 mails, none twice")
    assert bad.endswith("200  not reached    FAILED: 200 mails, none twice")


def test_a_guard_that_nobody_missed_stands_out():
    rows = [
        {"guard": "the lock on the payment", "test": "tests/a.py::test_b", "is_red": True},
        {"guard": "a limit", "test": "tests/a.py::test_c", "is_red": False},
    ]
    _head, noticed, missed, total = guard_table(rows).strip().splitlines()
    assert noticed == "the lock on the payment  tests/a.py::test_b"
    assert missed == "a limit                  NOT NOTICED"
    assert total == "2 guards taken out, 1 noticed"
