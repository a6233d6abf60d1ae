"""A school records from the spreadsheet that it keeps: rehearsal, confirmation, letters, service, a second person's approval."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import SAMPLES
from tests.journeys.conftest import Product
from tests.journeys.walker import Walker, zh

pytestmark = pytest.mark.journey


def test_a_school_records_from_its_own_spreadsheet(product: Product, walk: Callable[..., Walker]) -> None:
    clerk = walk()
    clerk.sign_in("clerk")
    clerk.press(zh("Upload a file"))
    clerk.page.locator("input[type=file]").set_input_files(SAMPLES / "school-cheating-2026.xlsx")
    clerk.press(zh("Upload and rehearse"))
    clerk.page.get_by_text(zh("What happens")).first.wait_for()
    clerk.look(again=True)
    clerk.press("拒")
