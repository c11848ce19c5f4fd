"""Requests that carried an Idempotency-Key, and what was answered first."""

from __future__ import annotations

from django.db import models


class FirstAnswer(models.Model):
    """One key of one person. While `status` is empty, the try `claimed_by` is at work, or has died at it.

    The key is stored as a digest: one database's collation calls "a" and "A" equal, the other's doesn't.
    """

    key_digest = models.CharField(max_length=64, primary_key=True)
    request_digest = models.CharField(max_length=64)
    claimed_by = models.CharField(max_length=32)
    claimed_until = models.DateTimeField()
    created_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.key_digest
