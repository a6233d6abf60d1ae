"""The queue inside PostgreSQL: its SQL is installed once, owned by the application's role (it holds messages, no data)."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from pgmq.install import get_embedded_install_sql
from psycopg import sql

SCHEMA = "pgmq"


def install() -> bool:
    """Run as the owner. False where the queue is there already or another broker is configured."""
    if not settings.CELERY_BROKER_URL.startswith("pgmq:"):
        return False
    role = sql.Identifier(settings.DATABASE_APP_ROLE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [SCHEMA])
        if cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT current_user = %s", [settings.DATABASE_APP_ROLE])
        owner_is_app = cursor.fetchone()[0]
        database = sql.Identifier(connection.settings_dict["NAME"])
        if not owner_is_app:
            cursor.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(database, role))
            cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(role))
        connection.connection.execute(get_embedded_install_sql())
        if not owner_is_app:
            cursor.execute("RESET ROLE")
            cursor.execute(sql.SQL("REVOKE CREATE ON DATABASE {} FROM {}").format(database, role))
    return True
