"""Identity numbers of persons and organisations.

- resident id (GB 11643-1999): 6 region, 8 birth date, 3 sequence (odd male, even female), check
  character ISO 7064 MOD 11-2. 15 digits of the old card become 18 (`upgraded`): 19 after the
  sixth digit, check added; sequences 996-999 meant people born in 18xx, so they are left. Regions
  abolished long ago stay in numbers: an unknown region is no fault. 81/82/83: residence permit of
  Hong Kong, Macao and Taiwan people; 9: permanent residence of foreigners (since 2023), same
  check.
- USCC (GB 32100-2015): 18 of `0-9A-HJ-NPQRTUWXY`, weights powers of 3 modulo 31; its places 9-17
  are the organisation code (GB 11714-1997), as are the last nine of an old 15-character tax
  number: `organisation_code` joins the three. Business licence: 15 digits, ISO 7064 MOD 11,10.
- permits, passports, officers' cards, local ids of Hong Kong, Macao and Taiwan by their format. A
  Hong Kong or Macao travel permit is its first nine characters; the rest counts the issues.

A number that Excel kept as a float has lost its last digits: `partial`, `prefix`. A masked one is
`partial` with `pattern`. A wrong check digit makes it `invalid`; `raw` keeps it for fuzzy
comparison.

Sources: GB 11643-1999, GB 32100-2015, GB 11714-1997, GS15-2006; regions from python-stdnum's table.

>>> v = normalise("11010519491231002x"); v.value, v.birth_date, v.sex, v.region
('11010519491231002X', datetime.date(1949, 12, 31), 'F', '北京市朝阳区')
>>> v = normalise("110105491231002"); v.value, v.reason
('11010519491231002X', 'upgraded')
>>> v = normalise("91110000600037341L"); v.kind, v.organisation_code
('uscc', '600037341')
>>> normalise("H1234567801").value, normalise("110105194912310000").prefix
('H12345678', '110105194912310')
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from operator import mul

from stdnum import numdb

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.cell import folded, is_placeholder, without_float


@dataclass(frozen=True, slots=True)
class IdentityValue(Value):
    """An identity cell. sex: M or F. region: province and county of first registration.

    prefix: the leading digits that are sure when the rest is lost. raw: a number with a wrong
    check.
    """

    kind: str | None = None
    birth_date: datetime.date | None = None
    sex: str | None = None
    region: str | None = None
    region_code: str | None = None
    pattern: str | None = None
    organisation_code: str | None = None
    prefix: str | None = None
    raw: str | None = None


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ZEROS = ord("0") * sum(_WEIGHTS)
_RESIDENT = re.compile(r"[1-9][0-9]{16}[0-9X]")
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUE = bytes.maketrans(_USCC_ALPHABET.encode(), bytes(range(31)))
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_USCC = re.compile(r"[1-9ANY][0-9A-HJ-NPQRTUWXY]{17}")
_USCC_LETTERS = str.maketrans("IOZSV", "10250")
_PROVINCES = frozenset(
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
_LABEL = re.compile(
    r"^(?:(?:居民)?身份证(?:号码?)?|证件号码?|统一社会信用代码|组织机构代码|护照号?|信用代码)[:是]?\s*"
)
_NOISE = re.compile(r"[\s_.·,'\"/]+")
_MASKED = re.compile(r"([0-9A-Z]{1,14})([*×•#]{3,})([0-9A-Z]{0,6})")
_LETTERS = str.maketrans("OILl", "0111")
_LETTERED = re.compile(r"[0-9OIL]{17}[0-9OILX]")
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
_FOREIGN_PASSPORT = re.compile(r"[A-Z]{1,2}\d{6,9}")
_PHONE = re.compile(r"1[3-9]\d{9}")


def normalise(typed: str | None, near: Near = NOWHERE) -> IdentityValue:
    """Understand an identity cell; `near` is not used."""
    if typed is not None and len(typed) == 18 and typed.isascii():
        sound = _RESIDENT.fullmatch(typed)
        found = (sound and _resident(typed, typed)) or _uscc(typed, typed)
        if found:
            return found
    text = folded(typed).upper() if typed else ""
    if not text:
        return IdentityValue(typed, None, "", Status.MISSING, "empty")
    if is_placeholder(text, "identity"):
        return IdentityValue(typed, None, "", Status.PLACEHOLDER, "listed")
    digits, damage = without_float(text)
    if damage == "digits_lost" or (damage and len(digits) > 15):
        reason = "digits_lost" if len(digits) < 15 else "excel_damaged"
        status = Status.INVALID if len(digits) < 15 else Status.PARTIAL
        return IdentityValue(typed, None, "", status, reason, prefix=digits[:15])
    bare = _NOISE.sub("", _LABEL.sub("", digits))
    masked = _MASKED.fullmatch(bare.replace("-", ""))
    if masked:
        return _masked(typed, *masked.groups())
    for read in _READERS:
        found = read(typed, bare)
        if found:
            return found
    return _nothing(typed, bare)


def check_character(body: str) -> str:
    """The last character of a resident id, from its first 17 digits (ISO 7064 MOD 11-2).

    >>> check_character("11010519491231002"), check_character("44052418800101001")
    ('X', '4')
    """
    return "10X98765432"[(sum(map(mul, body.encode(), _WEIGHTS)) - _ZEROS) % 11]


def uscc_check(body: str) -> str:
    """The last character of a USCC, from its first 17 (GB 32100-2015).

    >>> uscc_check("91110000600037341")
    'L'
    """
    total = sum(map(mul, body.encode().translate(_USCC_VALUE), _USCC_WEIGHTS))
    return _USCC_ALPHABET[-total % 31]


def organisation_check(body: str) -> str:
    """The ninth character of an organisation code, from its first 8 (GB 11714-1997).

    >>> organisation_check("60003734")
    '1'
    """
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(c, 36) * w for c, w in zip(body, weights, strict=True))
    return "0123456789X"[-total % 11]


def _birth_date(digits: str) -> datetime.date | None:
    """The date in 8 digits, when there is such a day between 1800 and 2100."""
    try:
        date = datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return date if 1800 <= date.year <= 2100 else None


def _resident(typed: str | None, bare: str, reason: str = "") -> IdentityValue | None:
    """A resident id, or a permit of the same build, whose check character and date are right."""
    head = bare[:2]
    if (head not in _PROVINCES and head[0] != "9") or check_character(bare[:17]) != bare[17]:
        return None
    born = _birth_date(bare[6:14])
    if born is None:
        return None
    if len(set(bare[:17])) <= 2:
        return IdentityValue(typed, None, "", Status.PLACEHOLDER, "repeated")
    kind = "foreign_resident" if head[0] == "9" else _KIND_OF_REGION.get(head, "resident_id")
    return IdentityValue(
        typed, bare, bare, Status.REPAIRED if reason else Status.OK, reason, kind, born,
        "M" if int(bare[16]) % 2 else "F", _region(bare[:6]), bare[:6],
    )  # fmt: skip


@cache
def _region(code: str) -> str | None:
    """Province and county of a region code, in any year; None when unknown."""
    names: list[str] = []
    for _, facts in numdb.get("cn/loc").info(code):
        for key in ("province", "county"):
            if facts.get(key):
                latest = str(facts[key]).split(",")[-1]
                names.append(re.sub(r"\[[^\]]*\]", "", latest).strip())
    return "".join(dict.fromkeys(names)) or None


def _residents(typed: str | None, bare: str) -> IdentityValue | None:
    """18 characters as a resident id, its letters mended where that makes the check right."""
    bare = bare.replace("-", "")
    if _RESIDENT.fullmatch(bare):
        return _resident(typed, bare)
    if _LETTERED.fullmatch(bare):
        mended = bare.translate(_LETTERS)
        return _resident(typed, mended, "letters_for_digits") if mended[0] != "0" else None
    return None


def _old_resident(typed: str | None, bare: str) -> IdentityValue | None:
    bare = bare.replace("-", "")
    if not re.fullmatch(r"\d{15}", bare) or bare[:2] not in _PROVINCES:
        return None
    if _birth_date("19" + bare[6:12]) is None:
        return None
    if bare[12:] >= "996":
        return IdentityValue(
            typed, None, bare, Status.PARTIAL, "century_unknown", "resident_id",
            region=_region(bare[:6]), region_code=bare[:6], raw=bare,
        )  # fmt: skip
    body = bare[:6] + "19" + bare[6:]
    return _resident(typed, body + check_character(body), "upgraded")


def _uscc(typed: str | None, bare: str) -> IdentityValue | None:
    bare = bare.replace("-", "")
    reason = ""
    if len(bare) == 18 and not _USCC.fullmatch(bare):
        bare, reason = (
            bare[:17].translate(_USCC_LETTERS) + bare[17:],
            "letters_for_digits",
        )
    if not _USCC.fullmatch(bare) or uscc_check(bare[:17]) != bare[17]:
        return None
    # a resident id with a wrong date can pass by chance; then the code inside decides
    if bare[:17].isdigit() and not _is_organisation(bare[8:17]):
        return None
    status = Status.REPAIRED if reason else Status.OK
    return IdentityValue(
        typed, bare, bare, status, reason, "uscc", region_code=bare[2:8],
        organisation_code=bare[8:17],
    )  # fmt: skip


def _is_organisation(code: str) -> bool:
    return bool(
        re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code)
        and len(set(code)) > 2
        and organisation_check(code[:8]) == code[8]
    )


def _organisation(typed: str | None, bare: str) -> IdentityValue | None:
    """XXXXXXXX-X; without the hyphen only when it is not built like a passport or permit."""
    code = bare.replace("-", "")
    if not _is_organisation(code):
        return None
    if "-" not in bare and any(p.fullmatch(code) for _, p in _FORMATS):
        return None
    return IdentityValue(
        typed, code, f"{code[:8]}-{code[8]}", Status.OK, "", "organisation_code",
        organisation_code=code,
    )  # fmt: skip


def _registered_15(typed: str | None, bare: str) -> IdentityValue | None:
    """A 15-character business licence (MOD 11,10) or tax number (region + organisation code)."""
    if len(bare) != 15 or not bare[:6].isdigit():
        return None
    if bare.isdecimal() and bare.isascii():
        check = 10
        for digit in bare[:14]:
            check = ((check + int(digit)) % 10 or 10) * 2 % 11
        if (check + int(bare[14])) % 10 == 1:
            return IdentityValue(
                typed,
                bare,
                bare,
                Status.OK,
                "",
                "business_licence",
                region_code=bare[:6],
            )
    if not _is_organisation(bare[6:]):
        return None
    return IdentityValue(
        typed, bare, bare, Status.OK, "", "tax_number", region_code=bare[:6],
        organisation_code=bare[6:],
    )  # fmt: skip


def _hong_kong(typed: str | None, bare: str) -> IdentityValue | None:
    match = re.fullmatch(r"([A-Z]{1,2})(\d{6})\(?([0-9A])\)?", bare)
    if match is None:
        return None
    letters, digits, check = match.groups()
    values = [36 if c == " " else int(c, 36) for c in letters.rjust(2) + digits]
    total = sum(v * w for v, w in zip(values, range(9, 1, -1), strict=True))
    if "0123456789A"[-total % 11] != check:
        return None
    value = f"{letters}{digits}({check})"
    return IdentityValue(typed, value, value, Status.OK, "", "hk_id")


def _taiwan(typed: str | None, bare: str) -> IdentityValue | None:
    if not re.fullmatch(r"[A-Z][1289]\d{8}", bare):
        return None
    n = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(bare[0]) + 10
    total = n // 10 + n % 10 * 9 + sum(int(d) * w for d, w in zip(bare[1:9], range(8, 0, -1),
                                                                   strict=True))  # fmt: skip
    if (total + int(bare[9])) % 10:
        return None
    sex = "M" if bare[1] in "18" else "F"
    return IdentityValue(typed, bare, bare, Status.OK, "", "taiwan_id", sex=sex)


def _format(typed: str | None, bare: str) -> IdentityValue | None:
    """A number known by its build alone; dates and phones in the column are not such numbers."""
    bare = re.sub(r"[-第号]", "", bare) if "字" in bare else bare.replace("-", "")
    if _PHONE.fullmatch(bare):
        return IdentityValue(typed, None, "", Status.INVALID, "phone_number")
    if len(bare) == 8 and bare[:2] in ("19", "20") and bare.isdigit() and _birth_date(bare):
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
    if _FOREIGN_PASSPORT.fullmatch(bare):
        return IdentityValue(typed, bare, bare, Status.OK, "format_unknown", "passport")
    return None


_READERS: tuple[Callable[[str | None, str], IdentityValue | None], ...] = (
    _residents,
    _uscc,
    _old_resident,
    _registered_15,
    _hong_kong,
    _taiwan,
    _organisation,
    _format,
)


def _masked(typed: str | None, head: str, stars: str, tail: str) -> IdentityValue:
    """A masked number; a resident id's pattern is filled up to its 18 places."""
    resident = len(head) + len(stars) + len(tail) >= 15 and head.isdigit()
    width = max(18 - len(head) - len(tail), 1) if resident else len(stars)
    pattern = head + "*" * width + tail
    sex = born = None
    if resident and len(pattern) == 18:
        born = _birth_date(pattern[6:14]) if pattern[6:14].isdigit() else None
        sex = ("F", "M")[int(pattern[16]) % 2] if pattern[16].isdigit() else None
    return IdentityValue(
        typed, None, pattern, Status.PARTIAL, "masked", "resident_id" if resident else None,
        born, sex, None, head[:6] if resident and len(head) >= 6 else None, pattern,
    )  # fmt: skip


def _nothing(typed: str | None, bare: str) -> IdentityValue:
    """Say why a cell is no identity number, and keep what can still be compared."""
    bare = bare.replace("-", "")
    if len(bare) >= 5 and len(set(bare)) <= 2:
        return IdentityValue(typed, None, "", Status.PLACEHOLDER, "repeated")
    if _RESIDENT.fullmatch(bare) and bare[:2] in _PROVINCES:
        if bare.endswith("000") or (bare.isdigit() and int(float(bare)) == int(bare)):
            # Excel keeps 15 digits; an IEEE double keeps 53 bits
            return IdentityValue(
                typed, None, "", Status.PARTIAL, "excel_damaged", "resident_id",
                _birth_date(bare[6:14]), None, _region(bare[:6]), bare[:6], prefix=bare[:15],
            )  # fmt: skip
        reason = "check_digit_failed" if _birth_date(bare[6:14]) else "impossible_date"
        return IdentityValue(
            typed,
            None,
            "",
            Status.INVALID,
            reason,
            "resident_id",
            region_code=bare[:6],
            raw=bare,
        )
    if _USCC.fullmatch(bare):
        code = bare[8:17] if _is_organisation(bare[8:17]) else None
        return IdentityValue(
            typed, None, "", Status.INVALID, "check_digit_failed", "uscc",
            organisation_code=code, raw=bare,
        )  # fmt: skip
    reason = "wrong_length" if re.fullmatch(r"\d{5,20}X?", bare) else "not_an_identity"
    return IdentityValue(typed, None, "", Status.INVALID, reason, raw=bare[:30] or None)
