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

Call prefixes (+86, 0086, 17951, 12593, a zero before a mobile) are taken off; letters that look
like digits (13B…, l38…) and Chinese numerals are read as such where a whole number comes of it. A
masked number is `partial`: `pattern` holds its 11 places, `tail` its last four digits. Digits that
a spreadsheet lost (1.38E+10) cannot come back: `digits_lost`. A number that is listed as typed to
fill the field is a placeholder; one that is only as regular as such (13911111112) is somebody's
good number and stays, marked `looks_dummy`: how many people have it will tell. A plate is no number
(`number_plate`), however much its digits are those of a hotline.

How a cell is cut into numbers: `phone_cell`. What is known of a further number only in part (no
area code, masked) stands among `others` as it is, without a +; where a further one cannot be read
at all, the reason says so (`another_unreadable`).

Sources: libphonenumber 9.0.43 metadata (2026-07), MIIT number plan; see the two tables.

>>> normalise("138-0013-8001").value, normalise("０１０－６２３４５６７８转801").extension
('+8613800138001', '801')
>>> v = normalise("0512-65123456/13912345679"); v.value, v.others
('+8613912345679', ('+8651265123456',))
>>> v = normalise("13912345679/010-62345678转801"); v.others, v.other_extensions
(('+861062345678',), ('801',))
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

import phonenumbers

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.cell import folded, is_placeholder
from quality.normalise.number_plan import dummies, is_dummy, plan_of
from quality.normalise.phone_cell import numbers
from quality.normalise.phone_number import Number, landline, mobile_kind
from quality.normalise.plate_forms import PROVINCES

__all__ = ["PhoneValue", "dummies", "is_dummy", "normalise", "plan_of"]


@dataclass(frozen=True, slots=True)
class PhoneValue(Value):
    """A phone cell. kind: mobile, landline, iot, service, hotline, satellite or foreign.

    others: further numbers, E.164; of one that is partial, its digits or its pattern.
    other_extensions: of each of those its extension or ""; empty where none has one.
    tail: last four digits. pattern: digits and * of a masked number. digits: all digits typed, also
    where they make no number, for fuzzy comparison.
    """

    kind: str | None = None
    others: tuple[str, ...] = ()
    extension: str | None = None
    area_code: str | None = None
    tail: str | None = None
    pattern: str | None = None
    digits: str | None = None
    other_extensions: tuple[str, ...] = ()


_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_PLAIN_LANDLINE = re.compile(r"0[0-9]{2,3}-?[2-9][0-9]{6,7}")
_IN_E164 = re.compile(r"\+861[3-9][0-9]{9}")
_PLATE = re.compile(
    rf"[{PROVINCES}][A-Z][·. -]?(?:[A-Z0-9]{{5,6}}|[A-Z0-9]{{4}}[警学挂领使港澳])(?![A-Z0-9])",
    re.IGNORECASE,
)
_NUMBERING = dict.fromkeys([*range(0x2460, 0x2474), *range(0x2776, 0x2794)], " ")  # ① ❶ of a list
_PREFERENCE = {"mobile": 0, "satellite": 1, "landline": 1, "foreign": 1, "iot": 2}


def normalise(typed: str | None, near: Near = NOWHERE) -> PhoneValue:
    """Understand a phone cell; `near.area_code` completes a landline without one."""
    if typed is not None and len(typed) in (11, 14):
        if len(typed) == 11 and _MOBILE.fullmatch(typed):
            return _plain_mobile(typed, typed)
        if _IN_E164.fullmatch(typed):
            return _plain_mobile(typed, typed[3:])
    if typed is not None and _PLAIN_LANDLINE.fullmatch(typed):
        number = landline(typed.replace("-", ""))
        if number and number.value:
            return _of_cell(typed, [number])
    text = folded(typed.translate(_NUMBERING)) if typed else ""
    if not text:
        return PhoneValue(typed, None, "", Status.MISSING, "empty")
    if is_placeholder(text, "phone"):
        return PhoneValue(typed, None, "", Status.PLACEHOLDER, "listed")
    without = _PLATE.sub(" ", text)  # its last five may be a hotline's
    if without != text and not re.search(r"\d{3}", without):
        return PhoneValue(typed, None, "", Status.INVALID, "number_plate")
    return _of_cell(typed, numbers(without.strip(), near))


def _plain_mobile(typed: str, digits: str) -> PhoneValue:
    kind, doubt = mobile_kind(digits)
    if is_dummy(digits):
        return PhoneValue(typed, None, "", Status.PLACEHOLDER, "listed", kind)
    display = f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    return PhoneValue(
        typed, "+86" + digits, display, Status.OK, doubt, kind, (), None, None, digits[7:],
        None, digits,
    )  # fmt: skip


def _of_cell(typed: str | None, found: list[Number]) -> PhoneValue:
    ranked = sorted(found, key=_rank) if len(found) > 1 else found
    first = ranked[0]
    others = {n.known: n.extension or "" for n in ranked[1:] if n.known and n.known != first.known}
    unread = first.value and any(n.status is Status.INVALID for n in ranked[1:])
    hidden_end = (first.pattern or "").endswith("*")
    shown = not hidden_end and (len(first.digits) >= 7 or first.pattern)
    return PhoneValue(
        typed,
        first.value,
        _display(first),
        first.status,
        first.reason or ("another_unreadable" if unread else ""),
        first.kind,
        tuple(others),
        first.extension,
        first.area_code,
        first.digits[-4:] if shown else None,
        first.pattern,
        first.digits or None,
        tuple(others.values()) if any(others.values()) else (),
    )


def _rank(number: Number) -> int:
    """Mobiles first, then what else can be called, then what is known in part."""
    if number.value:
        return _PREFERENCE.get(number.kind or "", 3)
    return 4 if number.status is Status.PARTIAL else 5


def _display(number: Number) -> str:
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
