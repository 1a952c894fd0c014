"""A person's value put together: surname and given name, a surname alone, wildcards, dots."""

from __future__ import annotations

from dataclasses import replace

from quality.normalise import Status
from quality.normalise import surname as surnames
from quality.normalise.name_title import strip_title
from quality.normalise.name_value import NameValue
from quality.normalise.surname import WILDCARD
from quality.normalise.text import fold, is_han, simplify


def named(typed: str | None, text: str, simple: str, size: int, reason: str = "") -> NameValue:
    """A name whose first `size` characters are the surname."""
    pinyins = surnames.readings(simple, size)
    return NameValue(
        typed, text, text, Status.OK, reason, "person" if size else "unknown",
        text[:size] or None, (text[size:] or None) if size else None,
        None, None, fold(text), pinyins[0], pinyins, "han",
    )  # fmt: skip


def partial(typed: str | None, text: str, reason: str) -> NameValue:
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
    size, title, sex = strip_title(simplify(text))
    if title and (size > 1 or sex):
        return replace(uneven(typed, text[: len(text) - size]), title=title, sex=sex)
    if "·" in text:
        pinyin = surnames.readings(simplify(han), 0)
        status, reason = (Status.PARTIAL, "wildcard") if WILDCARD in text else (Status.OK, "")
        return NameValue(
            typed, text, text, status, reason, "person",
            fold=compared, pinyin=pinyin[0], pinyins=pinyin, script="han",
        )  # fmt: skip
    simple = simplify(text)
    size = surnames.split(simple).surname if simple[0] != WILDCARD else 0
    if not size and _may_be_a_dot(text):
        dotted = uneven(typed, text.replace(WILDCARD, "·"))
        return replace(dotted, status=Status.REPAIRED, reason="dot_unreadable")
    person = named(typed, text, simple, size)
    return replace(person, status=Status.PARTIAL, reason="wildcard", kind="person")


def _may_be_a_dot(text: str) -> bool:
    """迪丽努尔?吾布力: what code pages lose first in a long name without a surname is its dot."""
    before, sign, after = text.partition(WILDCARD)
    return bool(sign) and WILDCARD not in after and len(before) > 1 and len(after) > 1 and (
        len(before) + len(after) > 4
    )  # fmt: skip


def by_parts(person: NameValue, characters: tuple[str, ...]) -> NameValue:
    """A name whose last character is unknown, read as each of those that its parts may spell."""
    known = (person.pinyin or "").rstrip(WILDCARD)
    sounds = [sound for char in characters for sound in surnames.given_reading(char)]
    spelt = tuple(dict.fromkeys(known + sound for sound in sounds))[: surnames.MOST_READINGS]
    return replace(person, pinyin=spelt[0], pinyins=spelt, reason="decomposed_character")
