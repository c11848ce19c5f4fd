"""What the composition root keeps: signs of life of the processes that answer no requests."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """When a kind of process was last seen at work. Health names it; nothing else depends on it."""

    name = models.CharField(max_length=20, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class CatalogueChange(models.Model):
    """That something changed which public pages show, written in the transaction that changed it (movy/freshness.py).

    Rows are only ever added, so that nobody who changes the catalogue waits for anybody else who does.
    """

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pk}"
