"""One fact on its whole road over the pages: file, letters, service, approval, check of a person and of a list, report."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from archive.models import Batch, Entry
from profiles.accounts.actions import activate
from profiles.accounts.permissions import Role
from profiles.common.permissions import System
from tests import factories as f
from tests.archive.sheets import approver_beside, clerk, csv_text, fact
from tests.archive.test_notices import CODE
from tests.world import sign_in


class Road:
    """`numbers` and `codes` are what must stay secret, `pages` what the accounts were shown, `capture` runs what is queued."""

    def __init__(self, capture: Any) -> None:
        self.capture = capture
        f.JurisdictionFactory(code="demo", settings={"hearing_working_days": {"value": 0}})
        self.by = clerk(jurisdiction="demo")
        self.facts = [fact(facts="替考"), fact(name="李四")]
        self.numbers = [row["identity_number"] for row in self.facts]
        self.codes: list[str] = []
        self.pages: list[str] = []
        self.record()
        self.approve()
        self.check()
        self.report()

    def record(self) -> None:
        school = sign_in(self.by)
        misnamed = fact(name="王五", identity_number=self.numbers[0])
        broken = fact(identity_number=self.numbers[1][:-1])
        text = csv_text(*self.facts, misnamed, broken)
        place = self.send(school, "/record/upload/", text, f"名单{self.numbers[0]}.csv")
        self.look(school, place, "/record/", "/entries/")
        with self.capture(execute=True):
            school.post(f"{place}confirm/")
        batch = Batch.objects.get()
        assert (batch.state, batch.counts) == (Batch.State.DONE, {"new": 2, "refused": 2})
        letters = school.post(f"{place}notices/").content.decode()
        self.codes = CODE.findall(letters)
        assert len(self.codes) == 2
        self.pages.append(letters)
        school.post(f"{place}service/", {"served_on": timezone.localdate().isoformat()})

    def approve(self) -> None:
        second = sign_in(approver_beside(self.by))
        numbers = [entry.record.number for entry in Entry.objects.select_related("record")]
        plan = second.post("/entries/approve/", {"entry": numbers}).url
        self.look(second, plan)
        second.post(f"{plan}confirm/", {"stand": "on"})
        assert set(Entry.objects.values_list("state", flat=True)) == {Entry.State.IN_FORCE}
        self.look(second, "/entries/", "/people/", *[f"/entries/{number}/" for number in numbers])

    def check(self) -> None:
        bureau = f.OrganisationFactory(licensing=True)
        f.CompetenceFactory(organisation=bureau, check=True)
        examiner = sign_in(f.AccountFactory(organisation=bureau, holds=[Role.EXAMINER]))
        question = {"purpose": "TEA:access", "matter_number": "示教资〔2026〕18号"}
        answer = examiner.post("/check/person/", {**question, "name": "张三", "identity": self.numbers[0]})
        assert answer.status_code == 302
        people = "".join(f"{row['name']},{row['identity_number']}\n" for row in self.facts)
        listed = self.send(examiner, "/check/list/", f"姓名,证件号码\n{people}", f"{self.numbers[1]}.csv", **question)
        self.look(examiner, answer.url, listed, "/check/")
        with self.capture(execute=True):
            examiner.post(f"{listed}confirm/")
        self.look(examiner, listed)
        auditor = sign_in(f.AccountFactory(holds=[Role.AUDITOR]))
        self.look(auditor, "/trail/", "/register/")

    def report(self) -> None:
        account = activate(
            code=self.codes[0],
            name="张三",
            number=self.numbers[0],
            username="zhang",
            password="correct-horse-battery-9",
            by=System("test"),
        )
        person = sign_in(account)
        self.look(person, "/my/", "/my/notices/", "/my/queries/")
        with self.capture(execute=True):
            asked = person.post(
                "/my/reports/", {"purpose": "本人查阅", "edition": "full", "language": "zh", "days": "30"}
            )
        assert asked.status_code == 302
        self.look(person, asked.url)

    def send(self, client: Client, path: str, text: str, name: str, **more: str) -> str:
        """Upload a file over the page; the address that follows."""
        file = SimpleUploadedFile(name, text.encode("gb18030"))
        with self.capture(execute=True):
            response = client.post(path, {"file": file, **more})
        assert response.status_code == 302, response.content.decode()
        return str(response.url)

    def look(self, client: Client, *paths: str) -> None:
        for path in paths:
            response = client.get(path)
            assert response.status_code == 200, path
            self.pages.append(response.content.decode())
