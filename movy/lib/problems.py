"""Refusals as `application/problem+json` (RFC 9457): one handler for everything that an API view can raise."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from movy.lib.db import is_database_away
from movy.lib.errors import DomainError

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5

TITLES = {
    400: "Bad request",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    412: "Precondition failed",
    413: "Too large",
    415: "Unsupported media type",
    422: "Cannot be processed",
    429: "Too many requests",
    500: "Our mistake",
    502: "Partner unavailable",
    503: "Unavailable",
}
GENERAL: dict[int, tuple[str, Promise]] = {
    400: ("malformed", gettext_lazy("This request cannot be read.")),
    403: ("permission_denied", gettext_lazy("You may not do this.")),
    404: ("not_found", gettext_lazy("There is nothing at this address.")),
    405: ("method_not_allowed", gettext_lazy("This address does not take this method.")),
    412: ("precondition_failed", gettext_lazy("What is here is not what you asked for.")),
    413: ("too_large", gettext_lazy("This is too large. Send less at once.")),
    415: ("unsupported_media_type", gettext_lazy("Send application/json in UTF-8.")),
    500: ("internal_error", gettext_lazy("This is our mistake. It has been noted.")),
    503: ("unavailable", gettext_lazy("We cannot reach our database. Try again in a moment.")),
}
"""By status, the code and the sentence of a refusal that no endpoint has words for."""


def problem(http_status: int, code: str, detail: str, **extra: Any) -> dict[str, Any]:
    """Return the body of a refusal. `code` is stable and part of the API; `detail` is a sentence for people."""
    return {
        "type": "about:blank",
        "title": TITLES.get(http_status, "Refused"),
        "status": http_status,
        "detail": detail,
        "code": code,
        **extra,
    }


def general_problem(http_status: int) -> HttpResponse:
    """Return a refusal outside DRF that nobody has said more about: unknown paths, a database that is gone, a bug."""
    return _answer(_general_body(http_status))


def domain_problem(error: DomainError) -> HttpResponse:
    """Return a refusal outside DRF for a reason of our own."""
    return _answer(_domain_body(error), error.extra.get("retry_after"))


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER: every refusal in one format. Returns None for a bug, which Django reports."""
    refusal = _refusal(error)
    if refusal is None:
        return None
    body, retry_after = refusal
    set_rollback()
    return Response(
        body, status=body["status"], headers=_headers(body["status"], retry_after), content_type=CONTENT_TYPE
    )


def problem_of(error: Exception) -> HttpResponse | None:
    """Return what an endpoint would say of an error, outside DRF. None for a bug."""
    refusal = _refusal(error)
    return None if refusal is None else _answer(*refusal)


def _refusal(error: Exception) -> tuple[dict[str, Any], int | None] | None:
    """Return the body of a refusal, and after how many seconds to come back. None for a bug."""
    match error:
        case DomainError():
            return _domain_body(error), error.extra.get("retry_after")
        case exceptions.ValidationError():
            rows = validation_errors(error.detail)
            body = problem(400, "invalid", _("Some fields need another look."), errors=rows)
        case exceptions.APIException():
            body = problem(error.status_code, _api_code(error), str(error.detail))
        case RequestDataTooBig():
            body = _general_body(413)
        case SuspiciousOperation():  # a thousand fields in a query
            body = _general_body(400)
        case Http404():
            body = problem(404, "not_found", _("There is nothing here."))
        case PermissionDenied():
            body = _general_body(403)
        case _ if is_database_away(error):
            logger.error("database away: %s", error)
            body = _general_body(503)
        case _:
            return None
    return body, None


def _general_body(http_status: int) -> dict[str, Any]:
    code, detail = GENERAL.get(http_status) or GENERAL[400 if http_status < 500 else 500]
    return problem(http_status, code, str(detail))


def _domain_body(error: DomainError) -> dict[str, Any]:
    """`retry_after` is for the header."""
    extra = {name: value for name, value in error.extra.items() if name != "retry_after"}
    return problem(error.status, error.code, str(error.message), **extra)


def _answer(body: dict[str, Any], retry_after: int | None = None) -> HttpResponse:
    answer = JsonResponse(body, status=body["status"], content_type=CONTENT_TYPE)
    for name, value in _headers(body["status"], retry_after).items():
        answer[name] = value
    answer["Content-Length"] = str(len(answer.content))  # Django's middleware, which does that, may not be reached
    return answer


def _headers(http_status: int, retry_after: int | None = None) -> dict[str, str]:
    if http_status == 401:
        return {"WWW-Authenticate": "Bearer"}
    if http_status == 503:
        retry_after = retry_after or RETRY_AFTER_SECONDS
    return {} if retry_after is None else {"Retry-After": str(retry_after)}


def validation_errors(detail: Any, field: str = "") -> list[dict[str, str]]:
    """Return DRF's nested errors as a flat list of {field, code, message}; a nested field is written with dots."""
    if isinstance(detail, dict):
        return [
            row
            for key, value in detail.items()
            for row in validation_errors(value, field if key == "non_field_errors" else f"{field}.{key}".strip("."))
        ]
    if isinstance(detail, list):
        return [
            row
            for index, value in enumerate(detail)
            for row in validation_errors(value, f"{field}.{index}" if isinstance(value, (dict, list)) else field)
        ]
    return [{"field": field, "code": getattr(detail, "code", "invalid"), "message": str(detail)}]


def _api_code(error: exceptions.APIException) -> str:
    codes = {405: "method_not_allowed", 400: "malformed", 415: "unsupported_media_type"}
    return codes.get(error.status_code) or str(getattr(error.detail, "code", error.default_code))
