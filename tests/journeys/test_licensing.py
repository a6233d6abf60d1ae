"""A licensing examiner checks one person and a list, decides on a veto and takes the slip along."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pypdf
import pytest
from python_calamine import CalamineWorkbook

from archive.vetoes.models import Outcome
from archive.vetoes.views.answers import MEANINGS
from tests.conftest import SAMPLES
from tests.journeys.conftest import Story
from tests.journeys.walker import Walker, zh

pytestmark = pytest.mark.journey

PURPOSE = "TEA:access"
REASONS = "已核对处分决定书原件，事实清楚，法定期限未满。"
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")
# What the list brings with the demo world and the school's file in the archive.
COUNTS = {
    Outcome.CLEAR: 50,
    Outcome.REVIEW: 1,
    Outcome.VETO: 2,
    Outcome.NOT_FOUND: 148,
    Outcome.NAME_MISMATCH: 2,
    Outcome.UNREADABLE: 1,
}


def test_one_person_is_checked_and_a_veto_is_confirmed_with_reasons(story: Story, walk: Callable[..., Walker]) -> None:
    examiner = walk()
    examiner.sign_in("examiner")
    examiner.press(zh("Check one person"))
    examiner.field(zh("What for")).select_option(PURPOSE)
    examiner.field(zh("Matter number")).fill("示教准〔2026〕1号")
    examiner.field(zh("Name")).fill("周怡")
    examiner.field(zh("Identity number")).fill("310107199301029442")
    examiner.press(zh("Check"), within="main form")
    main = examiner.page.locator("main")
    assert main.locator(".verdict h2").inner_text() == zh("Veto")
    finding = main.locator("article.entry").first.inner_text()
    assert re.search(r"V-[A-Z0-9-]+ v\d", finding)  # the rule
    assert "TEA-02" in finding  # the entry
    assert "教师资格条例 第18–20条" in finding  # the article
    assert re.search(zh("Ends") + r"\s+至20\d\d年", finding)
    assert "310107199301029442" not in examiner.page.content()
    main.get_by_label(zh("Propose to confirm: tell the person first")).check()
    examiner.field(zh("Reasons")).fill(REASONS)
    examiner.press(zh("Go on …"))
    assert REASONS in main.inner_text()  # what will happen, before it happens
    examiner.press(zh("Propose and tell the person"))
    place = examiner.page.url
    examiner.press(zh("Print the letter"))  # the person has no account
    assert REASONS in main.inner_text()
    assert main.locator("[data-activation-code]").count() == 1
    examiner.open(place)
    examiner.press(zh("Record service"))
    main.get_by_label(zh("Confirm: the obstacle stands")).check()
    examiner.field(zh("Reasons")).fill(REASONS)
    examiner.press(zh("Go on …"))
    examiner.press(zh("Confirm the veto"))
    slip = pypdf.PdfReader(io.BytesIO(examiner.download(zh("Download the slip"))))
    text = "".join(page.extract_text() for page in slip.pages).replace("\n", "")
    # pypdf cannot read the glyphs of the second small font, in which rare characters are (怡, 楚).
    assert REASONS.partition("，")[0] in text
    assert "当事人 周" in text
    assert "310107199301029442" not in text
    story.codes += CODE.findall(text)[:1]


def test_a_list_is_answered_for_each_person_apart(story: Story, walk: Callable[..., Walker]) -> None:
    examiner = walk()
    examiner.sign_in("examiner")
    examiner.press(zh("Check a list"))
    examiner.field(zh("What for")).select_option(PURPOSE)
    examiner.field(zh("Matter number")).fill("示教准〔2026〕2号")
    examiner.page.locator("input[type=file]").set_input_files(SAMPLES / "teacher-access-2026.csv")
    examiner.press(zh("Upload and read"))
    examiner.wait_for(zh("Discard the list"))
    examiner.press(zh("Check %(good)s people", good=203))
    examiner.wait_for("XLSX")
    main = examiner.page.locator("main")
    tallies = {
        tally.get_attribute("href").removeprefix("?outcome="): int(tally.locator("strong").inner_text())
        for tally in main.locator("a.tally").all()[1:]
    }
    assert tallies == COUNTS
    address = examiner.page.url
    with examiner.page.expect_download() as waiting:
        main.get_by_role("button", name=zh("Proof that this check was made")).click()
    proof = pypdf.PdfReader(waiting.value.path())
    assert "示教准〔2026〕2号" in "".join(page.extract_text() for page in proof.pages)
    examiner.press(zh("Make the workbook"))
    examiner.wait_for(zh("Download the workbook"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(examiner.download(zh("Download the workbook"))))
    assert len(book.sheet_names) == 1 + len(COUNTS)
    for outcome in COUNTS:
        examiner.open(f"{address}?outcome={outcome}")
        main.locator("tbody a").first.click()
        main.locator(".verdict").wait_for()
        examiner.look()
        assert main.locator(".verdict h2").inner_text() == zh(str(outcome.label))
        assert main.locator(".verdict p").first.inner_text() == zh(str(MEANINGS[outcome]))
