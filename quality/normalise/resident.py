"""Resident ids of China, and the permits of the same build (GB 11643-1999).

6 region, 8 birth date, 3 sequence (odd male, even female), check character ISO 7064 MOD 11-2. The
old card's 15 digits lack the century and the check, so nothing in them shows a slip but a birth
date that never was, or a region that no list ever had: then they are left as they are.
"""

from __future__ import annotations

import datetime
import re
from functools import cache
from operator import mul

from stdnum import numdb

from quality.normalise import Status
from quality.normalise.identity_value import IdentityValue
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
_LETTERS = str.maketrans("OILl", "0111")
_LETTERED = re.compile(r"[0-9OIL]{17}[0-9OILX]")


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
    if (head not in PROVINCES and head[0] != "9") or check_character(bare[:17]) != bare[17]:
        return None
    born = birth_date(bare[6:14])
    if born is None:
        return None
    if len(set(bare[:17])) <= 2:
        return IdentityValue(typed, None, "", Status.PLACEHOLDER, "repeated")
    kind = kind_of_region(head)
    return IdentityValue(
        typed, bare, bare, Status.REPAIRED if reason else Status.OK, reason, kind, born,
        "M" if int(bare[16]) % 2 else "F", region_name(bare[:6]), bare[:6],
    )  # fmt: skip


def kind_of_region(head: str) -> str:
    """What number of the resident id's build begins with these two digits."""
    return "foreign_resident" if head[0] == "9" else _KIND_OF_REGION.get(head, "resident_id")


def region_name(code: str) -> str | None:
    """Province and county of a region code, in any year; None when unknown."""
    return _region(code)[0]


@cache
def _region(code: str) -> tuple[str | None, bool]:
    """The name of a region, and whether any list had a county of that code."""
    names: dict[str, str] = {}
    for _, facts in numdb.get("cn/loc").info(code):
        for level in ("province", "county"):
            if facts.get(level):
                latest = str(facts[level]).split(",")[-1]
                names[level] = re.sub(r"\[[^\]]*\]", "", latest).strip()
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


def failed_resident(typed: str | None, bare: str) -> IdentityValue | None:
    """18 characters built like a resident id that are none: damaged by a spreadsheet, or wrong."""
    if not RESIDENT.fullmatch(bare) or bare[:2] not in PROVINCES:
        return None
    if bare.endswith("000") or (bare.isdigit() and int(float(bare)) == int(bare)):
        # Excel keeps 15 digits; an IEEE double keeps 53 bits
        return IdentityValue(
            typed, None, "", Status.PARTIAL, "excel_damaged", "resident_id",
            birth_date(bare[6:14]), None, region_name(bare[:6]), bare[:6], prefix=bare[:15],
        )  # fmt: skip
    reason = "check_digit_failed" if birth_date(bare[6:14]) else "impossible_date"
    return IdentityValue(
        typed, None, "", Status.INVALID, reason, "resident_id", region_code=bare[:6], raw=bare
    )
