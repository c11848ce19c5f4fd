"""The schema is kept, whatever is sent: schemathesis makes requests out of it, right ones and wrong ones, with made-up
ids and real ones, from everybody. Never a 5xx, never an answer that isn't described, never a yes to what is wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from movy.schema import api_schema
from movy.wsgi import application
from tests.schema.conformance import check
from tests.schema.test_schema import api_operations
from tests.security.api_world import PEOPLE, ApiWorld, api_world

OPERATIONS = api_operations()
CASES, CASES_LONG = 500, 5_000
UNREACHABLE = {502}
"""What stand-ins answer for a partner, and is described where it can be: no mistake of ours."""


@pytest.fixture
def world(db, settings, paystack, tmdb, google) -> Iterator[ApiWorld]:
    settings.RATE_LIMITS = False
    ends = (request_started, request_finished)
    for signal in ends:  # as Django's own test client does, or the first answer would end the test's transaction
        signal.disconnect(close_old_connections)
    yield api_world()
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_whatever_is_sent_is_answered_as_described(world, path, method):
    ask(world, path, method, cases=-(-CASES // len(OPERATIONS)))


@pytest.mark.long
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_whatever_is_sent_is_answered_as_described_at_length(world, path, method):
    ask(world, path, method, cases=-(-CASES_LONG // len(OPERATIONS)))


def ask(world: ApiWorld, path: str, method: str, *, cases: int) -> None:
    """Send so many requests to an operation, the same ones in every run, and look at the answers."""
    load_all_checks()
    checks = [CHECKS.get_one(name) for name in ("negative_data_rejection", "response_headers_conformance")]
    config = schemathesis.Config()
    config.projects.default.generation.update(allow_extra_parameters=False)  # they are ignored
    schema = schemathesis.openapi.from_dict(deepcopy(api_schema()), config=config)  # which it changes
    schema.app = from_this_machine
    operation = schema[path][method.upper()]
    tokens = {name: world.client(name).defaults.get("HTTP_AUTHORIZATION", "") for name in PEOPLE}

    @settings_of(cases)
    @given(data=st.data())
    def run(data: st.DataObject) -> None:
        case = data.draw(requests_to(operation, world))
        who = data.draw(st.sampled_from(PEOPLE), label="who")
        headers = {"Authorization": tokens[who]} if tokens[who] else {}
        random.seed()  # Hypothesis makes chance repeat itself, Message-IDs too
        answer = case.call(headers=headers)
        sent = f"{who}: {method} {path} {case!r}"
        assert answer.status_code < 500 or answer.status_code in UNREACHABLE, f"{sent}: {answer.text}"
        check(
            method=method.upper(),
            path=answer.request.path_url.partition("?")[0],
            status=answer.status_code,
            headers={name: values[0] for name, values in answer.headers.items()},
            body=answer.content,
        )
        case.validate_response(answer, checks=checks)

    run()


def from_this_machine(environ: dict[str, Any], start_response: Any) -> Any:
    """Movy, as a server calls it that knows who asks."""
    return application({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)


def settings_of(cases: int) -> settings:
    return settings(
        max_examples=cases,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@st.composite
def requests_to(draw: st.DrawFn, operation: APIOperation, world: ApiWorld) -> Case:
    """Draw a right request, in which made-up names and numbers may be replaced by those of real things, or a wrong
    one."""
    takes_nothing = operation.body is None and not list(operation.iter_parameters())
    modes = [GenerationMode.POSITIVE] if takes_nothing else list(GenerationMode)
    mode = draw(st.sampled_from(modes), label="mode")
    case: Case = draw(operation.as_strategy(generation_mode=mode))
    if mode is GenerationMode.POSITIVE:
        real = things(world)
        for sent in (case.path_parameters, case.query, case.body):
            if isinstance(sent, dict):
                sent |= dict(aimed(draw, real, sent))
    return case


def aimed(draw: st.DrawFn, real: dict[str, Any], sent: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in sorted(real.keys() & sent.keys()):
        if draw(st.integers(0, 7), label=f"real {name}"):
            yield name, real[name]


def things(world: ApiWorld) -> dict[str, Any]:
    """Return what the API's names stand for in this world."""
    return world.ids | {
        "showtime": world.showtime.pk,
        "seats": ["D1"],
        "booking": world.held.reference,
        "reference": world.held.reference,
        "code": world.code,
        "movie": world.showtime.movie_id,
        "screen": world.showtime.screen_id,
        "theatre": world.showtime.screen.theatre_id,
        "starts_at": world.next_week,
        "email": world.people["ada"].email,
    }
