"""The auditor sees who did what, and the trail proves that it was not altered, or says so loudly."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from profiles.audit.verbs import Verb
from tests.journeys.conftest import Product
from tests.journeys.walker import Walker, zh

pytestmark = pytest.mark.journey

# Who did what in the story; "" where it was done without an account.
DONE = [
    ("clerk", Verb.BATCH_UPLOADED),
    ("clerk", Verb.BATCH_CONFIRMED),
    ("clerk", Verb.NOTICE_PRINTED),
    ("clerk", Verb.ACTIVATION_ISSUED),
    ("clerk", Verb.ENTRY_NOTIFIED),
    ("approver", Verb.ENTRY_APPROVED),
    ("approver", Verb.STATEMENT_READ),
    ("examiner", Verb.CHECK_MADE),
    ("examiner", Verb.LIST_CHECKED),
    ("examiner", Verb.VETO_CONFIRMED),
    ("examiner", Verb.SLIP_DOWNLOADED),
    ("jiang-dage", Verb.NOTICE_READ),
    ("jiang-dage", Verb.PLEDGE_SIGNED),
    ("jiang-dage", Verb.REPORT_REQUESTED),
    ("jiang-dage", Verb.REPORT_DOWNLOADED),
    ("", Verb.ACCOUNT_ACTIVATED),
    ("", Verb.REPORT_ISSUED),
    ("", Verb.DOCUMENT_VERIFIED),
]


def test_the_auditor_sees_who_did_what(product: Product, walk: Callable[..., Walker]) -> None:
    auditor = walk()
    auditor.sign_in("auditor")
    auditor.press(zh("Events today"))
    main = auditor.page.locator("main")
    for who, verb in DONE:
        auditor.page.goto(f"/trail/?verb={verb}&account={who}")
        assert main.locator("tbody tr").count() >= 1, (who, verb)
        assert zh(str(verb.label)) in main.locator("tbody tr").first.inner_text()
    auditor.open("/register/?matter_number=示教准〔2026〕1号")
    assert main.locator("tbody tr").count() == 1


def test_the_trail_is_proved_whole_on_the_screen_and_by_command(product: Product, walk: Callable[..., Walker]) -> None:
    auditor = walk()
    auditor.sign_in("auditor")
    auditor.open("/trail/")
    auditor.press(zh("Verify the trail now"))
    assert auditor.page.locator(".verdict h2").inner_text() == zh("The trail is whole")
    proof = product.manage("trail", "verify")
    assert (proof.returncode, proof.stdout.split(":")[0]) == (0, "WHOLE"), proof


def test_a_trail_that_the_owner_of_the_database_altered_says_so(product: Product, walk: Callable[..., Walker]) -> None:
    with_reasons = "verb = 'veto.confirmed'"
    product.sql("ALTER TABLE profiles_auditevent DISABLE TRIGGER USER")
    product.sql(f"UPDATE profiles_auditevent SET actor_id = actor_id + 1 WHERE {with_reasons}")
    try:
        proof = product.manage("trail", "verify")
        assert proof.returncode == 1
        assert proof.stdout.startswith("ALTERED:")
        auditor = walk()
        auditor.sign_in("auditor")
        auditor.open("/trail/")
        auditor.press(zh("Verify the trail now"))
        assert auditor.page.locator(".verdict-veto h2").inner_text() == zh("The trail was altered")
    finally:
        product.sql(f"UPDATE profiles_auditevent SET actor_id = actor_id - 1 WHERE {with_reasons}")
        product.sql("ALTER TABLE profiles_auditevent ENABLE TRIGGER USER")
    assert product.manage("trail", "verify").returncode == 0
