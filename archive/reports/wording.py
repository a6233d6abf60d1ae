"""Titles and chapters of a report, as its edition, profession and language want them. gettext decides the language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from profiles.common.bilingual import language_suffix
from profiles.common.vocabulary import Group

NUMERALS = "一二三四五六七八九十"
CHAPTERS = ("summary", "person", "memberships", "positive", "pledges", "training", "adverse", "queries", "notes")


def title(edition: str, group: str) -> str:
    if edition == "certificate":
        return _("Certificate of no adverse entries")
    return {
        Group.STU: _("Student integrity report"),
        Group.LAW: _("Professional credit report (lawyer)"),
        Group.MED: _("Professional credit report (doctor)"),
        Group.GUI: _("Professional credit report (tour guide)"),
        Group.TEA: _("Professional credit report (teacher)"),
        Group.CIV: _("Professional credit report (civil servant)"),
        Group.ACC: _("Professional credit report (accountant)"),
    }.get(Group(group), _("Professional credit report")) if group else _("Professional credit report")  # fmt: skip


def memberships_heading(group: str) -> str:
    return {
        Group.STU: _("School, programme and class"),
        Group.LAW: _("Practising certificate and law firm"),
        Group.MED: _("Qualification, registration and place of practice"),
        Group.GUI: _("Tour guide's licence and registration"),
        Group.TEA: _("Teacher's qualification and post"),
        Group.CIV: _("Office and post"),
        Group.ACC: _("Qualification and employer"),
    }.get(Group(group), _("Professions and licences")) if group else _("Professions and licences")  # fmt: skip


def headings(group: str) -> dict[str, str]:
    """Chapter → its heading with number: `七、失信信息（展示期内）`, `7 Adverse entries (on display)`."""
    words = {
        "summary": _("Summary"),
        "person": pgettext("chapter of a report", "Person"),
        "memberships": memberships_heading(group),
        "positive": _("Positive entries (honours, volunteering and the like)"),
        "pledges": _("Credit pledges and how they were kept"),
        "training": _("Integrity training"),
        "adverse": _("Adverse entries (on display)"),
        "queries": _("Queries of the last two years"),
        "notes": _("Notes"),
    }
    return {chapter: _numbered(place, words[chapter]) for place, chapter in enumerate(CHAPTERS)}


def _numbered(place: int, words: str) -> str:
    number = NUMERALS[place] if language_suffix() == "zh" else place + 1
    return _("%(number)s %(heading)s") % {"number": number, "heading": words}
