"""Names in Han characters: title, nickname, relation, several people, surname and given name."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import accumulate, pairwise

from quality.normalise import Status, company
from quality.normalise import surname as surnames
from quality.normalise.name_people import run_together
from quality.normalise.name_person import by_parts, named, partial, uneven
from quality.normalise.name_relative import inner_title, named_relative, relative_of, whose
from quality.normalise.name_title import (
    NICKNAME,
    before_names,
    is_familiar,
    may_be_cut,
    strip_role,
    strip_title,
)
from quality.normalise.name_value import (
    NameValue,
    bare_parts,
    cut_titles,
    end_titles,
    no_relation_after,
    placeholders,
    prefixes,
    relations,
)
from quality.normalise.surname import WILDCARD
from quality.normalise.text import is_han, simplify

_ANONYMOUS = re.compile("(.{1,2}?)某[某人]?")
_NOT_READ = "锟斤"  # see `mojibake.lost`


def plain(typed: str | None, text: str) -> NameValue | None:
    """The fast way for most names: two to four Han, a surname first, no end that means something.

    None where any rule might apply; a law says that the slow way gives the same.
    """
    if not 2 <= len(text) <= 4 or not is_han(text):
        return None
    simple = simplify(text)
    first, last = simple[0], simple[-1]
    if first not in surnames.single() and simple[:2] not in surnames.compound():
        return None
    if first in other_starts() or last in other_ends(len(simple)):
        return None
    # no shorter text is an organisation's where a surname begins it
    if (len(simple) == 4 or first not in surnames.single()) and last in _ends_organisations():
        return None
    if simple in placeholders() or (len(simple) == 4 and _is_more(simple)):
        return None
    size, ambiguous = surnames.split(simple)
    if size == len(simple) or "某" in simple:
        return None
    return named(typed, text, simple, size, "ambiguous_split" if ambiguous else "")


@cache
def other_starts() -> frozenset[str]:
    """First characters of nicknames and of placeholders that are prefixes."""
    return frozenset(NICKNAME) | {prefix[0] for prefix in prefixes()}


def other_ends(length: int) -> frozenset[str]:
    """Last characters, of names so long, of titles, relations and decomposed characters."""
    # of longer names, no end is a title that was cut off
    return _other_ends() | cut_titles() if length == 2 else _other_ends()


@cache
def _other_ends() -> frozenset[str]:
    return frozenset(word[-1] for word in (*end_titles(), *relations(), *bare_parts()))


@cache
def _ends_organisations() -> frozenset[str]:
    return frozenset(word[-1] for word in company.ends())


def _is_more(simple: str) -> bool:
    """Whether four characters may be a title and a name, two names, or no text at all."""
    doubled = simple[:2] == simple[2:]
    strange = doubled or _NOT_READ in simple or simple[:2] in before_names()
    return strange or bool(run_together(simple))


def person_of(typed: str | None, text: str) -> NameValue:
    """A Han mention: title, notes before and behind it, nickname, surname and given name."""
    simple = simplify(text)
    if not is_han(text):
        return uneven(typed, text)
    role = strip_role(simple)
    if role:
        return _with_role(person_of(typed, text[role:]), text[:role])
    known, begins = named_relative(simple)
    if known:
        relative = cut(person_of(typed, text[begins:]), text[known:begins])
        return replace(relative, others=(text[:known], *relative.others), reason="relative_of")
    known = whose(simple)
    if known:
        return relative_of(typed, text, text[:known])
    if is_familiar(simple):
        return _familiar(typed, text, simple)
    size, title, sex = strip_title(simple)
    if title:
        size += inner_title(simple[: len(simple) - size])[0]  # 王主任医生
        named = text[: len(text) - size]
        return _titled(typed, named, text[len(text) - size :], sex)
    special = _nickname(typed, text, simple) or _with_relation(typed, text, simple)
    return special or full_name(typed, text, simple)


def _with_role(person: NameValue, role: str) -> NameValue:
    """经理王强: the title where it is one and none follows; else a note that was cut off."""
    title = end_titles().get(simplify(role))
    if title and not person.title:
        return replace(person, title=role, sex=person.sex or title[0] or None)
    return cut(person, role)


def cut(person: NameValue, note: str) -> NameValue:
    """A person with a note that was cut off the name."""
    status = Status.REPAIRED if person.status is Status.OK else person.status
    notes = "; ".join(filter(None, [person.note, note]))
    return replace(person, note=notes, status=status, reason=person.reason or "note_cut")


def _titled(typed: str | None, named: str, title: str, sex: str | None) -> NameValue:
    simple = simplify(named)
    person = full_name(typed, named, simple)
    if _ANONYMOUS.fullmatch(simple):
        person = _nickname(typed, named, simple) or person
    if person.reason == "surname_only" or person.reason == "one_character":
        person = replace(person, status=Status.PARTIAL, reason="surname_with_title")
    return replace(person, title=title, sex=sex, kind="person")


def _familiar(typed: str | None, text: str, simple: str) -> NameValue:
    """丽姐: a part of the given name, or else a rare surname; and the sex."""
    given = None if simple[0] in surnames.single() else text[0]
    return replace(
        named(typed, text, simple, 0), status=Status.PARTIAL, reason="nickname", kind="person",
        given=given, title=text[1:], sex=end_titles()[simple[1:]][0],
    )  # fmt: skip


def _nickname(typed: str | None, text: str, simple: str) -> NameValue | None:
    """小张 老李 大刘 阿强, and 张某: a surname or a given name, not a whole name."""
    anonymous = _ANONYMOUS.fullmatch(simple)
    if anonymous and anonymous[1] in {**surnames.single(), **surnames.compound()}:
        return partial(typed, text[: len(anonymous[1])], "anonymous")
    if len(simple) not in (2, 3) or simple[0] not in NICKNAME:
        return None
    rest = simple[1:]
    if rest in surnames.usual() or rest in surnames.compound() or _is_old(simple):
        return partial(typed, text[1:], "nickname")
    if len(rest) == 1 or simple[0] == "阿":
        return replace(
            named(typed, text, simple, 0), status=Status.PARTIAL, reason="nickname",
            given=text[1:], kind="person",
        )  # fmt: skip
    return None


def _is_old(simple: str) -> bool:
    """Whether the text is 老 and a surname, however rare; 小鹿 may be a given name."""
    return simple[0] == "老" and simple[1:] in surnames.single().keys() - surnames.as_given()


def _with_relation(typed: str | None, text: str, simple: str) -> NameValue | None:
    """王强代, 李雷夫妇: the note cut off; 李娜老公: somebody else, whose name is not known."""
    if simple[0] not in surnames.single() and simple[:2] not in surnames.compound():
        return None
    for length in range(min(4, len(simple) - 1), 0, -1):
        word, size = simple[-length:], len(simple) - length
        kind = relations().get(word)
        if kind is None or not _stands_apart(simple[:size], word, kind):
            continue
        if kind == "relative":
            return relative_of(typed, text, text[:size])
        people = run_together(simple[:size]) if kind == "party" else []
        if len(people) == 1:
            return cut(_several(typed, text, people[0]), text[size:])
        return cut(person_of(typed, text[:size]), text[size:])
    return None


def _stands_apart(name: str, word: str, kind: str) -> bool:
    """Whether what is before a word beside a name can do without it."""
    if len(word) > 1:
        return len(name) > 1 or (kind == "party" and len(word) < 3)
    if name[-1] in no_relation_after().get(word, ""):
        return False
    return len(name) == 2 or (len(name) == 3 and name not in surnames.compound())


def full_name(typed: str | None, text: str, simple: str) -> NameValue:
    """A Han string without titles and notes."""
    if simple in surnames.compound():
        return partial(typed, text, "surname_only")
    if len(simple) == 1:
        known = simple in surnames.single()
        return partial(typed, text, "surname_only" if known else "one_character")
    spelt = _spelt_by_parts(typed, text, simple)
    if spelt:
        return spelt
    half = len(simple) // 2
    if simple[:half] == simple[half:] and surnames.looks_full(text[:half]):  # pasted twice
        person = person_of(typed, text[:half])
        return replace(person, status=Status.REPAIRED, reason=person.reason or "doubled")
    people = run_together(simple)
    if len(people) == 1 and len(simple) > 4:
        return _several(typed, text, people[0])
    size, ambiguous = surnames.split(simple)
    if len(simple) > 4 and size < 4:
        size = 0
    person = named(typed, text, simple, size, "ambiguous_split" if ambiguous and size else "")
    if people:  # or one name of four characters, or several whose borders are not certain
        others = _pieces(text, people[0]) if len(people) == 1 else ()
        reason = "perhaps_two_people"
        return replace(person, given=None, others=others, status=Status.PARTIAL, reason=reason)
    if may_be_cut(simple):
        return replace(person, status=Status.PARTIAL, reason="perhaps_title")
    return person


def _several(typed: str | None, text: str, people: tuple[str, ...]) -> NameValue:
    """The first of people whose names run together: 张小明李小红."""
    first, *others = _pieces(text, people)
    person = person_of(typed, first)
    status = Status.REPAIRED if person.status is Status.OK else person.status
    return replace(person, others=tuple(others), status=status, reason="run_together")


def _pieces(text: str, sized: tuple[str, ...]) -> tuple[str, ...]:
    """The text in pieces as long as those given."""
    ends = list(accumulate(map(len, sized), initial=0))
    return tuple(text[a:b] for a, b in pairwise(ends))


def _spelt_by_parts(typed: str | None, text: str, simple: str) -> NameValue | None:
    """马由页: 马頔; where the parts spell several characters, none of them is taken."""
    if simple[-2:] not in _parts_ends():
        return None
    for parts, characters in bare_parts().items():
        at = len(simple) - len(parts)
        if not simple.endswith(parts) or not 1 <= at <= 2 or simple[0] not in surnames.single():
            continue
        if len(characters) > 1:
            return by_parts(person_of(typed, text[:at] + WILDCARD), characters)
        person = named(typed, text[:at] + characters[0], simple[:at] + characters[0], 1)
        return replace(person, status=Status.REPAIRED, reason="decomposed_character")
    return None


@cache
def _parts_ends() -> frozenset[str]:
    return frozenset(parts[-2:] for parts in bare_parts())
