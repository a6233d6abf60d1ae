"""Pages that the public reads. Each has a Chinese and an English text side by side; editors work in Wagtail."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from profiles.common.bilingual import Bilingual, language_suffix

# Key of a door → where it leads, its symbol.
DOORS = {
    "record": ("records:batches", "file-pencil"),
    "check": ("vetoes:checks", "user-search"),
    "my": ("records:my_archive", "archive"),
    "verify": ("reports:verify", "rosette-discount-check"),
}
FEATURES = ["h2", "h3", "bold", "ol", "ul", "link"]


class HomePage(Page):
    """The front door: one sentence, four doors, then the pages below it."""

    lead_zh = models.TextField(_("lead, Chinese"))
    lead_en = models.TextField(_("lead, English"))
    doors = models.JSONField(default=list, help_text=_("four doors: key, title and text in Chinese and English"))

    lead = Bilingual("lead")

    content_panels = [*Page.content_panels, FieldPanel("lead_zh"), FieldPanel("lead_en")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.TextPage"]
    max_count = 1
    template = "cms/home.html"

    class Meta:
        verbose_name = _("home page")

    @property
    def shown_title(self) -> str:
        return str(self.title)

    def shown_doors(self) -> list[dict[str, Any]]:
        """The four doors in the page's language, each with its address."""
        suffix = language_suffix()
        return [
            {
                "title": door[f"title_{suffix}"],
                "text": door[f"text_{suffix}"],
                "url": reverse(DOORS[door["key"]][0]),
                "symbol": DOORS[door["key"]][1],
            }
            for door in self.doors
        ]

    def children_shown(self) -> models.QuerySet[TextPage]:
        return TextPage.objects.child_of(self).live()


class TextPage(Page):
    """A page of text: about, rights, how to verify."""

    title_en = models.CharField(_("title, English"), max_length=200)
    body_zh = RichTextField(_("text, Chinese"), features=FEATURES)
    body_en = RichTextField(_("text, English"), features=FEATURES)

    body = Bilingual("body")

    content_panels = [
        *Page.content_panels,
        FieldPanel("title_en"),
        MultiFieldPanel([FieldPanel("body_zh"), FieldPanel("body_en")], heading=_("text")),
    ]
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    template = "cms/text.html"

    class Meta:
        verbose_name = _("text page")

    @property
    def title_zh(self) -> str:
        return str(self.title)

    shown_title = Bilingual("title")
