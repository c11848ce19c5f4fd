"""TMDb's error envelope, and what can be made to go wrong besides the faults that all stand-ins have."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from standins.control import Spoiler
from standins.http import Response, html_response, json_response

ERRORS: Mapping[int, tuple[int, str]] = {  # TMDb's own number → HTTP status, text
    5: (422, "Invalid parameters: Your request parameters are incorrect."),
    6: (404, "Invalid id: The pre-requisite id is invalid or not found."),
    7: (401, "Invalid API key: You must be granted a valid key."),
    9: (503, "Service offline: This service is temporarily offline, try again later."),
    10: (401, "Suspended API key: Access to your account has been suspended, contact TMDB."),
    11: (500, "Internal error: Something went wrong, contact TMDB."),
    20: (422, "Invalid date range: Should be a range no longer than 14 days."),
    22: (400, "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer."),
    23: (400, "Invalid date: Format needs to be YYYY-MM-DD."),
    24: (504, "Your request to the backend server timed out. Try again."),
    25: (429, "Your request count ({count}) is over the allowed limit of ({limit})."),
    27: (400, "Too many append to response objects: The maximum number of remote calls is 20."),
    34: (404, "The resource you requested could not be found."),
    46: (503, "The API is undergoing maintenance. Try again later."),
    47: (400, "The input is not valid."),
}
HUGE_PICTURE_BYTES = 10 * 1024 * 1024


def failure(code: int, headers: Mapping[str, str] | None = None, **words: object) -> Response:
    """Return the envelope of one of ERRORS."""
    status, text = ERRORS[code]
    body = {"success": False, "status_code": code, "status_message": text.format(**words)}
    return json_response(body, status, headers)


def _always(code: int) -> Spoiler:
    return lambda response, seconds: failure(code)


def _changed(change: Callable[[Any], Any]) -> Spoiler:
    """Return a spoiler that rewrites the JSON of a good answer and leaves pictures and refusals alone."""

    def spoiler(response: Response, seconds: float | None) -> Response:
        if response.status != 200 or not response.content_type.startswith("application/json"):
            return response
        return replace(response, body=json.dumps(change(json.loads(response.body))).encode())

    return spoiler


def _null_lists(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: None if isinstance(value, list) else _null_lists(value) for name, value in data.items()}
    return data


def _null_values(data: Any) -> Any:
    """Leave what names a film and make every other value null."""
    if isinstance(data, dict):
        return {name: value if name in ("id", "title") else _null_values(value) for name, value in data.items()}
    return [_null_values(item) for item in data] if isinstance(data, list) else None


def _missing_keys(data: Any) -> Any:
    """Leave what names the film and drop every other key of it."""
    if isinstance(data, dict) and "id" in data:
        return {name: data[name] for name in ("id", "title") if name in data}
    if isinstance(data, dict):
        return {
            name: [_missing_keys(item) for item in value] for name, value in data.items() if isinstance(value, list)
        }
    return data


def _wrong_types(data: Any) -> Any:
    """Turn every value except an id into a string where TMDb promises something else, and strings into numbers."""
    if isinstance(data, dict):
        return {name: value if name == "id" else _wrong_types(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_wrong_types(item) for item in data]
    return 7 if isinstance(data, str) else "seven"


def _extra_keys(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _extra_keys(value) for name, value in data.items()} | {"brand_new_key": {"nested": [1, None]}}
    return [_extra_keys(item) for item in data] if isinstance(data, list) else data


def _foreign_pictures(data: Any) -> Any:
    if isinstance(data, dict) and isinstance(data.get("images"), dict):
        foreign = {"base_url": "http://169.254.169.254/t/p/", "secure_base_url": "http://169.254.169.254/t/p/"}
        return data | {"images": data["images"] | foreign}
    return data


def _only_pictures(change: Callable[[Response], Response]) -> Spoiler:
    return lambda response, seconds: change(response) if response.content_type.startswith("image/") else response


SPOILERS: Mapping[str, Spoiler] = {
    "internal-error": _always(11),
    "offline": _always(9),
    "maintenance": _always(46),
    "backend-timeout": _always(24),
    "suspended-key": _always(10),
    "limited": lambda response, seconds: failure(25, {"Retry-After": str(int(seconds or 1))}, count=41, limit=40),
    "null-lists": _changed(_null_lists),
    "null-values": _changed(_null_values),
    "missing-keys": _changed(_missing_keys),
    "extra-keys": _changed(_extra_keys),
    "wrong-values": _changed(_wrong_types),
    "foreign-pictures": _changed(_foreign_pictures),
    "picture-missing": _only_pictures(lambda response: html_response("<h1>File not Found</h1>", 404)),
    "picture-huge": _only_pictures(
        lambda response: replace(response, body=response.body.ljust(HUGE_PICTURE_BYTES, b"\0"))
    ),
    "picture-is-text": _only_pictures(lambda response: replace(response, body=b"<svg onload='alert(1)'/>")),
}
