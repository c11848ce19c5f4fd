"""The schema is whole, is OpenAPI 3.1, and says nothing that isn't so. That all answers are as it says is looked at in
every test: see conformance.py."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import jsonschema_rs
import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from movy import schema
from movy.lib.errors import DomainError
from movy.schema import TAGS, api_schema
from tests.schema.conformance import METHODS, check, errors, operation_of, validator

APPS = ("movy", "accounts", "theatres", "catalog", "bookings", "payments")

OF_PAGES_ALONE = {
    "AlreadyOnTheList",
    "BankDetailsRefused",
    "GivenTooLittle",
    "GoesBackAlready",
    "InvitationGone",
    "InvitationOfAnother",
    "InvitedAMomentAgo",
    "LiveFull",
    "LookedAtAlready",
    "NoManagerLeft",
    "NobodyToSendTo",
    "NotPaidHere",
    "NothingToRefund",
    "OwnRole",
    "PictureNotStored",
    "PlanChanged",
    "PutAwayAlready",
    "RefundRuns",
    "RefundTooMuch",
    "ScreenHasShowtimes",
    "SentJustNow",
    "SeriesRefused",
    "TooManyInvitations",
    "TooManyMaps",
}
"""Refusals of the office and of the live process, which have no endpoints under /api/v1 for what they are about."""


def routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and route.startswith("api/"):
            yield route, pattern.callback


def api_operations() -> list[tuple[str, str]]:
    """Every path and method that the URL configuration has. A page, such as the docs, is no operation."""
    return sorted(  # METHODS is a set, and xdist's processes must agree on the order of tests
        ("/" + route.replace("<int:", "{").replace("<str:", "{").replace(">", "}"), method)
        for route, callback in routes(get_resolver().url_patterns)
        if hasattr(callback, "cls")
        for method in METHODS
        if hasattr(callback.cls, method)
    )


def described() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in api_schema()["paths"].items()
        for method, operation in methods.items()
    ]


def examples(described_content: dict[str, Any]) -> list[Any]:
    return [example["value"] for example in described_content.get("examples", {}).values()]


def domain_errors(base: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    for error_class in base.__subclasses__():
        if error_class.__module__.partition(".")[0] in APPS and ".tests." not in error_class.__module__:
            yield error_class
        yield from domain_errors(error_class)


def test_it_is_made_without_a_warning(capsys):
    get_resolver().url_patterns  # noqa: B018 - reads every view
    SchemaGenerator().get_schema(public=True)
    assert not GENERATOR_STATS, capsys.readouterr().err


def test_it_is_openapi_3_1(client):
    answer = client.get("/api/v1/schema").json()
    assert answer["openapi"].startswith("3.1")
    validate_schema(answer)


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/json"),
        ("application/vnd.oai.openapi+json", "application/vnd.oai.openapi+json"),
        ("application/yaml", "application/yaml"),
    ],
)
def test_it_is_read_as_json_or_yaml_without_signing_in(client, accept, content_type):
    answer = client.get("/api/v1/schema", headers={"accept": accept})
    assert (answer.status_code, answer["Content-Type"]) == (200, content_type)
    assert b"/api/v1/booking/{showtime_id}" in answer.content


def test_whoever_asks_first_at_the_same_moment_gets_it_whole():
    whole = api_schema()
    schema._api_schema.cache_clear()
    start = Barrier(4)

    def ask(_number: int) -> Any:
        start.wait()
        return api_schema()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(4))) == [whole] * 4


def test_every_method_of_every_address_is_in_it():
    assert api_operations() == sorted((path, method) for path, method, _operation in described())


def test_every_operation_has_words_a_name_of_its_own_and_a_known_tag():
    operations = [operation for _path, _method, operation in described()]
    assert all(operation["summary"] and operation["tags"][0] in TAGS for operation in operations)
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("path", "method"), api_operations())
def test_every_example_is_as_the_schema_says(path, method):
    for status, answer in api_schema()["paths"][path][method]["responses"].items():
        for content_type, content in answer.get("content", {}).items():
            assert examples(content), f"{status} has no example"
            for example in examples(content):
                assert not errors(validator(path, method, status, content_type), example)


@pytest.mark.parametrize(("path", "method"), api_operations())
def test_every_body_has_an_example_that_the_schema_takes(path, method):
    body = api_schema()["paths"][path][method].get("requestBody")
    if body is None:
        return
    content = body["content"]["application/json"]
    assert examples(content)
    described = {**content["schema"], "components": api_schema()["components"]}
    checked = jsonschema_rs.Draft202012Validator(described, validate_formats=True)
    assert not [errors(checked, example) for example in examples(content) if errors(checked, example)]


def test_every_refusal_stands_at_an_operation():
    told = set()
    for _path, _method, operation in described():
        for status, answer in operation["responses"].items():
            for content in answer.get("content", {}).values():
                for example in examples(content):
                    told.add((int(status), example.get("code")))
                    told |= {(int(status), row["code"]) for row in example.get("errors", [])}
    missing = {error.__name__ for error in domain_errors() if (error.status, error.code) not in told}
    assert missing - OF_PAGES_ALONE == set()


@pytest.mark.parametrize(
    ("status", "headers", "body", "why"),
    [
        (200, {"ETag": '"1"'}, b'{"next": null, "previous": null, "results": [], "more": 1}', "more"),
        (200, {"ETag": '"1"'}, b'{"next": null, "previous": null}', "results"),
        (200, {}, b'{"next": null, "previous": null, "results": []}', "ETag"),
        (418, {}, b"{}", "not described"),
        (200, {"ETag": '"1"', "Content-Type": "text/html"}, b"<p>", "text/html"),
    ],
)
def test_an_answer_that_the_schema_does_not_describe_fails_its_test(status, headers, body, why):
    with pytest.raises(AssertionError, match=why):
        check(
            method="GET",
            path="/api/v1/genres",
            status=status,
            headers={"Content-Type": "application/json", **headers},
            body=body,
        )


def test_an_address_with_a_variable_does_not_hide_one_without():
    assert operation_of("POST", "/api/v1/booking/pay")[0] == "/api/v1/booking/pay"
    assert operation_of("POST", "/api/v1/booking/12")[0] == "/api/v1/booking/{showtime_id}"
