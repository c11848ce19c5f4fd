"""Towns to measure in (benchmarks/town)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.core.management import call_command

from benchmarks.town.build import town_build
from movy.lib.clock import database_now

MakeTown = Callable[..., AbstractContextManager[None]]


@pytest.fixture(scope="module")
def town_of(django_db_setup, django_db_blocker) -> MakeTown:
    """Call it with the sizes of town_build: while the block lasts, the tests' database holds that town."""

    @contextmanager
    def town_of(**sizes: int) -> Iterator[None]:
        with django_db_blocker.unblock():
            try:
                town_build(now=database_now(), **sizes)
                yield
            finally:
                call_command("flush", interactive=False, verbosity=0)

    return town_of
