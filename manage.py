#!/usr/bin/env python
"""Movy's command line: `python manage.py help`."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movy.settings")
    from django.core.management import (
        execute_from_command_line,  # after the settings module has a name
    )

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
