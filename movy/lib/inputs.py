"""How JSON bodies are read, and fields that take their own type alone: DRF's read "5" as a number and 5 as a text."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request

RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def body_read(request: Request, kind: type[serializers.Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
    """Return what a client sent, as `kind` wants it. partial: fields may be left out. Raises ValidationError,
    ParseError.

    A kind is made once and asked again and again, as DRF itself asks one that stands in a list: to make one anew costs
    more than to read a body with it.
    """
    return cast(dict[str, Any], _made(kind, partial).run_validation(request.data))


@cache
def _made(kind: type[serializers.Serializer[Any]], partial: bool) -> serializers.Serializer[Any]:
    return kind(partial=partial)


class StrictInteger(serializers.IntegerField):
    """A JSON integer: no string, no float, no boolean."""

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class TextField(serializers.CharField):
    """Text, and nothing that could be read as text."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class InstantField(serializers.DateTimeField):
    """An instant as RFC 3339 writes it, in UTC. Without an offset nobody knows when it is, so that is refused."""

    default_error_messages = {"invalid": _("Write it as 2026-11-22T18:30:00Z or 2026-11-22T19:30:00+01:00.")}

    def to_internal_value(self, value: Any) -> datetime:
        try:
            if isinstance(value, str) and RFC3339.fullmatch(value):
                return datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            pass  # the 30th of February; an instant before the first year or after the last
        raise serializers.ValidationError(self.error_messages["invalid"], code="invalid")
