"""As what a body's columns are read: what their names say, what its clerks said before, and what nobody can tell for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from archive.intake.files import Layout
from archive.intake.problems import Problem, safe_value
from archive.intake.reading.headers import HEADER_SEARCH, UNREMARKABLE, Matcher, header_at
from archive.intake.reading.tables import open_sheets
from archive.intake.resources import SheetResource, plain_header
from archive.intake.workbooks import Cell, letter

SEVERAL = Problem("several_sheets")
HEAD_COLUMNS = 60
SAMPLES = 3
_MASKED_NUMBER = re.compile(r"\d{6}\*{8}\d{3}[\dX]")

_NAME = re.compile(r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]+·[\u3400-\u9fff·]+")

Head = dict[str, Any]  # {"name": sheet, "rows": [[masked text of a cell, …], …]} of the first rows


def key_of(header: str) -> str:
    """Under what a header is remembered; the same for the header in the file and for the one shown."""
    return plain_header(safe_value(header))[:100]


def remembering(match: Matcher, memory: Mapping[str, str]) -> Matcher:
    """Find columns as clerks said (key → field, "" for not read), and by their names where nobody said anything."""

    def found(headers: list[str]) -> dict[int, str]:
        said = {index: memory[key] for index, header in enumerate(headers) if (key := key_of(header)) in memory}
        columns: dict[int, str] = {}
        for index, name in said.items():
            if name and name not in columns.values():
                columns[index] = name
        for index, name in match(["" if index in said else header for index, header in enumerate(headers)]).items():
            if name not in columns.values():
                columns[index] = name
        return dict(sorted(columns.items()))

    return found


def heads_of(file: BinaryIO, file_format: str) -> list[Head]:
    """The first rows of each sheet that is not hidden, masked: enough to choose sheet, header row and columns from."""
    return [
        {"name": safe_value(sheet.name), "rows": _first_rows(sheet.rows())}
        for sheet in open_sheets(file, file_format)
        if not sheet.hidden
    ]


def _first_rows(rows: Iterator[tuple[int, list[Cell]]]) -> list[list[str]]:
    first: list[list[str]] = []
    for number, cells in rows:
        if number > HEADER_SEARCH + SAMPLES:
            break
        first += [[] for _left_out in range(number - len(first) - 1)]
        first.append([_shown(cell) for cell in cells[:HEAD_COLUMNS]])
    return first


def _shown(cell: Cell) -> str:
    """A figure as a spreadsheet shows it, so that one that is an identity number is known and masked."""
    return safe_value(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)


def headers_in(head: Head, layout: Layout) -> list[str]:
    """Header of each position, as wide as the rows below; two rows of headers are read together."""
    rows = {number: row for number, row in enumerate(head["rows"], start=1) if number <= layout.header_row}
    headers = header_at(rows, layout.header_row, layout.header_rows, lambda texts: {}).texts
    below = head["rows"][layout.header_row : layout.header_row + SAMPLES]
    width = max([len(headers), *(len(row) for row in below)])
    return headers + [""] * (width - len(headers))


def samples_in(head: Head, layout: Layout) -> list[list[str]]:
    """For each position the first cells below its header that hold something."""
    below = head["rows"][layout.header_row : layout.header_row + SAMPLES]
    return [
        [row[position] for row in below if position < len(row) and row[position]]
        for position in range(len(headers_in(head, layout)))
    ]


def questions(
    *,
    headers: Sequence[str],
    samples: Sequence[Sequence[str]],
    columns: Mapping[int, str],
    resource: type[SheetResource],
    memory: Mapping[str, str],
    titles: Mapping[str, str],
) -> list[Problem]:
    """What has to be asked about the columns before they are read; nothing where all is certain."""
    missing = [name for name in resource.required_headers() if name not in columns.values()]
    asked = []
    if missing:
        asked.append(Problem("columns_missing", params={"columns": "、".join(f"“{titles[name]}”" for name in missing)}))
    for index, header in enumerate(headers):
        if not header or index in columns or UNREMARKABLE.fullmatch(header) or key_of(header) in memory:
            continue
        twin = next((at for at, name in columns.items() if resource.match([header]).get(0) == name), None)
        place = {"letter": letter(index), "header": safe_value(header)}
        if twin is not None:
            asked.append(Problem("column_twin", params={**place, "other": letter(twin)}))
    for index, name in suggestions(headers=headers, samples=samples, columns=columns, resource=resource, memory=memory):
        place = {"letter": letter(index), "header": safe_value(headers[index])}
        asked.append(Problem("column_perhaps", params={**place, "field": titles[name]}))
    return asked


def suggestions(
    *,
    headers: Sequence[str],
    samples: Sequence[Sequence[str]],
    columns: Mapping[int, str],
    resource: type[SheetResource],
    memory: Mapping[str, str],
) -> Iterator[tuple[int, str]]:
    """(position, field) of columns that nobody named so, but that look like a field which has none."""
    open_fields = {name: field for name, field in resource.sheet_fields().items() if name not in columns.values()}
    for index, header in enumerate(headers):
        if index in columns or not samples[index] or UNREMARKABLE.fullmatch(header) or key_of(header) in memory:
            continue
        name = None
        if "identity_number" in open_fields and all(_MASKED_NUMBER.fullmatch(text) for text in samples[index]):
            name = "identity_number"
        elif "name" in open_fields and all(_NAME.fullmatch(text) for text in samples[index]):
            name = "name"
        else:
            likeness = {name: _likeness(header, field.headers) for name, field in open_fields.items()}
            best = max(likeness, key=lambda name: likeness[name], default=None)
            name = best if best is not None and likeness[best] else None
        if name is not None:
            del open_fields[name]
            yield index, name


def _likeness(header: str, aliases: Iterable[str]) -> int:
    """Length of the longest piece that the header shares with an alias, if that is most of the alias; else 0."""
    text = plain_header(header)
    best = 0
    for alias in map(plain_header, aliases):
        shared = _shared(text, alias)
        if shared >= (2 if not alias.isascii() else 4) and 2 * shared > len(alias):
            best = max(best, shared)
    return best


def _shared(left: str, right: str) -> int:
    """Length of the longest common substring."""
    longest, row = 0, [0] * (len(right) + 1)
    for character in left:
        row = [0, *(row[at] + 1 if character == other else 0 for at, other in enumerate(right))]
        longest = max(longest, *row)
    return longest


def layout_at(head: Head, header_row: int, match: Matcher) -> Layout:
    """The layout that names and memory give for a sheet and row which the clerk points at."""
    rows = dict(enumerate(head["rows"], start=1))
    single = header_at(rows, header_row, 1, match)
    double = header_at(rows, header_row, 2, match)
    best = double if len(double.columns) > len(single.columns) else single
    return Layout(head["name"], header_row, best.columns, best.rows)
