"""The door of requests that a client may send again without fear."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar, cast

from django.db import DatabaseError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from movy.idempotency.errors import InProgress
from movy.idempotency.schema import IdempotentSchema
from movy.idempotency.services import Answer, Question, answer_keep, answer_or_claim, claim_release, question
from movy.lib.problems import CONTENT_TYPE

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT_REFUSALS = {400, 409}
"""What the same request would be refused for again. Anything else may heal, so the next try runs anew."""

T = TypeVar("T")
Keep = Callable[[Callable[[T], Response]], Callable[[T], None]]
"""From a function that makes the answer out of what was done, make the one that stores it: the last step of the
transaction that did it."""


class IdempotentView(APIView):
    """A POST under `Idempotency-Key`. Subclasses write `act(request, kept, **path)`: a `post` that hands `kept(answer)`
    to the flow that acts."""

    schema = IdempotentSchema()  # type: ignore[no-untyped-call]

    act: Callable[..., Response]

    def post(self, request: Request, **path: Any) -> HttpResponse:
        asked = _asked(request)
        if asked is None:
            return self.act(request, _unkept, **path)
        claim = answer_or_claim(asked)
        if isinstance(claim, Answer):
            content_type = "application/json" if claim.status < 400 else CONTENT_TYPE
            headers = {REPLAYED: "true"}
            return HttpResponse(claim.body, status=claim.status, content_type=content_type, headers=headers)
        return self._first(request, asked, claim, path)

    def _first(self, request: Request, asked: Question, claim: str, path: dict[str, Any]) -> Response:
        first: list[Response] = []  # the last one stands: a transaction may have run more than once

        def keep(response: Response) -> Response:
            body = JSONRenderer().render(response.data).decode()
            answer_keep(asked, claim=claim, status=response.status_code, body=body)
            return response

        def kept(answer: Callable[[Any], Response]) -> Callable[[Any], None]:
            return lambda done: first.append(keep(answer(done)))

        try:
            response = self.act(request, kept, **path)
        except Exception as error:
            if not _is_kept_refusal(error):
                with suppress(DatabaseError):  # then the claim runs out by itself
                    claim_release(asked, claim=claim)
                raise
            return keep(self.handle_exception(error))
        return first[-1] if first else keep(response)  # without one, there was nothing to do


def _unkept(answer: Callable[[Any], Response]) -> Callable[[Any], None]:
    return lambda done: None


def _asked(request: Request) -> Question | None:
    """Return what a request with a key asks, None without one. Raises ValidationError, ParseError."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
        message = _("Use 1 to 255 visible ASCII characters, a new UUID for each new request.")
        raise ValidationError({HEADER: [ErrorDetail(message, "invalid")]})
    body = json.dumps(request.data, sort_keys=True, separators=(",", ":"))
    return question(
        user_id=cast(int, request.user.pk), key=key, method=str(request.method), path=request.path, body=body
    )


def _is_kept_refusal(error: Exception) -> bool:
    """Say whether an error refuses this request for good. Our own refusals have `status`, DRF's `status_code`."""
    status = getattr(error, "status", None) or getattr(error, "status_code", None)
    return status in KEPT_REFUSALS and not isinstance(error, InProgress)
