"""Names in Han characters: title, nickname, relation, surname and given name, wildcards, dots."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from quality.normalise import Status, company
from quality.normalise import surname as surnames
from quality.normalise.name_cell import looks_full, relations
from quality.normalise.name_value import (
    NameValue,
    bare_parts,
    decomposed,
    placeholders,
    prefixes,
    titles,
)
from quality.normalise.surname import WILDCARD
from quality.normalise.text import fold, is_han, simplify

NICKNAME = "小老大阿"
_ANONYMOUS = re.compile("(.{1,2})某{1,2}")


def plain(typed: str | None, text: str) -> NameValue | None:
    """The fast way for most names: two to four Han, a surname first, no end that means something.

    None where any rule might apply; a law says that the slow way gives the same.
    """
    if not 2 <= len(text) <= 4 or not is_han(text):
        return None
    simple = simplify(text)
    first = simple[0]
    if first not in surnames.single() and simple[:2] not in surnames.compound():
        return None
    if first in other_starts() or simple[-1] in other_ends() or simple in placeholders():
        return None
    size, ambiguous = surnames.split(simple)
    if size == len(simple) or "某" in simple:
        return None
    return named(typed, text, simple, size, "ambiguous_split" if ambiguous else "")


@cache
def other_starts() -> frozenset[str]:
    """First characters of nicknames and of placeholders that are prefixes."""
    return frozenset(NICKNAME) | {prefix[0] for prefix in prefixes()}


@cache
def other_ends() -> frozenset[str]:
    """Last characters of titles, relations, decomposed characters and organisations."""
    words = [*titles(), *relations(), *decomposed(), *company.ends()]
    return frozenset(word[-1] for word in words)


def person_of(typed: str | None, text: str) -> NameValue:
    """A Han mention: title, notes at its end, nickname, surname and given name."""
    simple = simplify(text)
    if simple in _relatives():
        return NameValue(typed, None, text, Status.PLACEHOLDER, "placeholder")
    if not is_han(text):
        return uneven(typed, text)
    size, title, sex = strip_title(simple)
    if title:
        named = text[: len(text) - size]
        return _titled(typed, named, text[len(text) - size :], sex)
    special = _nickname(typed, text, simple) or _with_relation(typed, text, simple)
    return special or full_name(typed, text, simple)


def _titled(typed: str | None, named: str, title: str, sex: str | None) -> NameValue:
    simple = simplify(named)
    person = full_name(typed, named, simple)
    if _ANONYMOUS.fullmatch(simple):
        person = _nickname(typed, named, simple) or person
    if person.reason == "surname_only" or person.reason == "one_character":
        person = replace(person, status=Status.PARTIAL, reason="surname_with_title")
    return replace(person, title=title, sex=sex, kind="person")


def strip_title(simple: str) -> tuple[int, str | None, str | None]:
    """Length, title and sex of the longest title at the end that leaves a name; (0, None, None)."""
    for size in range(min(4, len(simple) - 1), 0, -1):
        found = titles().get(simple[-size:])
        if found is None:
            continue
        rest = simple[:-size]
        sex, after = found
        if after == "bracket":
            continue
        bare = rest in surnames.single() or rest in surnames.compound()
        if bare or (after == "name" and _may_carry_title(rest, size)):
            return size, simple[-size:], sex or None
    return 0, None, None


def second_person(simple: str) -> int:
    """Where the second of two people with titles begins who stand without a separator; else 0.

    >>> second_person("王先生李女士"), second_person("张伟先生李娜女士"), second_person("张总李总")
    (3, 4, 2)
    >>> second_person("欧阳先生"), second_person("王总经理")
    (0, 0)
    """
    if len(simple) < 4 or not strip_title(simple)[0]:
        return 0
    return next(
        (at for at in range(2, len(simple) - 1) if _titled_whole(simple[:at], simple[at:])), 0
    )


def _titled_whole(*people: str) -> bool:
    """Whether each text is a surname or a full name, and its title."""
    for simple in people:
        size = strip_title(simple)[0]
        name = simple[: len(simple) - size]
        bare = name in surnames.single() or name in surnames.compound()
        if not size or not (bare or (size > 1 and looks_full(name) and len(name) < 4)):
            return False
    return True


def _may_carry_title(rest: str, size: int) -> bool:
    """Whether what is left may be a name: a nickname or a surname with a given name before it."""
    if len(rest) == 2 and rest[0] in NICKNAME and rest[1] in surnames.single():
        return size > 1
    return len(rest) >= 2 and (rest[0] in surnames.single() or size > 1)


def _nickname(typed: str | None, text: str, simple: str) -> NameValue | None:
    """小张 老李 大刘 阿强, and 张某: a surname or a given name, not a whole name."""
    anonymous = _ANONYMOUS.fullmatch(simple)
    if anonymous and anonymous[1] in {**surnames.single(), **surnames.compound()}:
        return _partial(typed, text[: len(anonymous[1])], "anonymous")
    if len(simple) not in (2, 3) or simple[0] not in NICKNAME:
        return None
    rest = simple[1:]
    if rest in surnames.usual() or rest in surnames.compound():
        return _partial(typed, text[1:], "nickname")
    if len(rest) == 1 or simple[0] == "阿":
        return replace(
            named(typed, text, simple, 0), status=Status.PARTIAL, reason="nickname",
            given=text[1:], kind="person",
        )  # fmt: skip
    return None


def _with_relation(typed: str | None, text: str, simple: str) -> NameValue | None:
    """王强代, 张伟车主: the note cut off; 李娜老公: somebody else, whose name is not known."""
    if simple[0] not in surnames.single():
        return None
    for length in range(min(3, len(simple) - 2), 0, -1):
        word, size = simple[-length:], len(simple) - length
        kind = relations().get(word)
        if kind is None:
            continue
        if len(word) == 1 and (size != 2 or kind == "relative"):
            continue
        if kind == "relative":
            others = (text[:size],)
            reason = "relative_of"
            return NameValue(
                typed, None, text, Status.PARTIAL, reason, "person", others=others, script="han"
            )
        person = full_name(typed, text[:size], simple[:size])
        status = Status.REPAIRED if person.status is Status.OK else person.status
        reason = person.reason or "note_cut"
        return replace(person, note=text[size:], status=status, reason=reason)
    return None


def full_name(typed: str | None, text: str, simple: str) -> NameValue:
    """A Han string without titles and notes."""
    if simple in surnames.compound():
        return _partial(typed, text, "surname_only")
    if len(simple) == 1:
        known = simple in surnames.single()
        return _partial(typed, text, "surname_only" if known else "one_character")
    for parts, character in bare_parts().items():
        if simple.endswith(parts) and len(simple) == len(parts) + 1:
            whole = text[0] + character
            person = named(typed, whole, simple[0] + character, 1)
            return replace(person, status=Status.REPAIRED, reason="decomposed_character")
    size, ambiguous = surnames.split(simple)
    if len(simple) > 4 and size < 4:
        size = 0
    return named(typed, text, simple, size, "ambiguous_split" if ambiguous and size else "")


def named(typed: str | None, text: str, simple: str, size: int, reason: str = "") -> NameValue:
    """A name whose first `size` characters are the surname."""
    pinyins = surnames.readings(simple, size)
    return NameValue(
        typed, text, text, Status.OK, reason, "person" if size else "unknown",
        text[:size] or None, (text[size:] or None) if size else None,
        None, None, fold(text), pinyins[0], pinyins, "han",
    )  # fmt: skip


def _partial(typed: str | None, text: str, reason: str) -> NameValue:
    """A surname alone (or one character that is none)."""
    simple = simplify(text)
    known = simple in surnames.single() or simple in surnames.compound()
    person = named(typed, text, simple, len(text) if known else 0)
    return replace(person, status=Status.PARTIAL, reason=reason, kind="person")


def uneven(typed: str | None, text: str) -> NameValue:
    """Han with wildcards, or a minority name with middle dots; else mixed writing kept as typed."""
    han = "".join(c for c in text if c not in "·?")
    compared = fold(han if WILDCARD not in text else text.replace("·", ""))
    if not is_han(han):
        return NameValue(typed, text, text, Status.OK, "", fold=fold(text.replace(" ", "").upper()))
    if "·" in text:
        size, title, sex = strip_title(simplify(text))
        if title and size > 1:
            return replace(uneven(typed, text[: len(text) - size]), title=title, sex=sex)
        pinyin = surnames.readings(simplify(han), 0)
        status, reason = (Status.PARTIAL, "wildcard") if WILDCARD in text else (Status.OK, "")
        return NameValue(
            typed, text, text, status, reason, "person",
            fold=compared, pinyin=pinyin[0], pinyins=pinyin, script="han",
        )  # fmt: skip
    simple = simplify(text)
    size = surnames.split(simple).surname if simple[0] != WILDCARD else 0
    person = named(typed, text, simple, size)
    return replace(person, status=Status.PARTIAL, reason="wildcard", kind="person")


@cache
def _relatives() -> frozenset[str]:
    return frozenset(word for word in relations() if len(word) > 1)
