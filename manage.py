#!/usr/bin/env python
"""Entry point of all commands. Without DATABASE_URL it starts the private PostgreSQL under var/."""

import os
import sys

# These create or alter tables and therefore connect as the owner; everything else is the restricted application.
OWNER_COMMANDS = {"prepare", "migrate", "makemigrations", "sqlmigrate", "showmigrations", "pgtrigger", "bench_data"}
WITHOUT_DATABASE = {
    "help",
    "version",
    "--help",
    "--version",
    "compilemessages",
    "makemessages",
    "collectstatic",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in OWNER_COMMANDS:
        os.environ.setdefault("DATABASE_ROLE", "owner")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed here. Run `make run` or `make install` first.")
    if command not in WITHOUT_DATABASE and os.environ["DJANGO_SETTINGS_MODULE"] != "config.settings.production":
        from config import embedded

        embedded.start_if_needed()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
