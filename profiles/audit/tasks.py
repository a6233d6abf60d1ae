"""Scheduled work of the trail."""

from __future__ import annotations

from profiles.audit import actions, partitions
from profiles.common.jobs import task
from profiles.common.permissions import System


@task("trail.seal")
def seal() -> None:
    """Seals step by step until nothing waits."""
    while actions.seal(by=System("sealer")) is not None:
        continue


@task("trail.partitions")
def partitions_ahead() -> None:
    partitions.warn_if_missing()
