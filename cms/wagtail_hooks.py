"""What the editor's menu leaves out: help that leads out of a closed network."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks


@hooks.register("construct_main_menu")
def leave_out_help(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name != "help"]
