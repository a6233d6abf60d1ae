"""Moments that can be asked about years later.

A change is known from a moment that lies before its commit. A question asked between the two would not see the change, and its
replay "as known then" would. Therefore changes that questions depend on hold a shared lock from their moment to their commit, and a
question waits for them before it takes its own. Questions do not wait for each other longer than it takes to read the clock.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils import timezone

KEY = 0x6D6F_6D65_6E74  # "moment"


def of_a_change() -> dt.datetime:
    """From when the change of the current transaction is known."""
    assert connection.in_atomic_block, "the lock lasts until the transaction ends"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [KEY])
    return timezone.now()


def of_a_lone_change() -> dt.datetime:
    """As `of_a_change`, with no other change under way until the transaction ends.

    For changes that say where the lines of other changes belong: which numbers find an entry. Rare and short; all others wait.
    """
    assert connection.in_atomic_block, "the lock lasts until the transaction ends"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [KEY])
    return timezone.now()


def of_a_question() -> dt.datetime:
    """A moment before which every change that is known has been committed.

    A change of an earlier moment held its lock before this moment, so the wait, which comes later, is for it too.
    """
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s), pg_advisory_unlock(%s)", [KEY, KEY])  # from left to right
    return now
