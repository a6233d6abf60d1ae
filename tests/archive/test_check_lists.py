"""A licensing body's list on its way through upload, rehearsal, confirmation and answers, against a count of our own."""

from __future__ import annotations

import csv
import datetime as dt
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from python_calamine import load_workbook

from archive import demo
from archive.intake import actions as intake
from archive.intake.problems import Refused
from archive.models import Answer, Batch, Check, QueryLine
from archive.vetoes import actions as vetoes
from archive.vetoes import engine
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.permissions import Permission
from tests import factories as f
from tests import numbers
from tests.archive import demo_lists
from tests.archive.checking import examiner, on_file
from tests.world import sign_in

pytestmark = pytest.mark.django_db

# What must come out, counted from the two files without the product


def plain(cell: Any) -> str:
    return re.sub(r"[\s'’]", "", unicodedata.normalize("NFKC", str(cell))).upper()


def a_number(text: str) -> bool:
    """GB 11643: a date that exists and a check character by ISO 7064 MOD 11-2 (here: sum of digit × 2^k)."""
    if not re.fullmatch(r"\d{17}[\dX]", text):
        return False
    try:
        dt.datetime.strptime(text[6:14], "%Y%m%d")
    except ValueError:
        return False
    digits = [10 if sign == "X" else int(sign) for sign in text]
    return sum(digit * 2 ** (17 - place) for place, digit in enumerate(digits)) % 11 == 1


def school_people() -> dict[str, str]:
    """number → name of those whose rows can be taken: a number, and grown up on the day of the act."""
    rows = load_workbook(demo_lists.SCHOOL).get_sheet_by_name("登记表").to_python()
    people: dict[str, str] = {}
    for row in rows[3:]:
        number, day = plain(row[2]), re.findall(r"\d+", plain(row[5]))
        if not a_number(number) or not day:
            continue
        act = "".join(day) if len(day) == 1 else f"{int(day[0]):04d}{int(day[1]):02d}{int(day[2]):02d}"
        if int(act) - int(number[6:14]) >= 18_00_00:
            people.setdefault(number, str(row[1]))
    return people


def expected() -> dict[int, str]:
    """row → outcome. What the archive knows of these people bars three of them: two by law, one by the body's own rule."""
    archives = {**school_people(), **{number: name for name, number in demo.APPLICANTS}}
    barred = {"周怡": "veto", "尤博蔚": "veto", "孔佳": "review"}
    outcomes = {}
    with demo_lists.APPLICANTS.open(encoding="gb18030", newline="") as file:
        for place, row in enumerate(csv.DictReader(file), 2):
            name, number = row["考生姓名"], plain(row["证件号码"])
            if not a_number(number):
                outcomes[place] = "unreadable"
            elif number not in archives:
                outcomes[place] = "not_found"
            elif archives[number] != name:
                outcomes[place] = "name_mismatch"
            else:
                outcomes[place] = barred.get(name, "clear")
    return outcomes


@pytest.fixture
def asked() -> Check:
    """The sample list, rehearsed in the demo world."""
    demo_lists.make()
    return demo_lists.upload(demo_lists.APPLICANTS.read_bytes(), by=demo_lists.account("examiner"))


def test_the_samples_say_what_we_think_they_say() -> None:
    assert Counter(expected().values()) == {
        "clear": 50, "review": 1, "veto": 2, "not_found": 148, "name_mismatch": 2, "unreadable": 1
    }  # fmt: skip


def test_every_row_of_the_sample_is_answered_as_counted_by_hand(asked: Check) -> None:
    answered = demo_lists.answer(asked)
    wanted = expected()
    assert {row.row: row.outcome for row in answered.answers.all()} == wanted
    assert answered.counts == Counter(wanted.values())
    assert (answered.batch.state, answered.batch.rows_done) == ("done", 204)


def test_the_rehearsal_names_the_bad_row_and_looks_nobody_up(asked: Check) -> None:
    assert asked.batch.counts == {"readable": 203, "refused": 1}
    bad = asked.batch.rows.get(verdict="refused")
    bad_rows = [place for place, outcome in expected().items() if outcome == "unreadable"]
    assert ([bad.number], bad.problems[0]["code"]) == (bad_rows, "identity_scientific")
    assert (asked.is_answered, asked.answers.count()) == (False, 0)
    assert not QueryLine.objects.filter(purpose="check").exists()
    page = sign_in(asked.account).get(f"/check/{asked.code}/").content.decode()
    assert re.search(rf"\b{bad.number}\b", page)


def test_the_lines_below_a_list_are_nobody(asked: Check) -> None:
    data = f"姓名,身份证号码\n张三,{numbers.resident()}\n合计,1人\n制表人：李四,\n".encode()
    below = demo_lists.upload(data, by=asked.account)
    assert below.batch.counts == {"readable": 1, "skipped": 2}
    assert demo_lists.answer(below).answers.count() == 1


def test_a_list_answers_each_person_as_a_single_check_does(asked: Check) -> None:
    """The set-wise road and the one for one person are the same engine; here it is seen, row by row."""
    answered = demo_lists.answer(asked)
    lines = QueryLine.objects.filter(purpose="check").count()
    rows = [row for row in answered.answers.prefetch_related("findings") if row.outcome != "unreadable"]
    assert lines == sum(row.person_id is not None for row in rows)
    for row in rows:
        alone = vetoes.check_person(
            name=row.name,
            number=row.number,
            group=asked.group,
            event=asked.event,
            matter_number="对照",
            by=asked.account,
        )
        assert (alone.outcome, alone.person_id, found(alone)) == (row.outcome, row.person_id, found(row))


def found(answer: Answer) -> list[tuple[Any, ...]]:
    return [
        (row.position, row.rule_id, row.clause, row.entry_id, row.effect, row.until, row.doubt)
        for row in answer.findings.all()
    ]


def test_each_person_found_has_a_line_under_the_bodys_matter_number(asked: Check) -> None:
    answered = demo_lists.answer(asked)
    wanted = Counter(answered.answers.exclude(person_id=None).values_list("person_id", "outcome"))
    lines = QueryLine.objects.filter(matter_number=demo_lists.MATTER, organisation=asked.organisation)
    assert Counter(lines.values_list("person_id", "answer")) == wanted
    assert AuditEvent.objects.get(verb=Verb.LIST_CHECKED).details["people"] == 204


def test_somebody_who_stands_twice_is_answered_twice_and_it_is_said(asked: Check) -> None:
    answered = demo_lists.answer(asked)
    first: dict[str, int] = {}
    again = {}
    for row in answered.answers.exclude(outcome="unreadable"):
        if row.number in first:
            again[row.row] = first[row.number]
        first.setdefault(row.number, row.row)
    assert {row.row: row.same_as_row for row in answered.answers.exclude(same_as_row=None)} == again
    assert len(again) == 3


@pytest.mark.parametrize("step", [1, 7])
def test_the_answers_do_not_depend_on_how_many_are_looked_up_at_a_time(
    asked: Check, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(engine, "STEP", step)
    answered = demo_lists.answer(asked)
    assert {row.row: row.outcome for row in answered.answers.all()} == expected()
    assert answered.answers.exclude(same_as_row=None).count() == 3


def test_the_same_list_twice_is_answered_and_remarked_on(asked: Check) -> None:
    first = demo_lists.answer(asked)
    second = demo_lists.upload(demo_lists.APPLICANTS.read_bytes(), by=asked.account, matter_number="另一事项")
    remark = next(remark for remark in second.batch.remarks if remark["code"] == "same_file")
    assert remark["params"]["code"] == first.batch.code
    second = demo_lists.answer(second)
    assert second.counts == first.counts
    assert {row.row: row.outcome for row in second.answers.all()} == {
        row.row: row.outcome for row in first.answers.all()
    }


def test_a_task_delivered_twice_answers_once(asked: Check) -> None:
    answered = demo_lists.answer(asked)
    known_at, lines = answered.known_at, QueryLine.objects.count()
    Batch.objects.filter(pk=asked.batch_id).update(attempts=0)
    vetoes.answer_list(batch_id=asked.batch_id, by=demo_lists.WORKER)
    vetoes.read_list(batch_id=asked.batch_id, by=demo_lists.WORKER)
    assert (demo_lists.again(asked).known_at, QueryLine.objects.count()) == (known_at, lines)
    assert asked.answers.count() == 204


# Small lists


def test_each_kind_of_bad_row_is_named_with_its_row_and_the_rest_is_answered() -> None:
    by, person = examiner(), f.PersonFactory(name="张三")
    good = person.identities.get().number
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    data = demo_lists.sheet(("张三", good), ("", good), ("张三", wrong), ("张三", ""), ("=1+1", good), ("张三", "abc"))
    answered = demo_lists.answer(demo_lists.upload(data, by=by))
    assert {row.row: row.outcome for row in answered.answers.all()} == {
        2: "clear", 3: "unreadable", 4: "unreadable", 5: "unreadable", 6: "unreadable", 7: "unreadable"
    }  # fmt: skip
    codes = {row.row: [problem["code"] for problem in row.problems] for row in answered.answers.exclude(problems=[])}
    assert codes == {
        3: ["name_empty"], 4: ["identity_check"], 5: ["identity_empty"], 6: ["formula"], 7: ["identity_characters"]
    }  # fmt: skip


def test_a_list_without_one_good_row_cannot_be_confirmed() -> None:
    asked = demo_lists.upload(demo_lists.sheet(("张三", "123")), by=examiner())
    with pytest.raises(ActionRefused, match="no good row"):
        demo_lists.answer(asked)


def test_a_file_that_is_no_list_is_refused_and_the_check_says_why() -> None:
    asked = demo_lists.upload("城市,人口\r\n北京,1\r\n".encode(), by=examiner())
    assert (asked.batch.state, asked.is_answered) == ("refused", False)
    assert asked.batch.remarks
    with pytest.raises(Refused):
        demo_lists.upload(b"\x00\x01\x02\x03", by=examiner())
    assert Check.objects.count() == 1


@pytest.mark.parametrize("refused", [{"matter_number": " "}, {"group": "LAW"}])
def test_a_list_that_may_not_be_asked_is_not_even_kept(refused: dict[str, str]) -> None:
    with pytest.raises(ActionRefused):
        demo_lists.upload(demo_lists.sheet(("张三", numbers.resident())), by=examiner(), **refused)
    assert not Batch.objects.exists()


def test_a_discarded_list_has_looked_nobody_up_and_is_gone(django_capture_on_commit_callbacks: Any) -> None:
    by, person = examiner(), f.PersonFactory()
    asked = demo_lists.upload(demo_lists.sheet((person.name, person.identities.get().number)), by=by)
    stored = asked.batch.file.path
    assert Path(stored).exists()
    with django_capture_on_commit_callbacks(execute=True):
        intake.cancel(batch=asked.batch, permission=Permission.CHECK_PERSON, by=by)
    assert not QueryLine.objects.about(person.pk).exists()
    assert not asked.batch.rows.exists()
    assert not Path(stored).exists()
    vetoes.answer_list(batch_id=asked.batch_id, by=demo_lists.WORKER)
    assert not demo_lists.again(asked).is_answered


def test_another_body_and_other_roles_cannot_confirm_a_list() -> None:
    by, person = examiner(), f.PersonFactory()
    asked = demo_lists.upload(demo_lists.sheet((person.name, person.identities.get().number)), by=by)
    clerk = f.AccountFactory(organisation=by.organisation, holds=[Role.CLERK])
    for account in (examiner(), clerk):
        with pytest.raises(PermissionDenied):
            intake.confirm(batch=asked.batch, permission=Permission.CHECK_PERSON, by=account)
    assert sign_in(examiner()).post(f"/check/{asked.code}/confirm/").status_code == 404
    assert demo_lists.again(asked).batch.state == "ready"


def test_a_competence_lost_between_upload_and_answer_stops_the_answer() -> None:
    by, person = examiner(), f.PersonFactory()
    on_file(person, "TEA-02")
    asked = demo_lists.upload(demo_lists.sheet((person.name, person.identities.get().number)), by=by)
    by.organisation.competences.all().delete()
    with pytest.raises(ActionRefused, match="not competent"):
        demo_lists.answer(asked)
    assert demo_lists.again(asked).batch.state == "failed"
    assert not QueryLine.objects.about(person.pk).exists()
