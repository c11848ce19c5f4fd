"""Fixtures of the tests that cross apps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from movy.lib.clock import database_now
from payments.audit import violations


@pytest.fixture
def audited(transactional_db: None) -> Iterator[None]:
    """After the test the books are right, as `manage.py audit` reads them."""
    yield
    assert list(violations(database_now())) == []
