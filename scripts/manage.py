"""Several management commands in one Python, because each start of Django takes a second or two:

python -m scripts.manage migrate "collectstatic --noinput"
"""

from __future__ import annotations

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command


def main(commands: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movy.settings")
    django.setup()
    for command in commands:
        call_command(*command.split(), verbosity=0)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except ImproperlyConfigured as error:
        sys.exit(str(error))
