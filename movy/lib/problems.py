"""Refusals as `application/problem+json` (RFC 9457): one handler for everything that an API view can raise."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
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
    413: "Too large",
    415: "Unsupported media type",
    422: "Cannot be processed",
    429: "Too many requests",
    500: "Our mistake",
    502: "Partner unavailable",
    503: "Unavailable",
}


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


def problem_response(http_status: int, code: str, detail: str, **extra: Any) -> JsonResponse:
    """Return a refusal outside DRF: unknown paths, a database that is gone, a bug."""
    response = JsonResponse(problem(http_status, code, detail, **extra), status=http_status, content_type=CONTENT_TYPE)
    if http_status == status.HTTP_503_SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER: every refusal in one format. Returns None for a bug, which Django reports."""
    headers: dict[str, str] = {}
    extra: dict[str, Any] = {}
    match error:
        case DomainError():
            http_status, code, detail, extra = (error.status, error.code, str(error.message), error.extra)
        case exceptions.ValidationError():
            http_status, code, detail = (400, "invalid", _("Some fields need another look."))
            extra = {"errors": validation_errors(error.detail)}
        case exceptions.APIException():
            http_status, code, detail = (error.status_code, _api_code(error), str(error.detail))
            if (wait := getattr(error, "wait", None)) is not None:  # Throttled has it, in seconds
                headers["Retry-After"] = str(int(wait) + 1)
        case RequestDataTooBig():
            http_status, code, detail = 413, "too_large", _("This is too large. Send less at once.")
        case Http404():
            http_status, code, detail = 404, "not_found", _("There is nothing here.")
        case PermissionDenied():
            http_status, code, detail = (403, "permission_denied", _("You may not do this."))
        case _ if is_database_away(error):
            logger.error("database away: %s", error)
            http_status, code, detail = (503, "unavailable", _("We cannot reach our database. Try again in a moment."))
        case _:
            return None
    set_rollback()
    if http_status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if http_status == 503:
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if "retry_after" in extra:
        headers["Retry-After"] = str(extra.pop("retry_after"))
    body = problem(http_status, code, detail, **extra)
    return Response(body, status=http_status, headers=headers, content_type=CONTENT_TYPE)


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
