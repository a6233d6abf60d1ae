"""A school's list of 100,000 rows, from the stored file to the admission: all rules, trail and feed; against two peers in one run.

Ours is the whole road that a clerk goes: reading and rehearsing (the admission, rolled back), then the admission. `import_vs_plain`
is rows a second against plain django-import-export (see `import_plain`), measured on a part, dry run and import too.
`import_vs_copy` is the seconds of a bare COPY of exactly the rows that our import left in the database, into a copy of the
database as it was before, with all its indexes, triggers and constraints, against our seconds of both passes.
`import_rss_mb` is the peak memory of the worker process. IMPORT_ROWS sets the number of rows; with 1000000 the memory is compared
with that of 100,000.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import import_sheet, world
from benchmarks.figure import Figure, seconds

ROWS = int(os.environ.get("IMPORT_ROWS", "100000"))
PLAIN_ROWS = 3_000
PEER = "import_peer"


class _Undone(Exception):
    pass


def measure() -> Iterator[Figure]:
    world.large()
    with tempfile.TemporaryDirectory(prefix="integrity-archive-import-") as folder:
        clerk = _clerk()
        plain = _plain_seconds(Path(folder), clerk)
        small = _ours(Path(folder), clerk, 100_000, first=2_000_000) if ROWS > 100_000 else None
        _copy_database()
        marks = _marks()
        ours = _ours(Path(folder), clerk, ROWS)
        total = ours["rehearsal"] + ours["admission"]
        copied = _copy_seconds(Path(folder), marks)
    rate = ROWS / total
    yield Figure(
        "import_vs_plain",
        rate,
        "rows/s",
        limit=20,
        peer=PLAIN_ROWS / plain,
        note=f"limit on the ratio; {ROWS} rows: rehearsal {ours['rehearsal']:.1f} s, admission {ours['admission']:.1f} s;"
        f" peer measured on {PLAIN_ROWS} rows",
    )
    yield Figure(
        "import_vs_copy",
        1 / total,
        "1/s",
        limit=0.25,
        peer=1 / copied,
        note=f"limit on the ratio; bare COPY {copied:.1f} s, the admission alone {copied / ours['admission']:.2f} of it",
    )
    flat = (
        f"; 100,000 rows took {small['rss_mb']:.0f} MB, ratio {ours['rss_mb'] / small['rss_mb']:.2f}" if small else ""
    )
    yield Figure("import_rss_mb", ours["rss_mb"], "MB", limit=300, note=f"{ROWS} rows{flat}")


def _clerk() -> Any:
    """The clerk of the large world's school, which is entitled to report students."""
    import datetime as dt

    from profiles.accounts.founding import Founder
    from profiles.models import Account
    from profiles.organisations.actions import give_competence
    from profiles.organisations.models import Competence

    clerk = Account.objects.select_related("organisation").get(username="bench-clerk")
    give_competence(
        organisation=clerk.organisation,
        role=Competence.Role.REPORT,
        group="STU",
        event="",
        basis="教育法",
        valid_from=dt.date(2020, 1, 1),
        by=Founder("bench"),
    )
    return clerk


def _sheet(folder: Path, count: int, first: int) -> Path:
    path = folder / f"{count}-{first}.xlsx"
    if not path.exists():
        import_sheet.write(path, import_sheet.rows(count, people=world.PEOPLE, first=first))
    return path


def _plain_seconds(folder: Path, clerk: Any) -> float:
    """Dry run and import of a part; nothing of it stays."""
    from django.db import transaction
    from import_export.formats.base_formats import XLSX

    from benchmarks.import_plain import PlainResource

    data = _sheet(folder, PLAIN_ROWS, 1_000_000).read_bytes()
    taken = 0.0
    try:
        with transaction.atomic():
            for dry_run in (True, False):
                results = []
                taken += seconds(
                    lambda dry_run=dry_run, results=results: results.append(
                        PlainResource(clerk).import_data(XLSX().create_dataset(data), dry_run=dry_run)
                    )
                )
                new = results[0].totals["new"]
                assert 0.97 * PLAIN_ROWS < new <= PLAIN_ROWS, results[0].totals
            raise _Undone
    except _Undone:
        return taken


def _ours(folder: Path, clerk: Any, count: int, *, first: int = 0) -> dict[str, Any]:
    """Stored as uploaded, then carried by a worker process of its own."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from archive.intake import actions as intake
    from archive.intake.models import Batch
    from profiles.common.permissions import Permission

    upload = SimpleUploadedFile("登记表.xlsx", _sheet(folder, count, first).read_bytes())
    batch = intake.receive(upload=upload, kind=Batch.Kind.ENTRIES, permission=Permission.UPLOAD_BATCH, by=clerk)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.import_worker", str(batch.pk)],
        env={**os.environ, "DATABASE_ROLE": "app"},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    said: dict[str, Any] = json.loads(done.stdout)
    assert abs(said["counts"]["refused"] - count / 100) <= 1, said
    assert said["counts"]["known"] > 0.45 * count, said
    return said


def _owner(name: str | None = None) -> Any:
    import psycopg
    from psycopg.conninfo import make_conninfo

    url = os.environ["DATABASE_OWNER_URL"]
    return psycopg.connect(make_conninfo(url, dbname=name) if name else url, autocommit=True)


def _copy_database() -> None:
    """The world before the import, to copy into."""
    from django.db import connection

    source = connection.settings_dict["NAME"]
    connection.close()
    with _owner("postgres") as owner:
        owner.execute(f'DROP DATABASE IF EXISTS "{PEER}"')
        owner.execute(f'CREATE DATABASE "{PEER}" TEMPLATE "{source}" STRATEGY file_copy')


TABLES = {  # in the order in which keys refer to each other, with the column by which new rows are told
    "profiles_person": "id",
    "profiles_identitydocument": "id",
    "profiles_membership": "id",
    "archive_record": "id",
    "archive_entry": "id",
    "archive_row": "id",
    "archive_change": "id",
    "profiles_auditevent": "at",
    "profiles_trailpending": "event_at",
}


def _marks() -> dict[str, Any]:
    with _owner() as owner:
        return {
            table: owner.execute(
                f'SELECT coalesce(max({column}), {"now()" if column != "id" else 0}) FROM "{table}"'
            ).fetchone()[0]
            for table, column in TABLES.items()
        }


def _copy_seconds(folder: Path, marks: dict[str, Any]) -> float:
    """COPY of the import's rows into the database as it was before; the file of the rows is written first, untimed."""
    with _owner() as owner:
        for table, column in TABLES.items():
            with (
                (folder / table).open("wb") as file,
                owner.cursor().copy(
                    f'COPY (SELECT * FROM "{table}" WHERE {column} > %s ORDER BY 1) TO STDOUT', [marks[table]]
                ) as rows,
            ):
                for data in rows:
                    file.write(data)
        batch = owner.execute("SELECT * FROM archive_batch ORDER BY id DESC LIMIT 1")
        columns = [column.name for column in batch.description or []]
        values = io.BytesIO()
        with owner.cursor().copy("COPY (SELECT * FROM archive_batch ORDER BY id DESC LIMIT 1) TO STDOUT") as rows:
            for data in rows:
                values.write(data)
    with _owner(PEER) as peer:
        with peer.cursor().copy(f"COPY archive_batch ({', '.join(columns)}) FROM STDIN") as copy:
            copy.write(values.getvalue())

        def copy_all() -> None:
            with peer.transaction():
                for table in TABLES:
                    with (folder / table).open("rb") as file, peer.cursor().copy(f'COPY "{table}" FROM STDIN') as copy:
                        while data := file.read(1 << 20):
                            copy.write(data)

        return seconds(copy_all)
