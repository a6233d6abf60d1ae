"""What the check index should say, from entries, numbers and joined archives, beside what it says. Set-wise, by ranges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

STEP = 20_000  # persons

# The index holds one open line for each entry that is in force, or whose display alone is over, and each live number of its
# person and of those joined with it. Known from: when the entry was approved, the number came, or the archives were joined,
# whatever was last; an objection that was marked or settled since begins the line anew.
EXPECTED = """
    family AS (
        SELECT id AS person_id, id AS member_id, '-infinity'::timestamptz AS since FROM profiles_person
        WHERE id > %(after)s AND id <= %(upto)s
        UNION ALL
        SELECT person_id, member_id, max(since) FROM (
            SELECT kept_id AS person_id, merged_id AS member_id, carried_out_at AS since
            FROM profiles_personmerge WHERE state = 'carried_out'
            UNION ALL
            SELECT merged_id, kept_id, carried_out_at FROM profiles_personmerge WHERE state = 'carried_out'
            UNION ALL
            SELECT one.merged_id, other.merged_id, greatest(one.carried_out_at, other.carried_out_at)
            FROM profiles_personmerge one JOIN profiles_personmerge other
              ON other.kept_id = one.kept_id AND other.merged_id <> one.merged_id
            WHERE one.state = 'carried_out' AND other.state = 'carried_out'
        ) pair WHERE person_id > %(after)s AND person_id <= %(upto)s GROUP BY person_id, member_id
    ),
    expected AS (
        SELECT document.index AS identity_index, entry.id AS entry_id,
            greatest(entry.approved_at, document.added_at, family.since, (SELECT max(greatest(opened_at, settled_at))
                FROM archive_dispute dispute WHERE dispute.record_id = entry.record_id)) AS known_from,
            entry.person_id, entry.organisation_id, entry.item_code, entry.severity, entry.polarity, entry.document_date,
            entry.sanction_months, CASE WHEN entry.display IS NULL THEN NULL ELSE daterange(
                lower(entry.display), least(upper(entry.display), upper(entry.retention))) END AS display,
            entry.bar, entry.bar_groups, EXISTS (SELECT FROM archive_dispute dispute
                WHERE dispute.record_id = entry.record_id AND dispute.settled_at IS NULL) AS disputed
        FROM archive_entry entry
        JOIN family ON family.person_id = entry.person_id
        JOIN profiles_identitydocument document ON document.person_id = family.member_id AND document.retired_at IS NULL
        WHERE entry.state = 'in_force' OR entry.state = 'ended' AND entry.end_reason = 'display_over'
    ),
    actual AS (
        SELECT * FROM check_fact WHERE known_until IS NULL AND person_id > %(after)s AND person_id <= %(upto)s
    )
"""
SAID = (
    "person_id", "organisation_id", "item_code", "severity", "polarity", "document_date", "sanction_months", "display", "bar",
    "bar_groups", "disputed",
)  # fmt: skip
_FIELDS = ", ".join(f"('{name}', expected.{name} IS DISTINCT FROM actual.{name})" for name in SAID)
_DIFFERS = " OR ".join(f"expected.{name} IS DISTINCT FROM actual.{name}" for name in SAID)
KINDS = f"""
    SELECT CASE WHEN actual.entry_id IS NULL THEN 'lacking' WHEN expected.entry_id IS NULL THEN 'surplus'
            ELSE 'different' END,
        coalesce(expected.entry_id, actual.entry_id), coalesce(expected.person_id, actual.person_id),
        ARRAY(SELECT name FROM (VALUES {_FIELDS}) AS field (name, differs)
            WHERE differs AND actual.entry_id IS NOT NULL AND expected.entry_id IS NOT NULL)
    FROM expected FULL JOIN actual USING (identity_index, entry_id)
    WHERE actual.entry_id IS NULL OR expected.entry_id IS NULL OR {_DIFFERS}
    ORDER BY 2, 1
"""  # noqa: S608  our own names


@dataclass(frozen=True, slots=True)
class Difference:
    """`lacking`: an open line that should be there is not. `surplus`: one that should not be open is. `different`: `fields` are."""

    kind: str
    entry_id: int
    person_id: int
    fields: tuple[str, ...] = ()


def ranges(step: int = STEP) -> Iterator[tuple[int, int]]:
    """(after, up to): ranges of person ids with about `step` persons each; together they are everybody, also who is not on file."""
    after = -(2**63)
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT max(id), count(*) FROM"
                " (SELECT id FROM profiles_person WHERE id > %s ORDER BY id LIMIT %s) step",
                [after, step],
            )
            last, count = cursor.fetchone()
            if count < step:
                yield after, 2**63 - 1
                return
            yield after, last
            after = last


def differences(after: int, upto: int) -> list[Difference]:
    """Of the persons with `after < id <= upto`, in one statement: what is written meanwhile is seen wholly or not at all."""
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {EXPECTED} {KINDS}", {"after": after, "upto": upto})
        return [Difference(kind, entry, person, tuple(fields)) for kind, entry, person, fields in cursor.fetchall()]


def lines() -> int:
    """Open lines there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM check_fact WHERE known_until IS NULL")
        (count,) = cursor.fetchone()
        return int(count)
