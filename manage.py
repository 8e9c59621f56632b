#!/usr/bin/env python
"""Command line of the portal: `python manage.py <command>`."""

import os
import sys


def main() -> int:
    """Run a management command with the local settings unless told otherwise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cadre_portal.settings.local")
    from django.core.management import execute_from_command_line

    from cadre_portal.embedded.errors import ServiceError

    try:
        execute_from_command_line(sys.argv)
    except ServiceError as error:
        sys.stderr.write(f"{error}\n")
        if error.detail:
            sys.stderr.write(f"(log: {error.detail})\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
