"""A school records from the spreadsheet that it keeps: rehearsal, confirmation, letters, service, a second person's approval."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image

from tests.archive.papers import exif
from tests.conftest import SAMPLES
from tests.journeys.conftest import Product, Story
from tests.journeys.walker import Walker, zh

pytestmark = pytest.mark.journey

FULL_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
# Row of the workbook → a word of the remedy, for every row that is refused.
READ_LETTERS = """() => [...document.querySelectorAll("article.letter")].map((letter) => [
  letter.innerText.split("\\n")[1].replace("：", ""), letter.querySelector("[data-activation-code]").innerText,
  letter.innerText.match(/N-[0-9A-Z]+/)[0], letter.innerText])"""
REFUSED = {
    114: "请核对两行",
    115: "请与证件核对号码",
    116: "请将整列设为文本格式",
    117: "未满十八周岁时的行为一律不予记录",
    118: "不得采集",
    119: "请更正日期",
    120: "请填写决定书的文号和日期",
    121: "请填写现行证件的18位号码",
    122: "请替换为数值",
    124: "请删除其中一行",
}


def entries(product: Product, story: Story, where: str = "true") -> int:
    return product.sql(
        "SELECT count(*) FROM archive_entry WHERE batch_id = (SELECT id FROM archive_batch WHERE code = %s)"
        f" AND {where}",
        story.batch,
    )[0][0]


def test_the_clerk_sees_for_every_row_what_will_happen_before_anything_is_stored(
    product: Product, story: Story, walk: Callable[..., Walker]
) -> None:
    clerk = walk()
    clerk.sign_in("clerk")
    clerk.press(zh("Upload a file"))
    clerk.page.locator("input[type=file]").set_input_files(SAMPLES / "school-cheating-2026.xlsx")
    clerk.press(zh("Upload and rehearse"))
    clerk.wait_for(zh("What happens"))
    story.batch = clerk.page.url.rstrip("/").rpartition("/")[2]
    tallies = [tally.inner_text().split("\n") for tally in clerk.page.locator("a.tally").all()]
    assert {label: int(count) for count, label in tallies} == {
        zh("all rows"): 122, zh("new person"): 109, zh("known person"): 2, zh("refused"): 10, zh("not data"): 1,
    }  # fmt: skip
    clerk.press(zh("refused"), within="main .tallies")
    rows = clerk.page.locator("main tbody tr").all()
    told = {int(row.locator("th").inner_text()): row.locator(".problems").inner_text() for row in rows}
    assert set(told) == set(REFUSED)
    for number, words in REFUSED.items():
        assert told[number].startswith(f"第{number}行，“")  # the row, then the column
        assert words in told[number]
    assert not FULL_NUMBER.search(clerk.page.content())
    assert entries(product, story) == 0


def test_the_clerk_confirms_and_prints_a_letter_with_a_code_for_everybody_without_an_account(
    product: Product, story: Story, walk: Callable[..., Walker]
) -> None:
    clerk = walk()
    clerk.sign_in("clerk")
    clerk.open(f"/record/{story.batch}/")
    clerk.press(zh("See what will happen"))
    clerk.press(zh("Record the %(good)s good rows", good=111))
    clerk.wait_for(zh("Next: serve the notices"))
    deadline = time.monotonic() + 60
    while (
        entries(product, story, "state = 'notified' AND approvable_from IS NULL") < 111
    ):  # the letters are written in steps
        assert time.monotonic() < deadline
        time.sleep(0.2)
    with clerk.new_tab(zh("Print %(unserved)s letters", unserved=111)):
        letters = clerk.page.evaluate(READ_LETTERS)
        assert len(letters) == 111
        assert all(code and number and not FULL_NUMBER.search(text) for _name, code, number, text in letters)
        story.letters = {name: code for name, code, _number, _text in letters}
    clerk.press(zh("Record service"))
    assert entries(product, story, "state = 'in_hearing'") == 111
    assert clerk.page.locator("main").get_by_text(zh("Next: approval")).count() == 1


def stand_for(approver: Walker) -> None:
    approver.page.locator("main").get_by_role("checkbox").check()


def test_a_second_person_approves_and_the_entries_are_in_force(
    product: Product, story: Story, walk: Callable[..., Walker]
) -> None:
    clerk = walk()
    clerk.sign_in("clerk")
    clerk.open(f"/entries/?batch={story.batch}&phase=approve")
    assert clerk.page.get_by_role("button", name=zh("Approve the chosen …")).count() == 0

    approver = walk()
    approver.sign_in("approver")
    approver.press(zh("Entries to decide"))
    approver.open(f"/entries/?batch={story.batch}&phase=approve")
    approver.press("R-")
    approver.press(zh("Approve …"))
    stand_for(approver)
    approver.press(zh("Approve %(n)s entry", n=1))
    assert entries(product, story, "state = 'in_force'") == 1
    while True:
        approver.open(f"/entries/?batch={story.batch}&phase=approve")
        if not approver.page.get_by_label(zh("Choose all on this page")).count():
            break
        approver.page.get_by_label(zh("Choose all on this page")).check()
        approver.press(zh("Approve the chosen …"))
        stand_for(approver)
        approver.press("复核通过")
    assert entries(product, story, "state = 'in_force' AND approved_by_id <> drafted_by_id") == 111
    approver.open(f"/entries/?batch={story.batch}&phase=in_force")
    assert approver.page.locator("main").get_by_text(zh("in force")).count() > 20

    clerk.page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/desk/", "/people/", "/record/", "/entries/", f"/record/{story.batch}/"):
        clerk.seen.discard(path)
        clerk.open(path)  # the lists of staff are no wider than a phone either


def test_the_clerk_types_one_fact_photographs_the_decision_and_checks_before_it_is_recorded(
    product: Product, walk: Callable[..., Walker], tmp_path: Path
) -> None:
    photo = tmp_path / "IMG_0001.jpg"
    Image.new("RGB", (1200, 900), "white").save(photo, exif=exif())
    clerk = walk(phone=True)
    clerk.sign_in("clerk")
    clerk.open("/entries/")
    clerk.press(zh("Record one fact"))
    clerk.press(zh("Disciplinary sanction"))
    page = clerk.page
    clerk.field("姓名").fill("郑一鸣")
    clerk.field("身份证号码").fill("11010520040512003X")
    clerk.field("认定文书号").fill("示职院学〔2026〕90号")
    for field, days in (("#id_act_date", 30), ("#id_document_date", 10)):
        page.locator(field).fill((timezone.localdate() - dt.timedelta(days=days)).isoformat())
    page.locator("#id_file").set_input_files(photo)
    page.locator("input[type=search]").fill("舞弊")
    clerk.expect(422)
    page.get_by_role("button", name=zh("Check the answers")).click()
    clerk.wait_for("末位校验不符")  # the last character is wrong, and the photograph need not be taken again
    assert page.locator(".kept-file").inner_text().count("IMG_0001.jpg") == 1
    clerk.field("身份证号码").fill("11010520040512006X")
    page.locator("#id_item").select_option("STU-04")
    with page.expect_navigation():  # the links of the summary hold the same word
        page.get_by_role("button", name=zh("Check the answers")).click()
    clerk.look()
    assert not product.sql("SELECT 1 FROM archive_entry WHERE document_number = %s", "示职院学〔2026〕90号")
    clerk.press(zh("Record it"))
    number = page.locator("main h2").first.inner_text()
    assert number.startswith("R-")
    clerk.press(zh("Serve the notice"))
    with page.expect_popup() as opened:
        page.locator(".evidence").get_by_role("link", name=zh("Open")).click()
    opened.value.wait_for_load_state()
    assert opened.value.evaluate("document.contentType") == "image/jpeg"
