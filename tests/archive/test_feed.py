"""The change feed is read in order, and a line that commits late is not lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from archive.common import feed
from archive.models import Change

LINE = "INSERT INTO archive_change (at, kind, person_id, object_id) VALUES (now(), 'entry.admitted', %s, %s)"


@pytest.fixture
def others(transactional_db: None) -> Iterator[list[Any]]:
    """Two more connections to the same database."""
    opened = [connection.copy(), connection.copy()]
    yield opened
    for other in opened:
        other.close()


def write(other: Any, person: int) -> None:
    with other.cursor() as cursor:
        cursor.execute(LINE, [person, person])


def read(position: int = 0) -> list[int]:
    return [line.person_id for line in feed.after(position)]


def begin(other: Any) -> None:
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")


def test_what_commits_out_of_order_is_held_back_and_then_read_in_order(others: list[Any]) -> None:
    slow, quick = others
    write(connection, 1)
    begin(slow)
    write(slow, 2)
    write(quick, 3)
    assert read() == [1], "line 3 waits for its elder neighbour"
    slow.commit()
    assert read() == [1, 2, 3]


def test_an_old_transaction_that_writes_late_holds_nobody_up_and_hides_nothing(others: list[Any]) -> None:
    """The number of a transaction says nothing about when it draws its ids: `old` has the lowest and writes last."""
    old, young = others
    begin(old)
    begin(young)
    write(young, 1)
    write(old, 2)
    old.commit()
    assert read() == [], "line 1 is lower and not committed yet"
    young.commit()
    assert read() == [1, 2]


def test_a_line_that_is_rolled_back_leaves_a_gap_only(others: list[Any]) -> None:
    slow, quick = others
    begin(slow)
    write(slow, 1)
    write(quick, 2)
    slow.rollback()
    assert read() == [2]


def test_copy_holds_its_place_too(others: list[Any]) -> None:
    slow, quick = others
    begin(slow)
    with (
        slow.cursor() as cursor,
        cursor.copy("COPY archive_change (at, kind, person_id, object_id) FROM STDIN") as copy,
    ):
        copy.write_row(["2026-01-01", "entry.admitted", 1, 1])
    write(quick, 2)
    assert read() == []
    slow.commit()
    assert read() == [1, 2]


def test_the_last_id_read_is_the_next_position(others: list[Any]) -> None:
    for person in (1, 2, 3):
        write(connection, person)
    first = feed.after(0, limit=2)
    assert [line.person_id for line in first] == [1, 2]
    assert read(first[-1].pk) == [3]
    assert read(Change.objects.latest("pk").pk) == []
