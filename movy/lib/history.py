"""What changed in a row, and who did it: the rows that django-simple-history writes beside our own, told in words.

A model says `history = HistoricalRecords()`. Each save then keeps a copy, with the person whose request it was. Bulk
and raw writes keep none, on purpose: seats, bookings and payments have events of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext as _

MADE, CHANGED, DELETED = "+", "~", "-"
VALUE_LENGTH = 80
"""Characters of an old or new value that a line of history shows."""

Tell = Callable[[Any], str]


@dataclass(frozen=True)
class Kept:
    """A model whose changes are kept. related: foreign keys that telling a row follows. words: for a field that people
    know by another name or form, the name and what says its value."""

    model: type[models.Model]
    about: Tell = str
    related: tuple[str, ...] = ()
    words: Mapping[str, tuple[Any, Tell]] = field(default_factory=dict)

    def rows(self, **where: Any) -> QuerySet[Any]:
        """Return kept rows, the latest first, each with the key of the one before it as `before_id`."""
        copies = self._copies()
        earlier = copies.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
        rows = copies.select_related("history_user", *self.related).filter(**where)
        return rows.annotate(before_id=Subquery(earlier.values("history_id")[:1])).order_by("-history_id")

    def lines(self, rows: Iterable[Any]) -> list[HistoryLine]:
        """Tell `rows` in words, in their order; saves that changed nothing are left out. At most one query more."""
        rows = list(rows)
        ids = [row.before_id for row in rows if row.before_id is not None and row.history_type == CHANGED]
        before = self._copies().select_related(*self.related).in_bulk(ids) if ids else {}
        lines = [self._line(row, before.get(row.before_id)) for row in rows]
        return [line for line in lines if line.kind != CHANGED or line.changes]

    def _copies(self) -> QuerySet[Any]:
        return self.model.history.all()  # type: ignore[attr-defined,no-any-return]

    def _line(self, row: Any, before: Any) -> HistoryLine:
        return HistoryLine(
            pk=row.history_id,
            row_id=row.id,
            kind=row.history_type,
            at=row.history_date,
            actor=row.history_user,
            about=self.about(row),
            changes=list(self._changes(before, row)) if before is not None else [],
        )

    def _changes(self, before: Any, row: Any) -> Iterable[Change]:
        for column in type(row).tracked_fields:
            if getattr(before, column.attname) != getattr(row, column.attname):
                label, tell = self.words.get(column.name, (column.verbose_name, None))
                old, new = (tell(one) if tell else told(one, column) for one in (before, row))
                yield Change(capfirst(str(label)), old, new)


@dataclass(frozen=True)
class Change:
    """One field of a row: what it was, and what it has become."""

    label: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.label}: {self.old} → {self.new}"


@dataclass(frozen=True)
class HistoryLine:
    """A kept row against the one before it. pk: of the copy. row_id: of the row itself."""

    pk: int
    row_id: int
    kind: str
    at: datetime
    actor: Any
    about: str
    changes: list[Change]

    @property
    def sentence(self) -> str:
        if self.kind == MADE:
            return _("Added.")
        if self.kind == DELETED:
            return _("Removed.")
        return " · ".join(str(change) for change in self.changes)


def told(row: Any, column: models.Field[Any, Any]) -> str:
    """Return a field's value as people read it. Foreign keys must have come with the row."""
    value = getattr(row, column.attname)
    if value in (None, ""):
        return "–"
    if column.is_relation:
        related = getattr(row, column.name, None)
        return f"#{value}" if related is None else str(related)
    if column.choices:
        return str(getattr(row, f"get_{column.name}_display")())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    return text if len(text) <= VALUE_LENGTH else f"{text[: VALUE_LENGTH - 1]}…"


# ---- The office's log, which Django writes


def log_of(model: type[models.Model], ids: QuerySet[Any], *, is_kept: bool = False) -> Q:
    """Return the condition for log entries about these rows. What `model`'s kept history tells too is left out: plain
    changes of its own fields, and its making; rows beside it (inlines, invitations) stand in the log alone."""
    entries = Q(content_type=ContentType.objects.get_for_model(model), object_id__in=ids)
    if not is_kept:
        return entries
    plain = Q(change_message__startswith='[{"changed": {"fields"') & ~Q(change_message__contains="}}, {")
    return entries & ~plain & ~Q(change_message__in=["[]", '[{"added": {}}]', ""])


def log_sentence(entry: LogEntry) -> str:
    return entry.get_change_message() or str(entry)
