#!/usr/bin/env python
"""Movy's command line: `python manage.py help`."""

import os
import sys

from scripts.manage import patience


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movy.settings")
    os.environ["DATABASE_READ_SECONDS"] = patience(sys.argv[1:])
    from django.core.management import (
        execute_from_command_line,  # after the settings module has a name
    )

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
