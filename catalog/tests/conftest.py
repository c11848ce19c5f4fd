from __future__ import annotations

import pytest
from django.core.cache import caches


@pytest.fixture(autouse=True)
def _no_pages_of_the_last_test() -> None:
    caches["pages"].clear()
