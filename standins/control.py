"""The hidden side of a stand-in, under /_standin/: faults to arm, the log of what came in, and a clock to move.

    GET    /_standin/health       answers when it is up
    GET    /_standin/faults       the names of the faults, what is armed; DELETE disarms all
    POST   /_standin/faults       {"fault", "path"?, "times"?, "value"?}: arm one
    GET    /_standin/requests     the log, oldest first; DELETE empties it
    POST   /_standin/clock        {"ahead_seconds": 61}: from now on this far ahead of the machine's clock

A test in the same process uses `router.faults`, `router.requests` and `router.clock` instead.
"""

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from standins.http import (
    BadRequest,
    Request,
    Response,
    Router,
    html_response,
    json_response,
    send_after,
    send_drip,
    send_reset,
    send_silence,
)

CONTROL_PATH = "/_standin"
Spoiler = Callable[[Response, float | None], Response]  # the answer as it would be, the fault's seconds → what goes out


@dataclass
class Fault:
    """One thing that goes wrong for requests whose path begins with `path`; `times_left` None: until disarmed."""

    name: str
    path: str
    times_left: int | None
    seconds: float | None


class Clock:
    """The machine's clock, and as far ahead of it as a test wants."""

    def __init__(self) -> None:
        self.ahead_seconds = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead_seconds)


class Faults:
    """The faults of one stand-in: `spoilers` change an answer that is ready, `moments` are asked for by handlers."""

    def __init__(self, spoilers: Mapping[str, Spoiler], moments: Collection[str] = ()) -> None:
        self._spoilers = spoilers
        self.names = sorted([*spoilers, *moments])
        self.armed: list[Fault] = []
        self._lock = threading.Lock()

    def arm(self, name: str, *, path: str = "/", times: int | None = None, seconds: float | None = None) -> None:
        """Arm a fault; raises KeyError for an unknown name. seconds: for faults that wait, else without meaning."""
        if name not in self.names:
            raise KeyError(name)
        with self._lock:
            self.armed.append(Fault(name, path, times, seconds))

    def clear(self) -> None:
        with self._lock:
            self.armed.clear()

    def strikes(self, name: str, path: str) -> bool:
        """Return whether this fault is due for the request, and count it as having happened."""
        return any(
            self._take(fault) for fault in list(self.armed) if fault.name == name and path.startswith(fault.path)
        )

    def spoil(self, path: str, response: Response) -> Response:
        for fault in list(self.armed):
            if fault.name in self._spoilers and path.startswith(fault.path) and self._take(fault):
                response = self._spoilers[fault.name](response, fault.seconds)
        return response

    def _take(self, fault: Fault) -> bool:
        with self._lock:
            if fault.times_left is None:
                return True
            if fault.times_left <= 0:
                return False
            fault.times_left -= 1
            return True


def _seconds(seconds: float | None, default: float) -> float:
    return default if seconds is None else seconds


COMMON_SPOILERS: dict[str, Spoiler] = {
    "delay": lambda response, seconds: replace(response, sender=send_after(_seconds(seconds, 1))),
    "timeout": lambda response, seconds: replace(response, sender=send_silence(_seconds(seconds, 30))),
    "drip": lambda response, seconds: replace(response, sender=send_drip(_seconds(seconds, 0.5))),
    "reset": lambda response, seconds: replace(response, sender=send_reset),
    "bad-gateway": lambda response, seconds: html_response("<html><h1>502 Bad Gateway</h1></html>", 502),
    "html": lambda response, seconds: html_response("<html><p>Please sign in to the network.</p></html>"),
    "cut-json": lambda response, seconds: replace(response, body=response.body[: len(response.body) // 2]),
    "wrong-type": lambda response, seconds: replace(response, content_type="text/plain"),
    "redirect": lambda response, seconds: Response(302, headers={"Location": "http://169.254.169.254/latest/"}),
}


class ControlledRouter(Router):
    """A Router with a control side. Its own paths are neither spoilt nor logged."""

    def __init__(self, spoilers: Mapping[str, Spoiler], moments: Collection[str] = ()) -> None:
        super().__init__()
        self.clock = Clock()
        self.faults = Faults({**COMMON_SPOILERS, **spoilers}, moments)
        self._control = Router()
        self._control.route("GET", f"{CONTROL_PATH}/health")(lambda request: json_response({"status": "ok"}))
        self._control.route("GET", f"{CONTROL_PATH}/faults")(self._state)
        self._control.route("POST", f"{CONTROL_PATH}/faults")(self._arm)
        self._control.route("DELETE", f"{CONTROL_PATH}/faults")(self._disarm)
        self._control.route("GET", f"{CONTROL_PATH}/requests")(lambda request: json_response(list(self.requests)))
        self._control.route("DELETE", f"{CONTROL_PATH}/requests")(self._forget)
        self._control.route("POST", f"{CONTROL_PATH}/clock")(self._set_clock)

    def control_route(self, method: str, path: str) -> Callable:
        """Register a handler below /_standin for what only one service has."""
        return self._control.route(method, CONTROL_PATH + path)

    def answer(self, request: Request) -> Response:
        if request.path.startswith(f"{CONTROL_PATH}/"):
            return self._control.answer(request)
        return super().answer(request)

    def dispatch(self, request: Request) -> Response:
        return self.faults.spoil(request.path, super().dispatch(request))

    def _state(self, request: Request) -> Response:
        return json_response(
            {
                "faults": self.faults.names,
                "armed": [vars(fault) for fault in self.faults.armed],
                "now": self.clock.now().isoformat(),
            }
        )

    def _arm(self, request: Request) -> Response:
        wanted = json_object(request)
        name, path = wanted.get("fault"), wanted.get("path", "/")
        times, seconds = wanted.get("times"), wanted.get("value")
        if not isinstance(name, str) or name not in self.faults.names or not isinstance(path, str):
            raise BadRequest(f"fault is one of {', '.join(self.faults.names)}; path is the beginning of a path.")
        if not (times is None or isinstance(times, int)) or not (seconds is None or isinstance(seconds, int | float)):
            raise BadRequest("times is a whole number; value is a number of seconds.")
        self.faults.arm(name, path=path, times=times, seconds=seconds)
        return self._state(request)

    def _disarm(self, request: Request) -> Response:
        self.faults.clear()
        return self._state(request)

    def _forget(self, request: Request) -> Response:
        self.requests.clear()
        return json_response([])

    def _set_clock(self, request: Request) -> Response:
        ahead = json_object(request).get("ahead_seconds")
        if not isinstance(ahead, int | float) or abs(ahead) > 10 * 366 * 86400:
            raise BadRequest("ahead_seconds is a number of seconds, ten years at most.")
        self.clock.ahead_seconds = float(ahead)
        return self._state(request)


def json_object(request: Request) -> dict:
    """Return the posted JSON object; raises BadRequest for anything else."""
    data = request.json()
    if not isinstance(data, dict):
        raise BadRequest("Send a JSON object.")
    return data
