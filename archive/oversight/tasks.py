"""Carrying out changes of law."""

from __future__ import annotations

from archive.oversight import actions
from archive.oversight.models import LawChange
from profiles.common.jobs import task
from profiles.common.permissions import System


@task("oversight.carry_out_law_change")
def carry_out_law_change(change_id: int) -> None:
    actions.carry_out(change_id=change_id, by=System("worker"))


@task("oversight.pick_up_left_law_changes")
def pick_up_left_law_changes() -> None:
    """A worker that was killed leaves its change behind; here it is taken up again."""
    for change in LawChange.objects.left_behind():
        carry_out_law_change.delay(change.pk)
