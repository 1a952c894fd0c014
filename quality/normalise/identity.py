"""Identity numbers of persons and organisations.

- resident id (`resident`): 18 characters with a check. 15 digits of the old card become 18
  (`upgraded`): 19 after the sixth digit, check added; sequences 996-999 meant people born in 18xx,
  so they are left, and so are regions that no list ever had, since nothing else in 15 digits shows
  a slip. With a check an unknown region is no fault, only a doubt: `ok`, `region_unknown`.
  81/82/83: residence permit of Hong Kong, Macao and Taiwan people; 9: permanent residence of
  foreigners (since 2023), same check.
- USCC, organisation code, old tax number, business licence (`organisation`): `organisation_code`
  joins the first three.
- permits, passports, officers' cards, local ids of Hong Kong, Macao and Taiwan (`permit`).

A number that Excel kept as a float has lost its last digits: `partial`, `prefix`. A masked one is
`partial` with `pattern`. Of 17 characters one is missing (`one_missing`): what is true of every
number that they can be is told, the rest is not. A wrong check digit makes it `invalid`; `raw`
keeps it for fuzzy comparison. Passports of other states are known by no more than their build:
`ok`, `format_unknown`. Nobody is born after `near.latest`.

Sources: GB 11643-1999, GB 32100-2015, GB 11714-1997, GS15-2006; regions from python-stdnum's table.

>>> v = normalise("11010519491231002x"); v.value, v.birth_date, v.sex, v.region
('11010519491231002X', datetime.date(1949, 12, 31), 'F', '北京市朝阳区')
>>> v = normalise("110105491231002"); v.value, v.reason
('11010519491231002X', 'upgraded')
>>> v = normalise("91110000600037341L"); v.kind, v.organisation_code
('uscc', '600037341')
>>> v = normalise("1101051949123102X"); v.value, v.reason, v.birth_date
(None, 'one_missing', datetime.date(1949, 12, 31))
>>> normalise("H1234567801").value, normalise("110105194912310000").prefix
('H12345678', '110105194912310')
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from quality.normalise import NOWHERE, Near, Status
from quality.normalise.cell import folded, is_placeholder, without_float
from quality.normalise.identity_value import IdentityValue
from quality.normalise.organisation import (
    failed_uscc,
    organisation,
    organisation_check,
    registered_15,
    uscc,
    uscc_check,
)
from quality.normalise.permit import by_format, hong_kong, taiwan
from quality.normalise.resident import (
    RESIDENT,
    WEIGHTS,
    birth_date,
    check_character,
    failed_resident,
    kind_of_region,
    old_resident,
    one_short,
    region_doubt,
    region_name,
    resident,
    residents,
)

__all__ = [
    "WEIGHTS", "IdentityValue", "check_character", "kind_of_region", "normalise",
    "organisation_check", "region_doubt", "region_name", "uscc_check",
]  # fmt: skip

_LABEL = re.compile(
    r"^(?:居民)?(?:身份证|证件|统一社会信用代码|信用代码|组织机构代码证?|[\u4e00-\u9fff]{0,4}护照|港澳通行证|港澳居民来往内地通行证"
    r"|回乡证|台胞证|台湾通行证|居住证|军官证|士兵证|驾驶证|驾照|营业执照|纳税人识别号|税号|ID)"
    r"(?:编?号码?)?\s*[:是为]?\s*"
)
# a number that only its label tells from others keeps the label
_OFFICER = re.compile(r"((?:军官|士兵|警官)证)(?:编?号码?)?\s*[:是为]?\s*(\d{4,12})")
_NOISE = re.compile(r"[\s_.·,'\"/]+")
_MASKED = re.compile(r"([0-9A-Z]{0,14}?)([*×•#]{3,}|(?<=[0-9])X{4,})([0-9A-Z]{0,6})")
_USCC_LETTER = re.compile(r"[A-WYZ]|X(?!$)")  # no resident id has such
_WHOLE = re.compile(r"(?<![0-9A-Z])[1-9ANY][0-9A-Z]{17}(?![0-9A-Z])")
# the first that understands a number tells what it is
_READERS: tuple[Callable[[str | None, str], IdentityValue | None], ...] = (
    residents,
    uscc,
    old_resident,
    registered_15,
    hong_kong,
    taiwan,
    organisation,
    by_format,
)


def normalise(typed: str | None, near: Near = NOWHERE) -> IdentityValue:
    """Understand an identity cell; nobody is born after `near.latest`."""
    value = _understood(typed)
    born = value.birth_date
    if near.latest is None or born is None or born <= near.latest:
        return value
    return IdentityValue(
        typed, None, "", Status.INVALID, "future_date", value.kind, region_code=value.region_code,
        raw=value.value or value.raw,
    )  # fmt: skip


def _understood(typed: str | None) -> IdentityValue:
    if typed is not None and len(typed) == 18 and typed.isascii():
        sound = RESIDENT.fullmatch(typed)
        found = (sound and resident(typed, typed)) or uscc(typed, typed)
        if found:
            return found
    text = folded(typed).upper() if typed else ""
    if not text:
        return IdentityValue(typed, None, "", Status.MISSING, "empty")
    if is_placeholder(text, "identity"):
        return IdentityValue(typed, None, "", Status.PLACEHOLDER, "listed")
    digits, damage = without_float(text)
    rounded = _rounded(typed, text, digits) if damage else None
    if rounded:
        return rounded
    if damage == "digits_lost" or (damage and len(digits) > 15):
        reason = "digits_lost" if len(digits) < 15 else "excel_damaged"
        status = Status.INVALID if len(digits) < 15 else Status.PARTIAL
        return IdentityValue(typed, None, "", status, reason, prefix=digits[:15])
    officer = _OFFICER.fullmatch(text)
    if officer:
        value = officer[1] + officer[2]
        return IdentityValue(typed, value, value, Status.OK, "format_unknown", "officer")
    bare = _NOISE.sub("", _LABEL.sub("", digits))
    if bare != text and is_placeholder(bare, "identity"):
        return IdentityValue(typed, None, "", Status.PLACEHOLDER, "listed")
    masked = _MASKED.fullmatch(bare.replace("-", ""))
    if masked:
        return _masked(typed, *masked.groups())
    for read in _READERS:
        found = read(typed, bare)
        if found:
            return found
    return _inside(typed, text) or _nothing(typed, bare)


def _rounded(typed: str | None, text: str, digits: str) -> IdentityValue | None:
    """A resident id of which a spreadsheet kept 15 digits and the size."""
    if not (text.endswith("17") and 15 <= len(digits) <= 18):
        return None
    found = failed_resident(typed, digits[:15] + "000")
    return found if found and found.reason == "excel_damaged" else None


def _inside(typed: str | None, text: str) -> IdentityValue | None:
    """A number with a right check among other words; None where there is none, or another."""
    found = {n: residents(typed, n) or uscc(typed, n) for n in _WHOLE.findall(text)}
    sound = [value for value in found.values() if value and value.status is Status.OK]
    if not sound:
        return None
    if len(sound) > 1:
        return IdentityValue(typed, None, "", Status.PARTIAL, "several_numbers")
    return replace(sound[0], status=Status.REPAIRED, reason="note_left_out")


def _masked(typed: str | None, head: str, stars: str, tail: str) -> IdentityValue:
    """A masked number; a resident id's pattern is filled up to its 18 places."""
    is_long = len(head) + len(stars) + len(tail) >= 15 and head.isdigit()
    width = max(18 - len(head) - len(tail), 1) if is_long else len(stars)
    pattern = head + "*" * width + tail
    if len(pattern) == 18 and _USCC_LETTER.search(pattern):
        code = pattern[2:8] if pattern[2:8].isdigit() else None
        return IdentityValue(
            typed,
            None,
            pattern,
            Status.PARTIAL,
            "masked",
            "uscc",
            region_code=code,
            pattern=pattern,
        )
    sex = born = None
    if is_long and len(pattern) == 18:
        born = birth_date(pattern[6:14]) if pattern[6:14].isdigit() else None
        sex = ("F", "M")[int(pattern[16]) % 2] if pattern[16].isdigit() else None
    return IdentityValue(
        typed, None, pattern, Status.PARTIAL, "masked", "resident_id" if is_long else None,
        born, sex, None, head[:6] if is_long and len(head) >= 6 else None, pattern,
    )  # fmt: skip


def _nothing(typed: str | None, bare: str) -> IdentityValue:
    """Say why a cell is no identity number, and keep what can still be compared."""
    bare = bare.replace("-", "")
    if len(bare) >= 5 and len(set(bare)) <= 2:
        return IdentityValue(typed, None, "", Status.PLACEHOLDER, "repeated")
    reason = "wrong_length" if re.fullmatch(r"\d{5,20}X?", bare) else "not_an_identity"
    return (
        one_short(typed, bare)
        or failed_resident(typed, bare)
        or failed_uscc(typed, bare)
        or IdentityValue(typed, None, "", Status.INVALID, reason, raw=bare[:30] or None)
    )
