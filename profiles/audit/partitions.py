"""Monthly partitions of the large append-only tables. The owner makes them ahead; rows beyond land in the default one."""

from __future__ import annotations

import datetime as dt
import logging

from dateutil.relativedelta import relativedelta
from django.db import connection
from django.utils import timezone
from psycopg import sql

logger = logging.getLogger(__name__)

PARTITIONED = ["profiles_auditevent", "archive_queryline", "archive_change"]
AHEAD = 24  # months


def ensure(months: int = AHEAD) -> None:
    """Make the partitions from this month on. Run as the owner, by `manage.py prepare`. Idempotent."""
    first = timezone.localdate().replace(day=1)
    with connection.cursor() as cursor:
        for table in PARTITIONED:
            for step in range(months):
                start = first + relativedelta(months=step)
                name = f"{table}_{start:%Y_%m}"
                cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
                if not cursor.fetchone()[0]:
                    cursor.execute(
                        sql.SQL("CREATE TABLE {name} PARTITION OF {table} FOR VALUES FROM ({start}) TO ({end})").format(
                            name=sql.Identifier(name),
                            table=sql.Identifier(table),
                            start=sql.Literal(_midnight(start)),
                            end=sql.Literal(_midnight(start + relativedelta(months=1))),
                        )
                    )


def warn_if_missing() -> None:
    """Daily: says in the log when fewer than three months of partitions are left."""
    needed = timezone.localdate().replace(day=1) + relativedelta(months=3)
    with connection.cursor() as cursor:
        for table in PARTITIONED:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"{table}_{needed:%Y_%m}"])
            if not cursor.fetchone()[0]:
                logger.warning("%s has no partition for %s: run `manage.py prepare`.", table, needed)


def _midnight(day: dt.date) -> str:
    return timezone.make_aware(dt.datetime.combine(day, dt.time())).isoformat()
