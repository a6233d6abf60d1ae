"""`manage.py load_pages`: make the public pages that are not there yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cms import loader


class Command(BaseCommand):
    help = "Makes the public pages from the shipped texts; pages that exist stay as editors wrote them."

    def handle(self, *args: Any, **options: Any) -> None:
        made = loader.load()
        self.stdout.write(f"Pages made: {', '.join(made) or 'none, all were there'}.")
