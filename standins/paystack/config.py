"""How one stand-in is set up."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DEFAULT_SECRET_KEY = "sk_test_movy_standin"  # noqa: S105 - a made-up key of a made-up account


@dataclass
class Config:
    """webhook_url: where events go; empty sends none. callback_url: the dashboard's, for payments that name none.

    refund_step_seconds: from one state of a refund to the next.
    ladder: "test" or "live", the spacing of webhook tries; speed: how many times faster than for real it is climbed.
    unknown_reference_status: 404 or 400, for verify; both have been seen.
    partial_refund_leaves: the transaction's status once a part is refunded; nobody could tell, so it is a setting.
    state_path: an SQLite file that keeps everything over a restart; empty keeps nothing.
    """

    secret_key: str = DEFAULT_SECRET_KEY
    webhook_url: str = ""
    callback_url: str = ""
    home_currency: str = "NGN"
    refund_step_seconds: float = 2.0
    ladder: str = "test"
    speed: float = 60.0
    unknown_reference_status: int = 404
    partial_refund_leaves: str = "reversed"
    state_path: str = ""

    def __post_init__(self) -> None:
        if not self.secret_key.startswith("sk_test_"):
            raise ValueError("The Paystack stand-in takes test keys alone: the secret key must begin with sk_test_")
        if self.ladder not in ("test", "live"):
            raise ValueError('ladder must be "test" or "live"')
        if self.speed <= 0 or self.refund_step_seconds < 0:
            raise ValueError("speed must be above 0 and refund_step_seconds not below it")


CHANGEABLE = (  # what the control API may change while the server runs
    "webhook_url",
    "callback_url",
    "refund_step_seconds",
    "ladder",
    "speed",
    "unknown_reference_status",
    "partial_refund_leaves",
)


def config_from_environment(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return the settings that the environment names."""
    found = {
        "secret_key": environment.get("PAYSTACK_SECRET_KEY", ""),
        "webhook_url": environment.get("PAYSTACK_WEBHOOK_URL", ""),
    }
    return {name: value for name, value in found.items() if value}
