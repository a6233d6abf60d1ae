"""What the product ships to be read on a screen is there in Chinese and in English."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from archive.models import Item

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted([*ROOT.glob("archive/*/data/**/*.toml"), *ROOT.glob("cms/data/*.toml")])
LANGUAGED = re.compile(r"(?:(.*)_)?(?:zh|en)")
HAN = re.compile(r"[\u3400-\u9fff]")
# A Chinese name may be cited in an English text, as a citation.
CITED = re.compile(r"“[^”]*”|\"[^\"]*\"|\([^()]*\)|（[^（）]*）")
# Marks and words of the catalogue's making that a reader of a page cannot know.
SHORTHAND = re.compile(
    r"(?<![A-Za-z0-9-])[FMKSDLPG](?![A-Za-z0-9-])|\b(?:BLOCK|COND|REVIEW|NOTE)\b|fact sheet|Keeps-records|GEN authorities"
)
# Kept in one language on purpose: names and numbers of documents as they are cited, names a sheet may use, and keys.
ONE_LANGUAGE = {
    "aliases", "articles", "code", "document_no", "effect", "groups", "key", "kind", "mark", "origin", "slug", "status", "term",
    "term_min", "term_max", "from", "then", "post", "version", "group", "level", "polarity", "display", "display_else",
    "severity", "severity_max", "reporters", "items", "events", "basis", "value",
}  # fmt: skip


def texts(node: Any, where: str) -> Iterator[tuple[str, str, str, str]]:
    """(place, key without its language, Chinese, English) of every text below `node`."""
    if isinstance(node, list):
        for position, child in enumerate(node):
            yield from texts(child, f"{where}[{position}]")
    if not isinstance(node, dict):
        return
    place = f"{where} {node.get('code') or node.get('slug') or node.get('key') or ''}".strip()
    for stem in sorted({match[1] or "" for key in node if (match := LANGUAGED.fullmatch(key))}):
        zh, en = (f"{stem}_{language}" if stem else language for language in ("zh", "en"))
        yield place, stem, str(node.get(zh, "")).strip(), str(node.get(en, "")).strip()
    for key, child in node.items():
        yield from texts(child, f"{place} {key}")


def strings(node: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for name, child in node.items():
            yield from strings(child, name)
    elif isinstance(node, list):
        for child in node:
            yield from strings(child, key)
    elif isinstance(node, str):
        yield key, node


@pytest.fixture(params=FILES, ids=[path.name for path in FILES])
def data(request: pytest.FixtureRequest) -> dict[str, Any]:
    return tomllib.loads(request.param.read_text(encoding="utf-8"))


def test_every_text_is_in_chinese_and_in_english(data: dict[str, Any]) -> None:
    found = list(texts(data, ""))
    assert found
    assert [(place, stem) for place, stem, zh, en in found if not HAN.search(zh) or not en] == []
    assert [(place, stem, en) for place, stem, _zh, en in found if HAN.search(CITED.sub("", en))] == []


def test_no_text_stands_outside_the_two_languages(data: dict[str, Any]) -> None:
    """A note without a language shows on the pages of both."""
    assert {key for key, _text in strings(data) if not LANGUAGED.fullmatch(key)} <= ONE_LANGUAGE


def test_no_text_speaks_in_the_shorthand_of_its_makers(data: dict[str, Any]) -> None:
    found = [(place, stem, text) for place, stem, *both in texts(data, "") for text in both]
    assert [row for row in found if SHORTHAND.search(row[2])] == []


@pytest.mark.django_db
def test_the_provenance_note_is_shown_in_the_language_of_the_page(client: Client) -> None:
    item = Item.objects.current().get(code="GEN-05")
    pages = {
        language: client.get(reverse("catalogue:item", args=["GEN-05"]), headers={"accept-language": language}).text
        for language in ("zh-hans", "en")
    }
    assert escape(item.mark_note_zh) in pages["zh-hans"]
    assert escape(item.mark_note_zh) not in pages["en"]
    assert escape(item.mark_note_en) in pages["en"]
    assert escape(item.mark_note_en) not in pages["zh-hans"]
