"""`manage.py load_catalogue`: bring catalogue, rules, pledge texts and the calendar to the shipped data. Shows what changes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from archive.catalogue import actions as catalogue
from archive.catalogue import loader
from archive.common import calendar
from archive.pledges import actions as pledges
from archive.pledges.loader import SHIPPED as PLEDGE_TEXTS
from archive.vetoes import actions as vetoes
from archive.vetoes import loader as rules
from profiles.common.permissions import System


class Command(BaseCommand):
    help = "Loads the default catalogue, rules, jurisdictions, pledge texts and working days. Idempotent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="show what would change, store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        by = System("load_catalogue")
        try:
            with transaction.atomic():
                difference = catalogue.load_catalogue(data=loader.read(), by=by)
                lines = [
                    *difference.lines,
                    *vetoes.load_rules(data=rules.read(), by=by),
                    *pledges.load_templates(data=loader.read_toml(PLEDGE_TEXTS), by=by),
                ]
                years, days = calendar.load(by=by)
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except loader.DataFault as fault:
            raise CommandError(f"The data files cannot be loaded: {fault}") from None
        limit = None if options["verbosity"] > 1 else 12
        for line in lines[:limit]:
            self.stdout.write(line)
        if limit is not None and len(lines) > limit:
            self.stdout.write(f"… and {len(lines) - limit} more (-v 2 shows all)")
        self.stdout.write(
            f"{difference.new} new, {difference.changed} changed, {difference.ended} ended, {difference.same} unchanged items;"
            f" {len(lines)} changes in all; working days of {years} years ({days} exceptions)."
            + (" Nothing was stored." if options["dry_run"] else "")
        )
