"""Each guard of the list is taken out in a copy of the tree, and its test must turn red there."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable

import pytest

from tests.mutations.guards import GUARDS
from tests.mutations.mutation import ROOT, Mutation, Rotten
from tests.mutations.tree import ALL_SECONDS_MAX, Run, Tree, Verdict

PROPERTY = "guard"
"""The name under which a row stands in pytest's JUnit report; scripts/suite.py makes a table of them."""


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    return Tree(tmp_path_factory.mktemp("mutants"))


@pytest.fixture(scope="session")
def complete(tree: Tree, request: pytest.FixtureRequest) -> Run:
    """What the same tests say of the copy while nothing is missing."""
    chosen = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    tests = {params["mutation"].test for params in chosen if "mutation" in params}
    return tree.test(sorted(tests), seconds=ALL_SECONDS_MAX)


@pytest.mark.long
@pytest.mark.parametrize(
    "mutation",
    [
        pytest.param(mutation, id=mutation.name, marks=[pytest.mark.mariadb] if mutation.needs_mariadb else [])
        for mutation in GUARDS
    ],
)
def test_without_it_its_test_is_red(
    mutation: Mutation, tree: Tree, complete: Run, record_property: Callable[[str, object], None]
):
    assert complete.verdicts.get(mutation.test) == Verdict.GREEN, complete.printed
    with tree.without(mutation):
        run = tree.test([mutation.test], options=["--exitfirst"])
    is_red = (run.status, run.verdicts.get(mutation.test)) == (pytest.ExitCode.TESTS_FAILED, Verdict.RED)
    row = {"guard": mutation.guard, "test": mutation.test, "is_red": is_red}
    record_property(PROPERTY, json.dumps(row, ensure_ascii=False))
    assert is_red, run.printed


def test_the_list_fits_the_code():
    rotten = []
    for mutation in GUARDS:
        try:
            mutation.sources(ROOT)
        except Rotten as why:
            rotten.append(f"{mutation.guard}: {why}")
    assert not rotten, "\n\n".join(rotten)


def test_every_guard_has_a_name_of_its_own():
    names = [mutation.name for mutation in GUARDS]
    assert sorted(set(names)) == sorted(names)


def test_every_test_of_the_list_is_there():
    for mutation in GUARDS:
        file, _, name = mutation.test.partition("[")[0].partition("::")
        functions = {
            node.name for node in ast.parse((ROOT / file).read_text()).body if isinstance(node, ast.FunctionDef)
        }
        assert name in functions, mutation.test
