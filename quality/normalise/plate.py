"""Number plates of mainland China (GA 36-2018), upper case without separators.

Province character, authority letter, then: five places on fuel cars (letters I and O unused), six
on new-energy cars (a type letter first for small ones, last for large ones), four and 警 学 挂 领
for police, training, trailer and consular cars, four and 港 澳 after 粤Z for cross-border cars.
Embassy (六位+使), army and armed police (WJ), emergency (应急), temporary (临沪A12345) and pilot
plates (京ABC·123 of 2002) have patterns of their own (`plate_forms`). Q is legal on plates, unlike
in VINs. From the third place on, O and I can only be 0 and 1.

Eight characters are a new-energy plate. A letter among its digits is mended by its shape (Z for 2)
only where no swap of neighbours makes a plate as well: 陕AD4B981 may be 陕AD48981 or 陕ADB4981, so
it is invalid, `ambiguous_repair`, with both as `candidates`; a swap alone is `unconfirmed_repair`.

A province in traditional characters (蘇) is put in the plate's own (`traditional_character`), one
in Latin letters (SU E12345: `province_spelt`) too, and where two provinces are spelt alike, both
plates are `candidates`. Plates of zeros are not given out. 粤B12345 and 京A88888 are typed as
examples, but somebody drives under them: they stay, marked `looks_dummy`. So does a plate with more
than three letters among its last five (`many_letters`). Of one with stars in it (京A***45) nothing
is known but the pattern: `partial`, `masked`.

A plate typed without its province is completed from the outlet's and marked `province_inferred`;
without an outlet it is `partial`. `body` is the plate without its province, for fuzzy comparison.
Plates move to the owner's next car and freed ones are issued again: a plate is evidence for a time.

>>> normalise("苏e·12345").value, normalise("苏ED12345").kind
('苏E12345', 'new_energy')
>>> v = normalise("E12345", Near(province="苏")); v.value, v.inferred, v.reason
('苏E12345', True, 'province_inferred')
>>> normalise("苏E1O345").value, normalise("临牌").status.value
('苏E10345', 'placeholder')
>>> normalise("02-ABC123", Near(province="京")).value, normalise("jin-a12345").candidates
('京ABC123', ('津A12345', '晋A12345'))
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.cell import clean, folded, is_placeholder, placeholders
from quality.normalise.plate_forms import (
    CAR,
    DUMMY,
    MANY_LETTERS,
    NEW_ENERGY,
    PROVINCES,
    kind_of,
    may_be_pilot,
    mended,
    pilot,
    reshaped,
    spelt,
)

__all__ = ["CAR", "DUMMY", "MANY_LETTERS", "NEW_ENERGY", "PROVINCES", "PlateValue", "normalise"]


@dataclass(frozen=True, slots=True)
class PlateValue(Value):
    """A plate cell. province: its character. body: the plate without it. others: further plates.

    candidates: the plates that it can mean, where there are several.
    """

    kind: str | None = None
    province: str | None = None
    inferred: bool = False
    body: str | None = None
    others: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()


_ORDINARY = re.compile(f"{CAR}|{NEW_ENERGY}")
_PIECES = re.compile(r"[,;/、|\n\r\t]+")
_NOISE = re.compile(r"[^A-Z0-9\u3400-\u9fff]+")
_COLOUR = re.compile(r"(?:车?牌照?号?码?:?)|(?:渐变)?[蓝黄绿白黑](?:底|色|牌)*$|(?<=[挂学])车$")
_NO_PROVINCE = re.compile(r"[A-HJ-NP-Z][A-Z0-9]{5,6}")
_EIGHT = re.compile(f"[{PROVINCES}][A-HJ-NP-Z][A-Z0-9]{{6}}")
_CIVIL = re.compile(f"[{PROVINCES}][A-Z0-9]{{3,8}}[警学挂领使港澳]?")
_INSIDE = re.compile(
    rf"[{PROVINCES}][A-Z][·•. -]?[A-Z0-9]{{4,6}}(?:[警学挂领使港澳临试超]|应急)?(?!\s*[A-Z0-9])"
)
_DUMMY = re.compile(DUMMY)
_MANY_LETTERS = re.compile(MANY_LETTERS)
_NO_MASK = re.compile(r"[^A-Z0-9\u3400-\u9fff*×?#]+")
_MASKED = re.compile(
    rf"(?=.*[*×?#])([{PROVINCES}])[A-HJ-NP-Z*×?#][A-Z0-9*×?#]{{4,6}}[警学挂领使港澳]?"
)


def normalise(typed: str | None, near: Near = NOWHERE) -> PlateValue:
    """Understand a plate cell; `near.province` completes a plate typed without its province."""
    if typed is not None and _ORDINARY.fullmatch(typed):
        return _value(typed, typed, "car" if len(typed) == 7 else "new_energy", "", False)
    text = folded(typed).upper() if typed else ""
    if not text:
        return PlateValue(typed, None, "", Status.MISSING, "empty")
    bare = _NOISE.sub("", text)
    listed = is_placeholder(text, "plate") or is_placeholder(bare, "plate")
    if listed and kind_of(bare) is None:
        return PlateValue(typed, None, "", Status.PLACEHOLDER, "listed")
    pieces = [piece.strip() for piece in _PIECES.split(text)]
    found: list[PlateValue] = []
    for piece in filter(None, pieces):
        # a plate without its province is of the one before rather than of the outlet's
        told = next((p.province for p in found if p.province and not p.inferred), None)
        found += _of_piece(typed, piece, replace(near, province=told) if told else near)
    found = found or [PlateValue(typed, None, "", Status.INVALID, "not_a_plate")]
    usable = [plate for plate in found if plate.value]
    first = (usable or found)[0]
    others = tuple(dict.fromkeys(p.value for p in usable if p.value and p.value != first.value))
    if first.value and not first.reason and not _as_typed(first.value, clean(typed or "")):
        first = replace(first, reason="traditional_character")
    return replace(first, others=others) if others else first


def _as_typed(value: str, text: str) -> bool:
    """Whether the Han characters of a plate are those of the text."""
    return all(character in text for character in value if not character.isascii())


def _of_piece(typed: str | None, text: str, near: Near) -> list[PlateValue]:
    """Read a piece as one plate, else the plates that stand among its words."""
    whole = _one(typed, text, near)
    if whole.status is not Status.INVALID or whole.candidates:
        return [whole]
    inside = [_one(typed, plate, near) for plate in _INSIDE.findall(text)]
    sound = [plate for plate in inside if plate.status is Status.OK]
    if len(sound) == 1:
        return [replace(sound[0], status=Status.REPAIRED, reason="note_left_out")]
    return sound or [whole]


def _one(typed: str | None, text: str, near: Near) -> PlateValue:
    """Read one plate: as it stands, with letters and province mended, with a province added."""
    marked = pilot(text)
    if marked:
        return _pilot(typed, *marked, near)
    hidden = _masked(typed, text)
    if hidden:
        return hidden
    bare = _COLOUR.sub("", _NOISE.sub("", text)).replace("临时", "临")
    reason = ""
    kind = kind_of(bare)
    if kind is None:
        bare, reason = mended(bare)
        kind = kind_of(bare)
    if kind is None and _EIGHT.fullmatch(bare):
        shaped, swapped = reshaped(bare)
        if swapped:
            why = "ambiguous_repair" if len(shaped + swapped) > 1 else "unconfirmed_repair"
            return PlateValue(typed, None, "", Status.INVALID, why, candidates=shaped + swapped)
        if shaped:
            bare, reason, kind = shaped[0], reason or "letters_for_digits", "new_energy"
    if kind:
        return _value(typed, bare, kind, reason, False)
    if _NO_PROVINCE.fullmatch(bare):
        return _without_province(typed, bare, near)
    plates = spelt(text)
    return _spelt(typed, plates, near) if plates else _nothing(typed, bare)


def _masked(typed: str | None, text: str) -> PlateValue | None:
    """A plate with hidden places; stars around a whole plate hide nothing."""
    bare = _NO_MASK.sub("", text)
    match = _MASKED.fullmatch(bare)
    if match is None or kind_of(bare.strip("*×?#")):
        return None
    pattern = re.sub("[×?#]", "*", bare)
    return PlateValue(typed, None, pattern, Status.PARTIAL, "masked", province=match[1])


def _without_province(typed: str | None, bare: str, near: Near) -> PlateValue:
    kind = kind_of(near.province + bare) if near.province else None
    if kind:
        return _value(typed, near.province + bare, kind, "province_inferred", True)
    if any(kind_of(province + bare) for province in PROVINCES):
        return PlateValue(typed, None, bare, Status.PARTIAL, "province_missing", body=bare)
    return _nothing(typed, bare)


def _spelt(typed: str | None, plates: tuple[str, ...], near: Near) -> PlateValue:
    """A plate whose province stands there in Latin letters, or is the outlet's among several."""
    here = [plate for plate in plates if plate[0] == near.province]
    if len(plates) == 1:
        return _value(typed, plates[0], kind_of(plates[0]) or "", "province_spelt", False)
    if len(here) == 1:
        return _value(typed, here[0], kind_of(here[0]) or "", "province_inferred", True)
    bodies = {plate[1:] for plate in plates}
    body = bodies.pop() if len(bodies) == 1 else None
    return PlateValue(
        typed, None, body or "", Status.PARTIAL, "province_ambiguous", body=body, candidates=plates
    )


def _pilot(typed: str | None, province: str, body: str, near: Near) -> PlateValue:
    """A plate of 2002; without its province the outlet's, if it had such plates."""
    kind, inferred = "pilot_2002", not province
    if inferred and not may_be_pilot(near.province):
        return PlateValue(typed, None, body, Status.PARTIAL, "province_missing", kind, body=body)
    bare = (province or near.province) + body
    return _value(typed, bare, kind, "province_inferred" if inferred else "", inferred)


def _nothing(typed: str | None, bare: str) -> PlateValue:
    """Say why a text is no plate."""
    if not _CIVIL.fullmatch(bare):
        return PlateValue(typed, None, "", Status.INVALID, "not_a_plate")
    letters = len(bare) == 7 or (len(bare) == 8 and not bare[2:].isdigit())
    return PlateValue(typed, None, "", Status.INVALID, "illegal_letter" if letters else
                      "wrong_length")  # fmt: skip


def _value(typed: str | None, bare: str, kind: str, reason: str, inferred: bool) -> PlateValue:
    if _DUMMY.fullmatch(bare):
        return PlateValue(typed, None, "", Status.PLACEHOLDER, "dummy")
    at = 1 if bare[0] in "临试超" else 0  # where the province stands
    civil = bare[at] in PROVINCES
    status = Status.REPAIRED if reason else Status.OK
    if not reason and bare in placeholders("plate"):
        reason = "looks_dummy"
    elif not reason and kind == "car" and _MANY_LETTERS.fullmatch(bare):
        reason = "many_letters"
    dot = 4 if kind == "pilot_2002" else at + 2
    display = f"{bare[:dot]}·{bare[dot:]}" if civil else bare
    province, body = (bare[at], bare[:at] + bare[at + 1 :]) if civil else (None, bare)
    return PlateValue(typed, bare, display, status, reason, kind, province, inferred, body)
