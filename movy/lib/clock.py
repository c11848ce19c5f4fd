"""Time: instants are aware and UTC, days belong to a theatre's zone, and `now` is the database's."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import DateTimeField, Expression
from django.utils.translation import gettext as _

from movy.lib.errors import DomainError
from movy.lib.sql import sql_instant

DAY_ENDS_AT = time(5, 0)
"""A cinema's day ends at 05:00 local time: a show at 00:30 belongs to the evening before."""


def database_now() -> datetime:
    """Return the database server's clock as an aware UTC instant. One query.

    Every rule about holds uses this clock: the web processes' own may differ from each other.
    Django's Now() is not used because it answers in the server's zone.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {now_sql()}", [])
        return sql_instant(cursor.fetchone()[0])


def now_sql() -> str:
    """Return the server's clock as SQL, for a query with parameters that asks for more; sql_instant reads its value."""
    # SQLite compares texts: as many digits as Django writes, or a hold that ends this millisecond would still last.
    return "UTC_TIMESTAMP(6)" if connection.vendor == "mysql" else "strftime('%%Y-%%m-%%d %%H:%%M:%%f000', 'now')"


class DatabaseNow(Expression):
    """`database_now()` as an annotation, for a query that asks for more."""

    output_field = DateTimeField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return now_sql(), ()


def local_day(instant: datetime, timezone: str) -> date:
    """Return the cinema day that an instant belongs to in an IANA zone."""
    local = instant.astimezone(ZoneInfo(timezone))
    return local.date() - timedelta(days=1) if local.time() < DAY_ENDS_AT else local.date()


def day_bounds(day: date, timezone: str) -> tuple[datetime, datetime]:
    """Return the first instant of a cinema day in an IANA zone, and the first one after it, both UTC.

    Computed here rather than in SQL: without time zone tables MariaDB silently finds nothing. Raises OverflowError at
    the calendar's ends.
    """
    zone = ZoneInfo(timezone)
    start = datetime.combine(day, DAY_ENDS_AT, tzinfo=zone)
    end = datetime.combine(day + timedelta(days=1), DAY_ENDS_AT, tzinfo=zone)
    return start.astimezone(UTC), end.astimezone(UTC)


class NoSuchTime(DomainError):
    """A wall clock never shows this, or shows it twice: somebody must say which instant is meant."""

    code = "invalid"
    status = 400


def instant_of(wall_clock: datetime, timezone: str) -> datetime:
    """Return when the clocks of an IANA zone show this naive time, in UTC.

    Raises NoSuchTime for an hour that summer time skips, and for one that it repeats.
    """
    zone = ZoneInfo(timezone)
    first, second = (wall_clock.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    shown = wall_clock.strftime("%H:%M")
    if first.astimezone(zone).replace(tzinfo=None) != wall_clock:
        raise NoSuchTime(_("There is no %(time)s that night: the clocks are put forward.") % {"time": shown})
    if first != second:
        raise NoSuchTime(
            _("%(time)s comes twice that night: the clocks are put back. Choose a time before or after.")
            % {"time": shown}
        )
    return first


def minutes_into_day(at: time) -> int:
    """Return minutes since a cinema day began: minutes_into_day(time(0, 30)) == 19 * 60 + 30."""
    return (at.hour * 60 + at.minute - DAY_ENDS_AT.hour * 60) % (24 * 60)


def wall_clock(day: date, at: time) -> datetime:
    """Return what the clock shows at a time of a cinema day, naive: 00:30 is on the date after."""
    return datetime.combine(day + timedelta(days=1) if at < DAY_ENDS_AT else day, at)


def rfc3339(instant: datetime) -> str:
    """Return "2026-11-22T18:30:00Z"; fractions of a second are dropped."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
