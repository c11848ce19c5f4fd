"""`python -m tests.faults.dying_worker "after payments.webhooks.payment_look"`: Movy's worker, killed there."""

from __future__ import annotations

import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movy.settings")
    django.setup()

    from django.core.management import call_command

    from tests.faults.deaths import die_at

    die_at(sys.argv[1])
    call_command("worker")
