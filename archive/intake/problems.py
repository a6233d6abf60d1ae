"""What can be wrong with a file, a row or a cell, said in one sentence that names the place and the remedy.

A problem is kept as a code with parameters and becomes a sentence when somebody reads it, in that reader's language. Values are
masked before they are kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from profiles.common.bilingual import language_suffix
from profiles.common.identity import mask, mask_in_text

VALUE_LENGTH = 40


@dataclass(frozen=True)
class Problem:
    """`column` is the header as the file writes it, `value` the masked cell."""

    code: str
    column: str = ""
    value: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Cancelled(Exception):
    """Somebody cancelled the batch while it was being read, or another worker took it over."""


class Refused(Exception):
    """A cell or row cannot be used; carries the problem."""

    def __init__(self, code: str, value: object = "", **params: Any) -> None:
        super().__init__(code)
        self.code, self.value, self.params = code, value, params

    def at(self, column: str, *, is_identity: bool = False) -> Problem:
        return Problem(
            code=self.code,
            column=column,
            value=safe_value(self.value, is_identity=is_identity),
            params=self.params,
        )


def safe_value(value: object, *, is_identity: bool = False) -> str:
    """A cell's text, short, without identity numbers and without control characters (PostgreSQL's JSON takes no NUL)."""
    text = "" if value is None else " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", str(value)).split())
    if is_identity:
        return mask(text)
    text = mask_in_text(text)
    return text if len(text) <= VALUE_LENGTH else text[: VALUE_LENGTH - 1] + "…"


# For each code: what is wrong, and what to do about it.
SENTENCES: dict[str, Any] = {
    # identity numbers
    "identity_empty": _("The identity number is empty. Fill it in."),
    "identity_scientific": _(
        "A spreadsheet has turned the identity number into a figure and lost its last digits. Format the whole column as"
        " text (select the column, Format cells, Text), then type the number again from the source."
    ),
    "identity_fifteen": _(
        "This is a first-generation number of 15 digits, out of use since 2013. Write the 18-digit number of the present"
        " card: with 19 before the birth year and, as computed, “%(check)s” at the end."
    ),
    "identity_fifteen_impossible": _(
        "This has 15 digits like a first-generation number (out of use since 2013), but holds no possible birth date."
        " Write the 18-digit number of the present card."
    ),
    "identity_length": _("An identity number has 18 characters; this has %(length)s. Compare it with the card."),
    "identity_characters": _(
        "This is not an identity number: it has 17 digits and a digit or X at the end. Compare it with the card."
    ),
    "identity_birth_date": _(
        "Characters 7 to 14 of the identity number are no possible birth date. Compare it with the card."
    ),
    "identity_check": _(
        "The last character does not fit the others, so at least one digit is wrong. Compare the number with the card."
    ),
    "identity_misplaced": _(
        "This cell holds an identity number, which belongs in its own column only. Check whether the columns have shifted."
    ),
    "identity_no_birth_date": _(
        "This document number holds no birth date, and adulthood cannot be established. Use the identity card's or permit's number."
    ),
    "identity_division": _(
        "The first six digits are no known division code. The row is taken; please compare with the card."
    ),
    # names
    "name_empty": _("The name is empty. Fill it in."),
    "name_characters": _("A name has letters and “·” only. Remove the other characters."),
    "name_length": _("The name is longer than 100 characters. Shorten it as in the document."),
    "name_mismatch": _(
        "This identity number is on file with another name. Check both; if the person was renamed, enter that under “People” first."
    ),
    "former_name": _("This is a former name of the person. The row is taken; the archive shows the present name."),
    "former_name_until": _(
        "The name in the question is a former one, until %(day)s. The answer is about the same person."
    ),
    "name_mismatch_in_file": _(
        "Row %(row)s of this file has the same identity number with another name. One of the two is wrong: check both."
    ),
    # facts
    "item_empty": _("The kind of act is empty. Choose a catalogue item, by code or name."),
    "item_unknown": _("The catalogue has no item of this name. Use the code or the name of an item in force."),
    "item_ambiguous": _("Several items have this name: %(codes)s. Write the code of the one that is meant."),
    "item_forbidden": _("“%(item)s” may not be collected: %(reason)s Remove the row."),
    "item_not_in_force": _(
        "“%(item)s” was not in force on %(day)s, the day of the act. What was not yet collectable then is not collected now:"
        " remove the row."
    ),
    "item_not_competent": _(
        "Your body is not competent to report “%(item)s”: it is reported by %(reporters)s. Remove the row or pass it on."
    ),
    "item_group": _(
        "Your body has no competence for the group “%(group)s” of this item. Ask the system administrator to enter its basis."
    ),
    "date_empty": _("The date is empty. Fill it in, for example 2026-05-12."),
    "date_unreadable": _("This is not a date. Write it as 2026-05-12."),
    "date_future": _("This date lies in the future. Only what has happened can be recorded: correct the date."),
    "document_before_act": _("The document is older than the act that it establishes. Correct one of the two dates."),
    "under_age": _(
        "The person was %(age)s on the day of the act. Acts before the 18th birthday are never recorded: remove the row."
    ),
    "display_has_end": _(
        "How long this entry is shown follows from its item and its dates. Only where the display has no end of its own can a"
        " day be named, not before its first: leave the field as it is."
    ),
    "bar_backwards": _("The bar ends before it begins. Correct one of the two dates."),
    "retention_over": _(
        "The document is of %(day)s; after %(years)s years nothing is recorded any more. Remove the row."
    ),
    "document_empty": _(
        "There is no document number. Without a document in effect there is no entry: fill in number and date of the decision."
    ),
    "text_too_long": _("The text is longer than %(limit)s characters. Shorten it."),
    "forbidden_data": _(
        "The text speaks of “%(word)s”. Faith, genes, fingerprints, blood group and illness are never collected"
        " (Regulation on the Credit Reporting Industry, art. 14): remove it."
    ),
    "not_text": _("The cell holds characters that are no text. Type it again."),
    "cell_error": _(
        "The cell holds a spreadsheet error instead of a value. Correct the calculation or type the value."
    ),
    "formula": _("The cell is a formula. Replace it by its value (copy, paste as values)."),
    "number_unreadable": _("This is not a whole number of months. Write for example 6."),
    "sanction_out_of_range": _("A sanction period lasts from 1 to 60 months. Correct the number."),
    "group_unknown": _(
        "This is no group of the catalogue. Write its code (for example TEA) or its Chinese name (教师)."
    ),
    "severity_unknown": _(
        "The severity is none of minor, general, serious (轻微, 一般, 严重). Correct it or leave it empty."
    ),
    "duplicate_in_file": _(
        "The same fact stands in row %(row)s of this file. It is recorded once: remove one of the two."
    ),
    "duplicate_on_file": _(
        "This fact is on record already (%(number)s): same person, item, day of the act and document. Remove the row."
    ),
    "opted_out": _(
        "The person had this positive entry taken out of the archive (%(number)s), as everybody may. It is recorded again only"
        " if the person asks for it: remove the row."
    ),
    # files
    "disk_full": _(
        "The disk of the server is full, and the file was not kept. Ask the system administrator to free space, then upload it"
        " again."
    ),
    "file_empty": _("The file is empty. Upload the workbook or CSV file itself."),
    "file_too_large": _("The file has %(size)s MB; the limit is %(limit)s MB. Split it into several files."),
    "file_type": _("This is not a workbook or CSV file (it looks like %(seen)s). Save it as .xlsx or .csv."),
    "file_password": _(
        "The workbook is protected with a password and cannot be opened. Save it without a password (File, Info, Protect"
        " workbook, delete the password) and upload again."
    ),
    "file_xls_too_large": _(
        "This old .xls workbook has %(size)s MB; the limit for this kind is %(limit)s MB. Save it as .xlsx or .csv."
    ),
    "file_damaged": _(
        "The workbook is damaged and cannot be opened. Open it in your spreadsheet program and save it again."
    ),
    "file_bomb": _(
        "The workbook unpacks to far more than a table of its size would (the limit is %(limit)s MB). Save only the table in"
        " a new workbook."
    ),
    "file_encoding": _("The characters of this text file cannot be read. Save it as UTF-8 or GB18030."),
    "file_quotes": _(
        "In row %(row)s a quotation mark does not close at the end of its cell, so the rows below cannot be told apart."
        " Delete the mark or write it twice, and upload again."
    ),
    "file_no_header": _(
        "No header row was found: a row with at least the columns %(columns)s. Put the column names above the data."
    ),
    "file_columns_missing": _(
        "The header row (row %(row)s) has no column %(columns)s. Add it, or name it as in the list of columns, and upload again."
    ),
    "file_no_rows": _("There is a header row (row %(row)s) but no data below it. Fill in the rows and upload again."),
    "file_forbidden_column": _(
        "Column %(letter)s “%(header)s” holds data that may never be collected (Regulation on the Credit Reporting Industry,"
        " art. 14). Delete the column and upload again. The file was not kept."
    ),
    "file_too_many_rows": _("The sheet has more than %(limit)s rows. Split it into several files."),
    "file_column_twice": _(
        "The columns %(letters)s are both “%(header)s”. Rename or delete one of them, so that it is clear which counts."
    ),
    # columns, asked of the clerk
    "columns_missing": _("No column was found for %(columns)s. Say which column holds it."),
    "column_twin": _(
        "Column %(letter)s “%(header)s” has the meaning of column %(other)s, which is read. Say which of the two counts."
    ),
    "column_perhaps": _("Column %(letter)s “%(header)s” is not known. Is it “%(field)s”?"),
    "several_sheets": _("Several sheets hold a table. One sheet is read: say which."),
    "column_chosen_twice": _("%(letters)s are both read as “%(field)s”. One column for each: correct one of the two."),
    # said by an earlier version; batches keep their codes
    "file_old_or_locked": _(
        "This is an old .xls workbook or one with a password. Save it as .xlsx without a password."
    ),
    "file_far_cell": _(
        "Sheet “%(name)s” reaches as far as cell %(cell)s, too far to be read. Delete what stands outside the table, or copy"
        " the table alone into a new workbook."
    ),
    # remarks, nothing is refused
    "continues": _("This file continues %(code)s: rows of it that are on record already are passed over."),
    "on_record": _("On record already (%(number)s): passed over, nothing to do."),
    "example_row": _("This is the example row of the template and is passed over."),
    "unknown_column": _("Column %(letter)s “%(header)s” is not known and is not taken over."),
    "other_sheet": _("Sheet “%(name)s” has no header row and is not read."),
    "hidden_sheet": _("Sheet “%(name)s” is hidden and is not read."),
    "second_table": _("Sheet “%(name)s” holds a table too. Only “%(taken)s” is read: put one table in a file."),
    "two_header_rows": _("Rows %(first)s and %(second)s are read together as column names."),
    "hidden_column": _("Column %(letter)s “%(header)s” is hidden in the workbook. It is read like the others."),
    "hidden_rows": _(
        "%(count)s rows are hidden in the workbook (by a filter, perhaps). They are read like the others; delete what is not meant."
    ),
    "merged_cells": _(
        "Cells are merged below the header (%(count)s times, first %(first)s). Only the first cell of each counts: where the"
        " others are missed, unmerge them and fill in each row."
    ),
    "rows_above": _("%(count)s title rows above the header row are passed over."),
    "totals_row": _("This looks like a totals row or a signature line and is passed over."),
    "same_file": _(
        "The same file was uploaded on %(day)s (%(code)s). What is on record already will be refused as such."
    ),
}


def both(text: Callable[[], object]) -> dict[str, str]:
    """A parameter in both languages, for the reader whoever it will be."""
    result = {}
    for suffix, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            result[suffix] = str(text())
    return result


def sentence(problem: dict[str, Any], *, row: int | None = None, sentences: dict[str, Any] = SENTENCES) -> str:
    """The problem as a sentence in the active language: `Row 116, column “…”, “1390…”: what is wrong and what to do.`"""
    suffix = language_suffix()
    params = {key: value[suffix] if isinstance(value, dict) else value for key, value in problem["params"].items()}
    what = str(sentences[problem["code"]]) % params
    place = []
    if row is not None:
        place.append(gettext("row %(row)s") % {"row": row})
    if problem["column"]:
        place.append(gettext("column “%(column)s”") % {"column": problem["column"]})
    if problem["value"]:
        place.append(f"“{problem['value']}”")
    head, colon = gettext(", ").join(place), gettext(": ")
    return f"{head[:1].upper()}{head[1:]}{colon}{what}" if head else what
