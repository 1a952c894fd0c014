"""Telephone numbers, in E.164.

A cell may hold several numbers, text and noise. `value` is the first usable mobile, else the first
usable number; the rest are `others`. Formats:

- mobile: 11 digits `1[3-9]`, kind and operator by `reference/mobile_plan.csv`; a number that is
  mobile-shaped but not in the plan is kept, reason `not_in_plan` (prefix plans age).
- IoT: 13 digits (T-Box SIM cards); 400/800 hotlines: 10 digits; short service numbers (95xxx).
- landline: 0 + area code (2 or 3 digits) + 7 or 8 digits by `reference/area_codes.csv`.
  A number without area code is completed from the outlet's, marked `area_code_completed`.
- foreign, Hong Kong, Macao, Taiwan: by the `phonenumbers` package. It is not asked about Chinese
  numbers: it rejects 149 and 1749, and raises on 转801.

Call prefixes (+86, 0086, 17951, 12593, a zero before a mobile) are taken off. A masked number is
`partial`: `pattern` holds its 11 places, `tail` its last four digits. Digits that a spreadsheet
lost (1.38E+10) cannot come back: `digits_lost`.

Sources: libphonenumber 9.0.43 metadata (2026-07), MIIT number plan; see the two tables.

>>> normalise("138-0013-8001").value, normalise("０１０－６２３４５６７８转801").extension
('+8613800138001', '801')
>>> v = normalise("0512-65123456/13912345679"); v.value, v.others
('+8613912345679', ('+8651265123456',))
>>> normalise("138****8001").pattern, normalise("65123456", Near(area_code="0512")).value
('138****8001', '+8651265123456')
>>> normalise("1.38123E+10").reason, normalise("13912345678.0").reason
('digits_lost', 'excel_float')
>>> normalise("13800138000").status.value, normalise("+852 9123 4567").value
('placeholder', '+85291234567')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import phonenumbers

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.cell import folded, is_placeholder, without_float
from quality.reference import table


@dataclass(frozen=True, slots=True)
class PhoneValue(Value):
    """A phone cell. kind: mobile, landline, iot, service, hotline, satellite or foreign.

    others: further usable numbers, E.164. tail: last four digits. pattern: digits and * of a masked
    number. digits: all digits typed, also where they make no number, for fuzzy comparison.
    """

    kind: str | None = None
    others: tuple[str, ...] = ()
    extension: str | None = None
    area_code: str | None = None
    tail: str | None = None
    pattern: str | None = None
    digits: str | None = None


@dataclass(frozen=True, slots=True)
class _Number:
    """One number of a cell; value is None when it is none, and reason says why."""

    value: str | None
    kind: str | None = None
    status: Status = Status.OK
    reason: str = ""
    extension: str | None = None
    area_code: str | None = None
    pattern: str | None = None
    digits: str = ""


_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_PLAIN_LANDLINE = re.compile(r"0[0-9]{2,3}-?[2-9][0-9]{6,7}")
_IN_E164 = re.compile(r"\+861[3-9][0-9]{9}")
_PIECES = re.compile(r"[/、,;|\n\r\t&]+|或者?|和|及|以及")
_EXTENSION = re.compile(
    r"\s*[,-]?\s*(?:转|分机号?|EXT\.?|#|内线)\s*[:.]?\s*(\d{1,6})\D*$", re.IGNORECASE
)
_DASHED_EXTENSION = re.compile(r"(\d[\d -]*\d)\s*-\s*(\d{1,5})$")
_LABEL_OR_NOTE = re.compile(r"[^\d*+()\- ]+")
_LETTERS = str.maketrans("OoQIl|", "000111")
_LETTERED = re.compile(r"[\dOoQIl|]{11,13}")
_MASKED = re.compile(r"\+?(\d{2,8})-?([*×Xx#•●_]{3,})-?(\d{2,4}|$)")
_CALL_PREFIX = re.compile(
    r"(?:0{0,2}86|\+86)?(?:12593|179\d\d|10193)?(?=0?1[3-9]\d{9}$|0[1-9]\d{9,10}$)"
)
_TWO_MOBILES = re.compile(r"(?<!\d)(1[3-9]\d{9})(1[3-9]\d{9})(?!\d)")
_GREATER_CHINA = re.compile(r"(?:852[2-9]\d{7}|8536\d{7}|8860?9\d{8})")
_SERVICE = re.compile(r"9[56]\d{3,6}|1[0-2]\d{3}|11[0249]|12[02]")
_LOCAL = re.compile(r"[2-9]\d{6,7}")
_PREFERENCE = {"mobile": 0, "satellite": 1, "landline": 1, "foreign": 1, "iot": 2}


def normalise(typed: str | None, near: Near = NOWHERE) -> PhoneValue:
    """Understand a phone cell; `near.area_code` completes a landline without one."""
    if typed is not None and len(typed) in (11, 14):
        if len(typed) == 11 and _MOBILE.fullmatch(typed):
            return _plain_mobile(typed, typed)
        if _IN_E164.fullmatch(typed):
            return _plain_mobile(typed, typed[3:])
    if typed is not None and _PLAIN_LANDLINE.fullmatch(typed):
        number = _landline(typed.replace("-", ""))
        if number and number.value:
            return _of_cell(typed, [number])
    text = folded(typed) if typed else ""
    if not text:
        return PhoneValue(typed, None, "", Status.MISSING, "empty")
    if is_placeholder(text, "phone"):
        return PhoneValue(typed, None, "", Status.PLACEHOLDER, "listed")
    return _of_cell(typed, _numbers(text, near))


def _plain_mobile(typed: str, digits: str) -> PhoneValue:
    kind, in_plan = _plan(digits)
    if is_dummy(digits):
        return PhoneValue(typed, None, "", Status.PLACEHOLDER, "dummy", kind)
    reason = "" if in_plan else "not_in_plan"
    display = f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    return PhoneValue(
        typed, "+86" + digits, display, Status.OK, reason, kind, (), None, None, digits[7:],
        None, digits,
    )  # fmt: skip


def is_dummy(digits: str) -> bool:
    """Whether 11 digits were typed to fill the field: listed, or too regular to be given out.

    Of random numbers 1 in 100,000 looks so. Two digits in any order are not enough (1 in 9,000).

    >>> [is_dummy(d) for d in ("13800138000", "13911111112", "13887654321", "13812121221")]
    [True, True, True, False]
    """
    last = digits[3:]
    if digits in _dummies():
        return True
    kinds = set(last)
    if len(kinds) > 2:
        return False
    rarest = min(last.count(k) for k in kinds)
    return rarest <= 1 or len(kinds) == 1 or last == last[:2] * 4


@cache
def _dummies() -> frozenset[str]:
    runs = "0123456789012345678", "9876543210987654321"
    # 12345678 stays: it is somebody's, and the number that manuals print as an example
    tails = {run[i : i + 8] for run in runs for i in range(10)} - {"12345678"}
    heads = [f"1{n}" for n in range(30, 100)]
    listed = {r["value"] for r in table("placeholders") if r["field"] == "phone"}
    return frozenset(listed | {head + tail for head in heads for tail in tails})


@cache
def _plans() -> dict[str, tuple[int, str, bool]]:
    return {
        r["prefix"]: (int(r["length"]), r["kind"], r["in_plan"] == "y")
        for r in table("mobile_plan")
    }


@cache
def _plan_of_prefix(prefix: str, length: int) -> tuple[str, bool] | None:
    for size in (5, 4, 3):
        plan = _plans().get(prefix[:size])
        if plan and plan[0] == length:
            return plan[1], plan[2]
    return None


def _plan(digits: str) -> tuple[str, bool]:
    return _plan_of_prefix(digits[:5], 11) or ("mobile", False)


@cache
def _areas() -> dict[str, tuple[int, ...]]:
    return {r["code"]: tuple(int(n) for n in r["digits"].split("-")) for r in table("area_codes")}


def _numbers(text: str, near: Near) -> list[_Number]:
    """The numbers of a cell in their order; one that says why when there is none."""
    found: list[_Number] = []
    area = near
    for piece in _PIECES.split(text):
        if piece.strip():
            for number in _of_piece(piece.strip(), area):
                found.append(number)
                if number.area_code and number.reason != "area_code_completed":
                    area = Near(number.area_code, near.province)
    return found or [_Number(None, status=Status.INVALID, reason="no_digits")]


def _of_piece(piece: str, near: Near) -> list[_Number]:
    """Read a piece as one number, else as several standing side by side."""
    whole = _one(piece, near)
    if whole.value or whole.pattern:
        return [whole]
    pair = _TWO_MOBILES.search(piece)
    if pair:
        return [_mobile(d, Status.REPAIRED, "run_together") for d in pair.groups()]
    groups = [g for g in re.split(r"[^\d+*-]+", piece) if g]
    several: list[_Number] = []
    start = 0
    while start < len(groups):
        for stop in range(len(groups), start, -1):
            number = _one(" ".join(groups[start:stop]), near)
            if number.value and stop - start < len(groups):
                several.append(number)
                break
        start = stop if number.value else start + 1
    return several or [whole]


def _one(piece: str, near: Near) -> _Number:
    """Read a piece of a cell as one number."""
    text, reason = without_float(piece)
    if reason == "digits_lost":
        return _Number(None, None, Status.INVALID, reason, digits=text)
    extension = None
    tail = _EXTENSION.search(text)
    if tail:
        text, extension = text[: tail.start()], tail[1]
    masked = _MASKED.search(text)
    if masked:
        return _masked(masked)
    if _LETTERED.fullmatch(text) and not text.isdigit():
        text, reason = text.translate(_LETTERS), "letters_for_digits"
    text = _LABEL_OR_NOTE.sub(" ", text).strip()
    number = _of_digits(text, near)
    dashed = None if number.value or extension else _DASHED_EXTENSION.fullmatch(text)
    if dashed:
        without = _of_digits(dashed[1], near)
        if without.value:
            number, extension = without, dashed[2]
    if number.value and reason and number.status is Status.OK:
        number = _with(number, Status.REPAIRED, reason, extension)
    elif extension:
        number = _with(number, number.status, number.reason, extension)
    return number


def _with(n: _Number, status: Status, reason: str, extension: str | None) -> _Number:
    return _Number(n.value, n.kind, status, reason, extension, n.area_code, n.pattern, n.digits)


def _masked(match: re.Match[str]) -> _Number:
    head, stars, tail = match.groups()
    width = max(11 - len(head) - len(tail), 1) if head.startswith("1") else len(stars)
    pattern = head + "*" * width + tail
    return _Number(
        None, None, Status.PARTIAL, "masked", pattern=pattern, digits=head + tail
    )  # fmt: skip


def _of_digits(text: str, near: Near) -> _Number:
    """Read digits with +, spaces, hyphens and brackets as one number."""
    digits = re.sub(r"\D", "", text)
    if text.startswith(("+", "00")) and not re.match(r"\+?0{0,2}86", text):
        return _foreign("+" + digits.removeprefix("00"), digits)
    bare = _CALL_PREFIX.sub("", digits, count=1)
    if len(bare) == 12 and _MOBILE.fullmatch(bare[1:]) and bare[0] == "0":
        bare = bare[1:]
    if _MOBILE.fullmatch(bare):
        return _mobile(bare)
    called = text.startswith(("+", "00")) or len(digits) >= 12
    stripped = re.sub(r"^(?:00)?86", "", digits) if called else bare
    if stripped != bare and not stripped.startswith("0"):
        national = _landline("0" + stripped)
        if national and national.value:
            return national
    for read in (_special, _landline, _lost_zero, _regional):
        for candidate in dict.fromkeys((bare, stripped)):
            number = read(candidate)
            if number:
                return number
    return _local(bare, near)


def _mobile(digits: str, status: Status = Status.OK, reason: str = "") -> _Number:
    kind, in_plan = _plan(digits)
    if is_dummy(digits):
        return _Number(None, kind, Status.PLACEHOLDER, "dummy", digits=digits)
    return _Number("+86" + digits, kind, status, reason or ("" if in_plan else "not_in_plan"),
                   digits=digits)  # fmt: skip


def _special(digits: str) -> _Number | None:
    if len(digits) == 13:
        plan = _plan_of_prefix(digits[:5], 13)
        return _Number("+86" + digits, plan[0], digits=digits) if plan else None
    if len(digits) == 10 and digits[:3] in ("400", "800"):
        return _Number("+86" + digits, "hotline", digits=digits)
    if _SERVICE.fullmatch(digits):
        return _Number("+86" + digits, "service", digits=digits)
    return None


def _landline(digits: str) -> _Number | None:
    if not digits.startswith("0"):
        return None
    area = next((digits[:n] for n in (3, 4) if digits[:n] in _areas()), None)
    if area is None:
        return None
    local = digits[len(area) :]
    if len(set(local)) == 1:
        return _Number(None, "landline", Status.PLACEHOLDER, "dummy", digits=digits)
    if not _LOCAL.fullmatch(local):
        return _Number(None, "landline", Status.INVALID, "wrong_length", None, area, None, digits)
    lengths = _areas()[area]
    value = "+86" + digits[1:]
    if len(local) in lengths:
        return _Number(value, "landline", area_code=area, digits=digits)
    if len(local) < min(lengths):
        # the area went from 7 to 8 digits: an old number, or one with a digit missing
        return _Number(None, "landline", Status.PARTIAL, "seven_digits", None, area, None, digits)
    return _Number(value, "landline", Status.OK, "not_in_plan", None, area, None, digits)


def _lost_zero(digits: str) -> _Number | None:
    """A landline that a spreadsheet kept as a number: 0512… became 512…"""
    if not 9 <= len(digits) <= 11 or digits.startswith("0"):
        return None
    number = _landline("0" + digits)
    if number is None or not number.value or number.reason:
        return None
    return _with(number, Status.REPAIRED, "leading_zero_lost", None)


def _regional(digits: str) -> _Number | None:
    """Hong Kong, Macao and Taiwan mobiles and lines typed with their code but without the +."""
    if not _GREATER_CHINA.fullmatch(digits):
        return None
    number = _foreign("+" + digits, digits)
    return _with(number, Status.REPAIRED, "plus_added", None) if number.value else None


def _foreign(text: str, digits: str) -> _Number:
    try:
        parsed = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return _Number(None, None, Status.INVALID, "not_a_number", digits=digits)
    if not phonenumbers.is_possible_number(parsed):
        return _Number(None, "foreign", Status.INVALID, "wrong_length", digits=digits)
    value = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    reason = "" if phonenumbers.is_valid_number(parsed) else "not_in_plan"
    return _Number(value, "foreign", Status.OK, reason, digits=digits)


def _local(digits: str, near: Near) -> _Number:
    """A landline without area code, or what is left: a number of the wrong length."""
    if len(set(digits)) == 1 and len(digits) >= 5:
        return _Number(None, None, Status.PLACEHOLDER, "dummy", digits=digits)
    if not digits:
        return _Number(None, None, Status.INVALID, "no_digits")
    if not _LOCAL.fullmatch(digits):
        return _Number(None, None, Status.INVALID, "wrong_length", digits=digits)
    completed = _landline(near.area_code + digits) if near.area_code else None
    if completed and completed.value and not completed.reason:
        return _with(completed, Status.REPAIRED, "area_code_completed", None)
    return _Number(None, "landline", Status.PARTIAL, "area_code_missing", digits=digits)


def _of_cell(typed: str | None, numbers: list[_Number]) -> PhoneValue:
    usable = [n for n in numbers if n.value]
    usable.sort(key=lambda n: _PREFERENCE.get(n.kind or "", 3))
    ranked = usable or sorted(numbers, key=lambda n: n.status is not Status.PARTIAL)
    first = ranked[0]
    others = tuple(dict.fromkeys(n.value for n in usable if n.value and n.value != first.value))
    known = not (first.pattern or "").endswith("*")
    shown = first.digits[-4:] if known and (len(first.digits) >= 7 or first.pattern) else None
    return PhoneValue(
        typed,
        first.value,
        _display(first),
        first.status,
        first.reason,
        first.kind,
        others,
        first.extension,
        first.area_code,
        shown,
        first.pattern,
        first.digits or None,
    )


def _display(number: _Number) -> str:
    value, local = number.value, (number.value or "").removeprefix("+86")
    if value is None:
        return number.pattern or ""
    if number.kind == "foreign":
        parsed = phonenumbers.parse(value, None)
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    if number.kind == "landline" and number.area_code:
        local = f"{number.area_code}-{local[len(number.area_code) - 1 :]}"
    elif number.kind == "hotline":
        local = f"{local[:3]}-{local[3:6]}-{local[6:]}"
    elif len(local) == 11:
        local = f"{local[:3]} {local[3:7]} {local[7:]}"
    return f"{local}转{number.extension}" if number.extension else local
