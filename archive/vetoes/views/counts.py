"""A rehearsal's counts as bars: the longest fills the width; a suppressed count is shown as such and has no length to tell it."""

from __future__ import annotations

from typing import Any

from archive.catalogue.models import Item
from profiles.common.vocabulary import Event, Group


def picture(result: dict[str, Any]) -> dict[str, Any]:
    """Both runs with the labels of their rows and each bar's share of the longest, in per cent."""
    archive, checks = result["archive"], result["checks"]
    items = {item.code: f"{item.code} {item.name}" for item in Item.objects.newest()}
    return {
        "archive": {
            **archive,
            "by_group": _bars(archive["by_group"], dict(Group.choices)),
            "by_item": _bars(archive["by_item"], items),
            "by_year": _bars(archive["by_year"], {}),
        },
        "checks": {
            **checks,
            "by_event": _bars(checks["by_event"], dict(Event.choices)),
            "by_year": _bars(checks["by_year"], {}),
        },
    }


def _bars(rows: list[list[Any]], labels: dict[Any, Any]) -> list[dict[str, Any]]:
    longest = max((count for _key, count in rows if count), default=0)
    return [
        {
            "label": labels.get(key, key),
            "count": count,
            "percent": round(100 * count / longest) if count and longest else 0,
        }
        for key, count in rows
    ]
