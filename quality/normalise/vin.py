"""Vehicle identification numbers (GB 16735-2019, GB 16737-2019).

17 characters of `[A-HJ-NPR-Z0-9]`: world manufacturer identifier (1-3; with 12-14 where the third
is 9, makers of fewer than 1,000 cars a year), description (4-8), check digit (9, `0-9X`), model
year (10), plant (11), serial (12-17, of which the last three are digits).

Check digit: value times weight, summed, modulo 11, 10 written X. It is mandatory for cars made
for the Chinese market, so a Chinese number (WMI `L` or `H`) that fails it is wrong somewhere; an
imported one may carry a filler in that place and is kept, marked `check_digit_failed`.

Repair, in this order: the letters I, O, Q that never occur; one confusion of
`reference/vin_confusions.csv` or one swap of neighbours; one doubled character in 18. It is
accepted when exactly one candidate passes the check and the number as typed was badly built (a
letter in the serial, no check character in place 9, a maker nobody knows). A well-built number
with one candidate is `unconfirmed_repair`: of 4,000 serials with one random wrong digit a third
had exactly one candidate, always a wrong one. Several are `ambiguous_repair`. Both list
`candidates` for whoever knows the cars that were built; `raw17` keeps what was typed.

A shorter tail (Chinese forms ask for the last 8 or 6) is `partial` with `suffix`; it is never
padded. One repeated character passes the check digit (1111…) and is a placeholder.

Model year: codes repeat every 30 years; the window is 2001-2030.

Sources: GB 16735-2019 annex A; public test numbers below.

>>> [normalise(v).check for v in ("LDC613P23A1305189", "LRW3E7FS5PC695355", "1M8GDM9AXKP042788")]
['pass', 'pass', 'pass']
>>> v = normalise("vin: lsja24u62jg269225"); v.value, v.wmi, v.maker, v.model_year
('LSJA24U62JG269225', 'LSJ', '上汽乘用车', 2018)
>>> v = normalise("LSJA24U62JG26922S"); v.value, v.status.value, v.reason
('LSJA24U62JG269225', 'repaired', 'confusion')
>>> v = normalise("JG269225"); v.value, v.status.value, v.suffix, v.suffix_length
(None, 'partial', 'JG269225', 8)
>>> normalise("11111111111111111").status.value
'placeholder'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from operator import mul

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.cell import folded, is_placeholder
from quality.reference import table


@dataclass(frozen=True, slots=True)
class VinValue(Value):
    """A VIN cell. check: pass, fail, or None where there are not 17 characters.

    suffix: the last characters when only those are known. candidates: single repairs that pass when
    there are several. raw17: the 17 characters typed when they are not the value. engine: an engine
    number that stood in the VIN column.
    """

    wmi: str | None = None
    maker: str | None = None
    model_year: int | None = None
    suffix: str | None = None
    suffix_length: int | None = None
    check: str | None = None
    candidates: tuple[str, ...] = ()
    raw17: str | None = None
    engine: str | None = None


WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VALUES = bytes.maketrans(
    b"0123456789ABCDEFGHJKLMNPRSTUVWXYZ",
    bytes([*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)]),
)
LEGAL = "[A-HJ-NPR-Z0-9]{17}"
_VIN = re.compile(LEGAL)
_SOUND = re.compile(r"[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-TV-Y1-9][A-HJ-NPR-Z0-9]{4}[0-9]{3}")
_LABEL = re.compile(
    r"^(?:VIN码?|车架号?|底盘号|车辆识别代?[号码])\s*(?:后?[六八68]位)?\s*[:码号是]*\s*(?=[A-Z0-9*])"
)
_NOISE = re.compile(r"[\s\-_./★☆·•:,'\"()#]+")
_SUFFIX = re.compile(r"[A-Z0-9]{2,12}[0-9]{4}")
_TAIL9 = re.compile(r"[0-9X][A-HJ-NPR-TV-Y1-9][A-HJ-NPR-Z0-9][0-9]{6}")
_SOUND_MASS = re.compile(r"[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-TV-Y1-9][A-HJ-NPR-Z0-9]{2}[0-9]{5}")
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_REPEATED = re.compile(r"(.)\1{7}")
YEARS = {c: 2001 + (n + 9) % 30 for n, c in enumerate("ABCDEFGHJKLMNPRSTVWXY123456789")}


def normalise(typed: str | None, near: Near = NOWHERE) -> VinValue:
    """Understand a VIN cell; `near` is not used."""
    if typed is not None and _VIN.fullmatch(typed) and check_digit(typed) == typed[8]:
        return _full(typed, typed)
    text = folded(typed).upper() if typed else ""
    if not text:
        return VinValue(typed, None, "", Status.MISSING, "empty")
    if is_placeholder(text, "vin"):
        return VinValue(typed, None, "", Status.PLACEHOLDER, "listed")
    return _of_text(typed, _LABEL.sub("", re.sub(r"\.0+$", "", text)))


def check_digit(vin: str) -> str:
    """The character that belongs in position 9 of 17 legal characters.

    >>> check_digit("LBV5S3102ESJ25655")
    '2'
    """
    return "0123456789X"[sum(map(mul, vin.encode().translate(VALUES), WEIGHTS)) % 11]


def _full(typed: str | None, vin: str, reason: str = "", raw: str | None = None) -> VinValue:
    """A VIN whose check digit is right."""
    if len(set(vin)) <= 10 and _REPEATED.search(vin):
        return VinValue(typed, None, "", Status.PLACEHOLDER, "repeated")
    wmi = _wmi(vin)
    status = Status.REPAIRED if reason else Status.OK
    year = YEARS.get(vin[9])
    return VinValue(
        typed, vin, vin, status, reason, wmi, makers().get(wmi[:3]), year, None, None, "pass",
        (), raw,
    )  # fmt: skip


def _wmi(vin: str) -> str:
    return vin[:3] + vin[11:14] if vin[2] == "9" else vin[:3]


@cache
def makers() -> dict[str, str]:
    """Maker by the first three characters."""
    return {row["wmi"]: row["maker"] for row in table("wmi")}


def _of_text(typed: str | None, text: str) -> VinValue:
    if re.search(r"[*×]{3,}", text.strip("*×")):
        tail = re.split(r"[*×]+", text.strip("*×"))[-1]
        return _partial(typed, _NOISE.sub("", tail), "masked")
    bare = _NOISE.sub("", text).replace("*", "")
    if not bare or not bare.isascii() or not bare.isalnum():
        return VinValue(typed, None, "", Status.INVALID, "illegal_character")
    if _REPEATED.search(bare) or (len(set(bare)) <= 2 and len(bare) >= 6):
        return VinValue(typed, None, "", Status.PLACEHOLDER, "repeated")
    if is_placeholder(bare, "vin"):
        return VinValue(typed, None, "", Status.PLACEHOLDER, "listed")
    if len(bare) == 17:
        return _of_17(typed, bare)
    if len(bare) == 18 and _undoubled(bare):
        passing = _undoubled(bare)
        if len(passing) == 1:
            return _full(typed, passing[0], "doubled_character")
        return VinValue(
            typed,
            None,
            "",
            Status.INVALID,
            "ambiguous_repair",
            candidates=tuple(passing),
        )
    return _of_other_length(typed, bare)


def _of_17(typed: str | None, bare: str) -> VinValue:
    if _VIN.fullmatch(bare) and check_digit(bare) == bare[8]:
        return _full(typed, bare)
    for reason, tries in (
        ("illegal_letter", _legal_forms),
        ("confusion", _single_edits),
    ):
        passing = sorted({v for v in tries(bare) if check_digit(v) == v[8] and _plausible(v)})
        # a known maker is likelier than an unknown one
        passing = [v for v in passing if v[:3] in makers()] or passing
        if len(passing) == 1:
            known = bare[:3] in makers() or passing[0][:3] not in makers()
            if not (known and _plausible(bare)):
                swapped = sorted(passing[0]) == sorted(bare)
                return _full(typed, passing[0], "transposition" if swapped else reason, bare)
        if passing:
            why = "unconfirmed_repair" if len(passing) == 1 else "ambiguous_repair"
            return replace(_failed(typed, bare, why), candidates=tuple(passing))
    return _failed(typed, bare, "check_digit_failed")


def _plausible(bare: str) -> bool:
    """Whether 17 characters are built as GB 16735 says; mass makers end in five digits."""
    mass = bare[:3] in makers() and bare[2] != "9"
    return bool((_SOUND_MASS if mass else _SOUND).fullmatch(bare))


def _legal_forms(bare: str) -> Iterator[str]:
    """The readings of a number that has I, O or Q; nothing for one that has not."""
    illegal, _ = _confusions()
    if not _VIN.fullmatch(bare):
        for letters in product(*(illegal.get(c, c) for c in bare)):
            yield "".join(letters)


def _single_edits(bare: str) -> Iterator[str]:
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


@cache
def _confusions() -> tuple[dict[str, str], dict[str, str]]:
    illegal: dict[str, str] = {}
    shapes: dict[str, str] = {}
    for row in table("vin_confusions"):
        kind = illegal if row["why"] == "illegal" else shapes
        kind[row["typed"]] = kind.get(row["typed"], "") + row["meant"]
    return illegal, shapes


def _failed(typed: str | None, bare: str, reason: str) -> VinValue:
    """17 characters that fail the check: kept for a foreign car, a suffix for a Chinese one."""
    wmi = _wmi(bare)
    maker = makers().get(wmi[:3])
    year = YEARS.get(bare[9])
    imported = bare[0] not in "LH" and _VIN.fullmatch(bare) and bare[14:].isdigit()
    if imported and reason == "check_digit_failed":
        return VinValue(
            typed, bare, bare, Status.OK, reason, wmi, maker, year, None, None, "fail", (), bare
        )
    return VinValue(
        typed, None, "", Status.INVALID, reason, wmi, maker, year, bare[-8:], 8, "fail", (), bare
    )


def _undoubled(bare: str) -> list[str]:
    """18 characters less one of a doubled pair, where that passes the check."""
    shorter = {bare[:i] + bare[i + 1 :] for i in range(17) if bare[i] == bare[i + 1]}
    shorter = {v for v in shorter if _VIN.fullmatch(v)}
    return sorted(v for v in shorter if check_digit(v) == v[8] and _plausible(v))


def _of_other_length(typed: str | None, bare: str) -> VinValue:
    size = len(bare)
    if _PHONE.fullmatch(bare):
        return VinValue(typed, None, "", Status.INVALID, "phone_number")
    if size in (6, 7, 8) and _SUFFIX.fullmatch(bare):
        return _partial(typed, bare, "suffix_only")
    if bare[:3] in makers() and 8 < size < 19:
        # which character is missing or too many is unknown; the last eight are likely whole
        return replace(
            _partial(typed, bare[-8:] if size >= 15 else "", "wrong_length"),
            status=Status.INVALID, wmi=bare[:3], maker=makers()[bare[:3]],
        )  # fmt: skip
    if 9 <= size <= 16 and _TAIL9.fullmatch(bare[-9:]):
        return replace(_partial(typed, bare, "suffix_or_engine"), engine=bare)
    if 6 <= size <= 20 and re.search(r"[A-Z]", bare) and re.search(r"\d{2}", bare):
        return VinValue(typed, None, "", Status.INVALID, "engine_number", engine=bare)
    return VinValue(typed, None, "", Status.INVALID, "wrong_length")


def _partial(typed: str | None, suffix: str, reason: str) -> VinValue:
    shown = f"…{suffix}" if suffix else ""
    return VinValue(
        typed, None, shown, Status.PARTIAL, reason,
        suffix=suffix or None, suffix_length=len(suffix) or None,
    )  # fmt: skip
