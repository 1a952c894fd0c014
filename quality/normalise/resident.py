"""Resident ids of China, and the permits of the same build (GB 11643-1999).

6 region, 8 birth date, 3 sequence (odd male, even female), check character ISO 7064 MOD 11-2. The
old card's 15 digits lack the century and the check, so nothing in them shows a slip but a birth
date that never was, or a region that no list ever had: then they are left as they are.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from functools import cache
from operator import mul

from stdnum import numdb

from quality.normalise import Status
from quality.normalise.identity_value import IdentityValue
from quality.normalise.text import simplify
from quality.reference import table

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ZEROS = ord("0") * sum(WEIGHTS)
RESIDENT = re.compile(r"[1-9][0-9]{16}[0-9X]")
PROVINCES = frozenset(
    str(n)
    for first, last in (
        (11, 15),
        (21, 23),
        (31, 37),
        (41, 46),
        (50, 54),
        (61, 65),
        (71, 71),
        (81, 83),
    )
    for n in range(first, last + 1)
)
_KIND_OF_REGION = {"81": "hmt_residence", "82": "hmt_residence", "83": "hmt_residence"}
_TAIWAN = "71"  # the province that residence permits of Taiwan people (83) are of
_SLIPS = "OQDILSZB"  # letters that are typed for the digits that they look like
_LETTERS = str.maketrans(_SLIPS, "00011528")
_LETTERED = re.compile(rf"[0-9{_SLIPS}]{{17}}[0-9{_SLIPS}X]")
_ONE_SHORT = re.compile(r"[1-9][0-9]{15}[0-9X]")


def check_character(body: str) -> str:
    """The last character of a resident id, from its first 17 digits (ISO 7064 MOD 11-2).

    >>> check_character("11010519491231002"), check_character("44052418800101001")
    ('X', '4')
    """
    return "10X98765432"[(sum(map(mul, body.encode(), WEIGHTS)) - _ZEROS) % 11]


def birth_date(digits: str) -> datetime.date | None:
    """The date in 8 digits, when there is such a day between 1800 and 2100."""
    try:
        date = datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return date if 1800 <= date.year <= 2100 else None


def resident(typed: str | None, bare: str, reason: str = "") -> IdentityValue | None:
    """A resident id, or a permit of the same build, whose check character and date are right."""
    head = bare[:2]
    if check_character(bare[:17]) != bare[17] or (reason and not _in_province(bare)):
        return None
    born = birth_date(bare[6:14])
    if born is None:
        return None
    if len(set(bare[:17])) <= 2:
        return IdentityValue(typed, None, "", Status.PLACEHOLDER, "repeated")
    kind = kind_of_region(head)
    return IdentityValue(
        typed, bare, bare, Status.REPAIRED if reason else Status.OK,
        reason or region_doubt(bare[:6]), kind, born,
        "M" if int(bare[16]) % 2 else "F", region_name(bare[:6]), bare[:6],
    )  # fmt: skip


def kind_of_region(head: str) -> str:
    """What number of the resident id's build begins with these two digits."""
    return "foreign_resident" if head[0] == "9" else _KIND_OF_REGION.get(head, "resident_id")


def _in_province(bare: str) -> bool:
    """Whether a number begins with a province, or with the 9 of foreigners."""
    return bare[:2] in PROVINCES or bare[0] == "9"


def region_doubt(code: str) -> str:
    """`region_unknown` where no list ever had the district or its city, else "".

    The permits of residents from elsewhere have regions of their own, that no list tells.

    >>> region_doubt("119999"), region_doubt("199999"), region_doubt("110105")
    ('region_unknown', 'region_unknown', '')
    """
    if kind_of_region(code[:2]) != "resident_id" or _region(code)[1]:
        return ""
    return "" if _region(code[:4] + "00")[1] else "region_unknown"


def region_name(code: str) -> str | None:
    """Province and county of a region code, in any year; None when unknown.

    >>> region_name("110105"), region_name("810000"), region_name("830000")
    ('北京市朝阳区', '香港特别行政区', '台湾省')
    """
    return _region(code)[0]


@cache
def _region(code: str) -> tuple[str | None, bool]:
    """The name of a region, and whether any list had a county of that code."""
    code = _TAIWAN + code[2:] if code[:2] == "83" else code
    names: dict[str, str] = {}
    for _, facts in numdb.get("cn/loc").info(code):
        for level in ("province", "county"):
            if facts.get(level):
                latest = str(facts[level]).split(",")[-1]
                names[level] = simplify(re.sub(r"\[[^\]]*\]", "", latest).strip())
    if "county" not in names and code in _missing_counties():
        names["county"] = _missing_counties()[code]
    return "".join(dict.fromkeys(names.values())) or None, "county" in names


@cache
def _missing_counties() -> dict[str, str]:
    """Code to name of the counties that python-stdnum's table lacks."""
    rows = table("division_corrections")
    return {row["code"]: row["name"] for row in rows if row["in_force"] == "yes"}


def residents(typed: str | None, bare: str) -> IdentityValue | None:
    """18 characters as a resident id, its letters mended where that makes the check right."""
    bare = bare.replace("-", "")
    if RESIDENT.fullmatch(bare):
        return resident(typed, bare)
    if _LETTERED.fullmatch(bare):
        mended = bare.translate(_LETTERS)
        return resident(typed, mended, "letters_for_digits") if mended[0] != "0" else None
    return None


def old_resident(typed: str | None, bare: str) -> IdentityValue | None:
    """The 15 digits of the old card with the century and the check character added."""
    bare = bare.replace("-", "")
    if not re.fullmatch(r"\d{15}", bare) or bare[:2] not in PROVINCES:
        return None
    if birth_date("19" + bare[6:12]) is None:
        return None
    doubt = "century_unknown" if bare[12:] >= "996" else ""
    if not _region(bare[:6])[1]:
        doubt = "region_unknown"
    if doubt:
        return IdentityValue(
            typed, None, bare, Status.PARTIAL, doubt, "resident_id",
            region=region_name(bare[:6]), region_code=bare[:6], raw=bare,
        )  # fmt: skip
    body = bare[:6] + "19" + bare[6:]
    return resident(typed, body + check_character(body), "upgraded")


def _longer(bare: str) -> Iterator[str]:
    """The numbers with a right check that 17 characters are when one more is put in."""
    if bare.isdigit():
        yield bare + check_character(bare)
    digits, check = [int(digit) for digit in bare[:16]], "10X98765432".index(bare[16])
    for i in range(17):
        before, behind = map(mul, digits[:i], WEIGHTS), map(mul, digits[i:], WEIGHTS[i + 1 :])
        rest = sum(before) + sum(behind)
        for digit in range(10):
            if (rest + digit * WEIGHTS[i]) % 11 == check:
                yield f"{bare[:i]}{digit}{bare[i:]}"


_TOLD = ("birth_date", "sex", "region_code")


def one_short(typed: str | None, bare: str) -> IdentityValue | None:
    """17 characters of a resident id: which is missing is unknown, so what is sure is told.

    A check X that a column of numbers dropped looks like any other gap.
    """
    if not _ONE_SHORT.fullmatch(bare) or bare[:2] not in PROVINCES:
        return None
    longer = sorted({*_longer(bare)})
    known = filter(_in_province, longer)
    found = [value for text in known if (value := resident(typed, text)) and value.value]
    if not found:
        return None
    born, sex, code = ({getattr(v, name) for v in found} for name in _TOLD)
    sure = code.pop() if len(code) == 1 else None
    return IdentityValue(
        typed, None, bare, Status.PARTIAL, "one_missing", "resident_id",
        born.pop() if len(born) == 1 else None, sex.pop() if len(sex) == 1 else None,
        region_name(sure) if sure else None, sure, raw=bare,
    )  # fmt: skip


def failed_resident(typed: str | None, bare: str) -> IdentityValue | None:
    """15 or 18 characters built like a resident id that are none: damaged, or wrong somewhere."""
    is_old = re.fullmatch(r"[1-8]\d{14}", bare) is not None
    if not (is_old or RESIDENT.fullmatch(bare)) or bare[0] == "9":
        return None
    born, whole = birth_date("19" + bare[6:12] if is_old else bare[6:14]), birth_date(bare[6:14])
    if is_old and born is None and whole is not None and bare[:2] in PROVINCES:
        return _damaged(typed, bare, "digits_lost")  # the first 15 of 18
    if bare[:2] not in PROVINCES:
        reason = "region_unknown"
    elif born is None:
        reason = "impossible_date"
    else:
        reason = "check_digit_failed"
    # Excel keeps 15 digits; an IEEE double keeps 53 bits
    rounded = bare.endswith("000") or (bare.isdigit() and int(float(bare)) == int(bare))
    if not is_old and rounded and reason != "region_unknown":
        return _damaged(typed, bare, "excel_damaged")
    return IdentityValue(
        typed, None, "", Status.INVALID, reason, kind_of_region(bare[:2]), region_code=bare[:6],
        raw=bare,
    )  # fmt: skip


def _damaged(typed: str | None, bare: str, reason: str) -> IdentityValue:
    """A number of 18 places of which a spreadsheet left the first 15."""
    return IdentityValue(
        typed, None, "", Status.PARTIAL, reason, "resident_id", birth_date(bare[6:14]), None,
        region_name(bare[:6]), bare[:6], prefix=bare[:15],
    )  # fmt: skip
