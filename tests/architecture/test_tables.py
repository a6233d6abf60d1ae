"""Headings and states in the reader's language."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import django_tables2 as tables
import pytest
from django.apps import apps
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


def test_a_state_is_not_called_as_the_time_at_which_it_came() -> None:
    """English says “approved” for both; Chinese does not."""
    fields = [field for model in apps.get_models() for field in model._meta.concrete_fields if field.flatchoices]
    ours = [field for field in fields if field.model.__module__.startswith(("archive.", "profiles."))]
    assert len(ours) > 50
    with override("zh-hans"):
        times = {
            f"{field.model.__name__}.{field.name} {value}"
            for field in ours
            for value, label in field.flatchoices
            if "verb" not in field.name and re.search("(时间|日期)$", str(label))
        }
    assert times == set()
