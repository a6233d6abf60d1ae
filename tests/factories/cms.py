"""Factories of pages."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from cms import models as cms


class HomePageFactory(DjangoModelFactory[cms.HomePage]):
    """Unsaved: a page needs its place in the tree (`parent.add_child`)."""

    class Meta:
        model = cms.HomePage

    title = "个人诚信档案"
    slug = factory.Sequence(lambda n: f"home{n}")
    lead_zh = "一句话"
    lead_en = "One sentence"
    doors = factory.LazyFunction(list)


class TextPageFactory(DjangoModelFactory[cms.TextPage]):
    """Unsaved: a page needs its place in the tree."""

    class Meta:
        model = cms.TextPage

    title = "示例页"
    title_en = "Sample page"
    slug = factory.Sequence(lambda n: f"page{n}")
    body_zh = "<p>文</p>"
    body_en = "<p>text</p>"
