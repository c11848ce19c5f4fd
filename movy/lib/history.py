"""What changed in a row, and who did it: the rows that django-simple-history writes beside our own, told in words.

A model says `history = HistoricalRecords()`. Each save then keeps a copy, with the person whose request it was. Bulk
and raw writes keep none, on purpose: seats, bookings and payments have events of their own. Rows that are made in bulk
and do matter are kept by `history_keep`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

MADE, CHANGED, DELETED = "+", "~", "-"
VALUE_LENGTH = 80
"""Characters of an old or new value that a line of history shows."""


@dataclass(frozen=True)
class Change:
    """One field of a row: what it was, and what it has become."""

    field: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"


@dataclass(frozen=True)
class HistoryLine:
    """One kept row against the one before it."""

    record: Any
    kind: str
    at: datetime
    actor: Any
    changes: list[Change] = field(default_factory=list)

    @property
    def says_nothing(self) -> bool:
        """A save that changed none of the fields that are kept."""
        return self.kind == CHANGED and not self.changes

    @property
    def sentence(self) -> str:
        if self.kind == MADE:
            return _("Added.")
        if self.kind == DELETED:
            return _("Deleted.")
        return " · ".join(str(change) for change in self.changes)


def history_keep(rows: Sequence[models.Model], *, model: type[models.Model]) -> None:
    """Keep rows that bulk_create has just made, as saving each would have done. `rows` have their primary keys."""
    model.history.bulk_history_create(rows)  # type: ignore[attr-defined]


def history_lines(records: Iterable[Any]) -> list[HistoryLine]:
    """Tell kept rows of one model in words, in the order given; those that say nothing are left out.

    At most one query more, and one for each foreign key that the model keeps, whatever the number of rows.
    """
    records = list(records)
    if not records:
        return []
    kept = type(records[0])
    before = _ones_before(kept, records)
    names = _names_of(kept, [*records, *before.values()])
    lines = []
    for record in records:
        previous = before.get(record.pk)
        is_change = record.history_type == CHANGED and previous is not None
        lines.append(
            HistoryLine(
                record=record,
                kind=record.history_type,
                at=record.history_date,
                actor=record.history_user,
                changes=_changes(record, previous, names) if is_change else [],
            )
        )
    return [line for line in lines if not line.says_nothing]


def _ones_before(kept: type[models.Model], records: Sequence[Any]) -> dict[Any, Any]:
    """Return the kept row before each, by the later one's key. One query."""
    earlier = kept._default_manager.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    latest = earlier.order_by("-history_id").values("history_id")[:1]
    pairs = kept._default_manager.filter(history_id__in=[record.pk for record in records]).annotate(
        before_id=Subquery(latest)
    )
    before_ids = dict(pairs.values_list("history_id", "before_id"))
    rows = kept._default_manager.in_bulk([key for key in before_ids.values() if key is not None])
    return {key: rows[before_id] for key, before_id in before_ids.items() if before_id in rows}


def _kept_fields(kept: type[models.Model]) -> list[Any]:
    return list(kept.tracked_fields)  # type: ignore[attr-defined]


def _names_of(kept: type[models.Model], records: Sequence[Any]) -> dict[tuple[str, Any], str]:
    """Return what the rows that foreign keys point to are called: (field, key) -> name. A query for each such field;
    a row that is gone has no name any more."""
    names: dict[tuple[str, Any], str] = {}
    for column in _kept_fields(kept):
        if not column.is_relation:
            continue
        keys = {getattr(record, column.attname) for record in records} - {None}
        related = column.remote_field.model._default_manager
        names |= {(column.name, row.pk): str(row) for row in related.filter(pk__in=keys)}
    return names


def _changes(record: Any, previous: Any, names: dict[tuple[str, Any], str]) -> list[Change]:
    changes = []
    for column in _kept_fields(type(record)):
        old, new = getattr(previous, column.attname), getattr(record, column.attname)
        if old != new:
            label = capfirst(str(column.verbose_name))
            changes.append(Change(label, _told(previous, column, old, names), _told(record, column, new, names)))
    return changes


def _told(record: Any, column: Any, value: Any, names: dict[tuple[str, Any], str]) -> str:
    if value in (None, ""):
        return "–"
    if column.is_relation:
        return names.get((column.name, value), f"#{value}")
    if column.choices:
        return str(getattr(record, f"get_{column.name}_display")())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(value, "D j M Y, H:i e")
    text = str(value)
    return text if len(text) <= VALUE_LENGTH else f"{text[: VALUE_LENGTH - 1]}…"
