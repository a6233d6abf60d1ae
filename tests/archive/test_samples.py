"""Sampled audits: chance decides, the draw can be repeated, each line is judged by somebody."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from archive.access import sampling
from archive.models import QueryLine, Sample, SampledLine
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.models import Account
from tests import factories as f
from tests.world import sign_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def auditor() -> Account:
    return f.AccountFactory(holds=[Role.AUDITOR])


def queries(count: int, **more: Any) -> list[QueryLine]:
    body = more.pop("organisation", None) or f.OrganisationFactory()
    return [f.QueryLineFactory(person_id=n + 1, organisation=body, **more) for n in range(count)]


def draw(auditor: Account, **more: Any) -> Sample:
    today = timezone.localdate()
    return sampling.draw_sample(
        **{"since": today, "until": today, "organisation": None, "size": 5, "by": auditor, **more}
    )


def test_the_draw_is_the_one_that_its_seed_says(auditor: Account) -> None:
    lines = queries(30)
    sample = draw(auditor, size=7)
    ordered = sorted(lines, key=lambda line: hashlib.sha256(f"{line.uid}{sample.seed}".encode()).digest())
    assert list(sample.lines.values_list("line_uid", flat=True)) == [line.uid for line in ordered[:7]]
    assert sample.lines_total == 30
    assert draw(auditor, size=7).seed != sample.seed
    assert AuditEvent.objects.filter(verb=Verb.SAMPLE_DRAWN).count() == 2


def test_only_queries_of_bodies_in_the_period_are_drawn(auditor: Account) -> None:
    now = timezone.now()
    wanted = queries(2)
    other = queries(2, organisation=f.OrganisationFactory())
    f.QueryLineFactory(person_id=1, organisation=None, basis="self", purpose="own_report", matter_number="")
    queries(1, at=now - 2 * DAY)
    assert {line.line_uid for line in draw(auditor).lines.all()} == {line.uid for line in (*wanted, *other)}
    only = draw(auditor, organisation=wanted[0].organisation)
    assert {line.line_uid for line in only.lines.all()} == {line.uid for line in wanted}
    assert draw(auditor, since=timezone.localdate() - 2 * DAY).lines_total == 5


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"size": 0}, "between 1 and 200"),
        ({"size": 201}, "between 1 and 200"),
        ({"since": dt.date(2020, 1, 1)}, "at most 92 days"),
        ({"since": timezone.localdate() + DAY}, "at most 92 days"),
        ({"since": timezone.localdate() - 3 * DAY, "until": timezone.localdate() - 2 * DAY}, "no query"),
    ],
)
def test_a_draw_that_cannot_be_is_refused_with_a_sentence(
    auditor: Account, changed: dict[str, Any], words: str
) -> None:
    queries(1)
    with pytest.raises(ActionRefused, match=words):
        draw(auditor, **changed)
    assert not Sample.objects.exists()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.AUDITOR, Role.PERSON}))
def test_only_auditors_draw(role: str) -> None:
    with pytest.raises(PermissionDenied):
        draw(f.AccountFactory(holds=[Role(role)]))


def test_a_question_says_what_is_asked_and_the_trail_keeps_each_judgement(auditor: Account) -> None:
    queries(1)
    line = draw(auditor).lines.get()
    with pytest.raises(ActionRefused, match="has to explain"):
        sampling.judge_line(line=line, finding="questioned", note=" ", by=auditor)
    with pytest.raises(ActionRefused, match="what you found"):
        sampling.judge_line(line=line, finding="open", note="", by=auditor)
    with pytest.raises(IntegrityError, match="sampled_judged_by_somebody"), transaction.atomic():
        SampledLine.objects.filter(pk=line.pk).update(finding="in_order")
    sampling.judge_line(line=line, finding="questioned", note="卷宗中没有此人", by=auditor)
    sampling.judge_line(line=line, finding="in_order", note="", by=auditor)
    told = AuditEvent.objects.filter(verb=Verb.SAMPLE_JUDGED).order_by("at")
    assert [event.details["finding"] for event in told] == ["questioned", "in_order"]


def test_the_auditor_draws_and_judges_on_the_screen(auditor: Account) -> None:
    queries(3, matter_number="示教资〔2026〕7号")
    client, today = sign_in(auditor), timezone.localdate().isoformat()
    url = client.post("/register/samples/new/", {"since": today, "until": today, "organisation": "", "size": "2"}).url
    page = client.get(url).content.decode()
    assert page.count("示教资〔2026〕7号") == 2
    client.post(f"{url}1/", {"finding": "questioned", "note": "请说明"})
    client.post(f"{url}2/", {"finding": "in_order"})
    assert "请说明" in client.get(url).content.decode()
    assert list(SampledLine.objects.values_list("finding", flat=True)) == ["questioned", "in_order"]
    assert client.get("/register/samples/").status_code == 200
