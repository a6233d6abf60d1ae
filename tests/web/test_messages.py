"""Everything that the product says, it says in Chinese too: the catalogue is complete, and says nothing that no code says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from tests.conftest import ROOT

CATALOGUE = "locale/zh_Hans/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
OURS = ("archive", "cms", "config", "profiles", "templates")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(ROOT / CATALOGUE))


@pytest.fixture(scope="module")
def in_the_code(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What `make messages` finds. In a copy: it writes files beside the templates, and other workers do the same at once."""
    work: Path = tmp_path_factory.mktemp("messages")
    for name in OURS:
        shutil.copytree(ROOT / name, work / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    (work / CATALOGUE).parent.mkdir(parents=True)
    ran = subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "zh_Hans", "--no-wrap"],
        cwd=work,
        env={**os.environ, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return {entry.msgid for entry in polib.pofile(str(work / CATALOGUE)) if not entry.obsolete}


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_message_of_the_code_is_in_the_catalogue(catalogue: polib.POFile, in_the_code: set[str]) -> None:
    assert len(in_the_code) > 500
    assert in_the_code - {entry.msgid for entry in catalogue} == set()


def test_the_catalogue_holds_nothing_that_is_said_no_more(catalogue: polib.POFile, in_the_code: set[str]) -> None:
    assert {entry.msgid for entry in catalogue if not entry.obsolete} - in_the_code == set()


def test_every_message_is_translated_and_no_translation_is_a_guess(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue if not all(translations(entry))] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_a_translation_keeps_what_is_filled_in(catalogue: polib.POFile) -> None:
    for entry in catalogue:
        wanted = sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for text in translations(entry):
            assert sorted(PLACEHOLDER.findall(text)) == wanted, entry.msgid


def test_sentences_end_as_chinese_sentences(catalogue: polib.POFile) -> None:
    for entry in catalogue:
        if entry.msgid.endswith(".") and not entry.msgid.endswith("..") and " " in entry.msgid:
            assert all(text.endswith(("。", "：", "）", "”")) for text in translations(entry)), entry.msgid
