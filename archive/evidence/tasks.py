"""Files that had to wait for the malware scanner."""

from __future__ import annotations

from archive.evidence import actions
from profiles.common.jobs import task
from profiles.common.permissions import System


@task("evidence.scan_waiting")
def scan_waiting() -> None:
    actions.scan_waiting(by=System("worker"))
