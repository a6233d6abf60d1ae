"""Data of tables that may be long."""

from __future__ import annotations

from typing import Any

from django_tables2.data import TableQuerysetData

COUNT_LIMIT = 10_000  # counting a million rows on each look at a page would be slower than the page


class ListData(TableQuerysetData):
    """Rows in an order that does not change from page to page, counted to `COUNT_LIMIT` only: what lies beyond is not paged."""

    data: Any
    capped = False

    def __len__(self) -> int:
        if getattr(self, "_length", None) is None:
            found = self.data.order_by().values("pk")[: COUNT_LIMIT + 1].count()
            self.capped = found > COUNT_LIMIT
            self._length: int = min(found, COUNT_LIMIT)
        return self._length

    def order_by(self, aliases: Any) -> None:
        super().order_by(aliases)
        written = [str(term).lstrip("-") for term in self.data.query.order_by or self.data.model._meta.ordering]
        if "pk" not in written:
            self.data = self.data.order_by(*(self.data.query.order_by or self.data.model._meta.ordering), "-pk")
