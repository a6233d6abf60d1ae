"""Tables as text: the encodings and marks in which Chinese offices send them, and what a broken one is told."""

from __future__ import annotations

import pytest

from archive.intake.problems import sentence
from archive.intake.reading import text
from archive.models import Batch
from tests.archive.sheets import HEADERS, clerk, codes, csv_text, fact, refusal, rehearse, remarks, table

RARE = ["买买提·吐尔逊", "𠮷田安", "陈〇", "王䶮"]
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16"]


def row(*values: str) -> str:
    return ",".join(values) + "\n"


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"], ids=["comma", "tab", "semicolon"])
def test_every_usual_encoding_gives_the_same_names(encoding: str, delimiter: str) -> None:
    text = csv_text(*(fact(name=name) for name in RARE), delimiter=delimiter)
    found = table(text.encode(encoding))
    assert [cells["name"] for _number, cells in found] == RARE
    assert found.header_row == 1


def test_title_lines_above_the_header_are_passed_over() -> None:
    found = table(("示范学院登记表,,,\n\n" + csv_text(fact(name="李四"))).encode("gb18030"))
    assert (found.header_row, [number for number, _cells in found]) == (3, [4])


def test_old_line_ends_and_blank_lines_keep_their_numbers() -> None:
    text = csv_text(fact(), fact()).replace("\r\n", "\r").replace("\r", "\r\r", 2)
    assert [number for number, _cells in table(text.encode("utf-8"))] == [3, 5]


@pytest.mark.django_db
def test_a_byte_order_mark_alone_is_an_empty_file() -> None:
    batch = rehearse(b"\xef\xbb\xbf", by=clerk())
    assert batch.state == Batch.State.REFUSED
    assert remarks(batch) == ["The file is empty. Upload the workbook or CSV file itself."]


@pytest.mark.parametrize(
    "data",
    [
        csv_text(fact()).encode("utf-8").replace("张三".encode(), "张".encode() + b"\xe4\xb8"),
        csv_text(fact()).encode("utf-16") + b"\xd8",
        # each cell has an even number of bytes, so that this could be read as GB18030
        "姓名,证件号码,行为类别,发生日期,文号,认定日期\n张,1,考试违纪,2026-05-12,示字,2026-05-20\n".encode().replace(
            "张".encode(), "张".encode()[:2]
        ),
        b"\x81\xff\xfe" + csv_text(fact()).encode("gb18030"),
    ],
    ids=["UTF-8 cut in a name", "UTF-16 cut", "UTF-8 that GB18030 would take", "GB18030 broken"],
)
def test_characters_that_cannot_be_read_are_never_guessed(data: bytes) -> None:
    """Almost-UTF-8 read as GB18030 would give wrong names without an error."""
    assert refusal(data) == "The characters of this text file cannot be read. Save it as UTF-8 or GB18030."


@pytest.mark.parametrize("written", ['"处分在册', '"在册"中', '"' + "长" * 300_000], ids=["open", "goes on", "long"])
def test_a_quotation_mark_that_does_not_close_swallows_no_rows(written: str) -> None:
    """A lenient reader takes the rows below into the one cell, and nobody sees that they are gone."""
    good = [fact(), fact()]
    first = csv_text(good[0])
    text = first.rstrip("\r\n") + written + "\r\n" + csv_text(good[1]).split("\r\n", 1)[1]
    assert refusal(text.encode("utf-8")) == (
        "In row 2 a quotation mark does not close at the end of its cell, so the rows below cannot be told apart."
        " Delete the mark or write it twice, and upload again."
    )


def test_quoted_cells_may_hold_commas_marks_and_line_ends() -> None:
    facts = '经核实，"替考",\n属实'
    (found,) = [cells for _number, cells in table(csv_text(fact(facts=facts)).encode("gb18030"))]
    assert found["facts"] == facts


@pytest.mark.parametrize("start", ["=1+1", '=HYPERLINK("http://example.test")', "=cmd|'/c calc'!A1"])
@pytest.mark.django_db
def test_a_text_that_a_spreadsheet_would_run_is_refused_in_its_cell(start: str) -> None:
    batch = rehearse(csv_text(fact(), fact(document_number=start)).encode("gb18030"), by=clerk())
    assert codes(batch) == {3: ["formula"]}
    assert (batch.good_rows, batch.refused_rows) == (1, 1)


@pytest.mark.django_db
def test_too_many_rows_are_refused_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "ROW_LIMIT", 2_000)
    line = row("张三", "x", "y", "2026-01-01", "z", "2026-01-01", "")
    data = (row(*HEADERS) + line * 2_000).encode()
    batch = rehearse(data, by=clerk())
    assert batch.state == Batch.State.REFUSED
    assert remarks(batch) == ["The sheet has more than 2000 rows. Split it into several files."]
    assert not batch.rows.exists()


def test_as_many_rows_as_are_allowed_are_read_and_columns_are_told_once() -> None:
    line = row("张三", "x", "y", "2026-01-01", "z", "2026-01-01", "", "备用")
    found = table((row(*HEADERS, "备用") + line * 100_000).encode())
    assert sum(1 for _row in found) == found.rows_total == 100_000
    assert [sentence(item.as_json()) for item in found.remarks] == [
        "Column H “备用” is not known and is not taken over."
    ]
