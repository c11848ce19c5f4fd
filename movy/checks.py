"""Refuses an unsafe production start: called at the end of movy/settings.py, so that no process gets past it."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ImproperlyConfigured

SECRET_KEY_LENGTH_MIN = 40


def refuse_unsafe_start(
    *,
    debug: bool,
    allow_standins: bool,
    secret_key: str,
    paystack_secret_key: str,
    rate_limits: bool,
    replaced: dict[str, bool],
) -> None:
    """Raise ImproperlyConfigured, in one line, for a start that would be unsafe with real people and money.

    `replaced`: variable -> whether it names another address than the service's own.
    """
    if debug:
        return
    if problem := next(_problems(allow_standins, secret_key, paystack_secret_key, rate_limits, replaced), None):
        raise ImproperlyConfigured(problem)


def _problems(
    allow_standins: bool, secret_key: str, paystack_secret_key: str, rate_limits: bool, replaced: dict[str, bool]
) -> Iterator[str]:
    if len(secret_key) < SECRET_KEY_LENGTH_MIN or len(set(secret_key)) < 10 or "example" in secret_key.lower():
        yield "SECRET_KEY is missing or an example. Set it to 50 random characters (.env.example says how)."
    if not paystack_secret_key:
        yield "PAYSTACK_SECRET_KEY is empty: nobody could pay. Set your account's secret key."
    if allow_standins:
        return
    if not rate_limits:
        yield "RATE_LIMITS=off is for load tests. Leave it on, or set ALLOW_STANDINS=1 where no real money moves."
    for variable, is_replaced in replaced.items():
        if is_replaced:
            yield f"{variable} is not the real service. Unset it, or set ALLOW_STANDINS=1 where no real money moves."
