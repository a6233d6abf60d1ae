"""`manage.py check_index compare|rebuild`: does the check index say what entries, numbers and joined archives say?"""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from archive.records.actions.rebuilding import rebuild_index
from archive.records.check_compare import STEP, Difference, differences, lines, ranges
from archive.records.models import Entry
from profiles.common.permissions import System

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Compares the check index with what it is made from (exit 1 where they differ), or sets right what differs. "
        "Shows record numbers, never identity numbers."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["compare", "rebuild"])
        parser.add_argument("--step", type=int, default=STEP, help=f"persons at a time (default {STEP})")
        parser.add_argument("--show", type=int, default=SHOWN, help=f"differences to show (default {SHOWN})")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        if options["act"] == "rebuild":
            done = rebuild_index(ranges=ranges(options["step"]), by=System("check_index"))
            self.stdout.write(f"Set right: {self._counts(done)}, in {time.monotonic() - started:.1f} s.")
            return
        counts: Counter[str] = Counter()
        first: list[Difference] = []
        for after, upto in ranges(options["step"]):
            found = differences(after, upto)
            counts.update(difference.kind for difference in found)
            first += found[: max(0, options["show"] - len(first))]
        self._show(first)
        self.stdout.write(
            f"{lines()} open lines. {self._counts(counts)}, in {time.monotonic() - started:.1f} s."
            + (" Set it right with: manage.py check_index rebuild" if counts else "")
        )
        if counts:
            sys.exit(1)

    def _show(self, found: list[Difference]) -> None:
        numbers = dict(Entry.objects.filter(pk__in=[row.entry_id for row in found]).values_list("pk", "record__number"))
        for row in found:
            where = numbers.get(row.entry_id, f"entry {row.entry_id}, which is not on file")
            self.stdout.write(f"{row.kind}: {where}{': ' if row.fields else ''}{', '.join(row.fields)}")

    def _counts(self, counts: Counter[str]) -> str:
        return ", ".join(f"{kind} {counts[kind]}" for kind in ("lacking", "surplus", "different"))
