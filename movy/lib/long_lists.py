"""Lists that are too long to be counted: showings, films on lists, bookings, payments, refunds."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

ROWS_MAX = 1000
"""How far one turns pages; whoever looks for something older searches or filters."""


class LongList(ChangeList):
    """Fetches what its rows name (`list_select_related`) beside them instead of joining it: of a join of all bookings
    with the few theatres the planner begins with the theatres, and sorts everything for one page."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        self.root_queryset = self.root_queryset.select_related(None)  # what the class fetches for its other pages
        return super().get_queryset(request, exclude_parameters)

    def apply_select_related(self, qs: QuerySet[Any]) -> QuerySet[Any]:
        return qs.prefetch_related(*self.list_select_related)  # type: ignore[arg-type,misc,attr-defined]


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
