"""Queries that are asked with every check: compiled once in a process, where Django would build their SQL each time anew.

The queryset stays the only definition; here it is built once with stand-ins, whose places then take the values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet


class Statement:
    """`build(**values)` gives a queryset of `values_list`; `kinds` are the types of its values: int, str, date or datetime.

    A value may not decide which conditions there are: `build` is called once only, with stand-ins.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]], **kinds: type) -> None:
        self._build, self._kinds = build, kinds
        self._compiled: tuple[Any, str, list[Callable[[dict[str, Any]], Any]], dict[Any, Any]] | None = None

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """What the queryset gives for these values."""
        if self._compiled is None:
            self._compiled = self._compile()
        compiler, sql, places, converters = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(sql, [place(values) for place in places])
            rows = cursor.fetchall()
        return [tuple(row) for row in compiler.apply_converters(rows, converters)] if converters else rows

    def _compile(self) -> tuple[Any, str, list[Callable[[dict[str, Any]], Any]], dict[Any, Any]]:
        stand_ins = {name: _stand_in(kind, number) for number, (name, kind) in enumerate(self._kinds.items(), 1)}
        compiler = self._build(**stand_ins).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([column[0] for column in compiler.select])
        names = {stand_in: name for name, stand_in in stand_ins.items()}
        lost = set(names) - set(params)
        assert not lost, f"no place in the statement for {sorted(names[stand_in] for stand_in in lost)}"
        return compiler, sql, [_value(names[param]) if param in names else _same(param) for param in params], converters


def _value(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda values: values[name]


def _same(param: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda values: param


def _stand_in(kind: type, number: int) -> Any:
    """A value of the type that no query has."""
    made: dict[type, Any] = {
        int: -1_000_000_000 - number,
        str: f"\N{WHITE SQUARE}{number}",
        dt.date: dt.date(1, 1, number),
        dt.datetime: dt.datetime(1, 1, 1, number, tzinfo=dt.UTC),
    }
    return made[kind]
