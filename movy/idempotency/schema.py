"""What the API's schema says of every POST that takes an Idempotency-Key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from drf_spectacular.utils import OpenApiParameter

from movy.idempotency.errors import InProgress, KeyReused
from movy.lib.refusals import Refusal, refusal_of
from movy.lib.schema import ApiSchema, Header, response_header

KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[\\x21-\\x7e]{1,255}$"},
    OpenApiParameter.HEADER,
    description="A new UUID for each new request, the same one when you send it again: then the first answer comes"
    " again, too, and nothing happens twice. Kept for 24 hours.",
)
AGAIN = Header(
    "Idempotent-Replayed",
    "`true` when this is the first answer once more.",
    {"type": "string", "const": "true"},
    is_always_there=False,
)


class IdempotentSchema(ApiSchema):
    """For IdempotentView: `act` is the POST. Its @operation names neither the key nor what it brings along."""

    @property
    def handler(self) -> Any:
        return cast(Any, self.view).act if self.method == "POST" else super().handler

    def general_refusals(self) -> Iterable[Refusal]:
        yield from super().general_refusals()
        if self.method == "POST":
            yield from (refusal_of(KeyReused), refusal_of(InProgress))

    def get_override_parameters(self) -> list[Any]:
        found = super().get_override_parameters()
        if self.method != "POST":
            return found
        return [*found, KEY, response_header(AGAIN, [*self.operation.answers, 400, 409])]
