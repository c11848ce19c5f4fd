"""Fields of JSON bodies that take their own type alone: DRF's read "5" as a number and 5 as a text."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


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
