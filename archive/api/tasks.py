"""Work of the interface."""

from __future__ import annotations

from archive.api import actions
from profiles.common.jobs import task
from profiles.common.permissions import System


@task("api.forget_requests")
def forget_requests() -> None:
    actions.forget_requests(by=System("scheduler"))
