"""Taking an organisation's cell apart: its name, and the phones, people and notes beside it."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from quality.normalise import surname as surnames
from quality.normalise.company_latin import is_abbreviated
from quality.normalise.company_parts import (
    ANNEX,
    BRACKETED,
    GROUP,
    NOISE,
    branches,
    dissect,
    ending,
    ends,
    forms,
    is_company,
)
from quality.normalise.company_region import leading_region, whole_region
from quality.normalise.name_cell import PHONE, PLATE, is_label, take
from quality.normalise.name_title import strip_title
from quality.normalise.surname import looks_full
from quality.normalise.text import HAN, brackets, join_han, simplify
from quality.reference import table

_GAP = re.compile(
    f"(?<=[{HAN})]) +(?=[{HAN}A-Za-z0-9(])|(?<=[A-Za-z0-9]) +(?=[{HAN}])|(?<=[()]) +| +(?=[()])"
)
_SEPARATOR = re.compile(r"(\s*[/、，;；|:：]+\s*|\s*,\s*|\s*[—–-]+\s*)")
_HYPHENS = ("-", "—", "–")
_HAS_HAN = re.compile(f"[{HAN}]")
_TRANSLATED = re.compile(f"(.*[{HAN})])\\s+([A-Za-z][A-Za-z .,&()'-]{{3,}})")
_LATIN_AND_MAN = re.compile(f"([A-Za-z][^{HAN}]*?) *([{HAN}]{{2,5}})")
_NUMBERED = re.compile(r"(?<=公司) ?#?(\d{1,4})$")
_ITS_MAN = re.compile(f"(.*公司)([{HAN}]{{2,5}})")


class Cell(NamedTuple):
    """An organisation's name, and what stood beside it."""

    name: str
    phones: list[str]
    contacts: list[str]
    notes: list[str]


def take_contacts(text: str) -> Cell:
    """Phones and contact people out of a cell: 宏达物流公司 张伟, 宏达物流/李经理13800138000.

    >>> take_contacts("一汽-大众汽车有限公司").name, take_contacts("ABC Co., Ltd.").name
    ('一汽-大众汽车有限公司', 'ABC Co., Ltd.')
    >>> take_contacts("宏达物流公司-张伟"), take_contacts("单位名称：宏达物流公司王经理").contacts
    (Cell(name='宏达物流公司', phones=[], contacts=['张伟'], notes=[]), ['王经理'])
    """
    phones: list[str] = []
    plates: list[str] = []
    text = take(PLATE, take(PHONE, brackets(text), phones), plates).strip()
    if not _HAS_HAN.search(text):
        return Cell(text, phones, [], plates)
    cell = Cell("", phones, [], plates)
    text = _without_other_script(text, cell) if " " in text else text
    name = _take_pieces(text, cell) if _HAS_HAN.search(text) else text
    name = _without_person(name, cell) if " " in name else name
    number = _NUMBERED.search(name)
    if number:
        name = name[: number.start()]
        cell.notes.append(number[1])
    man = None if name.endswith("公司") else _ITS_MAN.fullmatch(name)
    if man and _is_person(man[2]) and not ending(simplify(man[2]), _ends()):
        name = man[1]
        cell.contacts.insert(0, man[2])
    return cell._replace(name=name)


def _without_other_script(text: str, cell: Cell) -> str:
    """宏达物流公司 Hongda Co., Ltd.: without the translation; ABC Co., Ltd. 张伟: without him."""
    translated, man = _TRANSLATED.fullmatch(text), _LATIN_AND_MAN.fullmatch(text)
    if translated and is_company(simplify(translated[1])):
        cell.notes.append(translated[2])
        return translated[1]
    if man and is_company(man[1]) and _is_person(man[2]):
        cell.contacts.append(man[2])
        return man[1]
    return text


def _without_person(name: str, cell: Cell) -> str:
    """宏达物流公司 张伟, 张伟 宏达物流公司: the name without the person."""
    before, _, last = name.rpartition(" ")
    first, _, after = name.partition(" ")
    if _is_person(last) and last not in forms() and is_company(simplify(before)):
        cell.contacts.insert(0, last)
        return before
    if _stands_before(simplify(first), simplify(after)):
        cell.contacts.insert(0, first)
        return after
    return name


def _stands_before(person: str, organisation: str) -> bool:
    """张伟 before 宏达物流公司; but 沈阳华 盛园林有限公司 is one name with a space in it."""
    if len(person) > 3 or person[0] in starts_companies() or leading_region(person):
        return False
    if not is_persons_name(person) or not is_company(organisation):
        return False
    parts = dissect(organisation)
    return len(parts.core) > 1 or bool(parts.region)


def _take_pieces(text: str, cell: Cell) -> str:
    """The name, put together of the pieces that are its own; people and notes into the cell."""
    first, *rest = _SEPARATOR.split(text)
    name = first
    for separator, piece in zip(rest[::2], rest[1::2], strict=True):
        if not piece:
            continue
        if not name or is_label(name):
            cell.notes.extend(filter(None, [name]))
            name = piece
        elif is_company(simplify(piece)) and is_persons_name(simplify(name)):
            cell.contacts.append(name)
            name = piece
        elif _is_person(piece) and (is_company(simplify(name)) or _is_titled(piece)):
            cell.contacts.append(piece)
        elif _continues(name, separator.strip(), piece):
            name += separator.strip() + piece
        elif looks_full(piece):
            cell.contacts.append(piece)
        else:
            cell.notes.append(piece)
    return name


def _continues(name: str, separator: str, piece: str) -> bool:
    """Whether a piece behind a sign belongs to the name: 一汽-大众, 平安保险-昆山支公司.

    Behind a hyphen, unless the name has its legal form; behind another, if it brings the form.
    """
    whole = ending(simplify(name), forms())
    if separator[:1] in _HYPHENS:
        return not whole or bool(ending(simplify(piece), branches()))
    return not is_company(simplify(name)) and is_company(simplify(piece))


def _is_person(text: str) -> bool:
    """Whether a text beside an organisation is a full name, or a surname with a title."""
    simple = simplify(text)
    return simple not in not_people() and (looks_full(text) or _is_titled(text))


def _is_titled(text: str) -> bool:
    return strip_title(simplify(text))[0] > 0


def tidy(text: str) -> tuple[str, list[str]]:
    """The name without spaces between Han and without bracketed notes; and the notes."""
    if not _HAS_HAN.search(text):
        name = " ".join(text.split()).strip(NOISE.replace(".", ""))
        return (name if is_abbreviated(name) else name.rstrip(".")), []
    notes = []
    for match in BRACKETED.finditer(text):
        inside = simplify(match[1].strip())
        if inside in (*ANNEX, GROUP) or whole_region(inside) or _names_branch(inside):
            continue
        if _is_core(text[: match.start()], inside, text[match.end() :]):
            continue
        notes.append(match[1].strip())
        text = text.replace(match[0], "")
    text = text.strip(NOISE)
    if text.count("(") != text.count(")"):
        text = text.replace("(", "").replace(")", "")
    text = text.replace("()", "")
    name = _GAP.sub("", join_han(" ".join(text.split())))
    return name.strip(NOISE), [note for note in notes if note]


def _is_core(before: str, inside: str, after: str) -> bool:
    """Whether a bracket holds the core: 上海(安达)物流有限公司; the rest has none."""
    before, after = simplify(before).strip(), simplify(after).strip()
    if not after or (before and not whole_region(before)):
        return False
    if len(inside) < 2 or inside.isdigit() or is_label(inside):
        return False
    behind = dissect(after)
    if behind.core or behind.region or behind.branch == after:
        return False
    public = behind.kind == "institution"
    return bool(behind.trades or behind.form) and not (public and is_persons_name(inside))


def _names_branch(inside: str) -> bool:
    """Whether the bracket holds a branch (苏州分公司) and so belongs to the name."""
    return bool(ending(inside, branches()))


@cache
def _ends() -> dict[str, str]:
    return dict.fromkeys(ends(), "")


@cache
def not_people() -> frozenset[str]:
    """Short names of companies that look like people's."""
    return frozenset(row["text"] for row in table("not_people") if row["how"] == "whole")


@cache
def starts_companies() -> frozenset[str]:
    """Surnames with which the names of companies begin as often."""
    return frozenset(row["text"] for row in table("not_people") if row["how"] == "start")


def is_persons_name(simple: str) -> bool:
    """Whether a text without any word of an organisation is a person's name: 张伟, 王经理.

    >>> [is_persons_name(n) for n in ("张伟", "欧阳娜娜", "王经理", "海尔", "万达", "顺丰")]
    [True, True, True, False, False, False]
    """
    if simple in not_people() or whole_region(simple):
        return False
    usual = simple[:1] in surnames.usual() or simple[:2] in surnames.compound()
    return strip_title(simple)[0] > 1 or (usual and looks_full(simple))
