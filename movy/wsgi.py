"""The WSGI entry: `granian --interface wsgi movy.wsgi:application`. Before Django, what it cannot read or misreads."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movy.settings")
_django = get_wsgi_application()

from movy.lib.problems import general_problem  # noqa: E402 - Django is ready now

Environ = dict[str, Any]


def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    if not _is_utf8(environ.get("CONTENT_TYPE", "")):
        answer = general_problem(415)
        start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
        return answer
    if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" in environ:
        _measure(environ)
    return _django(environ, start_response)


def _is_utf8(content_type: str) -> bool:
    """Say whether a request claims no other charset. Django reads the query in the one that is claimed, and some that
    Python knows, such as hex, aren't even of texts: they break the request before anybody can answer."""
    try:
        _kind, parameters = parse_header_parameters(content_type)
    except (ValueError, LookupError):
        return False
    return parameters.get("charset", "utf-8").lower() in ("utf-8", "utf8")


def _measure(environ: Environ) -> None:
    """Give a body that comes in chunks the length that it has: Django takes one without a length for an empty one. Of a
    body that is too large only so much is read as tells that."""
    body = environ["wsgi.input"].read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    environ |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
