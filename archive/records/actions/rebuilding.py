"""Setting the check index right where it differs from entries, numbers and joined archives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from archive.records.check_compare import EXPECTED, SAID, differences
from archive.records.models import CheckFact
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import moments
from profiles.common.permissions import Permission, System, require

_NAMES = ", ".join(SAID)
# What lacks is known from when it should have been: a check of then, asked again, finds it. A line that was closed by mistake is
# the same one and is opened again.
ENTER = f"""
    WITH {EXPECTED}
    INSERT INTO check_fact (identity_index, entry_id, known_from, {_NAMES})
    SELECT identity_index, entry_id, known_from, {_NAMES} FROM expected
    WHERE NOT EXISTS (SELECT 1 FROM actual WHERE actual.identity_index = expected.identity_index
        AND actual.entry_id = expected.entry_id)
    ON CONFLICT (identity_index, item_code, entry_id, known_from) DO UPDATE
    SET known_until = NULL, {", ".join(f"{name} = excluded.{name}" for name in SAID)}
"""  # noqa: S608  our own names
# An entry does not change once it holds, so what a line says otherwise was never right: it is written over.
CORRECT = f"""
    WITH {EXPECTED}
    UPDATE check_fact line SET {", ".join(f"{name} = expected.{name}" for name in SAID)}
    FROM expected WHERE line.identity_index = expected.identity_index AND line.entry_id = expected.entry_id
    AND line.known_until IS NULL AND ({" OR ".join(f"line.{name} IS DISTINCT FROM expected.{name}" for name in SAID)})
"""  # noqa: S608  our own names
# What should not be open is closed from when the entry ended or the number was retired, else from now: answers that were given
# from it meanwhile stay what they were.
CLOSE = f"""
    WITH {EXPECTED}
    UPDATE check_fact line SET known_until = greatest(line.known_from, coalesce(
        (SELECT ended_at FROM archive_entry entry WHERE entry.id = line.entry_id AND entry.state = 'ended'
            AND entry.end_reason <> 'display_over'),
        (SELECT max(retired_at) FROM profiles_identitydocument document WHERE document.index = line.identity_index
            AND NOT EXISTS (SELECT 1 FROM profiles_identitydocument live
                WHERE live.index = document.index AND live.retired_at IS NULL)),
        %(now)s))
    WHERE line.known_until IS NULL AND line.person_id > %(after)s AND line.person_id <= %(upto)s
    AND NOT EXISTS (SELECT 1 FROM expected WHERE expected.identity_index = line.identity_index
        AND expected.entry_id = line.entry_id)
"""  # noqa: S608  our own names


def rebuild_index(*, ranges: Iterable[tuple[int, int]], by: System) -> Counter[str]:
    """Range by range of person ids, one transaction each: what lacks is entered, what differs corrected, what is too much closed.

    Returns how many lines of each kind there were. Stopped in the middle, what is done is done; a second run finds the rest.
    """
    require(by, Permission.RUN_SYSTEM)
    total: Counter[str] = Counter()
    for after, upto in ranges:
        total += _rebuild(after, upto, by=by)
    return total


@transaction.atomic
def _rebuild(after: int, upto: int, *, by: System) -> Counter[str]:
    """Nobody else writes lines meanwhile, and no question is asked between what is known and its commit."""
    now = moments.of_a_lone_change()
    found = Counter(difference.kind for difference in differences(after, upto))
    if not found:
        return found
    values: dict[str, Any] = {"after": after, "upto": upto, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, values)
        cursor.execute(CORRECT, values)
        cursor.execute(ENTER, values)
    rest = differences(after, upto)
    assert not rest, f"{CheckFact._meta.db_table} still differs: {rest[:3]}"
    record(
        by=by,
        verb=Verb.CHECK_INDEX_REBUILT,
        lacking=found["lacking"],
        surplus=found["surplus"],
        different=found["different"],
        after=after,
        upto=upto,
    )
    return found
