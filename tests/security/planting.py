"""Words that mean harm, in every text of the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db import models

APPS = ("accounts", "theatres", "catalog", "bookings", "payments", "outbox", "usersessions")
KEYS = {
    *("reference", "code", "serial", "digest", "token_digest", "message_id", "access_code", "provider_id", "body"),
    *("category", "ticket_type", "timezone", "weekdays", "mismatch", "paystack_subaccount", "kind", "about", "ip"),
    *("email", "sender", "password", "phone", "event", "payment_reference", "session_key"),
}
"""What Movy chooses itself or reads as something else than text."""

ROOM_MIN = 20
"""Shorter texts hold codes: a row of seats, a certificate, a language."""


def texts(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Return the fields in which somebody's words are kept."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField))
        and not isinstance(field, (models.SlugField, models.URLField, models.EmailField))
        and not field.choices
        and field.name not in KEYS
        and (field.max_length or 1000) >= ROOM_MIN
    ]


def plant(longest_first: Sequence[str]) -> int:
    """Put the longest of these that fits into every text of every row, and return into how many. The row's number
    stands after it and keeps names apart."""
    planted = 0
    for model in (model for label in APPS for model in apps.get_app_config(label).get_models()):
        for field in texts(model):
            room = (field.max_length or 1000) - 4
            text = next(text for text in longest_first if len(text) <= room)
            for pk in model._default_manager.values_list("pk", flat=True):
                planted += model._default_manager.filter(pk=pk).update(**{field.name: f"{text}{str(pk)[:4]}"})
    return planted
