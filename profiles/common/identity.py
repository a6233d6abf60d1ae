"""Numbers of identity documents: reading, checking, masking. Pure functions, no database.

Citizen numbers follow GB 11643-1999: 6 digits division, 8 birth date, 3 sequence, 1 check character (ISO 7064 MOD 11-2).
Residence permits for residents of Hong Kong, Macao and Taiwan (divisions 81, 82, 83) and the foreigners' permanent residence
card of 2023 (first digit 9) have the same build. Check character and date are errors; an unknown division is a warning,
because numbers keep the codes of counties that were abolished long ago.
"""

from __future__ import annotations

import datetime as dt
import operator
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from stdnum import numdb

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
EARLIEST_BIRTH = dt.date(1890, 1, 1)

_AS_ON_THE_CARD = re.compile(r"[0-9]{17}[0-9X]")
_EIGHTEEN = re.compile(r"\d{17}[\dX]")
_FIFTEEN = re.compile(r"\d{15}")
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+?\d+")
_PASSPORT = re.compile(r"[A-Z]{1,2}\d{7,8}|[A-Z]{1,3}\d{6,9}")
_OLD_FOREIGN_CARD = re.compile(r"[A-Z]{3}\d{12}")
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff'’`\-]+")


class DocumentKind(TextChoices):
    """Kinds of identity documents that an archive may be keyed by."""

    RESIDENT_ID = "resident_id", _("Resident identity card")
    RESIDENCE_PERMIT = "residence_permit", _("Residence permit (Hong Kong, Macao, Taiwan)")
    FOREIGN_PERMANENT = "foreign_permanent", _("Foreigner's permanent residence card")
    PASSPORT = "passport", _("Passport")


class Fault(TextChoices):
    """Why a number cannot be used. The sentences with the remedy are in archive.intake.problems."""

    EMPTY = "identity_empty"
    SCIENTIFIC = "identity_scientific"
    FIFTEEN_DIGITS = "identity_fifteen"
    LENGTH = "identity_length"
    CHARACTERS = "identity_characters"
    BIRTH_DATE = "identity_birth_date"
    CHECK_CHARACTER = "identity_check"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from a cell or a field: either a number of a kind, or a fault. `unknown_division` is only a warning."""

    number: str
    kind: DocumentKind | None = None
    fault: Fault | None = None
    birth_date: dt.date | None = None
    unknown_division: bool = False
    suggestion: str = ""

    @property
    def ok(self) -> bool:
        return self.fault is None


def normalise(text: str) -> str:
    """Full-width digits, spaces, apostrophes and lower-case x as people type them → the plain number."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_character(seventeen: str) -> str:
    """ISO 7064 MOD 11-2 over the first 17 digits."""
    return CHECK_CHARACTERS[sum(map(operator.mul, map(int, seventeen), WEIGHTS)) % 11]


def read(value: object, *, today: dt.date) -> Reading:
    """Read one number. `value` is a text, or a number as a spreadsheet gives it (which has lost digits above 15)."""
    if isinstance(value, float) or (isinstance(value, int) and value >= 10**15):
        whole = f"{value:.0f}"
        if len(whole) != 15:
            return Reading(number=whole, fault=Fault.SCIENTIFIC)
        value = whole
    if isinstance(value, str) and _AS_ON_THE_CARD.fullmatch(value):
        return _read_eighteen(value, today=today)
    text = normalise("" if value is None else str(value))
    if not text:
        return Reading(number="", fault=Fault.EMPTY)
    if _SCIENTIFIC.fullmatch(text):
        return Reading(number=text, fault=Fault.SCIENTIFIC)
    if _FIFTEEN.fullmatch(text):
        return Reading(number=text, fault=Fault.FIFTEEN_DIGITS, suggestion=_lengthen(text, today=today))
    if _EIGHTEEN.fullmatch(text):
        return _read_eighteen(text, today=today)
    if _OLD_FOREIGN_CARD.fullmatch(text):
        return Reading(number=text, kind=DocumentKind.FOREIGN_PERMANENT)
    if _PASSPORT.fullmatch(text):
        return Reading(number=text, kind=DocumentKind.PASSPORT)
    if re.fullmatch(r"[\dX]+", text):
        return Reading(number=text, fault=Fault.LENGTH)
    return Reading(number=text, fault=Fault.CHARACTERS)


def _read_eighteen(text: str, *, today: dt.date) -> Reading:
    try:
        born = dt.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        born = None
    if born is None or not EARLIEST_BIRTH <= born <= today:
        return Reading(number=text, fault=Fault.BIRTH_DATE)
    if check_character(text[:17]) != text[17]:
        return Reading(number=text, fault=Fault.CHECK_CHARACTER)
    if text[:2] in {"81", "82", "83"}:
        return Reading(number=text, kind=DocumentKind.RESIDENCE_PERMIT, birth_date=born)
    if text[0] == "9":
        return Reading(number=text, kind=DocumentKind.FOREIGN_PERMANENT, birth_date=born)
    known = division_is_known(text[:6])
    return Reading(number=text, kind=DocumentKind.RESIDENT_ID, birth_date=born, unknown_division=not known)


def _lengthen(fifteen: str, *, today: dt.date) -> str:
    """The 18-digit number that a 15-digit one became (19 inserted, check character added), if its date exists."""
    seventeen = fifteen[:6] + "19" + fifteen[6:]
    reading = _read_eighteen(seventeen + check_character(seventeen), today=today)
    return reading.number if reading.ok else ""


@lru_cache(maxsize=8192)
def division_is_known(code: str) -> bool:
    """Was this six-digit division code ever given out? The table keeps abolished codes with their years."""
    parts = numdb.get("cn/loc").info(code)
    return any("county" in properties for _part, properties in parts)


def mask(number: str) -> str:
    """`11010519491231002X` → `110105********002X`; shorter numbers keep two characters at each end."""
    if len(number) >= 15:
        return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"
    if len(number) > 5:
        return f"{number[:2]}{'*' * (len(number) - 4)}{number[-2:]}"
    return "*" * len(number)


def adult_on(birth_date: dt.date, day: dt.date, *, age: int = 18) -> bool:
    """Has the person reached `age` on `day`? One turns 18 on the birthday (Civil Code 17); born 29 February: on 1 March."""
    try:
        birthday = birth_date.replace(year=birth_date.year + age)
    except ValueError:
        birthday = dt.date(birth_date.year + age, 3, 1)
    return day >= birthday


_TOKEN = re.compile(r"(?<![0-9A-Za-z])(\d{6})(\d{8})(\d{3}[\dXxＸｘ])(?![0-9A-Za-z])")
# Beside a letter or with gaps a number is told by the date in it; without one it could be a hash or a body's code.
_LOOSE = re.compile(
    r"(?<!\d)(\d{6})[\s-]?((?:19|20)\d\d[\s-]?(?:0[1-9]|1[0-2])[\s-]?(?:0[1-9]|[12]\d|3[01]))[\s-]?(\d{3}[\dXxＸｘ])(?!\d)"
)
_SIX_DIGITS = re.compile(r"\d{6}")
_TOKEN_15 = re.compile(r"(?<![0-9A-Za-z])(\d{6})(\d{6})(\d{3})(?![0-9A-Za-z])")


def mask_in_text(text: str) -> str:
    """Mask whatever looks like a citizen number inside free text: for log lines, file names, echoed input."""
    if not _SIX_DIGITS.search(text):
        return text  # all three begin with so many
    for pattern, masked in ((_TOKEN, r"\1********\3"), (_LOOSE, r"\1********\3"), (_TOKEN_15, r"\1******\3")):
        text = pattern.sub(masked, text)
    return text
