"""`manage.py prepare`: bring the database to this version. Run as the owner; safe to repeat; one at a time."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from profiles.audit import partitions
from profiles.common import grants, queue

LOCK = 0x7072_6570  # "prep"
MARK = "django_migrations"  # the table that carries the fingerprint as its comment


class Command(BaseCommand):
    help = "Migrates, makes partitions ahead, installs the queue, sets the application's privileges."

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            try:
                call_command("migrate", interactive=False, verbosity=options["verbosity"])
                call_command("createcachetable", verbosity=0)
                with transaction.atomic():
                    partitions.ensure()
                    queue.install()
                    grants.apply()
                    cursor.execute(
                        sql.SQL("COMMENT ON TABLE {} IS {}").format(sql.Identifier(MARK), sql.Literal(fingerprint()))
                    )
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def fingerprint() -> str:
    """Of all that preparing depends on: our code, the pinned packages, the application's role, the month (partitions)."""
    root = Path(settings.BASE_DIR)
    digest = hashlib.sha256(f"{settings.DATABASE_APP_ROLE} {timezone.localdate():%Y-%m}".encode())
    for path in sorted(
        [root / "requirements.lock", *(p for app in ("profiles", "archive", "cms") for p in (root / app).rglob("*.py"))]
    ):
        digest.update(path.read_bytes())
    return f"prepared {digest.hexdigest()}"


def is_done() -> bool:
    """The database was prepared by exactly this version, this month. For a quick second start on one machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", [MARK])
        return bool(cursor.fetchone()[0] == fingerprint())
