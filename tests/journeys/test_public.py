"""What anybody can see without an account."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.walker import Walker, zh

pytestmark = pytest.mark.journey

OPEN_PAGES = [
    "/", "/about/", "/your-rights/", "/how-to-verify/", "/privacy/", "/accessibility/", "/catalogue/", "/catalogue/STU-04/",
    "/rules/", "/rules/V-TEA-1/", "/verify/", "/calendar/", "/activate/", "/accounts/login/", "/gallery/",
]  # fmt: skip


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_every_open_page_is_in_order(walk: Callable[..., Walker], phone: bool) -> None:
    somebody = walk(phone=phone, who="phone" if phone else "desk")
    for path in OPEN_PAGES:
        somebody.open(path)
    somebody.open("/verify/0000-0000-0000-0000/", status=404)
    somebody.open("/nothing-here/", status=404)
    assert somebody.page.locator("h1").inner_text() == zh("There is nothing here")
