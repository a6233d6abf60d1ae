"""`manage.py load_calendar FILE`: enter a year's working-day notice (same format as archive/common/data/workdays.toml)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from archive.common import calendar
from archive.records.actions import extend_windows
from archive.vetoes.actions import extend_proposals
from profiles.common.permissions import System


class Command(BaseCommand):
    help = "Loads working days from a file; the years that it covers are replaced."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            years, days = calendar.load(path=options["file"], by=System("load_calendar"))
        except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error!r}") from None
        by = System("load_calendar")
        extended = extend_windows(by=by) + extend_proposals(by=by)
        self.stdout.write(f"{years} years, {days} exceptions. {extended} hearing windows extended.")
