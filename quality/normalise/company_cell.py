"""Taking an organisation's cell apart: its name, and the phones, people and notes beside it."""

from __future__ import annotations

import re
from typing import NamedTuple

from quality.normalise.company_parts import (
    ANNEX,
    BRACKETED,
    NOISE,
    branches,
    ending,
    forms,
    is_company,
    leading_place,
)
from quality.normalise.name_cell import PHONE, looks_full, take
from quality.normalise.text import HAN, brackets, join_han, simplify

_GAP = re.compile(f"(?<=[{HAN})]) +(?=[{HAN}(])|(?<=[()]) +| +(?=[()])")
# what brackets hold that belongs to the registered name
_KEPT = (*ANNEX, "集团", "中国")
_PLURAL = re.compile(r"\s*[/、,，;；|:：—–-]+\s*")


class Cell(NamedTuple):
    """An organisation's name, and what stood beside it."""

    name: str
    phones: list[str]
    contacts: list[str]
    notes: list[str]


def take_contacts(text: str) -> Cell:
    """Phones and contact people out of a cell: 宏达物流公司 张伟, 宏达物流/李经理13800138000."""
    phones: list[str] = []
    text = take(PHONE, brackets(text), phones)
    parts = [part for part in map(str.strip, _PLURAL.split(text)) if part]
    head, beside = (parts[0], parts[1:]) if parts else ("", [])
    before, _, last = head.rpartition(" ")
    if looks_full(last) and last not in forms() and is_company(simplify(before)):
        head, beside = before, [last, *beside]
    people = [part for part in beside if looks_full(part)]
    return Cell(head, phones, people, [part for part in beside if part not in people])


def tidy(text: str) -> tuple[str, list[str]]:
    """The name without spaces between Han and without bracketed notes; and the notes."""
    notes = []
    for match in BRACKETED.finditer(text):
        inside = simplify(match[1].strip())
        if inside in _KEPT or leading_place(inside) or _named_inside(inside):
            continue
        notes.append(match[1].strip())
        text = text.replace(match[0], "")
    text = text.strip(NOISE)
    if text.count("(") != text.count(")"):
        text = text.replace("(", "").replace(")", "")
    text = text.replace("()", "")
    name = _GAP.sub("", join_han(" ".join(text.split())))
    return name.strip(NOISE), [note for note in notes if note]


def _named_inside(inside: str) -> bool:
    """Whether the bracket holds a branch (苏州分公司) and so belongs to the name."""
    return bool(ending(inside, branches()))
