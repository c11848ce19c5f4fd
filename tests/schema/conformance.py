"""Whether what the API answers is what its schema says: status, content type, headers, and a body without anything that
the schema doesn't name. The root conftest has every answer of every test looked at."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import jsonschema_rs

from movy.schema import api_schema

JSON = dict[str, Any]

PREFIX = "/api/v1/"
PAGES = {"/api/v1/docs"}  # for people
PROBLEM = "application/problem+json"
METHODS = {"get", "post", "put", "patch", "delete"}
WITHOUT_OPERATION = {400, 401, 403, 404, 405, 413, 429, 500, 503}
"""How an address or a method that isn't there can be refused; who may ask at all is looked at first."""


def check(*, method: str, path: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Raise AssertionError when an answer of the API is not described."""
    if status == 301:  # NoTrailingSlash
        return
    what = f"{method} {path}: {status}"
    headers = {name.lower(): value for name, value in headers.items()}
    if body and headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    content_type = headers.get("content-type", "").partition(";")[0]
    is_head = method == "HEAD"
    template, described = operation_of("GET" if is_head else method, path)
    if described is None:
        assert status in WITHOUT_OPERATION, f"{what}, but the schema has no such operation"
        assert content_type == PROBLEM, f"{what} as {content_type}"
        assert is_head or not errors(_problem(), json.loads(body)), f"{what}: {errors(_problem(), json.loads(body))}"
        return
    key = (template, "get" if is_head else method.lower(), str(status))
    answer = described["responses"].get(str(status))
    assert answer, f"{what} is not described at {template}: {body[:300]!r}"
    for name, header in answer.get("headers", {}).items():
        found = headers.get(name.lower())
        assert found is not None or not header.get("required"), f"{what} lacks the header {name}"
    if "content" not in answer:
        assert not body, f"{what} has a body, but none is described"
        return
    assert content_type in answer["content"], f"{what} is {content_type}, which is not described"
    if not is_head and content_type.endswith("json"):
        wrong = errors(validator(*key, content_type), json.loads(body))
        assert not wrong, f"{what} is not what the schema says: {'; '.join(wrong)}"


def operation_of(method: str, path: str) -> tuple[str, JSON | None]:
    """Return the template that an address fits, and what the schema says of the method there, None for nothing."""
    for template, pattern in _patterns():
        if pattern.fullmatch(path):
            return template, api_schema()["paths"][template].get(method.lower())
    return path, None


def errors(checked: jsonschema_rs.Draft202012Validator, value: Any) -> list[str]:
    return [f"{'.'.join(map(str, error.instance_path))}: {error.message}" for error in checked.iter_errors(value)]


@cache
def validator(template: str, method: str, status: str, content_type: str) -> jsonschema_rs.Draft202012Validator:
    """Return what checks the bodies of an answer."""
    media = api_schema()["paths"][template][method]["responses"][status]["content"][content_type]
    return _validator(media["schema"])


@cache
def _problem() -> jsonschema_rs.Draft202012Validator:
    return _validator({"$ref": "#/components/schemas/Problem"})


def _validator(schema: JSON) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({**_of_value(schema), "components": _components()}, validate_formats=True)


@cache
def _components() -> JSON:
    return {"schemas": {name: _in_place(schema) for name, schema in api_schema()["components"]["schemas"].items()}}


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Every template as a pattern, those without variables first: /booking/pay is no /booking/{showtime_id}."""
    templates = sorted(api_schema()["paths"], key=lambda template: template.count("{"))
    return [(template, re.compile(re.sub(r"\{\w+\}", "[^/]+", template))) for template in templates]


def _of_value(schema: JSON) -> JSON:
    """Return the schema of a value, closed: a property that it doesn't name is refused."""
    closed = _in_place(schema)
    if closed.keys() & {"$ref", "properties", "allOf", "oneOf", "anyOf"}:
        closed["unevaluatedProperties"] = False
    return closed


def _in_place(schema: JSON) -> JSON:
    """Return a schema that is open itself, because another may add to it, with closed ones inside."""
    found = dict(schema)
    for name in ("items", "additionalProperties"):
        if isinstance(found.get(name), dict):
            found[name] = _of_value(found[name])
    if "properties" in found:
        found["properties"] = {name: _of_value(part) for name, part in found["properties"].items()}
    for name in ("allOf", "oneOf", "anyOf"):
        if name in found:
            found[name] = [_in_place(part) for part in found[name]]
    return found
