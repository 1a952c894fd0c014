"""An address cell before its levels are read: labels, contacts, notes and separators out.

`Text` holds it twice, character by character: in simplified characters, to understand it, and in
those that were typed, for the value. What is put in (市, 室) is written in the typed script.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import opencc

from quality.normalise.numeral import ANY, COUNTED, FOLLOWING, ROOM, arabic
from quality.normalise.place_names import begins
from quality.normalise.surname import single
from quality.normalise.text import HAN, brackets, simplify

_LABEL = re.compile(
    "(?:(?:通讯|联系|家庭|单位|公司|收件|收货|邮寄|现住?|居住|户籍|户口|详细|身份证|客户){0,2}"
    "(?:地址|住址|所在地)[:：]?|[Aa]dd(?:ress|r)?[.:：] ?)"
)
_POSTCODE = re.compile(r"^\(?(?:邮编:?)?\d{6}\)?(?=\D)|\(?邮编:?\d{6}\)?$|[ (]\d{6}\)?$")
_PHONE = (
    r"(?:联系)?(?:电话|手机号?|[Tt][Ee][Ll])?[:：.]? ?(?<![\d-])"
    r"(?:(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}-?\d{7,8}|400-?\d{3}-?\d{4})(?![\d-])"
)
_KINDS = "[省市区县镇乡村路街号]"  # no name of a person ends so
_TITLES = "(?:先生|女士|小姐|师傅)"
_BRACKETED = re.compile(r"\([^()]*\)?|(?:备注|注)[:：][^()]*$")
_NUMBERED = re.compile(r"\((\d{1,3})\)(?=[组队社号栋幢座]|单元)")  # (12)组
_CUT_OFF = re.compile(r"\.{2,}$|\([^()]*$|\d单$|第$")
# what a cell must hold to hold more than an address, or less
_DIGITS = re.compile(r"\d\d\d(?:\d{3}|[- ]\d)")
_BESIDE = re.compile(r"\(|\)|收|注[:：]|先生|女士|小姐|师傅|联系|\.\.|单$|第$")
_BRACKET = re.compile(r"[\[\]{}【】〔〕〈〉《》「」『』〖〗]")
_EDGES = " :：-—,.;/、。"
_RUN = re.compile(r"[ ,，、。;；|_/\\>·•.~—-]+")
_HERE = re.compile("本(?:[市县区镇乡地]|省)(?=.)")


class Text(NamedTuple):
    """The same text in simplified characters and as typed; both are equally long."""

    simple: str
    shown: str

    def sub(self, pattern: re.Pattern[str], put: Callable[[re.Match[str]], str] | str) -> Text:
        """Replace in both what the pattern finds in the simplified text."""
        if self.simple is self.shown:
            both, found = pattern.subn(put, self.simple)
            return Text(both, both) if found else self
        simple, shown, end = "", "", 0
        for match in pattern.finditer(self.simple):
            new = put if isinstance(put, str) else put(match)
            simple += self.simple[end : match.start()] + new
            shown += self.shown[end : match.start()] + new
            end = match.end()
        return Text(simple + self.simple[end:], shown + self.shown[end:]) if end else self

    def cut(self, start: int, end: int | None = None) -> Text:
        """The part from start to end."""
        shown = self.shown[start:end]
        return Text(shown if self.simple is self.shown else self.simple[start:end], shown)

    def strip(self, characters: str) -> Text:
        """Without the characters at both ends."""
        if self.simple.strip(characters) == self.simple:
            return self
        start = len(self.simple) - len(self.simple.lstrip(characters))
        return self.cut(start, max(start, len(self.simple.rstrip(characters))))


class Cell(NamedTuple):
    """text: the address. notes: what stood in brackets. contacts: phones and people beside it.

    cut_off: whether it breaks off in the middle.
    """

    text: Text
    notes: list[Text]
    contacts: list[str]
    cut_off: bool


def read_cell(clean: str) -> Cell:
    """Take a cell apart; its numbers become Arabic.

    >>> cell = read_cell("地址:人民路十二号,世纪花园3-2-501(东门) 张伟 13812345678")
    >>> cell.text.simple, [note.simple for note in cell.notes], cell.contacts
    ('人民路12号世纪花园3-2-501', ['东门'], ['张伟', '13812345678'])
    """
    shown = brackets(clean).strip() if _BRACKET.search(clean) else clean
    simple = simplify(shown)
    text = Text(shown if simple == shown else simple, shown)
    contacts: list[str] = []
    notes: list[Text] = []
    cut_off = False
    if _DIGITS.search(simple) or _BESIDE.search(simple):
        text = text.sub(_POSTCODE, "").sub(_contact(), lambda found: _aside(found, contacts))
        cut_off = _CUT_OFF.search(text.simple) is not None
        text = text.sub(_NUMBERED, lambda found: found[1])
        notes = [text.cut(*found.span()).strip("() ") for found in _BRACKETED.finditer(text.simple)]
        text = text.sub(_BRACKETED, "")
    text = _without_head(text, notes, contacts)
    text = text.sub(_RUN, _separator).strip(_EDGES)
    for numeral in (COUNTED, FOLLOWING, ROOM) if ANY.search(text.simple) else ():
        text = text.sub(numeral, lambda found: str(arabic(found[1])))
    contacts += [note.simple for note in notes if _person().fullmatch(note.simple)]
    notes = [note for note in notes if note.simple and note.simple not in contacts]
    return Cell(text, notes, contacts, cut_off)


def _without_head(text: Text, notes: list[Text], contacts: list[str]) -> Text:
    """Without a label, a person or 本市 in front."""
    for pattern in (_person_first(), _LABEL, _HERE):
        text = text.strip(_EDGES)
        found = pattern.match(text.simple)
        if found is None or (pattern is not _LABEL and begins(text.simple, 0)):
            continue
        if pattern is _HERE:
            notes.append(text.cut(0, found.end()))
        elif pattern is not _LABEL:
            contacts.append(found[0].strip(_EDGES))
        text = text.cut(found.end())
    return text


def _separator(run: re.Match[str]) -> str:
    """What a run of separators says: between numbers and letters it keeps apart, else nothing."""
    text, signs = run.string, run[0]
    left, right = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
    if left == "号" and right.isdigit():
        return next((sign for sign in "、~-" if sign in signs.replace("—", "-")), "")
    if not (left.isascii() and left.isalnum() and right.isascii() and right.isalnum()):
        return ""
    if left.isdigit() and right.isdigit() and any(sign in signs for sign in ",，、;；|"):
        return "、"
    kept = (sign for sign in "-/.~" if sign in signs.replace("—", "-"))
    return next(kept, " ") if left.isdigit() or right.isdigit() else " "


def _aside(found: re.Match[str], contacts: list[str]) -> str:
    """Keep a phone or a person aside."""
    contacts.append(found[0].strip(_EDGES))
    return " "


@cache
def _contact() -> re.Pattern[str]:
    """A phone; a person in front of one, after a label, or with a title at the end."""
    person = f"[{''.join(single())}][{HAN}]"
    first = f"(?:^{person}{{1,2}}{_TITLES}?(?<!{_KINDS})[ ,、;:：]*)?"
    last = f"(?:[ ,、;:：]*{person}{{1,2}}收?$)?"
    return re.compile(
        f"(?:联系|收件|收货)人[:：]?[{HAN}·]{{2,4}}|{first}{_PHONE}{last}"
        "|(?<=[号室栋幢座楼层院户元村组\\d) ,、;:：])"
        f"(?:{person}{{1,2}}?{_TITLES}?收?[ ,、;:：]*(?={_PHONE})"
        f"|{person}{{0,2}}?{_TITLES}收?$|{person}{{1,2}}收$)"
    )


@cache
def _person() -> re.Pattern[str]:
    """A person in brackets: (张伟收)."""
    return re.compile(f"[{''.join(single())}][{HAN}]{{0,2}}?(?:{_TITLES}收?|收)")


@cache
def _person_first() -> re.Pattern[str]:
    """A person in front of an address: 张伟 江苏省."""
    person = f"[{''.join(single())}][{HAN}]{{1,2}}{_TITLES}?(?<!{_KINDS})"
    return re.compile(f"{person}[ ,、;:]+(?=[{HAN}]{{2,8}}[省市区县])")


class Script(NamedTuple):
    """How to write in the script of a text."""

    text: Text
    traditional: bool

    def is_plain(self) -> bool:
        """Whether the text is in simplified characters alone."""
        return self.text.simple is self.text.shown

    def write(self, words: str) -> str:
        """Simplified words in the script of the text."""
        if not self.traditional:
            return words
        written: str = _converter().convert(words)
        return written if simplify(written) == simplify(words) else words

    def spell(self, name: str, short: str = "") -> str:
        """A name as typed, as far as it was typed."""
        for part in (name, short):
            start = self.text.simple.find(simplify(part)) if part else -1
            if start >= 0:
                return self.text.shown[start : start + len(part)] + self.write(name[len(part) :])
        return self.write(name)


def script_of(text: Text) -> Script:
    """Traditional where more characters are so than are only simplified (乾县 is simplified)."""
    if text.simple is text.shown:
        return Script(text, False)
    pairs = list(zip(text.simple, text.shown, strict=True))
    traditional = sum(simple != shown for simple, shown in pairs)
    simplified = sum(simple == shown and _other_form(simple) for simple, shown in pairs)
    return Script(text, traditional > simplified)


@cache
def _converter() -> Any:
    return opencc.OpenCC("s2t")


@cache
def _other_form(simple: str) -> bool:
    """Whether a simplified character has another, traditional form."""
    return bool(_converter().convert(simple) != simple)
