"""Travel permits, passports, officers' cards, local ids of Hong Kong, Macao and Taiwan.

Most are known by their format alone; the ids of Hong Kong and Taiwan have a check digit. A travel
permit of Hong Kong or Macao is its first nine characters; the rest counts the issues.
"""

from __future__ import annotations

import re

from quality.normalise import Status
from quality.normalise.identity_value import IdentityValue
from quality.normalise.resident import birth_date

# kind, pattern, group that is the value; for numbers without a check digit
_FORMATS = (
    ("hk_macao_permit", re.compile(r"([HM]\d{8})(?:\d{2})?")),
    (
        "passport",
        re.compile(r"(E[A-HJ-NP-Z0-9]\d{7}|[DGKPS]\d{8}|[DPS]E\d{7}|1[45]\d{7})"),
    ),
    (
        "officer",
        re.compile(r"([军文士兵警武海空参政后装北南沈兰成济广]+字第?\d{4,8})号?"),
    ),
    ("foreign_resident", re.compile(r"([A-Z]{3}\d{12})")),
    ("taiwan_permit", re.compile(r"(\d{8}|\d{10})(?:\([A-Z]\)|[A-Z])?")),
    ("macao_id", re.compile(r"([157]\d{6}\(\d\))")),
    ("licence_file", re.compile(r"(\d{12})")),
)
# as states number theirs: letters, digits or both, mostly in nine places; no list tells all
_FOREIGN_PASSPORT = re.compile(
    r"[A-Z]{1,2}\d{6,9}|\d{9}|\d\d[A-Z]{2}\d{5}|[A-Z]\d{7}[A-Z]|(?=(?:.*\d){4})[A-Z][A-Z0-9]{8}"
)
_TAIWAN_ID = re.compile(r"[A-Z][12]\d{8}")
_PHONE = re.compile(r"1[3-9]\d{9}")


def hong_kong(typed: str | None, bare: str) -> IdentityValue | None:
    """A Hong Kong identity card, with its check digit."""
    match = re.fullmatch(r"([A-Z]{1,2})(\d{6})\(?([0-9A])\)?", bare)
    if match is None:
        return None
    letters, digits, check = match.groups()
    values = [36 if c == " " else int(c, 36) for c in letters.rjust(2) + digits]
    total = sum(v * w for v, w in zip(values, range(9, 1, -1), strict=True))
    if "0123456789A"[-total % 11] != check:
        return _failed(typed, bare, "hk_id") if bare.endswith(")") else None
    value = f"{letters}{digits}({check})"
    return IdentityValue(typed, value, value, Status.OK, "", "hk_id")


def taiwan(typed: str | None, bare: str) -> IdentityValue | None:
    """A Taiwan identity card or residence number, with its check digit."""
    if not re.fullmatch(r"[A-Z][1289]\d{8}", bare):
        return None
    n = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(bare[0]) + 10
    total = n // 10 + n % 10 * 9 + sum(int(d) * w for d, w in zip(bare[1:9], range(8, 0, -1),
                                                                   strict=True))  # fmt: skip
    if (total + int(bare[9])) % 10:
        return None
    sex = "M" if bare[1] in "18" else "F"
    return IdentityValue(typed, bare, bare, Status.OK, "", "taiwan_id", sex=sex)


def by_format(typed: str | None, bare: str) -> IdentityValue | None:
    """A number known by its build alone; dates and phones in the column are not such numbers."""
    bare = re.sub(r"[-第号]", "", bare) if "字" in bare else bare.replace("-", "")
    if _PHONE.fullmatch(bare):
        return IdentityValue(typed, None, "", Status.INVALID, "phone_number")
    if len(bare) == 8 and bare[:2] in ("19", "20") and bare.isdigit() and birth_date(bare):
        return IdentityValue(typed, None, "", Status.INVALID, "date_typed")
    if len(set(bare)) <= 2:
        return None
    for kind, pattern in _FORMATS:
        match = pattern.fullmatch(bare)
        if match:
            value = match[1]
            if kind == "officer":
                value = re.sub(r"字第?", "字第", value) + "号"
            return IdentityValue(typed, value, value, Status.OK, "", kind)
    if _TAIWAN_ID.fullmatch(bare):
        return _failed(typed, bare, "taiwan_id")
    if _FOREIGN_PASSPORT.fullmatch(bare):
        return IdentityValue(typed, bare, bare, Status.OK, "format_unknown", "passport")
    return None


def _failed(typed: str | None, bare: str, kind: str) -> IdentityValue:
    return IdentityValue(
        typed, None, "", Status.INVALID, "check_digit_failed", kind, raw=bare
    )  # fmt: skip


def is_built_like_one(code: str) -> bool:
    """Whether a text has the format of a permit or passport."""
    return any(pattern.fullmatch(code) for _, pattern in _FORMATS)
