"""A migration operation that turns a new table into one partitioned by month."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations.base import Operation, OperationCategory
from psycopg import sql


class PartitionByRange(Operation):
    """Rebuild the model's table as PARTITION BY RANGE (`column`), with a default partition; indexes, checks, triggers follow.

    Django goes on seeing a plain table with its one-column key; in the database the key is (key, `column`).
    """

    reversible = True
    category = OperationCategory.ALTERATION

    def __init__(self, model_name: str, column: str) -> None:
        self.model_name, self.column = model_name, column

    def state_forwards(self, app_label: str, state: Any) -> None:
        return

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        _rebuild(schema_editor, model._meta.db_table, model._meta.pk.column, self.column)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        _rebuild(schema_editor, model._meta.db_table, model._meta.pk.column, None)

    def describe(self) -> str:
        return f"Partition {self.model_name} by {self.column}"


def _rebuild(schema_editor: Any, table: str, key: str, column: str | None) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass AND NOT indisprimary",
            [table],
        )
        again = [row[0].replace(" ON ONLY ", " ON ") for row in cursor.fetchall()]
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table]
        )
        again += [row[0] for row in cursor.fetchall()]

        def run(statement: str, **names: str) -> None:
            identifiers = {name: sql.Identifier(value) for name, value in names.items()}
            cursor.execute(sql.SQL(statement).format(**identifiers))

        names = {"table": table, "old": f"{table}_old", "key": key}
        run("ALTER TABLE {table} RENAME TO {old}", **names)
        like = "CREATE TABLE {table} (LIKE {old} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING IDENTITY)"
        if column is None:
            run(like, **names)
            run("ALTER TABLE {table} ADD PRIMARY KEY ({key})", **names)
        else:
            run(like + " PARTITION BY RANGE ({column})", **names, column=column)
            run("CREATE TABLE {rest} PARTITION OF {table} DEFAULT", **names, rest=f"{table}_rest")
        run("INSERT INTO {table} SELECT * FROM {old}", **names)
        run("DROP TABLE {old}", **names)
        if column is not None:
            run("ALTER TABLE {table} ADD PRIMARY KEY ({key}, {column})", **names, column=column)
        for statement in again:
            cursor.execute(statement)
