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
`candidates` for whoever knows the cars that were built; `raw17` keeps what was typed. Where no car
can have the model year typed (0, U, Z, I, O, Q), every year that passes is a candidate. No repair
makes a known maker an unknown one, nor a car of later than the clock's next year.

A shorter tail (Chinese forms ask for the last 8 or 6) is `partial` with `suffix`; it is never
padded. 16 or 18 characters of a known maker are `partial`, `one_missing` or `one_too_many`, with
the last eight as `suffix` only where the slip must lie before them. One repeated character passes
the check digit (1111…) and is a placeholder.

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

import datetime
import re
from dataclasses import dataclass, replace

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.cell import folded, is_placeholder, placeholders
from quality.normalise.vin_code import (
    LEGAL,
    VALUES,
    WEIGHTS,
    YEARS,
    check_digit,
    is_plausible,
    legal_forms,
    makers,
    passes,
    shorter,
    single_edits,
    wmi,
    years_instead,
)

__all__ = ["LEGAL", "VALUES", "WEIGHTS", "YEARS", "VinValue", "check_digit", "makers", "normalise"]


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


_VIN = re.compile(LEGAL)
_LABEL = re.compile(
    r"^(?:VIN码?|[车大]架号?|底盘号|车辆识别代?[号码])?\s*(?:[后尾]?[六八68]位|尾号)?"
    r"\s*[:码号是]*\s*(?=[A-Z0-9*])"
)
_ENGINE = re.compile(r"^(?:发动机|电机)[号码]*\s*:?\s*(?=[A-Z0-9])")
_INSIDE = re.compile(r"(?<![A-Z0-9])[A-HJ-NPR-Z0-9]{17}(?![A-Z0-9])")
_FLOAT = re.compile(r"\.0+$")
_HIDDEN = re.compile(r"[*×]{3,}")
_MASKED = re.compile(r"(?=.*[*×?#])(?=.*[A-Z0-9])[A-HJ-NPR-Z0-9*×?#]{17}")
_MASKED_END = re.compile(r"(?=.{17}$)[A-HJ-NPR-Z0-9]+[0-9A-WYZ]X{3,7}")  # there stand digits
_NOT_MASK = re.compile(r"[\s\-_./★☆·•:,'\"()]+")
_TELLING = 4  # a shorter tail is half the cars'
_NOISE = re.compile(r"[\s\-_./★☆·•:,'\"()#]+")
_SUFFIX = re.compile(r"[A-Z0-9]{2,12}[0-9]{4}")
_TAIL9 = re.compile(r"[0-9X][A-HJ-NPR-TV-Y1-9][A-HJ-NPR-Z0-9][0-9]{6}")
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_REPEATED = re.compile(r"(.)\1{7}")


def normalise(typed: str | None, near: Near = NOWHERE) -> VinValue:
    """Understand a VIN cell; no repair makes a car that is not built yet at `near.latest`."""
    if typed is not None and passes(typed):
        return _full(typed, typed)
    text = folded(typed).upper() if typed else ""
    if not text:
        return VinValue(typed, None, "", Status.MISSING, "empty")
    if is_placeholder(text, "vin"):
        return VinValue(typed, None, "", Status.PLACEHOLDER, "listed")
    if _ENGINE.match(text):
        engine = _NOISE.sub("", _ENGINE.sub("", text)).replace("*", "")
        return VinValue(typed, None, "", Status.INVALID, "engine_number", engine=engine)
    found = _of_text(typed, _FLOAT.sub("", _LABEL.sub("", text)), near.latest)
    if found.reason in ("illegal_character", "wrong_length"):
        return _inside(typed, text) or found
    return found


def _inside(typed: str | None, text: str) -> VinValue | None:
    """A VIN among other words; of several that are right, none is the car's."""
    sound = [v for v in dict.fromkeys(_INSIDE.findall(text)) if passes(v)]
    if len(sound) == 1:
        return _full(typed, sound[0], "note_left_out")
    if not sound:
        return None
    return VinValue(typed, None, "", Status.PARTIAL, "several_vins", candidates=tuple(sound))


def _is_filler(bare: str) -> bool:
    """Whether one character makes up a number, or nearly."""
    kinds = len(set(bare))
    run = len(bare) >= 8 and kinds <= 10 and _REPEATED.search(bare) is not None
    return run or (kinds == 1 and len(bare) >= 6)


def _full(typed: str | None, vin: str, reason: str = "", raw: str | None = None) -> VinValue:
    """A VIN whose check digit is right."""
    if _is_filler(vin):
        return VinValue(typed, None, "", Status.PLACEHOLDER, "repeated")
    if vin in placeholders("vin"):
        return VinValue(typed, None, "", Status.PLACEHOLDER, "listed")
    status = Status.REPAIRED if reason else Status.OK
    return VinValue(
        typed, vin, vin, status, reason, wmi(vin), makers().get(vin[:3]), YEARS.get(vin[9]),
        None, None, "pass", (), raw,
    )  # fmt: skip


def _of_text(typed: str | None, text: str, latest: datetime.date | None) -> VinValue:
    hidden = _NOT_MASK.sub("", text)
    if _MASKED.fullmatch(hidden) or _MASKED_END.fullmatch(hidden):
        return _masked_17(typed, hidden)
    text = text.strip("*×")
    if _HIDDEN.search(text):
        return _masked(typed, [_NOISE.sub("", part) for part in re.split(r"[*×]+", text)])
    bare = _NOISE.sub("", text).replace("*", "")
    if not bare or not bare.isascii() or not bare.isalnum():
        return VinValue(typed, None, "", Status.INVALID, "illegal_character")
    if _is_filler(bare):
        return VinValue(typed, None, "", Status.PLACEHOLDER, "repeated")
    if is_placeholder(bare, "vin"):
        return VinValue(typed, None, "", Status.PLACEHOLDER, "listed")
    if len(bare) == 17:
        return _of_17(typed, bare, latest)
    passing = shorter(bare, doubled=True) if len(bare) == 18 else ()
    if len(passing) == 1:
        return _full(typed, passing[0], "doubled_character")
    if passing:
        return VinValue(typed, None, "", Status.INVALID, "ambiguous_repair", candidates=passing)
    return _of_other_length(typed, bare)


def _masked_17(typed: str | None, hidden: str) -> VinValue:
    """A VIN of which every place is there, some of them hidden."""
    parts = re.split(r"[*×?#]+|X{3,}$", hidden)
    found = _masked(typed, [parts[0], parts[-1] if len(parts[-1]) >= _TELLING else ""])
    return replace(found, model_year=YEARS.get(hidden[9]))


def _masked(typed: str | None, parts: list[str]) -> VinValue:
    """What stands before and behind the stars."""
    first, last = parts[0][:3], parts[-1]
    found = _partial(typed, last if last.isascii() and last.isalnum() else "", "masked")
    return replace(found, wmi=first, maker=makers()[first]) if first in makers() else found


def _of_17(typed: str | None, bare: str, latest: datetime.date | None) -> VinValue:
    if passes(bare):
        return _full(typed, bare)
    years = {*years_instead(bare)}
    for reason, tries in (
        ("illegal_letter", legal_forms),
        ("confusion", single_edits),
    ):
        tried = {*tries(bare)}
        passing = sorted(
            v for v in tried | (years if tried else set()) if passes(v) and is_plausible(v)
        )
        # a known maker is likelier than an unknown one, and stays; cars are sold a year ahead
        known_makers = [v for v in passing if v[:3] in makers()]
        passing = known_makers if known_makers or bare[:3] in makers() else passing
        passing = [v for v in passing if latest is None or YEARS[v[9]] <= latest.year + 1]
        if len(passing) == 1:
            known = bare[:3] in makers() or passing[0][:3] not in makers()
            if not (known and is_plausible(bare)):
                swapped = sorted(passing[0]) == sorted(bare)
                return _full(typed, passing[0], "transposition" if swapped else reason, bare)
        if passing:
            why = "unconfirmed_repair" if len(passing) == 1 else "ambiguous_repair"
            return replace(_failed(typed, bare, why), candidates=tuple(passing))
    return _failed(typed, bare, "check_digit_failed")


def _failed(typed: str | None, bare: str, reason: str) -> VinValue:
    """17 characters that fail the check: kept for a foreign car, a suffix for a Chinese one."""
    maker, year = makers().get(bare[:3]), YEARS.get(bare[9])
    imported = bare[0] not in "LH" and _VIN.fullmatch(bare) and bare[14:].isdigit()
    if imported and reason == "check_digit_failed":
        return VinValue(
            typed,
            bare,
            bare,
            Status.OK,
            reason,
            wmi(bare),
            maker,
            year,
            None,
            None,
            "fail",
            (),
            bare,
        )
    return VinValue(
        typed,
        None,
        "",
        Status.INVALID,
        reason,
        wmi(bare),
        maker,
        year,
        bare[-8:],
        8,
        "fail",
        (),
        bare,
    )


def _of_other_length(typed: str | None, bare: str) -> VinValue:
    size = len(bare)
    if _PHONE.fullmatch(bare):
        return VinValue(typed, None, "", Status.INVALID, "phone_number")
    if size in (6, 7, 8) and _SUFFIX.fullmatch(bare):
        return _partial(typed, bare, "suffix_only")
    if bare[:3] in makers() and 8 < size < 19:
        return _of_known_maker(typed, bare)
    if 9 <= size <= 16 and _TAIL9.fullmatch(bare[-9:]):
        return replace(_partial(typed, bare, "suffix_or_engine"), engine=bare, model_year=None)
    if 6 <= size <= 20 and re.search(r"[A-Z]", bare) and re.search(r"\d{2}", bare):
        return VinValue(typed, None, "", Status.INVALID, "engine_number", engine=bare)
    return VinValue(typed, None, "", Status.INVALID, "wrong_length")


def _of_known_maker(typed: str | None, bare: str) -> VinValue:
    """One character too few or too many: which, is unknown, and with it what is whole.

    From the check digit on everything moves by one place if the slip lies behind it. So where the
    ninth can be no check digit, the slip lies before, and the last eight are as they should be.
    """
    first, maker = bare[:3], makers()[bare[:3]]
    why = {16: "one_missing", 18: "one_too_many"}.get(len(bare))
    if why is None:
        return VinValue(typed, None, "", Status.INVALID, "wrong_length", first, maker)
    chinese = bare[0] in "LH"  # others may have any character in the ninth place
    whole = chinese and bare[8] not in "0123456789XOIQ" and _SUFFIX.fullmatch(bare[-8:])
    candidates = shorter(bare, doubled=False) if len(bare) == 18 else ()
    found = _partial(typed, bare[-8:] if whole else "", why)
    return replace(found, display=bare, wmi=first, maker=maker, candidates=candidates)


def _partial(typed: str | None, suffix: str, reason: str) -> VinValue:
    """The tail of a VIN; from the eighth character before its end on, it tells the year."""
    year = YEARS.get(suffix[-8]) if len(suffix) >= 8 else None
    return VinValue(
        typed, None, f"…{suffix}" if suffix else "", Status.PARTIAL, reason, model_year=year,
        suffix=suffix or None, suffix_length=len(suffix) or None,
    )  # fmt: skip
