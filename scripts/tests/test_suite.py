"""The tables that `make test` and `make test-long` end with."""

from __future__ import annotations

import json
from pathlib import Path

from scripts.suite import proof_table, proofs

ROW = {"fault": "the worker is killed", "holds": "200 mails, none twice", "held": True, "times": 200, "violations": 0}


def test_what_a_test_proved_is_read_from_its_report(tmp_path: Path):
    report = tmp_path / "report.xml"
    value = json.dumps(ROW).replace('"', "&quot;")
    report.write_text(
        f'<testsuites><testsuite tests="1"><testcase name="a"><properties><property name="proof" value="{value}"/>'
        "</properties></testcase></testsuite></testsuites>"
    )
    assert proofs(report) == (ROW,)
    assert proofs(tmp_path / "none.xml") == ()


def test_a_row_says_how_often_and_what_the_audit_found():
    failed = ROW | {"held": False, "violations": None}
    head, good, bad = proof_table([ROW, failed]).strip().splitlines()
    assert head.split() == ["fault", "times", "audit", "what", "held"]
    assert good.split("  ")[0] == "the worker is killed"
    assert good.endswith("200  violations=0   200 mails, none twice")
    assert bad.endswith("200  not reached    FAILED: 200 mails, none twice")
