"""`manage.py check_index`: finds every way in which the index can differ from what it is made of, and sets it right."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone
from psycopg.types.range import DateRange

from archive.models import CheckFact, Entry
from archive.records.actions import rebuilding
from archive.records.check_compare import SAID, differences, ranges
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.models import IdentityDocument, Person
from tests import factories as f
from tests import numbers
from tests.archive.checking import check, examiner, months_ago, on_file
from tests.archive.persons import add_number, correct_number, join, part
from tests.archive.test_replay import replay, stored
from tests.archive.watching import R, end

pytestmark = pytest.mark.django_db
EVERYBODY = (-(2**63), 2**63 - 1)


def table() -> list[dict[str, Any]]:
    return list(CheckFact.objects.order_by("identity_index", "entry_id", "known_from").values())


def compare(*options: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("check_index", "compare", *options, stdout=out)
    except SystemExit as stop:
        return int(str(stop.code)), out.getvalue()
    return 0, out.getvalue()


def rebuild(*options: str) -> str:
    out = io.StringIO()
    call_command("check_index", "rebuild", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def archives(catalogue: None) -> list[Person]:
    """Lives with all that moves lines: two numbers, a corrected one, joined, parted, ended, over, retention before display."""
    people = [f.PersonFactory() for _ in range(6)]
    for person in people:
        on_file(person, "TEA-02", bar=(months_ago(6), None), bar_groups=("TEA",))
    on_file(people[0], "TEA-03", sanction_months=6)
    add_number(people[0], numbers.resident())
    correct_number(people[1], numbers.resident())
    join(people[2], people[3])
    on_file(people[3], "TEA-03")
    part(join(people[4], people[5]))
    end(on_file(people[5], "TEA-01"), reason=R.REPAIRED)
    over = on_file(people[5], "TEA-03", document=dt.date(2023, 1, 15))
    Entry.objects.filter(pk=over.pk).update(state="ended", end_reason="display_over", ended_at=timezone.now())
    on_file(people[4], "TEA-01", approved=False)
    return people


def test_what_the_product_wrote_is_what_it_should_be(archives: list[Person]) -> None:
    code, said = compare()
    assert (code, differences(*EVERYBODY)) == (0, [])
    assert f"{CheckFact.objects.filter(known_until=None).count()} open lines. lacking 0, surplus 0, different 0" in said
    before = table()
    assert "lacking 0, surplus 0, different 0" in rebuild()
    assert table() == before
    assert not AuditEvent.objects.filter(verb=Verb.CHECK_INDEX_REBUILT).exists()


def whole(told: tuple[int, str]) -> list[str]:
    """All that was said but the time it took, in one order."""
    return sorted(told[1].split(", in ")[0].splitlines())


def number_now(person: Person) -> str:
    return str(person.identities.live().order_by("pk").last().number)  # type: ignore[union-attr]


def newest(person: Person) -> Any:
    return CheckFact.objects.filter(person_id=person.pk, known_until=None).order_by("entry_id")


def delete(people: list[Person]) -> None:
    for person in people:
        newest(person).filter(entry_id=newest(person).last().entry_id).delete()


def close(people: list[Person]) -> None:
    for person in people:
        newest(person).update(known_until=timezone.now())


def everything(people: list[Person]) -> None:
    CheckFact.objects.filter(known_until=None).delete()


def say_otherwise(field: str, value: Any) -> Callable[[list[Person]], None]:
    return lambda people: newest(people[0]).update(**{field: value}) and None


DAMAGES: dict[str, Callable[[list[Person]], None]] = {
    "lines lost": delete,
    "lines closed": close,
    "all lost": everything,
    **{
        field: say_otherwise(field, value)
        for field, value in {
            "organisation_id": 1,
            "item_code": "STU-04",
            "severity": "minor",
            "polarity": "positive",
            "document_date": dt.date(1999, 1, 1),
            "sanction_months": 99,
            "display": DateRange(dt.date(1999, 1, 1), None),
            "bar": None,
            "bar_groups": ["MED"],
        }.items()
    },
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_was_damaged_is_found_and_made_what_it_was(archives: list[Person], damage: Any) -> None:
    before, by = table(), examiner()
    answers = [check(person, by, number=number_now(person)) for person in archives]
    damage(archives)
    assert table() != before
    code, said = compare()
    assert code == 1
    assert "manage.py check_index rebuild" in said
    rebuild()
    assert compare()[0] == 0
    assert table() == before, "to the moment from which each line is known"
    assert replay(answers) == [stored(answer) for answer in answers]
    assert AuditEvent.objects.filter(verb=Verb.CHECK_INDEX_REBUILT).count() == 1


def test_lines_that_should_not_be_open_are_closed_when_they_should_have_been(archives: list[Person]) -> None:
    ended = CheckFact.objects.filter(entry_id__in=Entry.objects.filter(end_reason="repaired").values("pk"))
    retired = CheckFact.objects.filter(
        identity_index__in=IdentityDocument.objects.exclude(retired_at=None).values("index")
    )
    before = table()
    assert ended.update(known_until=None)
    assert retired.update(known_until=None)
    assert compare()[0] == 1
    rebuild()
    assert compare()[0] == 0
    assert table() == before


def test_a_line_of_nobody_is_closed_now_and_kept(archives: list[Person]) -> None:
    f.CheckFactFactory(person_id=10**12, entry_id=10**12)
    code, said = compare()
    assert code == 1
    assert "surplus: entry 1000000000000, which is not on file" in said
    rebuild()
    assert CheckFact.objects.get(entry_id=10**12).known_until is not None
    assert compare()[0] == 0


def test_it_says_which_records_and_fields_and_never_a_number(archives: list[Person]) -> None:
    line = newest(archives[0]).first()
    newest(archives[0]).filter(entry_id=line.entry_id).update(severity="minor", bar=None)
    record = Entry.objects.get(pk=line.entry_id).record.number
    _code, said = compare()
    assert f"different: {record}: severity, bar" in said
    everything(archives)
    _code, said = compare("--show", "2")
    assert said.count("lacking: R-") == 2
    for document in IdentityDocument.objects.all():
        assert document.number not in said
        assert bytes(document.index).hex() not in said


def test_step_by_step_it_is_the_same(archives: list[Person]) -> None:
    before = table()
    everything(archives)
    assert len(list(ranges(2))) > 3
    assert whole(compare()) == whole(compare("--step", "2"))
    rebuild("--step", "2")
    assert table() == before
    events = AuditEvent.objects.filter(verb=Verb.CHECK_INDEX_REBUILT)
    assert events.count() >= 3, "one in each transaction"
    assert sum(event.details["lacking"] for event in events) == CheckFact.objects.filter(known_until=None).count()


def test_every_column_is_compared() -> None:
    """A column that is added says what a line says; it is compared too, or this fails."""
    keys = {"identity_index", "entry_id", "known_from", "known_until"}
    assert {field.column for field in CheckFact._meta.concrete_fields if field.column} - keys == set(SAID)


def test_only_the_system_rebuilds() -> None:
    with pytest.raises(PermissionDenied):
        rebuilding.rebuild_index(ranges=[EVERYBODY], by=examiner())  # type: ignore[arg-type]
