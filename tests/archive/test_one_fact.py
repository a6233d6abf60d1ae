"""A fact that is typed: the same columns, rules and writes as those of a file."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from archive.models import Change, Entry, Notice
from archive.records import actions as records
from profiles.accounts.permissions import Role
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.models import IdentityDocument
from tests import factories as f
from tests.archive.sheets import clerk, days_ago, fact


@pytest.mark.django_db
class TestOneFact:
    def test_a_good_one_is_drafted_and_its_notice_is_written(self) -> None:
        by = clerk()
        cells = fact(act_date=days_ago(60), facts="替考")
        entry, problems, warnings = records.admit_one(cells=cells, organisation=by.organisation, by=by)
        assert (problems, warnings) == ([], [])
        assert entry is not None
        entry.refresh_from_db()
        assert (entry.item_code, entry.act_date, entry.facts) == ("STU-04", days_ago(60), "替考")
        assert (entry.state, entry.batch_id, entry.batch_row) == (Entry.State.NOTIFIED, None, None)
        assert Notice.objects.get().about_id == entry.pk
        assert Change.objects.get().object_id == entry.pk
        assert AuditEvent.objects.filter(verb=Verb.ENTRY_DRAFTED, object_id=str(entry.pk)).count() == 1

    def test_a_bad_one_is_told_and_leaves_nothing(self) -> None:
        by = clerk()
        cells = fact(item="没有的事项", document_number="")
        entry, problems, _warnings = records.admit_one(cells=cells, organisation=by.organisation, by=by)
        assert entry is None
        assert [(problem.code, problem.column) for problem in problems] == [
            ("document_empty", "认定文书号"),
            ("item_unknown", "行为类别"),
        ]
        assert not IdentityDocument.objects.exists()

    def test_the_same_fact_is_recorded_once(self) -> None:
        by = clerk()
        cells = fact()
        records.admit_one(cells=cells, organisation=by.organisation, by=by)
        entry, problems, _warnings = records.admit_one(cells=cells, organisation=by.organisation, by=by)
        assert entry is None
        assert [problem.code for problem in problems] == ["duplicate_on_file"]

    def test_only_who_may_send_files_may_type(self) -> None:
        by = clerk()
        other = f.AccountFactory(organisation=by.organisation, holds=[Role.APPROVER])
        with pytest.raises(PermissionDenied):
            records.admit_one(cells=fact(), organisation=by.organisation, by=other)
