"""Words of continuous checks in templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from archive.vetoes.watch_tables import STANDINGS, cause_text
from profiles.templatetags.ui import state

register = template.Library()


@register.simple_tag
def watch_standing(standing: str) -> SafeString:
    return state(standing, STANDINGS[standing])


@register.simple_tag
def alert_cause(kind: str) -> Any:
    return cause_text(kind)
