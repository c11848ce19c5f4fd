"""What an endpoint says of itself for the API's schema: once, above the function that answers.

    @operation(
        "theatre_list",
        "Theatres",
        query=[TheatreFilterForm, PageForm],
        answers={200: Answer("The theatres.", list_of(TheatreShape))},
    )
    def get(self, request: Request) -> Response: ...

What every endpoint can answer (a bad token, a body that is no JSON, …) is added by ApiSchema and named nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import uritemplate
from django import forms
from django.core.validators import RegexValidator
from drf_spectacular.drainage import error
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiRequest, OpenApiResponse
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated

from movy.lib import refusals
from movy.lib.db import Busy
from movy.lib.limits import Throttled
from movy.lib.problems import CONTENT_TYPE, TITLES
from movy.lib.references import ALPHABET
from movy.lib.refusals import Refusable, Refusal, refusal_of
from movy.lib.shapes import ProblemShape, Shape

JSON = dict[str, Any]
Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True)
class Header:
    """A header of an answer."""

    name: str
    description: str
    schema: JSON
    is_always_there: bool = True


ETAG = Header("ETag", "Send it as `If-None-Match` when you ask again.", {"type": "string"})
RETRY_AFTER = Header("Retry-After", "Seconds to wait before the next try.", {"type": "integer", "minimum": 0})
WWW_AUTHENTICATE = Header("WWW-Authenticate", "How to sign in.", {"type": "string", "const": "Bearer"})

ID: JSON = {"type": "integer", "format": "int64", "minimum": 0}
PATH_PARAMETERS: dict[str, tuple[str, JSON]] = {
    "movie_id": ("A film's id.", ID),
    "theatre_id": ("A theatre's id.", ID),
    "showtime_id": ("A showtime's id.", ID),
    "reference": ("A booking's reference, such as K7MR4PX29D.", {"type": "string", "pattern": f"^[{ALPHABET}]{{10}}$"}),
}
"""What stands in addresses means the same in all of them."""

IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    {"type": "string"},
    OpenApiParameter.HEADER,
    description="The `ETag` of the answer that you have: while it is still right, the answer is an empty 304.",
)


@dataclass(frozen=True)
class Answer:
    """What is answered when all goes well. No shape: no body."""

    description: str
    shape: type[Shape] | None = None
    headers: Sequence[Header] = ()
    media_types: Sequence[str] = ("application/json",)


@dataclass(frozen=True)
class Operation:
    """An endpoint in words. `id` names it in generated clients; `query`: the forms that read the query."""

    id: str
    summary: str
    description: str
    answers: Mapping[int, Answer]
    query: Sequence[type[forms.Form]]
    body: type[serializers.Serializer[Any]] | None
    parameters: Sequence[OpenApiParameter]
    refusals: Sequence[Refusable]


def operation(
    id: str,
    summary: str,
    *,
    description: str = "",
    answers: Mapping[int, Answer],
    query: Sequence[type[forms.Form]] = (),
    body: type[serializers.Serializer[Any]] | None = None,
    parameters: Sequence[OpenApiParameter] = (),
    refusals: Sequence[Refusable] = (),
) -> Callable[[Handler], Handler]:
    """Describe the method of a view. `body`: the serializer that reads it; its `example` shows a whole one.
    `parameters`: what else can be sent. A view's own `refusals`, where it has any, hold for all its methods."""

    def describe(handler: Handler) -> Handler:
        handler.operation = Operation(  # type: ignore[attr-defined]
            id, summary, description, answers, query, body, parameters, refusals
        )
        return handler

    return describe


class ApiSchema(AutoSchema):
    """Reads @operation, and adds what holds for all endpoints."""

    @property
    def handler(self) -> Any:
        """The function that answers, as far as its description goes."""
        return getattr(self.view, self.method.lower())

    @property
    def operation(self) -> Operation:
        found: Operation = self.handler.operation
        return found

    @property
    def answers(self) -> Mapping[int, Answer]:
        """What is read can be asked for again: movy.middleware.ApiAnswers sees to that."""
        named = self.operation.answers
        if self.method != "GET":
            return named
        read = replace(named[200], headers=[*named[200].headers, ETAG])
        return {**named, 200: read, 304: Answer("What you have is still right.", headers=[ETAG])}

    @property
    def needs_sign_in(self) -> bool:
        return any(isinstance(permission, IsAuthenticated) for permission in self.view.get_permissions())

    def is_excluded(self) -> bool:
        """An endpoint without a description is an error of the schema (tests/schema), not one of its reader."""
        if hasattr(self.handler, "operation"):
            return False
        error(f"{type(self.view).__name__}.{self.method.lower()} has no @operation")
        return True

    def get_operation_id(self) -> str:
        return self.operation.id

    def get_summary(self) -> str:
        return self.operation.summary

    def get_description(self) -> str:  # type: ignore[override]  # as in AutoSchema
        return self.operation.description

    def get_tags(self) -> list[str]:
        """The app, and apart from it what only a theatre's people may do."""
        app = type(self.view).__module__.partition(".")[0]
        return ["staff" if "/theatre/{theatre_id}/" in self.path else app]

    def get_auth(self) -> list[JSON]:
        """A bearer token; and nothing ({}) where nobody has to sign in."""
        ways = [way for way in super().get_auth() if way]
        return ways if self.needs_sign_in else [{}, *ways]

    def get_serializer_name(self, serializer: serializers.Serializer[Any], direction: str) -> str:
        return type(serializer).__name__.removesuffix("Shape")

    def get_request_serializer(self) -> Any:
        body = self.operation.body
        if body is None:
            return None
        example = OpenApiExample("Example", value=body.example)  # type: ignore[attr-defined]
        return {"application/json": OpenApiRequest(body, examples=[example])}

    def get_response_serializers(self) -> Any:
        found: dict[Any, OpenApiResponse] = {}
        for status, answer in self.answers.items():
            examples = [OpenApiExample("Example", value=answer.shape.example)] if answer.shape else []
            found[status, *answer.media_types] = OpenApiResponse(answer.shape, answer.description, examples)
        for status, reasons in self.refusals_by_status().items():
            examples = [OpenApiExample(name, value=value) for name, value in _examples(reasons).items()]
            found[status, CONTENT_TYPE] = OpenApiResponse(self.problem(status, reasons), TITLES[status], examples)
        return found

    def get_override_parameters(self) -> list[Any]:
        headers = [(header, [status]) for status, answer in self.answers.items() for header in answer.headers]
        headers += [(RETRY_AFTER, [429, 503]), (WWW_AUTHENTICATE, [401])]
        path = [
            OpenApiParameter(name, schema, OpenApiParameter.PATH, description=text)
            for name in uritemplate.variables(self.path)
            for text, schema in [PATH_PARAMETERS[name]]
        ]
        return [
            *path,
            *([IF_NONE_MATCH] if self.method == "GET" else []),
            *self.operation.parameters,
            *(parameter for form in self.operation.query for parameter in form_parameters(form)),
            *(response_header(header, statuses) for header, statuses in headers),
        ]

    def refusals_by_status(self) -> dict[int, list[Refusal]]:
        named = [refusal_of(reason) for reason in (*self.operation.refusals, *getattr(self.view, "refusals", ()))]
        codes = {(reason.status, reason.code) for reason in named}
        general = [reason for reason in self.general_refusals() if (reason.status, reason.code) not in codes]
        found: dict[int, list[Refusal]] = {}
        for reason in (*named, *general):
            found.setdefault(reason.status, []).append(reason)
        return dict(sorted(found.items()))

    def general_refusals(self) -> Iterable[Refusal]:
        """What the framework around the endpoint refuses."""
        asked = self.operation
        yield refusals.MALFORMED
        if asked.body or asked.query:
            yield refusals.INVALID
        if asked.body:
            yield from (refusals.TOO_LARGE, refusals.UNSUPPORTED)
        if self.needs_sign_in:
            yield refusals.NOT_AUTHENTICATED
        if self.view.get_authenticators():
            yield refusals.AUTHENTICATION_FAILED
        if "{" in self.path:
            yield refusals.NOT_FOUND
        if self.method == "GET":
            yield refusals.PRECONDITION_FAILED
        yield refusals.NOT_ACCEPTABLE
        yield refusal_of(Throttled)
        yield from (refusals.INTERNAL_ERROR, refusals.UNAVAILABLE, refusal_of(Busy))

    def problem(self, status: int, reasons: Iterable[Refusal]) -> JSON:
        """Return the schema of a status' refusals: which codes it can have, and what comes besides."""
        properties: JSON = {"status": {"const": status}, "code": {"enum": sorted({reason.code for reason in reasons})}}
        for reason in reasons:
            if reason.shape:
                properties |= self._map_serializer(reason.shape, "response")["properties"]
        common = self.resolve_serializer(ProblemShape, "response").ref
        return {"allOf": [common, {"type": "object", "properties": properties}]}


def form_parameters(form_class: type[forms.Form]) -> list[OpenApiParameter]:
    """Return a form's fields as parameters of a query. A field's help text, or else its label, describes it."""
    return [
        OpenApiParameter(
            name, _field_schema(field), required=field.required, description=str(field.help_text or field.label or "")
        )
        for name, field in form_class.base_fields.items()
    ]


def _field_schema(field: forms.Field) -> JSON:
    match field:
        case forms.IntegerField():
            bounds = {"minimum": field.min_value, "maximum": field.max_value}
            return {"type": "integer", **{name: bound for name, bound in bounds.items() if bound is not None}}
        case forms.DateField():
            return {"type": "string", "format": "date"}
        case forms.ChoiceField():
            return {"type": "string", "enum": [str(value) for value, _label in list(field.choices)]}  # type: ignore[arg-type]
        case forms.CharField():
            checks = [check for check in field.validators if isinstance(check, RegexValidator)]
            found: JSON = {"type": "string"}
            if field.max_length:
                found["maxLength"] = field.max_length
            for check in checks:
                found["pattern"] = re.compile(check.regex).pattern.replace(r"\Z", "$")  # ECMA 262 has no \Z
            return found
    raise TypeError(f"no schema for {type(field).__name__}")


def response_header(header: Header, statuses: list[int]) -> OpenApiParameter:
    """Return a header of the answers with these statuses."""
    return OpenApiParameter(
        header.name,
        header.schema,
        OpenApiParameter.HEADER,
        required=header.is_always_there,
        description=header.description,
        response=statuses,
    )


def _examples(reasons: Iterable[Refusal]) -> dict[str, JSON]:
    """Return an example of each refusal under its code, and a number where two have the same one."""
    found: dict[str, JSON] = {}
    for reason in reasons:
        name, number = reason.code, 1
        while name in found:
            number += 1
            name = f"{reason.code}_{number}"
        found[name] = reason.example
    return found
