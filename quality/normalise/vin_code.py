"""What the places of a VIN say, and the single slips that would explain a wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from operator import mul

from quality.reference import table

WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VALUES = bytes.maketrans(
    b"0123456789ABCDEFGHJKLMNPRSTUVWXYZ",
    bytes([*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)]),
)
LEGAL = "[A-HJ-NPR-Z0-9]{17}"
_VIN = re.compile(LEGAL)
_SOUND = re.compile(r"[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-TV-Y1-9][A-HJ-NPR-Z0-9]{4}[0-9]{3}")
_SOUND_MASS = re.compile(r"[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-TV-Y1-9][A-HJ-NPR-Z0-9]{2}[0-9]{5}")
YEARS = {c: 2001 + (n + 9) % 30 for n, c in enumerate("ABCDEFGHJKLMNPRSTVWXY123456789")}


def check_digit(vin: str) -> str:
    """The character that belongs in position 9 of 17 legal characters.

    >>> check_digit("LBV5S3102ESJ25655")
    '2'
    """
    return "0123456789X"[sum(map(mul, vin.encode().translate(VALUES), WEIGHTS)) % 11]


def passes(vin: str) -> bool:
    """Whether 17 characters are legal, and the check digit right."""
    return _VIN.fullmatch(vin) is not None and check_digit(vin) == vin[8]


def wmi(vin: str) -> str:
    """The world manufacturer identifier: three places, six of makers of few cars."""
    return vin[:3] + vin[11:14] if vin[2] == "9" else vin[:3]


@cache
def makers() -> dict[str, str]:
    """Maker by the first three characters."""
    return {row["wmi"]: row["maker"] for row in table("wmi")}


def is_plausible(bare: str) -> bool:
    """Whether 17 characters are built as GB 16735 says; mass makers end in five digits."""
    mass = bare[:3] in makers() and bare[2] != "9"
    return bool((_SOUND_MASS if mass else _SOUND).fullmatch(bare))


def legal_forms(bare: str) -> Iterator[str]:
    """The readings of a number that has I, O or Q; nothing for one that has not."""
    illegal, _ = _confusions()
    if not _VIN.fullmatch(bare):
        for letters in product(*(illegal.get(c, c) for c in bare)):
            yield "".join(letters)


def single_edits(bare: str) -> Iterator[str]:
    """One confusion or one swap of neighbours away. A foreign WMI changes only into a known one."""
    if not _VIN.fullmatch(bare):
        return
    foreign = bare[0] not in "LH"
    _, shapes = _confusions()
    for i, char in enumerate(bare):
        for other in shapes.get(char, ""):
            edited = bare[:i] + other + bare[i + 1 :]
            if not foreign or (i == 0 and edited[:3] in makers()):
                yield edited
    if not foreign:
        for i in range(1, 16):
            yield bare[:i] + bare[i + 1] + bare[i] + bare[i + 2 :]


def years_instead(bare: str) -> Iterator[str]:
    """Every model year instead of one that is none, the letters I, O, Q read as digits."""
    if bare[9] not in YEARS:
        with_year = f"{bare[:9]}A{bare[10:]}"
        for form in (with_year, *legal_forms(with_year)):
            for year in YEARS:
                yield form[:9] + year + form[10:]


@cache
def _confusions() -> tuple[dict[str, str], dict[str, str]]:
    illegal: dict[str, str] = {}
    shapes: dict[str, str] = {}
    for row in table("vin_confusions"):
        kind = illegal if row["why"] == "illegal" else shapes
        kind[row["typed"]] = kind.get(row["typed"], "") + row["meant"]
    return illegal, shapes


def shorter(bare: str, doubled: bool) -> tuple[str, ...]:
    """18 characters less one, or one of a doubled pair, where what is left passes the check."""
    places = (i for i in range(18) if not doubled or bare[i : i + 1] == bare[i + 1 : i + 2])
    found = {bare[:i] + bare[i + 1 :] for i in places}
    return tuple(sorted(v for v in found if passes(v) and is_plausible(v)))
