"""The ASGI entry, of the live process alone: `granian --interface asgi movy.asgi:application`. Pages and API are
movy/wsgi.py's."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movy.settings")
django.setup()

from bookings.live import LiveApplication  # noqa: E402 - Django is ready now
from movy.health import LIVE, heartbeat  # noqa: E402

application = LiveApplication(alive=lambda: heartbeat(LIVE))
