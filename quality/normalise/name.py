"""Personal names as dealers type them.

Format: surname of one character (or a compound surname, see `surname`) and a given name of one or
two, rarely three; minority names in parts joined by U+00B7 (notice of ten ministries, 2016-05-09);
at most 25 Han characters. What else a name cell holds is understood and put where it belongs:

- honorifics and titles (`titles.csv`) go to `title`, with the sex that they tell; a surname that is
  left alone is a partial name (刘先生, 小张, 欧阳), never a full one;
- notes, phones, plates and further people go to `note`, `phones`, `plates`, `others`;
- characters that the system could not hold (? □ 〓 ▀ * private use, X) become the wildcard `?`;
- placeholders (`name_placeholders.csv`, bare titles and roles) are told from names, the title kept;
  张三 and its like are suspects only;
- company names (`company.is_company`) have kind `company` and no surname;
- what was decoded with the wrong code page is read with the right one (`mojibake`).

Doubts change no value and have a reason: `ambiguous_split` (four characters: 张杨思涵, 白玛央金),
`perhaps_two_people` (王伟李娜, both in `others`), `perhaps_title` (叶先, cut off or a name),
`ambiguous_order` (Liu Feng). What has one outcome is mended: `note_cut` (王强代, 客户张伟),
`run_together` (张小明李小红), `doubled` (张伟张伟), `decomposed_character` (马由页), `mojibake`.

`value` is the clean name in the script as typed; `fold` the form to compare by: simplified by
OpenCC, variant classes of `variants.csv` folded, without spaces and dots, Latin in upper case.

>>> v = normalise("劉先生")
>>> v.value, v.surname, v.given, v.title, v.sex, v.status.value, v.reason
('劉', '劉', None, '先生', 'M', 'partial', 'surname_with_title')
>>> v = normalise("張 偉（老公）13800138000")
>>> v.value, v.fold, v.pinyin, v.note, v.phones
('張偉', '张伟', 'zhang wei', '老公', ('13800138000',))
>>> normalise("覃乐").pinyins
('qin le', 'qin yue', 'tan le', 'tan yue')
>>> normalise("测试").status.value, normalise("何厂长").kind, normalise("何氏五金厂").kind
('placeholder', 'person', 'company')
"""

from __future__ import annotations

import re
from dataclasses import replace

from quality.normalise import NOWHERE, Near, Status, company, mojibake
from quality.normalise import surname as surnames
from quality.normalise.company_cell import is_persons_name, starts_companies
from quality.normalise.name_cell import Cell, take_apart
from quality.normalise.name_han import cut, person_of, plain
from quality.normalise.name_latin import latin
from quality.normalise.name_people import second_person
from quality.normalise.name_person import by_parts
from quality.normalise.name_value import (
    REPEATED,
    NameValue,
    decomposed,
    end_titles,
    placeholder,
    titles,
)
from quality.normalise.surname import WILDCARD
from quality.normalise.text import HAN, clean, fold, is_han, simplify

__all__ = ["NameValue", "normalise"]

_HAS_HAN = re.compile(f"[{HAN}]")
_HAN_AND_LATIN = re.compile(f"([{HAN}·?]+) *([A-Za-z][A-Za-z ,.'-]*)")
_LATIN_AND_HAN = re.compile(f"([A-Za-z][A-Za-z ,.'-]*?) *([{HAN}·]{{2,}})")
_BEFORE_LABEL = re.compile(f"([{HAN}]{{2,4}}) ?[ /、,，;；|:：_-] ?([{HAN}]{{2,}})")
_ROW_NUMBER = re.compile(rf"(\d{{1,4}}) ?[.、)]? ?([{HAN}]{{2,4}})")
_SETTLING = 6  # rounds after which a cell that keeps changing is given up


def normalise(typed: str | None, near: Near = NOWHERE) -> NameValue:
    """Understand one name cell."""
    text = clean(typed)
    if not text:
        return NameValue(typed, None, "", Status.MISSING, "missing")
    usual = plain(typed, text)
    if usual:
        return usual
    origin = _origin(typed or "", text)
    result = _understood(typed, origin or mojibake.lost(text))
    result = _garbled(result) if origin else result
    for _ in range(_SETTLING):
        value = result.value
        if value is None:
            return result
        origin = _origin(value, value)
        again = _understood(value, origin or clean(value))
        if again.value == value:
            return result
        result = _merge(result, again)
        result = _garbled(result) if origin else result
    return NameValue(typed, None, text, Status.INVALID, "not_a_name")


def _garbled(value: NameValue) -> NameValue:
    """A value that was read in a wrong code page before."""
    status = Status.REPAIRED if value.status is Status.OK else value.status
    return replace(value, status=status, reason="mojibake")


def _origin(typed: str, text: str) -> str:
    """What a garbled cell was, where that is a name of a usual surname or a company; else ''."""
    if typed.isascii() or surnames.split(simplify(text)).surname:
        return ""
    found = [text for text in mojibake.origins(typed) if _is_plausible(text.rstrip(WILDCARD))]
    # Of two readings the second is Big5: rarely met, and by chance hardly ever in usual characters.
    return found[0] if len(found) == 1 or (found and mojibake.is_usual(found[0])) else ""


def _is_plausible(text: str) -> bool:
    simple = simplify(text)
    usual = simple[:1] in surnames.usual() or simple[:2] in surnames.compound()
    return (usual and surnames.looks_full(text)) or company.is_company(simple)


def _merge(first: NameValue, again: NameValue) -> NameValue:
    """The reading of the second round, with what the first had taken out of the cell."""
    return replace(
        again,
        typed=first.typed,
        title=first.title or again.title,
        sex=first.sex or again.sex,
        others=first.others + again.others,
        phones=first.phones + again.phones,
        plates=first.plates + again.plates,
        note=first.note or again.note,
    )


def _understood(typed: str | None, text: str) -> NameValue:
    """One round over a cleaned, non-empty text."""
    simple = simplify(text)
    how = placeholder(simple)
    if how == "suspect":
        person = person_of(typed, text)
        return replace(person, status=Status.PLACEHOLDER, reason="placeholder_suspect")
    if how:
        return _nobody(typed, text, simple)
    title = simple.lstrip(WILDCARD)
    if title != simple and len(title) > 1 and title in end_titles():  # ?先生
        return _nobody(typed, text, simple)
    beside = _with_label(typed, text) or _with_row_number(typed, text)
    if beside:
        return beside
    if company.is_company(simple) or (not is_han(text) and _has_company(simple)):
        return _company(typed, text)
    if is_han(text) and len(text) <= 4:
        return _people(typed, text)
    cell = take_apart(text)
    return _from_cell(typed, cell)


def _nobody(typed: str | None, text: str, simple: str) -> NameValue:
    """A placeholder; a title without a name (售后经理) tells the title, and maybe the sex."""
    ends = (text[at:] for at in range(len(text)) if at == 0 or len(text) - at > 1)
    known = ((end, titles().get(simplify(end).upper())) for end in ends)
    title, told = next(((end, told) for end, told in known if told), (None, ("", "")))
    return NameValue(
        typed, None, text, Status.PLACEHOLDER, "placeholder",
        title=None if told[1].startswith("bracket") else title, sex=told[0] or None,
    )  # fmt: skip


def _with_label(typed: str | None, text: str) -> NameValue | None:
    """张伟/公司: a person, and what kind of customer; no company has its name parted so."""
    parted = _BEFORE_LABEL.fullmatch(text)
    if not parted or placeholder(simplify(parted[2])) != "whole":
        return None
    name = simplify(parted[1])
    if simplify(parted[2]) in end_titles() or not company.is_company(name + simplify(parted[2])):
        return None
    if not is_persons_name(name) or name[0] in starts_companies():
        return None
    return cut(_people(typed, parted[1]), parted[2])


def _with_row_number(typed: str | None, text: str) -> NameValue | None:
    """01张伟: the name behind the number of its row."""
    numbered = _ROW_NUMBER.fullmatch(text)
    if not numbered or company.is_company(simplify(text)):
        return None
    if not is_persons_name(simplify(numbered[2])):
        return None
    return cut(_people(typed, numbered[2]), numbered[1])


def _has_company(simple: str) -> bool:
    """Whether an organisation is left when phones and contact people are taken out."""
    return company.is_company(company.take_contacts(simple).name)


def _company(typed: str | None, text: str) -> NameValue:
    found = company.normalise(text)
    if found.value is None:
        nobody = found.status is Status.PLACEHOLDER
        status, reason = (found.status, found.reason) if nobody else (Status.INVALID, "not_a_name")
        return NameValue(typed, None, text, status, reason)
    script = "latin" if found.value.isascii() else "han"
    return NameValue(
        typed, found.value, found.value, found.status, found.reason,
        kind="company", fold=fold(found.value).upper(), script=script, others=found.contacts,
        phones=found.phones, note=found.note,
    )  # fmt: skip


def _from_cell(typed: str | None, cell: Cell) -> NameValue:
    """The value of a cell that was taken apart."""
    name = cell.first
    extras = _Extras(cell)
    if not name or not any(c.isalpha() for c in name):
        return extras.onto(_nothing(typed, name, cell))
    if placeholder(simplify(name)) == "whole":
        return extras.onto(_nobody(typed, name, simplify(name)))
    if not _HAS_HAN.search(name):
        return extras.onto(latin(typed, name))
    if company.is_company(simplify(name)):
        return extras.onto(_company(typed, name))
    both = _HAN_AND_LATIN.fullmatch(name)
    if both:
        return extras.onto(_beside_latin(typed, both[1], both[2].strip(), cell))
    both = _LATIN_AND_HAN.fullmatch(name)
    if both:
        return extras.onto(_behind_latin(typed, both[1].strip(), both[2], cell))
    person = _people(typed, name)
    if cell.bracket and person.reason == "surname_only":
        person = _bracketed_character(person, cell.bracket)
    return extras.onto(person)


def _people(typed: str | None, name: str) -> NameValue:
    """One person, or the first of two who stand side by side: 王先生李女士."""
    at = second_person(simplify(name)) if is_han(name) else 0
    if not at:
        return person_of(typed, name)
    first = person_of(typed, name[:at])
    return replace(first, others=(name[at:], *first.others))


class _Extras:
    """What a cell held beside the name, to be put onto its value."""

    def __init__(self, cell: Cell) -> None:
        self._cell = cell

    def onto(self, value: NameValue) -> NameValue:
        """The value with everything else that the cell held."""
        cell = self._cell
        told = {note: titles().get(simplify(note), ("", "")) for note in cell.notes}
        sex = next((sex for sex, _ in told.values() if sex), None)
        title = next((note for note, (_, after) in told.items() if after == "name"), None)
        person = value.kind == "person"
        return replace(
            value,
            title=value.title or (title if person else None),
            sex=value.sex or (sex if person else None),
            others=value.others + tuple(o for o in cell.others if not placeholder(simplify(o))),
            phones=value.phones + tuple(cell.phones),
            plates=value.plates + tuple(cell.plates),
            note="; ".join(cell.notes) or value.note,
        )


def _nothing(typed: str | None, name: str, cell: Cell) -> NameValue:
    """A cell without a name: only a phone, only wildcards, only signs."""
    if cell.phones or cell.plates:
        return NameValue(typed, None, "", Status.INVALID, "no_name_but_contact")
    if cell.notes:
        return NameValue(typed, None, "", Status.INVALID, "no_name")
    if WILDCARD in name:
        return NameValue(typed, None, name, Status.INVALID, "wildcards_only")
    if len(name) <= 1 or REPEATED.fullmatch(name):
        return NameValue(typed, None, name, Status.PLACEHOLDER, "placeholder")
    return NameValue(typed, None, name, Status.INVALID, "no_letters")


def _beside_latin(typed: str | None, han: str, latin: str, cell: Cell) -> NameValue:
    """陈大文 CHAN TAI MAN, or 张yan: a rare character typed by its sound."""
    simple = simplify(han)
    sound = surnames.spell(latin.lower()) if latin.isalpha() else None
    alone = simple in surnames.compound() or simple in surnames.single()
    cell.notes.append(latin)
    if alone and sound and len(sound) == 1:
        person = person_of(typed, han + WILDCARD)
        spelt = tuple(p.replace(WILDCARD, sound[0]) for p in person.pinyins)
        return replace(person, pinyin=spelt[0], pinyins=spelt)
    return person_of(typed, han)


def _behind_latin(typed: str | None, latin_part: str, han: str, cell: Cell) -> NameValue:
    """CHAN TAI MAN 陈大文: the Han are the name; Wang Haiyan小姐: the Latin, and its title."""
    sex, after = titles().get(simplify(han), ("", ""))
    if after == "name":
        person = replace(latin(typed, latin_part), title=han, sex=sex or None)
        if " " in latin_part or not person.value:
            return person
        reason = "surname_with_title"
        return replace(person, surname=latin_part, status=Status.PARTIAL, reason=reason)
    if placeholder(simplify(han)):
        cell.notes.append(han)
        return latin(typed, latin_part)
    cell.notes.append(latin_part)
    return person_of(typed, han)


def _bracketed_character(person: NameValue, inside: str) -> NameValue:
    """张(龙天): the one character of the given name described by its parts; 张(老公) is a note."""
    characters = decomposed().get(simplify(inside))
    if characters is None:
        return person
    return by_parts(person_of(person.typed, (person.value or "") + WILDCARD), characters)
