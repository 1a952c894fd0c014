"""Taking a name cell apart: phones, plates, notes, further people out, until one name is left."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from quality.normalise.name_title import is_mention
from quality.normalise.name_value import end_titles, placeholder, relations
from quality.normalise.surname import WILDCARD, looks_full, single, usual
from quality.normalise.text import HAN, brackets, is_han, join_han, simplify

# all the middle dots of FACTS; NFKC unifies none of them. GB 18030 A1A4 is U+00B7
_DOTS = str.maketrans(dict.fromkeys("•‧∙⋅・･ㆍ◦∘᛫●․", "·"))
_DOT_BETWEEN_HAN = re.compile(f"(?<=[{HAN}?]) ?[·.﹒]+ ?(?=[{HAN}?])")
# a dot that was typed as a star or a hyphen: only between two long Han parts without a surname
_FALSE_DOT = re.compile(f"([{HAN}]{{2,8}})[*-]([{HAN}]{{3,8}})")
_UNKNOWN = re.compile(
    f"[〓□▀*■◆◇�＊\ue000-\uf8ff\U000f0000-\U0010ffff]|(?<=[{HAN}?])[Xx×]{{1,3}}(?![A-Za-z])"
)
PHONE = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"
    r"|(?<!\d)1[3-9]\d\*{4}\d{4}(?!\d)"
    r"|(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)|(?<![\dA-Za-z])\d{7,}(?![\dA-Za-z])"
)
PLATE = re.compile(
    "[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新]"
    "[A-Za-z][· .-]?[A-Za-z0-9]{4,6}[警学挂港澳]?(?![A-Za-z0-9])"
)
# a VIN, or a resident id
_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?:(?=[A-Za-z]*\d)[A-HJ-NPR-Za-hj-npr-z0-9]{17}|\d{17}[\dXx])(?![A-Za-z0-9])"
)
_IN_BRACKETS = re.compile(r"\(([^()]+)\)")
_BRACKETED = re.compile(r"\(([^()]*)\)?|\)")
_DASH = re.compile(r"\s*(?:[-—–_:=~|;]+|\.{2,})\s*")
_SEPARATOR = re.compile(r"\s*[/\\、,，&+;；]\s*")
_LATIN_SEPARATOR = re.compile(r"\s*[/\\、&+;；]\s*")  # SMITH, JOHN is one person
_HAN = re.compile(f"[{HAN}]")
_AND = re.compile(f"([{HAN}]{{2,4}})(?:和|与|及|跟|同|转|转给)([{HAN}]{{2,4}})")
_AND_OTHERS = re.compile(r"等 ?[\d一二三四五六七八九十两几多]* ?人$")
# a name whose surname was parted from the rest: 张-伟, 张.伟
_PARTED = re.compile(f"([{HAN}])[-_.]([{HAN}]{{1,2}})")
_DIGIT = re.compile(r"\d")
_TAIL_DIGITS = re.compile(r"(?<=\D)\s*#?\d{1,6}$")


@dataclass(slots=True)
class Cell:
    """What one name cell holds: the first name, and what stood beside it."""

    first: str
    others: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    plates: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    bracket: str = ""  # the first bracketed text, also among the notes


def unify(text: str) -> str:
    """Dots between Han as U+00B7, unknown characters as '?', no space between Han characters."""
    parted = _PARTED.fullmatch(text.strip())
    if parted and simplify(parted[1]) in usual():
        return parted[1] + parted[2]
    text = text.translate(_DOTS)
    false_dot = _FALSE_DOT.fullmatch(text)
    if false_dot and simplify(text[0]) not in single() and false_dot[2] not in relations():
        text = "·".join(false_dot.groups())
    text = _DOT_BETWEEN_HAN.sub("·", text)
    previous = None
    while previous != text:
        previous, text = text, _UNKNOWN.sub(lambda m: WILDCARD * len(m[0]), text)
    return text.strip(" ·.,-_/\\:;!\"'`~、，。；：|+&=#%^<>@$")


def take_apart(text: str) -> Cell:
    """Split a cleaned cell. Order: phones and plates, brackets, further people, dashes, digits."""
    cell = Cell("")
    text = _undecorated(brackets(text))
    alone = _IN_BRACKETS.fullmatch(text)
    text = take(_CODE, alone[1] if alone else text, cell.notes)
    text = take(PHONE, text, cell.phones)
    text = take(PLATE, text, cell.plates)
    inside = [m[1] for m in _BRACKETED.finditer(text) if m[1] and m[1].strip()]
    cell.bracket = inside[0].strip() if inside else ""
    cell.notes += [note.strip() for note in inside]
    text = take(_AND_OTHERS, _BRACKETED.sub(" ", text).strip(), cell.notes)
    people = split_people(unify(text))
    while len(people) > 1 and is_label(people[0]):
        cell.notes.append(people.pop(0))
    cell.first, cell.others = (people[0], people[1:]) if people else ("", [])
    cell.first = _take_notes(cell.first, cell)
    cell.others = [_without_party(other, cell) for other in cell.others]
    return cell


def _undecorated(text: str) -> str:
    """Without emoji and ornaments; those that stand for a character or a dot stay."""
    if text.isascii():
        return text
    return "".join(
        char for char in text
        if unicodedata.category(char) != "So" or ord(char) in _DOTS or _UNKNOWN.match(char)
    )  # fmt: skip


def is_label(text: str) -> bool:
    """Whether a text before a name says only whose it is: 车主, 姓名, 先生."""
    return is_han(text) and placeholder(simplify(text)) == "whole"


def _without_party(person: str, cell: Cell) -> str:
    """王芳 of 王芳夫妇; the rest goes to the notes."""
    simple = simplify(person)
    for word, kind in relations().items():
        if kind == "party" and simple.endswith(word) and looks_full(simple[: -len(word)]):
            cell.notes.append(person[-len(word) :])
            return person[: -len(word)]
    return person


def split_people(text: str) -> list[str]:
    """The mentions that separators, a joining word or a space between two full names part.

    >>> split_people("张伟/李娜"), split_people("张 伟"), split_people("张伟 李娜")
    (['张伟', '李娜'], ['张伟'], ['张伟', '李娜'])
    >>> split_people("张伟和李娜"), split_people("张和平"), split_people("CHAN TAI MAN")
    (['张伟', '李娜'], ['张和平'], ['CHAN TAI MAN'])
    """
    separator = _SEPARATOR if _HAN.search(text) else _LATIN_SEPARATOR
    parts = [part for part in map(unify, separator.split(text)) if part]
    return [name for part in parts for name in _by_space(part)]


def _by_space(part: str) -> list[str]:
    both = _AND.fullmatch(join_han(part))
    if both and all(looks_full(name) for name in both.groups()):
        return list(both.groups())
    tokens = part.split(" ")
    if len(tokens) > 1 and all(map(is_mention, tokens)):
        return tokens
    if len(tokens) == 2 and looks_full(tokens[0]) and _is_note(tokens[1]):
        return [f"{tokens[0]}-{tokens[1]}"]  # a note, to be cut as one after a dash
    if len(tokens) == 2 and is_label(tokens[0]):
        return [f"{tokens[0]}:{tokens[1]}"]
    return [join_han(part)]


def _is_note(text: str) -> bool:
    """Whether a text behind a name is a word beside it (代办), or no name at all (个人, 13款)."""
    if _DIGIT.search(text):
        return True
    simple = simplify(text)
    nobody = placeholder(simple) == "whole" and simple not in end_titles()
    return simple in relations() or (nobody and is_han(simple))


def _take_notes(name: str, cell: Cell) -> str:
    """Cut what stands after a dash, and trailing digits, into the notes."""
    parts = _DASH.split(name)
    while len(parts) > 1 and is_label(parts[0]):
        cell.notes.append(parts.pop(0))
    name = parts[0] if len(parts) == 1 else name
    if len(parts) > 1 and any(c >= "\u3400" for c in parts[0]):
        people = [p for p in parts[1:] if looks_full(p) and len(p) <= 3]
        cell.others += people
        cell.notes += [p for p in parts[1:] if p and p not in people]
        name = parts[0]
    tail = _TAIL_DIGITS.search(name)
    if tail:
        cell.notes.append(tail[0].strip(" #"))
        name = name[: tail.start()]
    return unify(name)


def take(pattern: re.Pattern[str], text: str, into: list[str]) -> str:
    """Move what the pattern finds into the list; return the text without it."""
    found = pattern.findall(text)
    if not found:
        return text
    into += found
    return pattern.sub(" ", text)
