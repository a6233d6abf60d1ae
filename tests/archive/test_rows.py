"""Rows of facts: what is refused on days, persons and names, and that good rows go their way beside bad ones."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from archive.models import Batch, Entry, Item
from tests import factories as f
from tests import numbers
from tests.archive.sheets import admit, admitted, clerk, codes, confirm, days_ago, fact, rehearse, xlsx
from tests.world import sign_in

pytestmark = pytest.mark.django_db


def test_the_days_of_act_document_and_item_must_fit() -> None:
    Item.objects.filter(code="STU-05").update(valid_from=days_ago(30))
    late = fact(item="STU-05", act_date=days_ago(31).isoformat(), document_date=days_ago(20).isoformat())
    before = fact(act_date=days_ago(10).isoformat(), document_date=days_ago(11).isoformat())
    old = days_ago(6 * 366)
    over = fact(act_date=old.isoformat(), document_date=old.isoformat())
    tomorrow = fact(act_date=days_ago(-1).isoformat(), document_date=days_ago(-1).isoformat())
    batch = rehearse(xlsx(late, before, over, tomorrow, fact()), by=clerk())
    assert codes(batch) == {
        2: ["item_not_in_force"],
        3: ["document_before_act"],
        4: ["retention_over"],
        5: ["date_future", "date_future"],
    }
    assert batch.good_rows == 1


def test_the_birthday_is_the_first_day_that_counts() -> None:
    born = dt.date(timezone.localdate().year - 19, 6, 15)
    eighteen = dt.date(born.year + 18, 6, 15)
    rows = [
        fact(identity_number=numbers.resident(born), act_date=day.isoformat(), document_date=eighteen.isoformat())
        for day in (eighteen - dt.timedelta(days=1), eighteen)
    ]
    assert codes(rehearse(xlsx(*rows), by=clerk())) == {2: ["under_age"]}


def test_a_known_person_under_another_name_is_not_taken() -> None:
    person = f.PersonFactory(name="张三")
    number = person.identities.get().number
    batch = rehearse(
        xlsx(fact(name="李四", identity_number=number), fact(name="张 三", identity_number=number)), by=clerk()
    )
    assert codes(batch) == {2: ["name_mismatch"]}
    assert batch.counts == {"refused": 1, "known": 1}


def test_a_document_without_birth_date_needs_a_known_person() -> None:
    person = f.PersonFactory(number="EA1234567", name="张三")
    batch = rehearse(
        xlsx(fact(identity_number="E12345678"), fact(name=person.name, identity_number="EA1234567")), by=clerk()
    )
    assert codes(batch) == {2: ["identity_no_birth_date"]}


@pytest.mark.parametrize("words", ["合计", "合计：", "总 计:", "小计", "Total"])
def test_totals_and_blank_rows_are_passed_over(words: str) -> None:
    empty = dict.fromkeys(fact(), "")
    batch = rehearse(xlsx(fact(), empty, {**empty, "name": words, "facts": "1人次"}), by=clerk())
    assert batch.counts == {"new": 1, "skipped": 1}


def test_good_rows_go_their_way_beside_bad_ones() -> None:
    by = clerk()
    batch = admit(confirm(rehearse(xlsx(fact(name=""), fact(), fact(item="无此事项")), by=by), by=by))
    assert (batch.state, batch.counts) == (Batch.State.DONE, {"new": 1, "refused": 2})
    assert Entry.objects.get().batch_id == batch.pk


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_a_text_that_a_spreadsheet_would_run_leaves_as_text(format_: str) -> None:
    by = clerk()
    admitted(fact(document_number="+cmd|' /C calc'!A1"), fact(document_number="@SUM(1)"), by=by)
    data = sign_in(by).get(f"/entries/?_export={format_}").getvalue()
    if format_ == "xlsx":
        sheet = load_workbook(io.BytesIO(data)).active
        cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    else:
        cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
    assert {"'+cmd|' /C calc'!A1", "'@SUM(1)"} <= set(cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
