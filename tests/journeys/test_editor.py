"""An editor changes a public page in Wagtail's editor, under a policy for scripts, and everybody reads it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Product
from tests.journeys.walker import Walker, zh

pytestmark = pytest.mark.journey


def test_an_editor_changes_a_page_and_everybody_reads_it(product: Product, walk: Callable[..., Walker]) -> None:
    editor = walk()
    editor.sign_in("editor")
    editor.press(zh("Pages"))
    address = product.sql("SELECT id FROM wagtailcore_page WHERE slug = 'about'")[0][0]
    editor.open(f"/editor/pages/{address}/edit/")
    editor.page.locator("#id_title").fill("关于本档案（新）")
    editor.page.locator("[contenteditable=true]").first.click()
    editor.page.keyboard.press("Control+Home")
    editor.page.keyboard.type("编辑新写的一句。")
    expect(editor.page.locator("[name=body_zh]")).to_have_value(re.compile("编辑新写的一句"))
    editor.page.locator("footer [data-w-dropdown-target='toggle']").click()
    with editor.page.expect_navigation():
        editor.page.locator("button[name=action-publish]").click()
    editor.page.get_by_text("已经发布").wait_for()

    anybody = walk(who="reader")
    anybody.open("/about/")
    assert anybody.page.locator("h1").inner_text() == "关于本档案（新）"
    assert "编辑新写的一句。" in anybody.page.locator("main").inner_text()


def test_images_and_documents_are_neither_offered_nor_served(walk: Callable[..., Walker]) -> None:
    editor = walk()
    editor.sign_in("editor")
    editor.open("/editor/")
    offered = {link.get_attribute("href") for link in editor.page.locator("aside a, nav a").all()}
    assert "/editor/reports/site-history/" in offered
    for path in ("/editor/images/", "/editor/documents/"):
        assert path not in offered
        editor.page.goto(path)
        assert editor.page.url.endswith("/editor/")  # refused
    editor.open("/documents/1/x.pdf", status=404)
