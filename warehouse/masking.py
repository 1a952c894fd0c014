"""Masks: what is left of a personal value for those who may not see all of it.

Each mask is an SQL expression for many values, and a scalar twin in plain Python that says the same
of one. A value keeps only what its shape allows: one that is too short, or not of the shape that a
mask knows, is hidden whole. Null stays null, and stars never tell a length.

>>> [MASKS[name].scalar(value) for name, value in (
...     ("phone", "+8613812348000"), ("name", "欧阳娜娜"), ("id_number", "11010519491231002X"),
...     ("email", "abc@qq.com"), ("plate", "京A12312"), ("address", "广东省深圳市南山区学府路1号"))]
['138****8000', '欧阳*', '110***********002X', 'a***@qq.com', '京A***12', '广东省深圳市南山区***']
"""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from quality.normalise.divisions import atlas
from quality.normalise.surname import compound

#: What stands for a value of which nothing may be seen.
HIDDEN = "***"
_HAN = ("\u4e00", "\u9fff")
_LETTERS, _DIGITS = frozenset(string.ascii_uppercase), frozenset(string.digits)
_DOMAIN = frozenset(string.ascii_letters + string.digits + ".-")


@dataclass(frozen=True, slots=True)
class Mask:
    """A mask. sql: an SQL expression of a VARCHAR -> the SQL of what is shown of it.

    scalar: a value -> what is shown of it. meaning: what that is, in words.
    """

    meaning: str
    sql: Callable[[str], str]
    one: Callable[[str], str]

    def scalar(self, value: str | None) -> str | None:
        """What is shown of a value."""
        return None if value is None else self.one(value)


def _shaped(*shapes: tuple[str, str]) -> Callable[[str], str]:
    """SQL: of the first pattern that a whole value has, this replacement; else nothing is shown."""

    def sql(value: str) -> str:
        cases = " ".join(
            f"WHEN regexp_full_match({value}, '{pattern}')"
            f" THEN regexp_replace({value}, '^{pattern}$', '{shown}')"
            for pattern, shown in shapes
        )
        return f"CASE WHEN {value} IS NULL THEN NULL {cases} ELSE '{HIDDEN}' END"

    return sql


def _name_sql(value: str) -> str:
    longest_first = sorted(compound(), key=lambda name: (-len(name), name))
    surname = f"regexp_extract({value}, '^(?:{'|'.join(longest_first)})')"
    return (
        f"CASE WHEN {surname} <> '' AND length({value}) > length({surname}) THEN {surname} || '*'"
        f" WHEN length({value}) > 1 THEN left({value}, 1) || '*'"
        f" WHEN {value} IS NOT NULL THEN '*' END"
    )


def _name(value: str) -> str:
    known = [s for s in compound() if value.startswith(s) and len(value) > len(s)]
    return max([value[:1] if len(value) > 1 else "", *known], key=len) + "*"


def _company_sql(value: str) -> str:
    return (
        f"CASE WHEN length({value}) > 5 THEN left({value}, 2) || '{HIDDEN}'"
        f" WHEN {value} IS NOT NULL THEN '{HIDDEN}' END"
    )


def _company(value: str) -> str:
    return (value[:2] if len(value) > 5 else "") + HIDDEN


def _phone(value: str) -> str:
    digits = value.removeprefix("+")
    if not value.startswith("+") or not _DIGITS.issuperset(digits) or not 9 <= len(digits) <= 15:
        return HIDDEN
    mobile = len(digits) == 13 and digits.startswith("861") and digits[3] in "3456789"
    return f"{digits[2:5] if mobile else ''}****{digits[-4:]}"


def _id_number(value: str) -> str:
    known = (_LETTERS | _DIGITS).issuperset(value) and len(value) in (15, 18)
    return (
        f"{value[:3]}{'*' * 11 if len(value) == 18 else '*' * 8}{value[-4:]}" if known else HIDDEN
    )


def _birth_date(value: str) -> str:
    year, *rest = value.split("-")
    known = [len(year), *map(len, rest)] == [4, 2, 2] and _DIGITS.issuperset(year + "".join(rest))
    return f"{year}-**-**" if known else HIDDEN


def _email(value: str) -> str:
    local, at, domain = value.partition("@")
    if not at or not local or not domain or not _DOMAIN.issuperset(domain):
        return HIDDEN
    return f"{local[0] if len(local) > 1 else ''}***@{domain}"


def _is_han(character: str) -> bool:
    return _HAN[0] <= character <= _HAN[1]


def _plate(value: str) -> str:
    known = (
        len(value) in (7, 8)
        and _is_han(value[0])
        and value[1] in _LETTERS
        and all(c in _LETTERS or c in _DIGITS or _is_han(c) for c in value[2:])
    )
    return f"{value[:2]}***{value[-2:]}" if known else HIDDEN


def _vin(value: str) -> str:
    known = len(value) == 17 and (_LETTERS | _DIGITS).issuperset(value)
    return f"{value[:11]}******" if known else HIDDEN


@cache
def _divisions() -> tuple[tuple[str, ...], ...]:
    """Full names of provinces, of cities and of districts in force, the longest first."""
    found = atlas()
    levels = (
        {division.name for division in found.provinces.values()},
        {d.name for same in found.cities.values() for d in same},
        {d.name for same in found.districts.values() for d in same},
    )
    return tuple(tuple(sorted(level, key=lambda name: (-len(name), name))) for level in levels)


@cache
def _levels() -> tuple[tuple[frozenset[str], int], ...]:
    """The same names to look up, and the length of the longest."""
    return tuple((frozenset(level), max(map(len, level))) for level in _divisions())


def _address_sql(value: str) -> str:
    province, city, district = (f"(?:{'|'.join(level)})?" for level in _divisions())
    kept = f"regexp_extract({value}, '^{province}{city}{district}')"
    return (
        f"CASE WHEN {kept} = {value} AND {value} <> '' THEN {value} ELSE {kept} || '{HIDDEN}' END"
    )


def _address(value: str) -> str:
    kept = ""
    for names, longest in _levels():
        begun = (value[len(kept) : len(kept) + size] for size in range(longest, 0, -1))
        kept += next((part for part in begun if part in names), "")
    return value if kept == value and value else kept + HIDDEN


_PLATE = f"0-9A-Z{_HAN[0]}-{_HAN[1]}"

#: What is masked -> its mask.
MASKS = {
    "name": Mask("the surname, else the first character", _name_sql, _name),
    "company": Mask("the first two characters of six or more", _company_sql, _company),
    "phone": Mask(
        "three and four digits of a Chinese mobile number, the last four of others",
        _shaped(
            (r"\+86(1[3-9][0-9])[0-9]{4}([0-9]{4})", r"\1****\2"),
            (r"\+[0-9]{5,11}([0-9]{4})", r"****\1"),
        ),
        _phone,
    ),
    "id_number": Mask(
        "the first three and the last four characters of 15 or 18",
        _shaped(
            ("([0-9A-Z]{3})[0-9A-Z]{11}([0-9A-Z]{4})", rf"\1{'*' * 11}\2"),
            ("([0-9A-Z]{3})[0-9A-Z]{8}([0-9A-Z]{4})", rf"\1{'*' * 8}\2"),
        ),
        _id_number,
    ),
    "birth_date": Mask(
        "the year", _shaped(("([0-9]{4})-[0-9]{2}-[0-9]{2}", r"\1-**-**")), _birth_date
    ),
    "email": Mask(
        "the first character of two or more, and the domain",
        _shaped(
            ("([^@])[^@]+@([A-Za-z0-9.-]+)", r"\1***@\2"),
            ("[^@]@([A-Za-z0-9.-]+)", r"***@\1"),
        ),
        _email,
    ),
    "address": Mask("province, city and district, by their full names", _address_sql, _address),
    "plate": Mask(
        "the first two and the last two characters",
        _shaped(
            (
                f"([{_HAN[0]}-{_HAN[1]}][A-Z])[{_PLATE}]{{3,4}}([{_PLATE}]{{2}})",
                r"\1***\2",
            )
        ),
        _plate,
    ),
    "vin": Mask(
        "the first 11 of 17 characters",
        _shaped(("([0-9A-Z]{11})[0-9A-Z]{6}", r"\1******")),
        _vin,
    ),
}
