"""What a line of the list is held to, and what counts as red."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutations.mutation import Edit, Mutation, Rotten
from tests.mutations.tree import Verdict, database_url, verdicts

SOURCE = "if full:\n    raise Full\nif closed:\n    raise Closed\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    raise Late\n", ""),  # it was rewritten since
        ("if ", "while "),  # which of the two?
        ("    raise Full\n", ""),  # an if without a body
    ],
)
def test_a_text_that_is_not_there_once_or_leaves_no_python_is_rotten(old, new):
    with pytest.raises(Rotten):
        Edit("hall.py", old, new).applied(SOURCE)


def test_two_edits_of_one_file_are_both_made(tmp_path: Path):
    (tmp_path / "hall.py").write_text(SOURCE)
    mutation = Mutation(
        guard="The end of sales, twice",
        file="hall.py",
        old="if full:\n    raise Full\n",
        new="",
        also=(Edit("hall.py", "if closed:", "if False:"),),
        test="tests/test_hall.py::test_it",
    )
    assert mutation.sources(tmp_path) == {"hall.py": "if False:\n    raise Closed\n"}
    assert mutation.name == "the-end-of-sales-twice"


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("", Verdict.GREEN),
        ('<failure message="assert 2 == 1" />', Verdict.RED),
        ('<failure message="Failed: DID NOT RAISE SeatsUnavailable" />', Verdict.RED),
        ("""<error message='failed on teardown with "AssertionError: a seat is in two bookings"' />""", Verdict.RED),
        ('<failure message="NameError: name &apos;taken&apos; is not defined" />', Verdict.BROKEN),
        ('<failure message="django.db.utils.ProgrammingError: (1064, &apos;syntax&apos;)" />', Verdict.BROKEN),
        ("""<error message='failed on setup with "AssertionError: no database"' />""", Verdict.BROKEN),
        ('<error message="collection failure" />', Verdict.BROKEN),
        ("<skipped />", Verdict.BROKEN),
    ],
)
def test_only_a_test_that_ran_and_found_something_wrong_is_red(tmp_path: Path, said, verdict):
    good = '<testcase classname="bookings.tests.test_hold" name="test_it[1]" />'
    other = f'<testcase classname="bookings.tests.test_hold" name="test_it[2]">{said}</testcase>'
    report = tmp_path / "report.xml"
    report.write_text(f"<testsuites><testsuite>{good}{other}</testsuite></testsuites>")
    name = "bookings/tests/test_hold.py::test_it"
    assert verdicts(report) == {name: verdict, f"{name}[1]": Verdict.GREEN, f"{name}[2]": verdict}


def test_the_copy_has_a_database_of_its_own(tmp_path: Path):
    assert database_url("mysql://movy:movy@127.0.0.1:3306/movy", tmp_path).endswith(":3306/movy_mutants")
    assert database_url("sqlite:////var/movy.sqlite3", tmp_path).startswith(f"sqlite:///{tmp_path}/")
