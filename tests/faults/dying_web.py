"""`python -m tests.faults.dying_web PORT`: Movy with a web process for each request, killed at the step that it names.

`X-Die-At: 7` dies at the seventh. An answer says how many steps there were: `X-Steps: 23`.

A fork for each request instead of granian, which takes two deaths within seconds for a reason to give up.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from socketserver import ForkingMixIn
from typing import Any
from wsgiref.simple_server import WSGIServer, make_server

from django.urls import get_resolver

from movy.wsgi import application
from tests.faults.deaths import countdown, steps_counted


class OneProcessEach(ForkingMixIn, WSGIServer):
    request_queue_size = 64


def dying(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    countdown.begin(int(environ.get("HTTP_X_DIE_AT", 0)))

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        countdown.step()  # all is done but the answer
        return start_response(status, [*headers, ("X-Steps", str(countdown.steps))], *rest)

    return application(environ, start)


if __name__ == "__main__":
    steps_counted()
    get_resolver().url_patterns  # noqa: B018 - imports everything, once instead of in each fork
    with make_server("127.0.0.1", int(sys.argv[1]), dying, server_class=OneProcessEach) as server:
        server.serve_forever()
