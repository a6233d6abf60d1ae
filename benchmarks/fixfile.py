"""How long the fix file of 100,000 refused rows takes: each row with two sentences, two coloured cells and all its columns."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import world
from benchmarks.figure import Figure, seconds

ROWS = 100_000
LIMIT = 20


def measure() -> Iterator[Figure]:
    world.django()
    import openpyxl
    from django.core.files.base import File

    from archive.intake import actions as intake
    from archive.models import FixFile
    from profiles.common.permissions import System

    batch = _batch()
    fix = FixFile.objects.create(batch=batch, language="zh-hans", requested_by=batch.uploaded_by)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    taken = seconds(lambda: intake.make_fix_file(fix_id=fix.pk, by=System("bench")))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    fix.refresh_from_db()
    book = openpyxl.load_workbook(File(fix.file.open("rb")), read_only=True)
    sheet: Any = book.worksheets[0]
    assert sum(1 for _row in sheet.iter_rows()) == ROWS + 1, "every row came back"
    yield Figure(
        "fixfile_s",
        taken,
        "s",
        limit=LIMIT,
        note=f"{ROWS} refused rows of 12 columns, {(after - before) / 1024:.0f} MB more at its peak",
    )


def _batch() -> Any:
    """A rehearsed file of which every row is refused, without the time that its rehearsal would take."""
    from django.core.files.base import File

    from archive.intake.columns import heads_of
    from archive.intake.files import Layout, survey
    from archive.intake.problems import Problem
    from archive.intake.spool import RowSpool
    from archive.models import Batch, Row
    from archive.records.resources import EntrySheet
    from benchmarks import import_sheet
    from profiles.models import Account, Organisation

    path = Path(world.VAR) / "fixfile.xlsx"
    import_sheet.write(path, import_sheet.rows(ROWS, people=1_000))
    school = Organisation.objects.create(name="甲示例学院（压测）", code=_code(), kind="school")
    clerk = Account.objects.create(username="bench-fix", full_name="压测", organisation=school)
    with path.open("rb") as file:
        layout: Layout = survey(file, "xlsx", EntrySheet.match, EntrySheet.required_headers()).layout
        batch = Batch(
            kind=Batch.Kind.ENTRIES,
            organisation=school,
            uploaded_by=clerk,
            file_name="fixfile.xlsx",
            file_format="xlsx",
            size=path.stat().st_size,
            sha256="0" * 64,
            state=Batch.State.READY,
            survey=heads_of(file, "xlsx"),
            layout=layout.as_json(),
            header_row=layout.header_row,
            sheet_name=layout.sheet,
            columns={name: import_sheet.HEADERS[index] for index, name in layout.columns.items()},
            rows_total=ROWS,
            counts={"refused": ROWS},
        )
        batch.file.save("upload", File(file))
    batch.save()
    problems = [
        Problem("identity_check", column="身份证号码", value="110105********1234"),
        Problem("date_future", column="发生日期", value="2099-01-01"),
    ]
    with RowSpool(batch) as spool:
        for number in range(2, ROWS + 2):
            spool.add(number, {"name": "某"}, Row.Verdict.REFUSED, problems, [])
        spool.store()
    return batch


def _code() -> str:
    from profiles.common import uscc

    return "11990000000000001" + uscc.check_character("11990000000000001")
