"""The one way to declare a Celery task: a name that outlives moving the function, at most one id, safe to repeat."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from celery import shared_task  # noqa: TID251  the wrapper itself
from django.db import transaction


def task(name: str) -> Callable[[Callable[..., None]], Any]:
    """`@task("records.admit_batch")`. Delivery is at least once: the action below looks at the row's state first."""

    def wrap(function: Callable[..., None]) -> Any:
        return shared_task(name=name, acks_late=True, reject_on_worker_lost=True, ignore_result=True)(function)

    return wrap


def after_commit(job: Any, *args: int) -> None:
    """Queue `job` once the surrounding transaction is safely stored; a rolled-back act leaves no task behind."""
    transaction.on_commit(functools.partial(job.delay, *args))
