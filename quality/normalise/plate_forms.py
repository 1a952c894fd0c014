"""The patterns of number plates, and the single slips that would explain a wrong one.

Sources: GA 36-2018 as its usual summary has it; patterns compared with public validators, 2026-07
and 2026-11. Embassy, army, armed police, emergency and temporary forms are accepted, not enforced.
Pilot plates of 2002: six places, three letters and three digits in either order, given out in
Beijing, Tianjin, Hangzhou and Shenzhen for ten days (Xinhua, 2002-08-22).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from quality.reference import table

PROVINCES = "".join(row["char"] for row in table("plate_provinces"))
ON = "[A-HJ-NP-Z0-9]"
_LETTER = "[A-HJ-NP-Z]"
_OFFICE = f"[{PROVINCES}]{_LETTER}"
CAR = f"{_OFFICE}{ON}{{5}}"
NEW_ENERGY = f"{_OFFICE}(?:[A-HJK]{ON}[0-9]{{4}}|[0-9]{{5}}[A-HJK])"
_PILOTS = "京津浙粤"
# kind, pattern; the first that matches tells
_KINDS = (
    ("car", CAR),
    ("new_energy", NEW_ENERGY),
    ("hk_macao", f"粤Z{ON}{{4}}[港澳]"),
    ("police", f"[{PROVINCES}][A-Z]{ON}{{4}}警"),
    ("police", f"[{PROVINCES}]O{ON}{{5}}"),
    ("trainer", f"{_OFFICE}{ON}{{4}}学"),
    ("trailer", f"{_OFFICE}{ON}{{4}}挂"),
    ("embassy", f"{_OFFICE}{ON}{{4}}[领使]"),
    ("embassy", "[0-9]{6}使|使[0-9]{6}"),
    ("emergency", f"[{PROVINCES}][A-Z]?{ON}{{4,6}}应急"),
    ("temporary", f"{_OFFICE}{ON}{{4,5}}[临试超]"),
    (
        "temporary",
        f"[临试超][{PROVINCES}][A-HJ-NP-Z]?{ON}{{4,6}}|[{PROVINCES}][临试超]{ON}{{4,6}}",
    ),
    ("armed_police", f"WJ[{PROVINCES}警]?[0-9]{{4,5}}[A-Z0-9]?"),
    ("armed_police", "WJ[0-9]{2}[消边通森金警电]?[0-9]{4,5}"),
    ("army", "V[A-Z][0-9]{5}|[军海空北沈兰济南广成][A-Z][0-9]{5}"),
    # with A-D, J or K behind, it is as well a new-energy plate without its province
    ("army", "[KHBSLJNGCE][L-NPRTVY][0-9]{5}"),
    ("aviation", "民航[A-Z0-9]{5}"),
    ("pilot_2002", f"[{_PILOTS}](?:[0-9]{{3}}{_LETTER}{{3}}|{_LETTER}{{3}}[0-9]{{3}})"),
)
_ANY = re.compile("|".join(f"({pattern})" for _, pattern in _KINDS))
_NEW_ENERGY = re.compile(NEW_ENERGY)
_PILOT = re.compile(
    rf"(?P<year>(?:20)?02(?:式|[\s·.-])[\s·.-]*)?(?P<province>[{_PILOTS}]?)[\s·.-]*"
    rf"(?:(?P<a>{_LETTER}{{3}})(?P<joint>[\s·.-]*)(?P<b>[0-9]{{3}})"
    rf"|(?P<c>[0-9]{{3}})[\s·.-]*(?P<d>{_LETTER}{{3}}))"
)
_NAMED = re.compile(
    f"({'|'.join(row['province'] for row in table('plate_provinces'))})[省市]?(?=[A-Z])"
)
_SHAPES = str.maketrans("ZSBG", "2586")
DUMMY = ".{1,2}0{5}"
#: Of a fuel car's plate, where at most one of the last five is a digit.
MANY_LETTERS = "..[A-Z]*[0-9]?[A-Z]*"


def kind_of(bare: str) -> str | None:
    """What plate an upper-case text without separators is, if any."""
    match = _ANY.fullmatch(bare)
    return _KINDS[match.lastindex - 1][0] if match and match.lastindex else None


def pilot(text: str) -> tuple[str, str] | None:
    """Province ("" where it has none) and body of a plate that is marked as one of 2002.

    Marked by its year, or by the dot, which on other plates stands behind the authority's letter.

    >>> pilot("02-ABC123"), pilot("京ABC·123"), pilot("京ABC123")
    (('', 'ABC123'), ('京', 'ABC123'), None)
    """
    match = _PILOT.fullmatch(text)
    if match is None:
        return None
    parts = match.groupdict()
    dotted = re.search("[·.-]", parts["joint"] or "")
    if not (parts["year"] or (parts["province"] and dotted)):
        return None
    return parts["province"], "".join(parts[name] or "" for name in "abcd")


def may_be_pilot(province: str) -> bool:
    """Whether the province had plates of 2002."""
    return province != "" and province in _PILOTS


def mended(bare: str) -> tuple[str, str]:
    """Put right a mistyped or misplaced province and the letters O and I, with the reason."""
    reason = ""
    name = _NAMED.match(bare)
    if name:
        bare, reason = _names()[name[1]] + bare[name.end() :], "province_spelt"
    province = _typos().get(bare[:1])
    if province and re.match(r"[A-Z]", bare[1:2]):
        bare, reason = province + bare[1:], "province_typo"
    if re.fullmatch(f"[A-Z][{PROVINCES}]", bare[:2]):
        bare, reason = bare[1] + bare[0] + bare[2:], "transposition"
    head = 2 if bare[:1] in PROVINCES else 1
    tail = bare[head:].replace("O", "0").replace("I", "1")
    if bare[:1] and tail != bare[head:]:
        bare, reason = bare[:head] + tail, reason or "letters_for_digits"
    return bare, reason


def reshaped(bare: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The new-energy plates that eight characters become by shape, and by a swap of neighbours.

    >>> reshaped("粤BF8546Z"), reshaped("陕AD4B981")
    ((('粤BF85462',), ()), (('陕AD48981',), ('陕ADB4981',)))
    """
    shaped = (bare[:4] + bare[4:].translate(_SHAPES),)
    swapped = (bare[:i] + bare[i + 1] + bare[i] + bare[i + 2 :] for i in range(2, 7))
    return tuple(filter(_NEW_ENERGY.fullmatch, shaped)), tuple(
        dict.fromkeys(filter(_NEW_ENERGY.fullmatch, swapped))
    )


def spelt(text: str) -> tuple[str, ...]:
    """The plates that a text means whose province is spelt in Latin letters.

    Where nothing parts the province from the rest, every parting counts.

    >>> spelt("SU E12345"), spelt("JIN A12345"), spelt("YUEA12345")
    (('苏E12345',), ('津A12345', '晋A12345'), ('粤A12345', '豫EA12345', '渝EA12345'))
    """
    first, *rest = re.split(r"[\s·.-]+", text)
    if rest and first in _spellings():
        partings = [(first, "".join(rest))]
    else:
        bare = first + "".join(rest)
        partings = [(bare[:size], bare[size:]) for size in range(5, 1, -1)]
    found = dict.fromkeys(_with_provinces(partings))
    return tuple(found)


def _with_provinces(partings: list[tuple[str, str]]) -> Iterator[str]:
    for spelling, rest in partings:
        for province in _spellings().get(spelling, ()):
            if kind_of(province + rest):
                yield province + rest


@cache
def _names() -> dict[str, str]:
    return {row["province"]: row["char"] for row in table("plate_provinces")}


@cache
def _typos() -> dict[str, str]:
    return {typo: row["char"] for row in table("plate_provinces") for typo in row["typos"]}


@cache
def _spellings() -> dict[str, list[str]]:
    """Spelling to provinces; one letter alone is rather an authority's."""
    found: dict[str, list[str]] = {}
    for row in table("plate_provinces"):
        for spelling in row["spelt"].split():
            if len(spelling) > 1:
                found.setdefault(spelling, []).append(row["char"])
    return found
