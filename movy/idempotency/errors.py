"""Refusals of a repeated request."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from movy.lib.errors import DomainError


class KeyReused(DomainError):
    code = "idempotency_key_reused"
    status = 422
    message = _("This Idempotency-Key was used for another request. Take a new key for a new request.")


class InProgress(DomainError):
    code = "idempotency_in_progress"
    message = _("The first request with this Idempotency-Key is still running. Send the same again in a few seconds.")
