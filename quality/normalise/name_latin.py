"""Names in Latin script: pinyin where the words are pinyin, the order only where it is certain."""

from __future__ import annotations

import re
from dataclasses import replace

from quality.normalise import Status
from quality.normalise import surname as surnames
from quality.normalise.name_value import REPEATED, NameValue, titles

_LATIN = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .,'’·-])*")


def latin(typed: str | None, name: str) -> NameValue:
    """A name in Latin script: pinyin where its words are, order ambiguous, as typed."""
    tokens = [t for t in re.split(r"[ ,.·]+", name) if t]
    joined = " ".join(tokens)
    if len(joined) == 1 or REPEATED.fullmatch(joined.replace(" ", "").upper()):
        return NameValue(typed, None, joined, Status.PLACEHOLDER, "placeholder")
    told = titles().get(tokens[0].upper())
    if told and told[1] == "latin" and len(tokens) > 1:
        return _titled(typed, tokens, told[0])
    if any(c.isdigit() for c in joined):
        return NameValue(typed, None, joined, Status.INVALID, "code_not_name")
    if not _LATIN.fullmatch(joined):
        return NameValue(typed, joined, joined, Status.OK, "", fold=joined.upper().replace(" ", ""))
    pinyins = _latin_pinyins([t.lower().replace("'", "").replace("-", "") for t in tokens])
    surname, given = _latin_surname(tokens) if pinyins else (None, None)
    return NameValue(
        typed, joined, joined, Status.OK, "", "person", surname, given, None, None,
        joined.upper(), pinyins[0] if pinyins else None, pinyins, "latin",
    )  # fmt: skip


def _titled(typed: str | None, tokens: list[str], sex: str) -> NameValue:
    """Mr Smith: the name after the title; alone it is the surname."""
    value = latin(typed, " ".join(tokens[1:]))
    if value.value is None:
        return value
    if len(tokens) == 2 and not value.title:
        reason = "surname_with_title"
        value = replace(value, surname=tokens[1], status=Status.PARTIAL, reason=reason)
    return replace(value, title=tokens[0], sex=sex or value.sex)


def _latin_pinyins(tokens: list[str]) -> tuple[str, ...]:
    """The readings in the order surname, given; both orders where both ends may be the surname."""
    if any(t.upper() in surnames.romanised() for t in (tokens[0], tokens[-1])):
        return ()
    spelt = [surnames.spell(t) for t in tokens]
    if any(s is None for s in spelt):
        return ()
    words = [" ".join(s or ()) for s in spelt]
    known = surnames.surname_readings()
    if len(words) == 1:
        syllables = words[0].split(" ")
        return (words[0],) if syllables[0] in known and 1 < len(syllables) <= 3 else ()
    if sum(len(word.split(" ")) for word in words) > 4:
        return ()
    as_typed, turned = " ".join(words), " ".join([words[-1], *words[:-1]])
    first, last = words[0] in known, words[-1] in known
    if first and last and len(words) == 2:
        return (as_typed, turned)
    return (as_typed,) if first else (turned,) if last else ()


def _latin_surname(tokens: list[str]) -> tuple[str | None, str | None]:
    """Surname and given name, only where the order is certain."""
    if len(tokens) == 1:
        return None, None
    first = tokens[0].lower() in surnames.surname_readings()
    last = tokens[-1].lower() in surnames.surname_readings()
    if first and last and len(tokens) == 2:
        return None, None
    if first:
        return tokens[0], " ".join(tokens[1:])
    return tokens[-1], " ".join(tokens[:-1])
