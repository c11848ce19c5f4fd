"""Fixtures of the tests that cross apps."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from movy.lib.clock import database_now
from payments.audit import violations
from tests.proof import Proof


@pytest.fixture
def audited(transactional_db: None) -> Iterator[None]:
    """After the test the books are right, as `manage.py audit` reads them."""
    yield
    assert list(violations(database_now())) == []


@pytest.fixture
def proof(record_property: Callable[[str, object], None]) -> Proof:
    """Counts how often a fault was injected, audits, and makes it a row of the table of `make test-long`."""
    return Proof(record_property)
