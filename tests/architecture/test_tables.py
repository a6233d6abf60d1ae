"""Every column of every list has a heading in the reader's language."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import django_tables2 as tables
import pytest
from django.utils.translation import override

import archive
import profiles

for package in (archive, profiles):
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if found.name.endswith("tables"):
            importlib.import_module(found.name)


def below(kind: type[tables.Table]) -> Iterator[type[tables.Table]]:
    for one in kind.__subclasses__():
        yield from ([one] if one.__module__.startswith(("archive.", "profiles.")) else [])
        yield from below(one)


TABLES = sorted(set(below(tables.Table)), key=lambda kind: kind.__name__)


def test_there_are_tables_to_look_at() -> None:
    assert len(TABLES) > 20


@pytest.mark.django_db
@pytest.mark.parametrize("kind", TABLES, ids=lambda kind: kind.__name__)
def test_headings_are_chinese_for_a_chinese_reader(kind: type[tables.Table]) -> None:
    model = kind._meta.model
    with override("zh-hans"):
        shown = kind(model.objects.none() if model is not None else [])
        foreign = [column.name for column in shown.columns if not re.search(r"[\u4e00-\u9fff]", str(column.header))]
    assert foreign == []
