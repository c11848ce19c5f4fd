"""Several management commands in one Python, because each start of Django takes a second or two:

python -m scripts.manage migrate "collectstatic --noinput"
"""

from __future__ import annotations

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

WORKER_READ_SECONDS = "10"
COMMAND_READ_SECONDS = "3600"


def patience(arguments: list[str]) -> str:
    """Return DATABASE_READ_SECONDS for a command. The variable itself is the web's, where somebody waits: nobody waits
    for the worker, and a migration or an audit reads whole tables."""
    return WORKER_READ_SECONDS if arguments[:1] == ["worker"] else COMMAND_READ_SECONDS


def main(commands: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movy.settings")
    os.environ["DATABASE_READ_SECONDS"] = patience(commands)
    django.setup()
    for command in commands:
        call_command(*command.split(), verbosity=0)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except ImproperlyConfigured as error:
        sys.exit(str(error))
