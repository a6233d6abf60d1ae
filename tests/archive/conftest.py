"""Fixtures of the archive's tests."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.core.management import call_command

from archive.models import Item
from config.celery import app as celery_app


@pytest.fixture
def at_once() -> Iterator[None]:
    """Tasks run where they are sent, without a queue."""
    celery_app.conf.task_always_eager = True
    yield
    celery_app.conf.task_always_eager = False


@pytest.fixture
def catalogue(transactional_db: None) -> None:
    """For tests that commit: earlier ones have emptied the tables."""
    if not Item.objects.exists():
        call_command("load_catalogue", stdout=io.StringIO())
