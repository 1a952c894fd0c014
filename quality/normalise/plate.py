"""Number plates of mainland China (GA 36-2018), upper case without separators.

Province character, authority letter, then: five places on fuel cars (letters I and O unused), six
on new-energy cars (a type letter first for small ones, last for large ones), four and 警 学 挂 领
for police, training, trailer and consular cars, four and 港 澳 after 粤Z for cross-border cars.
Embassy (六位+使), army and armed police (WJ), emergency (应急) and temporary plates have patterns
of their own. Q is legal on plates, unlike in VINs. From the third place on, O and I can only be 0
and 1.

Eight characters are a new-energy plate. A letter among its digits is mended by its shape (Z for 2)
only where no swap of neighbours makes a plate as well: 陕AD4B981 may be 陕AD48981 or 陕ADB4981, so
it is invalid, `ambiguous_repair`, with both as `candidates`; a swap alone is `unconfirmed_repair`.

Plates of zeros are not given out. 粤B12345 and 京A88888 are typed as examples, but somebody drives
under them: they stay, marked `looks_dummy`.

A plate typed without its province is completed from the outlet's and marked `province_inferred`;
without an outlet it is `partial`. `body` is the plate without its province, for fuzzy comparison.
Plates move to the owner's next car and freed ones are issued again: a plate is evidence for a time.

Sources: GA 36-2018; patterns compared with public validators, 2026-07. Types after the standard's
usual summary: embassy, army, emergency and temporary forms are accepted, not enforced.

>>> normalise("苏e·12345").value, normalise("苏ED12345").kind
('苏E12345', 'new_energy')
>>> v = normalise("E12345", Near(province="苏")); v.value, v.inferred, v.reason
('苏E12345', True, 'province_inferred')
>>> normalise("苏E1O345").value, normalise("临牌").status.value
('苏E10345', 'placeholder')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.cell import folded, is_placeholder, placeholders
from quality.reference import table


@dataclass(frozen=True, slots=True)
class PlateValue(Value):
    """A plate cell. province: its character. body: the plate without it. others: further plates.

    candidates: the single repairs that make a plate, where there are several.
    """

    kind: str | None = None
    province: str | None = None
    inferred: bool = False
    body: str | None = None
    others: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()


PROVINCES = "".join(row["char"] for row in table("plate_provinces"))
_ON = "[A-HJ-NP-Z0-9]"
_OFFICE = f"[{PROVINCES}][A-HJ-NP-Z]"
CAR = f"{_OFFICE}{_ON}{{5}}"
NEW_ENERGY = f"{_OFFICE}(?:[A-HJK]{_ON}[0-9]{{4}}|[0-9]{{5}}[A-HJK])"
# kind, pattern; the first that matches tells
_KINDS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("car", CAR),
        ("new_energy", NEW_ENERGY),
        ("hk_macao", f"粤Z{_ON}{{4}}[港澳]"),
        ("police", f"[{PROVINCES}][A-Z]{_ON}{{4}}警"),
        ("police", f"[{PROVINCES}]O{_ON}{{5}}"),
        ("trainer", f"{_OFFICE}{_ON}{{4}}学"),
        ("trailer", f"{_OFFICE}{_ON}{{4}}挂"),
        ("embassy", f"{_OFFICE}{_ON}{{4}}领"),
        ("embassy", "[0-9]{6}使|使[0-9]{6}"),
        ("emergency", f"[{PROVINCES}][A-Z]?{_ON}{{4,6}}应急"),
        ("temporary", f"{_OFFICE}{_ON}{{4,5}}[临试超]"),
        ("armed_police", f"WJ[{PROVINCES}]?[0-9]{{4,5}}[A-Z0-9]?"),
        ("army", "V[A-Z][0-9]{5}|[军海空北沈兰济南广成][A-Z][0-9]{5}"),
    )
)
_CAR, _NEW_ENERGY = _KINDS[0][1], _KINDS[1][1]
_PIECES = re.compile(r"[,;/、|\n\r\t]+")
_NOISE = re.compile(r"[^A-Z0-9\u3400-\u9fff]+")
_COLOUR = re.compile(r"(?:车?牌照?号?码?:?)|[蓝黄绿白黑](?:底|色|牌)*$")
_NO_PROVINCE = re.compile(r"[A-HJ-NP-Z][A-Z0-9]{5,6}")
_EIGHT = re.compile(f"{_OFFICE}[A-Z0-9]{{6}}")
_SHAPES = str.maketrans("ZSBG", "2586")
DUMMY = ".{1,2}0{5}"
_DUMMY = re.compile(DUMMY)


def normalise(typed: str | None, near: Near = NOWHERE) -> PlateValue:
    """Understand a plate cell; `near.province` completes a plate typed without its province."""
    if typed is not None and (_CAR.fullmatch(typed) or _NEW_ENERGY.fullmatch(typed)):
        return _value(typed, typed, "car" if len(typed) == 7 else "new_energy", "", False)
    text = folded(typed).upper() if typed else ""
    if not text:
        return PlateValue(typed, None, "", Status.MISSING, "empty")
    bare = _NOISE.sub("", text)
    listed = is_placeholder(text, "plate") or is_placeholder(bare, "plate")
    if listed and _kind(bare) is None:
        return PlateValue(typed, None, "", Status.PLACEHOLDER, "listed")
    found = [_one(typed, piece, near) for piece in _PIECES.split(text) if piece.strip()]
    found = found or [PlateValue(typed, None, "", Status.INVALID, "not_a_plate")]
    usable = [plate for plate in found if plate.value]
    first = (usable or found)[0]
    others = tuple(dict.fromkeys(p.value for p in usable if p.value and p.value != first.value))
    return PlateValue(
        typed, first.value, first.display, first.status, first.reason, first.kind,
        first.province, first.inferred, first.body, others, first.candidates,
    )  # fmt: skip


def _one(typed: str | None, text: str, near: Near) -> PlateValue:
    """Read one plate: as it stands, with letters and province mended, with a province added."""
    bare = _COLOUR.sub("", _NOISE.sub("", text))
    reason = ""
    kind = _kind(bare)
    if kind is None:
        bare, reason = _mended(bare)
        kind = _kind(bare)
    if kind is None and _EIGHT.fullmatch(bare):
        shaped, swapped = _new_energy(bare)
        if swapped:
            why = "ambiguous_repair" if len(shaped + swapped) > 1 else "unconfirmed_repair"
            return PlateValue(typed, None, "", Status.INVALID, why, candidates=shaped + swapped)
        if shaped:
            bare, reason, kind = shaped[0], reason or "letters_for_digits", "new_energy"
    inferred = False
    if kind is None and _NO_PROVINCE.fullmatch(bare):
        if not near.province or _kind(near.province + bare) is None:
            if any(_kind(province + bare) for province in PROVINCES):
                return PlateValue(typed, None, bare, Status.PARTIAL, "province_missing", body=bare)
        else:
            bare, inferred, reason = near.province + bare, True, "province_inferred"
            kind = _kind(bare)
    if kind is None:
        wrong = "wrong_length" if bare[:1] in PROVINCES and 3 < len(bare) < 10 else "not_a_plate"
        return PlateValue(typed, None, "", Status.INVALID, wrong)
    return _value(typed, bare, kind, reason, inferred)


def _value(typed: str | None, bare: str, kind: str, reason: str, inferred: bool) -> PlateValue:
    if _DUMMY.fullmatch(bare):
        return PlateValue(typed, None, "", Status.PLACEHOLDER, "dummy")
    civil = bare[0] in PROVINCES
    status = Status.REPAIRED if reason else Status.OK
    if not reason and bare in placeholders("plate"):
        reason = "looks_dummy"
    display = f"{bare[:2]}·{bare[2:]}" if civil else bare
    province, body = (bare[0], bare[1:]) if civil else (None, bare)
    return PlateValue(typed, bare, display, status, reason, kind, province, inferred, body)


def _kind(bare: str) -> str | None:
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(bare)), None)


def _mended(bare: str) -> tuple[str, str]:
    """Put right a mistyped or misplaced province and the letters O and I, with the reason."""
    reason = ""
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


def _new_energy(bare: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The new-energy plates that eight characters become by shape, and by a swap of neighbours.

    >>> _new_energy("粤BF8546Z"), _new_energy("陕AD4B981")
    ((('粤BF85462',), ()), (('陕AD48981',), ('陕ADB4981',)))
    """
    shaped = (bare[:4] + bare[4:].translate(_SHAPES),)
    swapped = (bare[:i] + bare[i + 1] + bare[i] + bare[i + 2 :] for i in range(2, 7))
    return tuple(filter(_NEW_ENERGY.fullmatch, shaped)), tuple(
        dict.fromkeys(filter(_NEW_ENERGY.fullmatch, swapped))
    )


@cache
def _typos() -> dict[str, str]:
    return {typo: row["char"] for row in table("plate_provinces") for typo in row["typos"]}
