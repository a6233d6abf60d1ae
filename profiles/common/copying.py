"""Many rows into one table by COPY. Constraints, indexes and triggers hold as for any insert; only the road is shorter.

Values come from rules that have judged them already. Nothing here bypasses validation: call it from the action that owns the table.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import connection, models
from django.utils import timezone
from psycopg import sql

from profiles.common import ciphers
from profiles.common.fields import EncryptedTextField

Renderer = Callable[[Sequence[Any]], Sequence[str]]  # a column of values → as COPY writes them

NULL = r"\N"
PART = 500  # rows that are handed over at once
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_IN_ARRAY = str.maketrans({"\\": r"\\", '"': r"\""})
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Lines:
    """Rows of a model as lines of COPY. `columns` differ from row to row, `constants` do not; defaults of the model fill the rest.

    Names are those of attributes (`person_id`). What must differ in each row, a key or a code, has to be among the columns.
    """

    def __init__(self, model: type[models.Model], columns: Sequence[str], **constants: Any) -> None:
        self.model, self.columns = model, tuple(columns)
        fields = {field.attname: field for field in model._meta.concrete_fields}
        self._renderers = [_renderer(fields[name]) for name in self.columns]
        rest = {**_defaults(fields, {*columns, *constants}), **constants}
        self._names: list[str] = [str(fields[name].column) for name in (*self.columns, *rest)]
        self._tail = "".join(f"\t{_renderer(fields[name])([value])[0]}" for name, value in rest.items()) + "\n"

    def text(self, rows: Sequence[Sequence[Any]]) -> str:
        """The lines of some rows, made column by column, which is several times faster than cell by cell."""
        columns = [render(column) for render, column in zip(self._renderers, zip(*rows, strict=True), strict=True)]
        return self._tail.join(map("\t".join, zip(*columns, strict=True))) + self._tail

    def store(self, lines: Iterable[str | bytes]) -> None:
        """COPY lines that `text` made, in the current transaction. Errors are those of any other statement."""
        names: list[sql.Composable] = [sql.Identifier(name) for name in self._names]
        statement = sql.SQL("COPY {table} ({columns}) FROM STDIN").format(
            table=sql.Identifier(self.model._meta.db_table),
            columns=sql.SQL(", ").join(names),
        )
        with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
            for part in lines:
                copy.write(part)


def copy_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], **constants: Any
) -> None:
    """Store `rows`, tuples in the order of `columns`. See `Lines`."""
    lines = Lines(model, columns, **constants)
    lines.store(map(lines.text, parted(rows, PART)))


def parted(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of `size` rows; the last may be shorter."""
    rest = iter(rows)
    while part := list(itertools.islice(rest, size)):
        yield part


def reserve(model: type[models.Model], count: int) -> list[int]:
    """Fresh keys from the table's own sequence, ascending."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(sequence) FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass AS sequence) own,"
            " generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [row[0] for row in cursor.fetchall()]


def keys_text(values: Iterable[Any]) -> str:
    """Numbers, days or bytes as the text of a PostgreSQL array, for `%s::bigint[]`: the driver takes far longer over a list."""
    return (
        "{" + ",".join([rf'"\\x{value.hex()}"' if isinstance(value, bytes) else str(value) for value in values]) + "}"
    )


def texts_text(values: Iterable[str]) -> str:
    """Texts likewise, for `%s::text[]`."""
    return "{" + ",".join([f'"{value.translate(_IN_ARRAY)}"' for value in values]) + "}"


def _defaults(fields: dict[str, Any], given: set[str]) -> dict[str, Any]:
    found = {}
    for name, field in fields.items():
        if name in given or field.primary_key or field.db_default is not models.NOT_PROVIDED:
            continue
        if field.unique:
            raise TypeError(f"{name} is different in each row: name it among the columns.")
        found[name] = timezone.now() if getattr(field, "auto_now_add", False) else field.get_default()
    return found


def _renderer(field: Any) -> Renderer:
    if isinstance(field, EncryptedTextField):
        return _each(lambda value: _bytes(ciphers.encrypt(field.seal(value), context=field.context)))
    if isinstance(field, models.ForeignKey):
        return _renderer(field.target_field)
    for kind, renderer in _RENDERERS:
        if isinstance(field, kind):
            return renderer
    raise TypeError(f"{type(field).__name__} has no form in COPY yet.")


def _each(render: Callable[[Any], str]) -> Renderer:
    def column(values: Sequence[Any]) -> Sequence[str]:
        if None in values:
            return [NULL if value is None else render(value) for value in values]
        return list(map(render, values))

    return column


def _texts(values: Sequence[Any]) -> Sequence[str]:
    """Most columns have nothing to escape, which one look at all of it tells."""
    if None not in values and _SPECIAL.search("".join(values)) is None:
        return values
    return [NULL if value is None else _text(value) for value in values]


def _text(value: str) -> str:
    return value.translate(_ESCAPES)


def _bytes(value: bytes) -> str:
    return rf"\\x{value.hex()}"


def _object(value: Any) -> str:
    return "[]" if value == [] else _text(_json(value))  # most rows have no problems


def _boolean(value: bool) -> str:
    return "t" if value else "f"


def _array(value: Iterable[Any]) -> str:
    return _text(texts_text(map(str, value)))


def span_text(value: Any) -> str:
    """A range of days as PostgreSQL writes it, `[2026-01-01,)`."""
    return f"{value.bounds[0]}{value.lower or ''},{value.upper or ''}{value.bounds[1]}"


def _span(value: Any) -> str:
    """A range, or one written already: many rows share few ranges."""
    return value if isinstance(value, str) else span_text(value)


_RENDERERS: list[tuple[Any, Renderer]] = [
    (models.BooleanField, _each(_boolean)),
    (models.IntegerField, _each(str)),
    (models.DateField, _each(lambda value: value.isoformat())),  # days and moments
    (models.UUIDField, _each(str)),
    (models.BinaryField, _each(_bytes)),
    (models.JSONField, _each(_object)),
    (DateRangeField, _each(_span)),
    (ArrayField, _each(_array)),
    ((models.CharField, models.TextField), _texts),
]
