"""Small words of the screens."""

from __future__ import annotations

import pytest
from django.utils import translation

from profiles.templatetags.ui import articles


@pytest.mark.parametrize(
    ("stored", "chinese", "english"),
    [
        ("14", "第14条", "14"),
        ("18–20", "第18–20条", "18–20"),
        ("37之一", "第37条之一", "37-1"),
        ("56(5)", "第56条(5)", "56(5)"),
        ("7(3), 53", "第7条(3)、第53条", "7(3), 53"),
        ("五（二）", "五（二）", "五（二）"),
        ("", "", ""),
    ],
)
def test_articles_are_written_as_the_reader_writes_them(stored: str, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert articles(stored) == chinese
    assert articles(stored) == english
