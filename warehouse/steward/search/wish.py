"""What was typed, taken apart: names, sounds and numbers, of which a customer must fit each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from matching import ids
from quality.normalise.plate_forms import PROVINCES
from quality.normalise.text import HAN, clean
from warehouse.steward.search.forms import form

#: More words than these are no search, but something that was pasted.
MOST = 5
#: By the ends of numbers people are asked: four characters at least.
TAIL = 4
_SPACED_PHONE = re.compile(r"\+?\d[\d -]{9,18}\d")
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)|^\+86|^\+|^00(?=\d{8})|^0(?=[1-9]\d{8,}$)")
_WORD = re.compile(
    rf"(?P<plate>[{PROVINCES}][A-Za-z][·. -]?[0-9A-Za-z]{{4,6}}[{HAN}]?)"
    r"|(?P<number>\+?[A-Za-z-]*\d[0-9A-Za-z-]*)"
    rf"|(?P<name>[{HAN}]+)"
    r"|(?P<sound>[A-Za-zÜü']+)"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that a customer must fit. text: as the index has it. sounds: of a Han name."""

    kind: Literal["name", "sound", "number"]
    text: str
    sounds: tuple[str, ...] = ()


def wishes(typed: str) -> list[Wish]:
    """What somebody looks for; none where there is too little to go by, or far too much.

    >>> [(wish.kind, wish.text) for wish in wishes("张三丰 8000")]
    [('name', '张三丰'), ('number', '8000')]
    >>> [wish.text for wish in wishes("Zhang xiao-ming 京A·12345 +86 139 1234 8000")]
    ['zhangxiaoming', '京A12345', '13912348000']
    >>> wishes("z 12"), wishes("曾")[0].sounds
    ([], ('zeng',))
    """
    text = _SPACED_PHONE.sub(lambda found: _joined(found[0]), clean(typed).replace("-", " - "))
    text = re.sub(" - ", "-", text)
    found: list[Wish] = []
    for word in _WORD.finditer(text):
        wish = _wish(str(word.lastgroup), word[0])
        if wish.kind == "sound" and found and found[-1].kind == "sound":
            wish = Wish("sound", found.pop().text + wish.text)  # zhang xiao ming
        found.append(wish)
    useful = [wish for wish in found if _tells(wish)]
    return list(dict.fromkeys(useful)) if len(useful) <= MOST else []


def phone(typed: str) -> str:
    """A phone number as the index has it: digits, a Chinese one without country code.

    >>> phone("+86 139-1234-8000"), phone("0512-65123456"), phone("+85291234567")
    ('13912348000', '51265123456', '85291234567')
    >>> phone("0085291234567"), phone("00647")
    ('85291234567', '00647')
    """
    return _COUNTRY.sub("", re.sub(r"[^\d+]", "", clean(typed)))


def _joined(digits: str) -> str:
    """Digits with spaces as one number, where they are one phone; else as they were."""
    bare = phone(digits)
    return f"{bare} " if len(bare) == 11 or (digits[0] in "0+" and len(bare) > 8) else digits


def _wish(kind: str, text: str) -> Wish:
    if kind == "name":
        units, readings = form(text)
        return Wish("name", "".join(units), tuple("".join(sounds) for sounds in readings))
    if kind == "sound":
        return Wish("sound", re.sub("[^a-z]", "", text.lower().replace("ü", "v")))
    number = re.sub(r"[^\w]", "", text).upper()
    number = phone(text) if number.isdigit() else number
    return Wish("number", ids.parse(number) or number)


def _tells(wish: Wish) -> bool:
    """Whether it is enough to go by."""
    return len(wish.text) >= {"name": 1, "sound": 2, "number": TAIL}[wish.kind]
