"""`manage.py audit`: hold the promises about seats and money against the database."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from movy.lib.clock import database_now
from payments.audit import violations


class Command(BaseCommand):
    help = "Print one line per broken promise and a last line violations=N; exit status 1 unless N is 0."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for sentence in violations(database_now()):
            self.stdout.write(sentence)
            count += 1
        self.stdout.write(f"violations={count}")
        if count:
            sys.exit(1)
