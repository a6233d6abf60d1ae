"""The answers of a list as a file: all of them, numbers masked, and nothing in it that a spreadsheet program would run."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from archive.models import Check
from archive.vetoes import actions as vetoes
from archive.vetoes.models import Decision
from profiles.common import identity
from profiles.models import Account
from tests import factories as f
from tests import numbers
from tests.archive import demo_lists
from tests.archive.checking import examiner, on_file
from tests.world import sign_in

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
EVIL = ["=1+1", "=cmd|'/c calc'!A0", "@SUM(A1)", "+1", "-2+3", "-A1"]


def download(client: Client, asked: Check, kind: str, **query: str) -> list[list[Any]]:
    response = client.get(f"/check/{asked.code}/", {"_export": kind, **query}, headers=ENGLISH)
    assert response.status_code == 200
    assert f".{kind}" in response["Content-Disposition"]
    assert not re.search(r"\d{15}", response["Content-Disposition"])
    if kind == "csv":
        return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    return CalamineWorkbook.from_filelike(io.BytesIO(response.getvalue())).get_sheet_by_index(0).to_python()


def cell(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) else str(value)


@pytest.fixture
def by() -> Account:
    return examiner()


@pytest.fixture
def asked(by: Account) -> Check:
    """Thirty people (more than one page): one barred and decided, the others clear."""
    people = [f.PersonFactory() for _person in range(30)]
    on_file(people[4], "TEA-02")
    data = demo_lists.sheet(*[(person.name, person.identities.get().number) for person in people])
    answered = demo_lists.answer(demo_lists.upload(data, by=by))
    veto = answered.answers.get(outcome="veto")
    vetoes.decide(answer=veto, kind=Decision.Kind.LIFTED, reasons="文书编号核对有误，不成立。", by=by)
    return answered


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_holds_every_answer_with_masked_numbers(asked: Check, by: Account, kind: str) -> None:
    rows = download(sign_in(by), asked, kind)
    assert len(rows[0]) == 5
    wanted = [
        [
            str(answer.row),
            answer.name,
            identity.mask(answer.number),
            "Veto" if answer.outcome == "veto" else "Clear",
            "lifted" if answer.outcome == "veto" else "",
        ]
        for answer in asked.answers.all()
    ]
    assert [[cell(value) for value in row] for row in rows[1:]] == wanted


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_of_a_filtered_page_holds_what_was_filtered(asked: Check, by: Account, kind: str) -> None:
    rows = download(sign_in(by), asked, kind, outcome="veto")
    assert [row[3] for row in rows[1:]] == ["Veto"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_a_body_wrote_into_a_cell_is_never_a_formula_in_the_file(by: Account, kind: str) -> None:
    good = f.PersonFactory()
    people = [(f'"{evil}"', numbers.resident()) for evil in EVIL]
    people += [("张三", f'"{evil}"') for evil in EVIL]
    people.append((good.name, good.identities.get().number))
    asked = demo_lists.answer(demo_lists.upload(demo_lists.sheet(*people), by=by))
    response = sign_in(by).get(f"/check/{asked.code}/", {"_export": kind}, headers=ENGLISH)
    rows = download(sign_in(by), asked, kind)
    assert len(rows) == len(people) + 1
    starts = {cell(value)[0] for row in rows for value in row if cell(value)}
    assert not starts & set("=+-@\t\r")
    assert [row[1].removeprefix("'") for row in rows[1 : len(EVIL) + 1]] == EVIL
    if kind == "xlsx":
        sheet = load_workbook(io.BytesIO(response.getvalue())).active
        assert "f" not in {value.data_type for row in sheet.iter_rows() for value in row}


def test_another_body_downloads_nothing(asked: Check) -> None:
    for kind in ("csv", "xlsx"):
        assert sign_in(examiner()).get(f"/check/{asked.code}/", {"_export": kind}).status_code == 404


def test_the_file_of_all_checks_tells_results_in_words(asked: Check, by: Account) -> None:
    data = sign_in(by).get("/check/", {"_export": "csv"}, headers=ENGLISH).getvalue()
    assert data.startswith(b"\xef\xbb\xbf"), "Excel reads Chinese in a CSV file only behind a byte-order mark"
    header, row = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert len(header) == len(row)
    assert {demo_lists.MATTER, "list"} <= set(row)
    assert set(row[-1].split(" · ")) == {"Clear 29", "Veto 1"}
