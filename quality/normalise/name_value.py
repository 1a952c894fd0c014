"""What a name is understood as, and the word lists that every part of its reading uses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from quality.normalise import Value
from quality.normalise.surname import single
from quality.normalise.text import is_han
from quality.reference import table

REPEATED = re.compile(r"(.)\1+", re.DOTALL)
_LONGER_WORD = re.compile("TEST[A-Z]")  # TEST1 is a test, TESTA a surname
_NUMBER = re.compile("(..+?)[一二三四五六七八九十甲乙丙丁A-Z]{1,2}号?")


@dataclass(frozen=True, slots=True)
class NameValue(Value):
    """A name and what it tells; the fields are described in the module."""

    kind: str = "unknown"
    surname: str | None = None
    given: str | None = None
    title: str | None = None
    sex: str | None = None
    fold: str | None = None
    pinyin: str | None = None
    pinyins: tuple[str, ...] = ()
    script: str = "mixed"
    others: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    plates: tuple[str, ...] = ()
    note: str | None = None


def placeholder(simple: str) -> str:
    """'whole', 'prefix' or 'suspect' when the text is listed; '' when not.

    >>> [placeholder(t) for t in ("客户", "客户二", "售后经理", "TEST1", "测试李", "张三", "张伟")]
    ['whole', 'whole', 'whole', 'prefix', 'prefix', 'suspect', '']
    """
    key = simple.replace(" ", "").upper() if not is_han(simple) else simple
    found = placeholders().get(key)
    if found:
        return found
    if len(key) > 1 and REPEATED.fullmatch(key) and (not is_han(key) or len(key) > 3):
        return "whole"
    if key.startswith(prefixes()) and not _LONGER_WORD.match(key):
        return "prefix"
    return "whole" if len(key) > 2 and key[:2] in _begin_nobody() and _is_nobody(key) else ""


def _is_nobody(key: str) -> bool:
    """Whether a placeholder with a number (客户二) or a title (售后经理) is all there is."""
    number = _NUMBER.fullmatch(key)
    if number and number[1][0] not in single() and placeholders().get(number[1]) == "whole":
        return True
    return any(
        placeholders().get(key[:-size]) == "whole" and key[-size:] in end_titles()
        for size in range(2, min(5, len(key) - 1))
    )


@cache
def _begin_nobody() -> frozenset[str]:
    """The first two characters of placeholders."""
    return frozenset(text[:2] for text, how in placeholders().items() if how == "whole")


@cache
def placeholders() -> dict[str, str]:
    """Upper-cased text to how it is one: whole or suspect. Bare titles and relatives are whole."""
    words = [word for word in relations() if len(word) > 1]
    words += [title for title in end_titles() if len(title) > 1 or title not in single()]
    words += [title for title, (_, after) in titles().items() if after == "latin"]
    listed = {
        row["text"]: row["how"] for row in table("name_placeholders") if row["how"] != "prefix"
    }
    every = dict.fromkeys(words, "whole") | listed
    return {text: how for text, how in every.items() if how != "name"}


@cache
def prefixes() -> tuple[str, ...]:
    """What begins placeholders."""
    return tuple(row["text"] for row in table("name_placeholders") if row["how"] == "prefix")


@cache
def titles() -> dict[str, tuple[str, str]]:
    """Title to the sex that it tells (or '') and after what it may stand: see `titles.csv`."""
    return {row["title"]: (row["sex"], row["after"]) for row in table("titles")}


@cache
def end_titles() -> dict[str, tuple[str, str]]:
    """Those of `titles` that are taken from the end of a Han name."""
    return {title: told for title, told in titles().items() if told[1] in ("name", "surname")}


@cache
def cut_titles() -> frozenset[str]:
    """Characters that may be the beginning of a title that was cut off."""
    return frozenset(title for title, (_, after) in titles().items() if "cut" in after)


@cache
def relations() -> dict[str, str]:
    """Word beside a name to its kind: role, relative, note, party or label."""
    return {row["word"]: row["kind"] for row in table("relations")}


@cache
def no_relation_after() -> dict[str, str]:
    """Word beside a name to the characters behind which it is part of the given name."""
    return {row["word"]: row["not_after"] for row in table("relations") if row["not_after"]}


@cache
def decomposed() -> dict[str, tuple[str, ...]]:
    """Parts to the rare characters that they may spell."""
    return _by_parts(table("decomposed"))


@cache
def bare_parts() -> dict[str, tuple[str, ...]]:
    """Those of `decomposed` that are read so without brackets."""
    return _by_parts([row for row in table("decomposed") if row["bare"]])


def _by_parts(rows: list[dict[str, str]]) -> dict[str, tuple[str, ...]]:
    parts: dict[str, tuple[str, ...]] = {}
    for row in rows:
        parts[row["parts"]] = (*parts.get(row["parts"], ()), row["character"])
    return parts
