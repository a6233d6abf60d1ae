"""Words of rules and outcomes in templates."""

from __future__ import annotations

from typing import Any

from django import template

from archive.vetoes import text
from archive.vetoes.models import Outcome

register = template.Library()


@register.simple_tag
def outcome_label(value: str) -> Any:
    return Outcome(value).label


@register.simple_tag
def clause_why(clause: dict[str, Any]) -> str:
    return text.why(clause)


@register.simple_tag
def doubt_text(code: str, rule: Any) -> str:
    return text.doubt(code, rule)


@register.simple_tag
def term_text(clause: dict[str, Any]) -> str:
    return text.term(clause)
