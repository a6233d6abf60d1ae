"""A person opens the account with the code on the letter, and does on a telephone what a person can do."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdf
import pytest

from tests.journeys.conftest import Product, Story
from tests.journeys.walker import Walker, six_digits, zh

pytestmark = pytest.mark.journey

NAME, NUMBER, USERNAME, PASSWORD = "姜达歌", "440308200312289188", "jiang-dage", "liang-shan-2026-yu"
CHAPTERS = [
    "一、信息概要", "二、基本信息", "三、职业身份与执业资格", "四、守信信息", "五、信用承诺及履行情况", "六、诚信教育培训",
    "七、失信信息", "八、查询记录", "九、说明",
]  # fmt: skip


def test_a_person_opens_the_account_with_the_code_on_the_letter(story: Story, walk: Callable[..., Walker]) -> None:
    person = walk(phone=True, who="person")
    person.open("/activate/")
    person.field(zh("Activation code")).fill(story.letters[NAME].lower().replace("-", " "))
    person.field(zh("Name")).fill(NAME)
    person.field(zh("Identity number")).fill(NUMBER)
    person.field(zh("Choose a user name")).fill(USERNAME)
    person.page.locator("#id_password").fill(PASSWORD)
    person.page.locator("#id_password_again").fill(PASSWORD)
    person.press(zh("Open the account"))
    person.open("/my/")
    assert person.page.url.endswith("/accounts/2fa/")  # nothing is shown before there is a second factor
    person.press(zh("Set up the app"))
    story.secret = person.page.locator("[data-secret]").inner_text()
    person.page.locator("main").get_by_role("textbox").fill(six_digits(story.secret))
    person.press(zh("Activate"))
    assert person.page.locator(".codes li").count() == 10
    person.press(zh("I have kept them, go on"))
    assert person.page.url.endswith("/my/")


def test_the_person_sees_the_archive_the_notice_and_who_looked(story: Story, walk: Callable[..., Walker]) -> None:
    person = walk(phone=True)
    person.sign_in(USERNAME, PASSWORD, story.secret, ahead=1)
    main = person.page.locator("main")
    assert main.locator("h1").inner_text() == NAME
    assert main.locator("article.entry h3").inner_text().startswith("伪造就业材料")
    assert NUMBER not in person.page.content()
    person.press(zh("Read them"))
    for kind in ("条目生效告知书", "记入诚信档案事前告知书"):
        person.open("/my/notices/")
        person.press(kind)
        assert "伪造就业材料" in main.inner_text()
    person.open("/my/queries/")
    assert main.locator("tbody").inner_text().count("示教准〔2026〕2号") == 1
    person.open("/my/authorisations/")


def test_the_person_signs_a_pledge_with_a_finger_and_takes_a_report_along(
    story: Story, walk: Callable[..., Walker]
) -> None:
    person = walk(phone=True)
    person.sign_in(USERNAME)
    person.open("/my/pledges/")
    person.press(zh("Read and sign"))
    person.page.get_by_label(zh("I have read the text and pledge what it says.")).check()
    pad = person.page.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    person.page.mouse.move(box["x"] + 40, box["y"] + 80)
    person.page.mouse.down()
    for step in range(6):
        person.page.mouse.move(box["x"] + 40 + 40 * step, box["y"] + 60 + 30 * (step % 2), steps=3)
    person.page.mouse.up()
    person.look(again=True)
    person.press(zh("Sign the pledge"))
    main = person.page.locator("main")
    assert main.locator(".verdict h2").inner_text() == zh("Signed")
    story.codes.append(main.locator(".code-line").inner_text())

    person.open("/my/reports/")
    person.field(zh("What for")).fill("应聘示范小学教师岗位")
    person.press(zh("Make the report"))
    person.wait_for(zh("Verification code"))
    code = main.locator(".code-line").inner_text()
    pdf = pypdf.PdfReader(io.BytesIO(person.download(zh("Download the PDF"))))
    text = "\n".join(page.extract_text() for page in pdf.pages)
    places = [text.index(chapter) for chapter in CHAPTERS]
    assert places == sorted(places)
    assert "本报告仅供“应聘示范小学教师岗位”使用" in text
    assert code in text
    assert "440308********9188" in text
    assert NUMBER not in text
    signature = pdf.get_fields()
    assert [field["/V"]["/SubFilter"] for field in signature.values()] == ["/ETSI.CAdES.detached"]
    story.codes.append(code)


def test_anybody_verifies_a_document_by_its_code(story: Story, walk: Callable[..., Walker]) -> None:
    anybody = walk(phone=True, who="anybody")
    main = anybody.page.locator("main")
    for code in story.codes:  # slip, pledge, report
        anybody.open("/verify/")
        anybody.field(zh("Verification code")).fill(code.lower().replace("-", " "))
        anybody.press(zh("Verify"))
        assert main.locator(".verdict h2").inner_text() == zh("Valid")
        assert NAME not in main.inner_text()
    assert len(story.codes) == 3
    anybody.open("/verify/?code=abc")
    assert main.get_by_role("alert").count() == 1


def test_a_statement_is_read_before_the_entry_can_be_approved(product: Product, walk: Callable[..., Walker]) -> None:
    person = walk(phone=True)
    person.sign_in("person")
    person.press(zh("Make a statement"))
    person.field(zh("Your statement")).fill("当日因病缓考，已经学院批准。")
    person.press(zh("Hand in the statement"))
    person.page.locator("main").get_by_text(zh("not read yet")).wait_for()

    approver = walk()
    approver.sign_in("approver")
    approver.open("/entries/?phase=approve")
    approver.press("R-")
    main = approver.page.locator("main")
    assert main.get_by_role("button", name=zh("Approve …")).count() == 0
    approver.press(zh("I have read the statement"))
    approver.look(again=True)
    approver.press(zh("Approve …"))
    approver.page.locator("main").get_by_role("checkbox").check()
    approver.press(zh("Approve %(n)s entry", n=1))
