"""Privileges of the application's database role. What is append-only is so in the database, also for bulk SQL."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from psycopg import sql

from profiles.common.models import append_only_tables


def apply() -> None:
    """Run as the owner after migrations. Idempotent."""
    role = settings.DATABASE_APP_ROLE
    name = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == role:
            return  # one role for all: a development database; profiles.E001 warns in production
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
        ):
            cursor.execute(sql.SQL(statement).format(role=name))
        for table in append_only_tables():
            for part in _with_partitions(table):
                cursor.execute(
                    sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}").format(
                        table=sql.Identifier(part), role=name
                    )
                )


def _with_partitions(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relid::regclass::text FROM pg_partition_tree(%s::regclass)", [table])
        return [row[0] for row in cursor.fetchall()] or [table]
