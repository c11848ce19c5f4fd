"""The API's schema: OpenAPI 3.1 at /api/v1/schema, made once a process from what the views say of themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from threading import Lock
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer2
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from movy.lib.schema import Answer, operation
from movy.lib.shapes import Shape

JSON = dict[str, Any]

DESCRIPTION = """\
Find films, choose seats on a live map, hold them, pay through Paystack, show the ticket at the door. Theatres list
films, schedule showtimes, sell at the desk and check tickets through the same API.

**Times** are RFC 3339 in UTC (`2026-11-22T18:30:00Z`); beside them stands `timezone`, the theatre's IANA zone, to show
them in. A theatre's day ends at 05:00; `date` filters mean that day.

**Money** is `{"amount": 350000, "currency": "NGN"}`: an integer in the currency's smallest unit as Paystack counts it.

**Lists** are `{"next", "previous", "results"}`; follow `next` until it is null, whether it goes by `page` or by
`cursor`. `page_size` is 100 at most.

**Signing in**: send `Authorization: Bearer ACCESS_TOKEN`. Cookies don't count here. Somebody else's booking, payment or
ticket is a 404, as if it weren't there.

**Bodies** are UTF-8 JSON objects of at most 256 kB. Unknown fields are ignored.

**Refusals** are `application/problem+json` (RFC 9457). Go by `code`, which is stable; show `detail` to people. A `429`
and a `503` say in `Retry-After` how many seconds to wait. A method that an address doesn't have is a `405`
`method_not_allowed`, an unknown address a `404` `not_found`.

**Again without fear**: send an `Idempotency-Key` with the requests that take one. The same key with the same request
gets the first answer again, for 24 hours.
"""

TAGS = {
    "accounts": "Signing up, in and out, and one's own record.",
    "theatres": "Where films are shown.",
    "catalog": "Films and their showtimes.",
    "bookings": "Seat maps, holds and bookings.",
    "payments": "Paying, asking what became of it, cancelling.",
    "staff": "For a theatre's own people; each of these needs a role there.",
    "movy": "About this API.",
}


RENDERERS = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer2]
MEDIA_TYPES = [renderer.media_type for renderer in RENDERERS]


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How clients sign in. drf-spectacular finds this class by its target's name."""

    target_class = "accounts.api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> JSON:
        return {"type": "http", "scheme": "bearer", "description": "An access token from signing up, in, or refresh."}


def finish(result: JSON, **_: Any) -> JSON:
    """The last step of SPECTACULAR_SETTINGS: what stands here, not in the settings."""
    result["info"]["description"] = DESCRIPTION
    used = {tag for path in result["paths"].values() for operation in path.values() for tag in operation["tags"]}
    result["tags"] = [{"name": name, "description": text} for name, text in TAGS.items() if name in used]
    for parameter in _parameters(result):
        if parameter["in"] == "query" and not parameter.get("required"):
            parameter["allowEmptyValue"] = True  # Django's forms read the optional ones, and take nothing for nothing
    _forget_choice_ids(result)
    return result


def _parameters(result: JSON) -> Iterator[JSON]:
    for path in result["paths"].values():
        for described in path.values():
            yield from described.get("parameters", [])


def _forget_choice_ids(node: Any) -> None:
    """Take out the mark by which drf-spectacular would gather choices into components of their own."""
    if isinstance(node, dict):
        node.pop("x-spec-enum-id", None)
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            _forget_choice_ids(part)


_one_at_a_time = Lock()  # drf-spectacular keeps on the view's class what it is at


def api_schema() -> JSON:
    """Return the schema, which is the same for everybody."""
    with _one_at_a_time:
        return _api_schema()


@cache
def _api_schema() -> JSON:
    with override("en"):
        schema: JSON = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    return schema


@cache
def _rendered(media_type: str) -> bytes:
    if media_type.endswith("json"):  # drf-spectacular's would indent it to three times the size
        return json.dumps(api_schema(), ensure_ascii=False, separators=(",", ":")).encode()
    return cast(bytes, OpenApiYamlRenderer2().render(api_schema()))


class DocumentShape(Shape):
    """An OpenAPI document."""

    openapi = serializers.CharField()
    info = serializers.DictField()
    paths = serializers.DictField()
    components = serializers.DictField()
    tags = serializers.ListField()

    example = {
        "openapi": "3.1.0",
        "info": {"title": "Movy", "version": "1.0.0"},
        "paths": {},
        "components": {},
        "tags": [],
    }


class SchemaView(APIView):
    authentication_classes = []
    renderer_classes = RENDERERS

    @operation(
        "schema",
        "This schema",
        description="`/api/v1/docs` shows it to people.",
        answers={200: Answer("OpenAPI 3.1, as JSON or YAML.", DocumentShape, media_types=MEDIA_TYPES)},
    )
    def get(self, request: Request) -> HttpResponse:
        media_type = request.accepted_renderer.media_type
        return HttpResponse(_rendered(media_type), content_type=media_type)


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The schema for people."""
    return render(request, "api_docs.html")
