"""Scheduled work of notices."""

from __future__ import annotations

from archive.notices import actions
from profiles.common.jobs import task
from profiles.common.permissions import System


@task("notices.deliver_waiting")
def deliver_waiting() -> None:
    actions.deliver_waiting(by=System("post"))
