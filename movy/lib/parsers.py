"""Reading what clients send."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ParseError, UnsupportedMediaType, ValidationError
from rest_framework.parsers import JSONParser

NESTING_MAX = 20
"""Levels of objects and lists, far more than any endpoint takes."""

NO_TEXT = re.compile("[\0\ud800-\udfff]")
"""NUL, which databases cut texts at or refuse, and halves of characters, which cannot be written as UTF-8."""


class StrictJSONParser(JSONParser):
    """One JSON object in UTF-8 as RFC 8259 has it, whose every string is text. Python's own reader takes more: NaN,
    UTF-16, a name twice, halves of characters. Fields that nobody asked for are read as strictly as the others, so that
    no endpoint meets a value that it cannot store, compare or send back."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Raises ParseError and ValidationError (400), and UnsupportedMediaType (415) for a compressed body."""
        encoding = (parser_context or {})["request"].headers.get("Content-Encoding", "identity")
        if encoding != "identity":
            raise UnsupportedMediaType(encoding, _("Send the body as it is, without compressing it."))
        try:
            data = json.loads(stream.read().decode(), object_pairs_hook=_object, parse_constant=_no_number)
        except RecursionError:
            raise _nested_too_deeply() from None
        except json.JSONDecodeError as error:
            raise ParseError(_("This is not JSON: %(reason)s") % {"reason": error}) from None
        except ValueError:
            raise ParseError(_("This is not UTF-8, or has something for a number that is none.")) from None
        if not isinstance(data, dict):
            raise ParseError(_("Send a JSON object."))
        _values_check(data)
        return data


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(pairs) > settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
        raise ParseError(_("An object has too many fields."))
    if len(fields) != len(pairs):
        raise ParseError(_("A name stands twice in the same object."))
    return fields


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


def _values_check(data: dict[str, Any]) -> None:
    """Raise ParseError for what is nested too deeply, and ValidationError for a string that is no text: it names the
    field that it is in, or whose name it is part of."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), data)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            if NO_TEXT.search(value):
                message = _("A text contains a character that no text has.")
                raise ValidationError({".".join(path): [ErrorDetail(message, "invalid")]})
        elif isinstance(value, (dict, list)):
            if len(path) >= NESTING_MAX:
                raise _nested_too_deeply()
            named = value.items() if isinstance(value, dict) else enumerate(value)
            waiting += [((*path, str(name)), part) for name, part in named]
            if isinstance(value, dict):
                waiting += [(path, name) for name in value]  # looked at first: a path is made of them


def _nested_too_deeply() -> ParseError:
    return ParseError(_("This is nested too deeply."))
