"""The shipped texts of the public pages. Loading fills pages that are not there; what editors have written stays."""

from __future__ import annotations

import html
import tomllib
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page, Site

from cms.models import HomePage, TextPage
from profiles.accounts.actions import EDITORS

SHIPPED = Path(__file__).parent / "data" / "pages.toml"


@transaction.atomic
def load(path: Path = SHIPPED) -> list[str]:
    """Returns the slugs of the pages that were made."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    made = []
    home = HomePage.objects.first()
    if home is None:
        home = _make_home(data["home"])
        made.append("home")
    for page in data["page"]:
        if not TextPage.objects.child_of(home).filter(slug=page["slug"]).exists():
            home.add_child(
                instance=TextPage(
                    title=page["title_zh"],
                    title_en=page["title_en"],
                    slug=page["slug"],
                    body_zh=_body(page["block"], "zh"),
                    body_en=_body(page["block"], "en"),
                    show_in_menus=True,
                )
            )
            made.append(page["slug"])
    _let_editors_publish()
    return made


def _let_editors_publish() -> None:
    """Editors change and publish pages. Wagtail also gives them images and documents: none are used or served here."""
    editors, _created = Group.objects.get_or_create(name=EDITORS)
    GroupCollectionPermission.objects.filter(group=editors).delete()
    GroupPagePermission.objects.filter(group=editors).delete()
    rights = Permission.objects.filter(content_type__app_label="wagtailcore", content_type__model="page")
    root = Page.get_first_root_node()
    for right in rights.filter(codename__in=["add_page", "change_page", "publish_page"]):
        GroupPagePermission.objects.create(group=editors, page=root, permission=right)
    editors.permissions.set(Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin"))


def _make_home(data: dict[str, Any]) -> HomePage:
    root = Page.get_first_root_node()
    Page.objects.filter(depth=2, slug="home").delete()  # Wagtail's own welcome page
    root.refresh_from_db()
    home = HomePage(
        title=data["title_zh"], slug="front", lead_zh=data["lead_zh"], lead_en=data["lead_en"], doors=data["door"]
    )
    root.add_child(instance=home)
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": home, "site_name": data["title_zh"]}
    )
    return home


def _body(blocks: list[dict[str, str]], language: str) -> str:
    parts = []
    for block in blocks:
        parts.append(f"<h2>{html.escape(block[f'heading_{language}'])}</h2>")
        for paragraph in block[f"body_{language}"].strip().split("\n\n"):
            parts.append(f"<p>{html.escape(paragraph)}</p>")
    return "".join(parts)
