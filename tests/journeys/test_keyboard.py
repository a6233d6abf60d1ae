"""Without a mouse: an examiner signs in and checks a person with the keyboard alone, and always sees where the focus is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page

from archive.demo import PASSWORD, TOTP_SECRET
from tests.journeys.walker import Walker, six_digits, zh

pytestmark = pytest.mark.journey

HOW_IT_LOOKS = """() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  return {tag: e.tagName, text: (e.innerText || e.name || "").slice(0, 30),
          inView: r.bottom > 0 && r.top < innerHeight && r.right > 0,
          visible: (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== "none"}; }"""


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = page.evaluate(HOW_IT_LOOKS)
        assert focus["visible"], focus
        assert focus["inView"], focus
        if target.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {target}")


def test_a_person_is_checked_with_the_keyboard_alone(walk: Callable[..., Walker]) -> None:
    examiner = walk(who="keyboard")
    page, keys = examiner.page, examiner.page.keyboard
    main = page.locator("main")

    def enter(into: Locator, text: str) -> None:
        tab_to(page, into)
        keys.type(text)

    def go(target: Locator) -> None:
        tab_to(page, target)
        with page.expect_navigation():
            keys.press("Enter")

    examiner.open("/accounts/login/")
    keys.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    keys.press("Enter")
    enter(examiner.field(zh("Username")), "examiner2")  # whose six digits nobody else has used
    enter(examiner.field(zh("Password")), PASSWORD)
    with page.expect_navigation():
        keys.press("Enter")
    enter(main.get_by_role("textbox"), six_digits(TOTP_SECRET))
    with page.expect_navigation():
        keys.press("Enter")
    go(main.get_by_role("link", name=zh("Check one person")))
    tab_to(page, examiner.field(zh("What for")))
    keys.press("ArrowDown")
    enter(examiner.field(zh("Matter number")), "示教准〔2026〕3号")
    enter(examiner.field(zh("Name")), "钱晴")
    enter(examiner.field(zh("Identity number")), "120103199102259252")
    go(main.locator("form").get_by_role("button", name=zh("Check")))
    assert main.locator(".verdict h2").inner_text() == zh("Clear")
    examiner.look()
