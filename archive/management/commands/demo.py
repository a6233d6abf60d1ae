"""`manage.py demo`: make the demo world, once. Refuses where DEMO is off."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from archive import demo


class Command(BaseCommand):
    help = "Makes a small world of fictional people and accounts with published passwords."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="only print the accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is off: accounts with published passwords are not made here.")
        if options["accounts"]:
            self._accounts()
        elif demo.exists():
            self.stdout.write("The demo world is there already.")
        else:
            demo.create(say=lambda line: self.stdout.write(f"demo: {line}"))

    def _accounts(self) -> None:
        self.stdout.write(f"  Demo accounts, password of all: {demo.PASSWORD}")
        for role, username in [
            *((role, username) for role, username, _n, _c in demo.ACCOUNTS),
            ("person", demo.PERSON[0]),
        ]:
            self.stdout.write(f"    {role!s:16} {username}")
        self.stdout.write("  The second factor's six digits are shown on the page that asks for them (demo only).")
