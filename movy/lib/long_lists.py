"""Lists that are too long to be counted: bookings, payments, refunds."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

ROWS_MAX = 1000
"""How far one turns pages; whoever looks for something older searches or filters."""


class LongListPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of the first ROWS_MAX rows. Counting stops there: a COUNT(*) reads every row that it counts."""

    @cached_property
    def count(self) -> int:  # type: ignore[override]
        rows: Any = self.object_list
        return int(rows.order_by()[:ROWS_MAX].count())

    @property
    def goes_on(self) -> bool:
        """Whether there may be more rows than are shown."""
        return self.count == ROWS_MAX
