"""Template tags that every screen uses."""

from __future__ import annotations

import datetime as dt
import functools
import re
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from profiles.common.bilingual import articles_zh, language_suffix
from profiles.common.identity import mask
from profiles.common.permissions import Permission
from profiles.common.permissions import can as may
from profiles.common.tones import tone_of

register = template.Library()

ICONS = Path(settings.BASE_DIR) / "node_modules/@tabler/icons/icons/outline"


@functools.cache
def _drawing(name: str) -> str:
    svg = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    inner = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    assert inner, name
    return " ".join(inner.group(1).split())


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An outline icon drawn in place. With `label` it speaks to screen readers, without it is decoration."""
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" focusable="false" {}>{}</svg>',
        css,
        role,
        mark_safe(_drawing(name)),  # noqa: S308  our own file
    )


@register.simple_tag(takes_context=True)
def can(context: template.Context, permission: str, obj: Any = None) -> bool:
    """`{% can "approve_entry" entry as allowed %}`"""
    account = context["request"].user
    return account.is_authenticated and may(account, Permission(permission), obj)


@register.simple_tag
def state(value: str, label: Any) -> SafeString:
    """A state as colour, icon and word."""
    tone, symbol = tone_of(value)
    return format_html('<span class="tag tag-{}">{}{}</span>', tone, icon(symbol), label)


@register.filter
def tone(value: str) -> str:
    return tone_of(value)[0]


@register.filter
def symbol(value: str) -> str:
    return tone_of(value)[1]


@register.filter
def masked(number: str) -> str:
    return mask(number)


@register.filter
def until(value: dt.date | None) -> dt.date | None:
    """Last day of a half-open range: the day before its end."""
    return value - dt.timedelta(days=1) if value else None


@register.filter
def articles(value: str) -> str:
    """Articles of a statute as a reader of the page's language writes them."""
    return articles_zh(value) if language_suffix() == "zh" else re.sub(r"(\d)之([一二三四五六七八九])", _dashed, value)


def _dashed(found: re.Match[str]) -> str:
    """37之一 is article 37-1."""
    return f"{found[1]}-{'一二三四五六七八九'.index(found[2]) + 1}"


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The present address' parameters with some changed; None drops one. For paging, sorting and filters."""
    params = context["request"].GET.copy()
    for key, value in changes.items():
        params.pop(key, None)
        if value is not None:
            params[key] = str(value)
    return f"?{params.urlencode()}"
