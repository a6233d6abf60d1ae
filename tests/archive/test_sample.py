"""The school's spreadsheet as schools send it, on its whole road. What is good and bad in it was read off the file by eye."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from archive.intake.problems import sentence
from archive.models import Batch, Change, Entry, Notice, Record, Row
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.models import Account, IdentityDocument, Membership, Person
from tests.archive.sheets import admit, clerk, codes, confirm, rehearse, remarks, said

REFUSED = {
    114: ["name_mismatch_in_file"],
    115: ["identity_check"],
    116: ["identity_scientific"],
    117: ["under_age"],
    118: ["item_forbidden"],
    119: ["date_future", "date_future"],
    120: ["document_empty"],
    121: ["identity_fifteen"],
    122: ["formula"],
    124: ["duplicate_in_file"],
}
STORED = (Person, IdentityDocument, Membership, Record, Entry, Notice, Change)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_day_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file speaks of a day in 2027 as lying ahead, so these tests stand in July 2026."""
    moment = dt.datetime(2026, 7, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def by() -> Account:
    return clerk()


@pytest.fixture
def batch(samples: Path, by: Account) -> Batch:
    return rehearse((samples / "school-cheating-2026.xlsx").read_bytes(), by=by)


def test_every_row_has_its_verdict(batch: Batch) -> None:
    assert (batch.state, batch.sheet_name, batch.header_row) == (Batch.State.READY, "登记表", 3)
    assert batch.counts == {"new": 109, "known": 2, "refused": 10, "skipped": 1}
    assert (batch.good_rows, batch.refused_rows) == (111, 10)
    verdicts = dict(batch.rows.values_list("number", "verdict"))
    assert sorted(verdicts) == [*range(4, 125), 126]
    assert [number for number, verdict in verdicts.items() if verdict == Row.Verdict.KNOWN] == [113, 123]
    assert verdicts[126] == Row.Verdict.SKIPPED
    assert codes(batch) == REFUSED
    assert remarks(batch) == [
        "2 title rows above the header row are passed over.",
        "Sheet “填表说明” has no header row and is not read.",
    ]


SENTENCES = {
    114: "Row 114, column “姓名”, “周佳”: Row 5 of this file has the same identity number with another name."
    " One of the two is wrong: check both.",
    115: "Row 115, column “身份证号码”, “139001********9571”: The last character does not fit the others, so at least one"
    " digit is wrong. Compare the number with the card.",
    116: "Row 116, column “身份证号码”, “110105********0000”: A spreadsheet has turned the identity number into a figure and"
    " lost its last digits. Format the whole column as text (select the column, Format cells, Text), then type the number again"
    " from the source.",
    117: "Row 117, column “发生日期”, “2026-05-12”: The person was 17 on the day of the act. Acts before the 18th birthday are"
    " never recorded: remove the row.",
    120: "Row 120, column “认定文书号”: There is no document number. Without a document in effect there is no entry: fill in"
    " number and date of the decision.",
    121: "Row 121, column “身份证号码”, “610104*****7690”: This is a first-generation number of 15 digits, out of use since"
    " 2013. Write the 18-digit number of the present card: with 19 before the birth year and, as computed, “7” at the end.",
    122: 'Row 122, column “姓名”, “=HYPERLINK("x")”: The cell is a formula. Replace it by its value (copy, paste as'
    " values).",
    124: "Row 124, column “认定文书号”, “示职院学〔2026〕10号”: The same fact stands in row 123 of this file. It is recorded once:"
    " remove one of the two.",
}


def test_each_refusal_names_row_column_masked_value_and_remedy(batch: Batch) -> None:
    sentences = said(batch)
    assert {number: sentences[number] for number in SENTENCES} == {n: [text] for n, text in SENTENCES.items()}
    assert sentences[118][0].startswith("Row 118, column “行为类别”, “欠缴电费”: “")
    assert sentences[118][0].endswith("Remove the row.")
    assert [text.split(":")[0] for text in sentences[119]] == [
        "Row 119, column “发生日期”, “2027-05-12”",
        "Row 119, column “认定日期”, “2027-05-20”",
    ]


def test_the_clerk_reads_it_in_chinese(batch: Batch) -> None:
    row = batch.rows.get(number=117)
    with translation.override("zh-hans"):
        text = sentence(row.problems[0], row=row.number)
    assert text.startswith("第117行，“发生日期”列，“2026-05-12”")
    assert text.endswith("。")


def test_no_refusal_repeats_an_identity_number(batch: Batch) -> None:
    told = " ".join(text for texts in said(batch).values() for text in texts)
    kept = " ".join(str(row) for row in batch.rows.values_list("problems", "warnings"))
    for row in batch.rows.all():
        written = str(row.cells.get("identity_number", ""))
        assert not written or (written not in told and written not in kept)


def test_the_rehearsal_stores_nothing_but_itself(samples: Path, by: Account) -> None:
    before = [model.objects.count() for model in STORED]
    batch = rehearse((samples / "school-cheating-2026.xlsx").read_bytes(), by=by)
    assert batch.good_rows == 111
    assert [model.objects.count() for model in STORED] == before
    events = AuditEvent.objects.filter(object_type="batch", object_id=str(batch.pk))
    assert set(events.values_list("verb", flat=True)) == {Verb.BATCH_UPLOADED, Verb.BATCH_REHEARSED}
    assert not AuditEvent.objects.filter(verb__in=[Verb.ENTRY_DRAFTED, Verb.PEOPLE_CREATED, Verb.NOTICE_SENT]).exists()


def test_what_was_rehearsed_is_what_is_carried_out(batch: Batch, by: Account) -> None:
    verdicts = dict(batch.rows.values_list("number", "verdict"))
    batch = admit(confirm(batch, by=by))
    assert batch.state == Batch.State.DONE
    assert dict(batch.rows.values_list("number", "verdict")) == verdicts
    assert Person.objects.filter(entries__batch_id=batch.pk).distinct().count() == 109
    assert Entry.objects.filter(batch_id=batch.pk).count() == 111
    assert Membership.objects.filter(organisation=by.organisation, group="STU").count() == 109
    entries = {entry.batch_row: entry for entry in Entry.objects.select_related("person").filter(batch_id=batch.pk)}
    for row in batch.rows.all():
        assert (row.number in entries) is (row.verdict in Row.GOOD)
        if row.number in entries:
            assert entries[row.number].person.name == row.cells["name"]
            assert entries[row.number].document_number == row.cells["document_number"]
    people = {number: entries[number].person_id for number in [4, 9, 113, 123]}
    assert people[4] == people[113]  # 何航, the check character in lower case
    assert people[9] == people[123]  # 尤恩言


def test_rare_names_and_permits_arrive_as_written(batch: Batch, by: Account) -> None:
    admit(confirm(batch, by=by))
    names = dict(IdentityDocument.objects.values_list("person__name", "kind"))
    assert {"买买提·吐尔逊", "𠮷田安", "陈〇"} <= set(names)
    assert (names["何佳"], names["林言"]) == ("residence_permit", "residence_permit")


def test_the_same_file_again_is_recognised_and_brings_nothing_new(batch: Batch, samples: Path, by: Account) -> None:
    admit(confirm(batch, by=by))
    before = [model.objects.count() for model in STORED]
    again: Any = rehearse((samples / "school-cheating-2026.xlsx").read_bytes(), by=by)
    assert remarks(again)[0].startswith("The same file was uploaded on ")
    assert batch.code in remarks(again)[0]
    assert again.counts == {"refused": 121, "skipped": 1}
    assert codes(again)[4] == ["duplicate_on_file"]
    assert codes(again)[114] == ["name_mismatch"]
    assert [model.objects.count() for model in STORED] == before
