"""Fix files of large batches. Each task takes one id and does nothing where the work is done."""

from __future__ import annotations

from archive.intake import actions
from archive.intake.models import FixFile
from profiles.common.jobs import task
from profiles.common.permissions import System

WORKER = System("worker")


@task("intake.make_fix_file")
def make_fix_file(fix_id: int) -> None:
    actions.make_fix_file(fix_id=fix_id, by=WORKER)


@task("intake.pick_up_left_fix_files")
def pick_up_left_fix_files() -> None:
    """A worker that was killed leaves its fix file behind; here it is taken up again."""
    for fix in FixFile.objects.left_behind():
        make_fix_file.delay(fix.pk)
