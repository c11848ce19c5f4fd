"""What every test gets."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def real_outbox(settings):
    """Mail goes where it goes in production: into the outbox's table. Django's test runner would keep it in memory."""
    settings.EMAIL_BACKEND = "movy.outbox.backend.OutboxBackend"
