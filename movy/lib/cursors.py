"""Lists that grow with time, newest first: pages are cut by the key of a row that was shown, not by counting rows.

So the last page costs what the first one costs, and rows that come meanwhile are neither shown twice nor left out. A
place in a list is written as a cursor: text for an address, signed, so that nothing has to be checked of one that is
ours, and good for the list that it was made for alone.

Ours rather than REST framework's CursorPagination: that one goes by the first column and counts rows among those of the
same instant, which the next insert puts wrong, and takes what anybody writes for a position.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from movy.lib.errors import DomainError

Side = Literal["newer", "older"]


class CursorUnknown(DomainError):
    """No cursor of ours, or another list's."""

    code = "invalid"
    status = 400
    message = _("This place in the list could not be read. Begin with the newest.")

    def __init__(self) -> None:
        super().__init__(errors=[{"field": "cursor", "code": "invalid", "message": self.message}])


@dataclass(frozen=True)
class Cut:
    """A page of a list, the newest row first. newer, older: the cursors of the pages beside it; None where there is
    none, "" for the list's beginning."""

    rows: list[Any]
    newer: str | None
    older: str | None


def cut(rows: QuerySet[Any], cursor: str, *, size: int, by: str = "created_at") -> Cut:
    """Return the page of `size` rows that a cursor stands for, "" for the newest. One query. Raises CursorUnknown.

    by: when a row was made; among those of the same instant the key decides. An index that ends in it serves the list.
    """
    place = _place(rows.model, cursor) if cursor else None
    is_upwards = place is not None and place.side == "newer"
    ordered = rows.order_by(by, "pk") if is_upwards else rows.order_by(f"-{by}", "-pk")
    found = list(ordered.filter(place.beyond(by) if place else Q())[: size + 1])
    shown, goes_on = found[:size], len(found) > size
    if place is None:
        return Cut(shown, newer=None, older=_cursor(shown[-1], "older", by) if goes_on else None)
    if not shown:  # what the cursor led to has left the list since
        return Cut([], newer="", older=None)
    if is_upwards:
        shown.reverse()
    return Cut(
        shown,
        newer=_cursor(shown[0], "newer", by) if goes_on or not is_upwards else None,
        older=_cursor(shown[-1], "older", by) if goes_on or is_upwards else None,
    )


@dataclass(frozen=True)
class _Place:
    """Beside a row, on its newer or its older side."""

    side: Side
    at: datetime
    pk: Any

    def beyond(self, by: str) -> Q:
        """Rows on that side. The first condition follows from the others: by it databases begin to read in the middle
        of an index, which they don't do by an OR, nor by a comparison of pairs."""
        than = "gt" if self.side == "newer" else "lt"
        same = Q(**{by: self.at, f"pk__{than}": self.pk})
        return Q(**{f"{by}__{than}e": self.at}) & (Q(**{f"{by}__{than}": self.at}) | same)


def _cursor(row: Model, side: Side, by: str) -> str:
    return _signer(type(row)).sign_object([side, getattr(row, by).isoformat(), row.pk])


def _place(model: type[Model], cursor: str) -> _Place:
    try:
        side, at, pk = _signer(model).unsign_object(cursor)
    except BadSignature as error:
        raise CursorUnknown from error
    return _Place(side, datetime.fromisoformat(at), pk)


def _signer(model: type[Model]) -> Signer:
    return Signer(salt=f"{__name__}.{model._meta.label}", sep=".")
