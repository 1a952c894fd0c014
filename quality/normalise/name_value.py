"""What a name is understood as, and the word lists that every part of its reading uses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from quality.normalise import Value
from quality.normalise.text import is_han
from quality.reference import table

REPEATED = re.compile(r"(.)\1+", re.DOTALL)


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
    """'whole', 'prefix' or 'suspect' when the text is listed; '' when not."""
    key = simple.replace(" ", "").upper() if not is_han(simple) else simple
    found = placeholders().get(key)
    if found:
        return found
    if len(key) > 1 and REPEATED.fullmatch(key) and (not is_han(key) or len(key) > 3):
        return "whole"
    return "prefix" if key.startswith(prefixes()) else ""


@cache
def placeholders() -> dict[str, str]:
    """Upper-cased text to how it is one: whole or suspect."""
    return {row["text"]: row["how"] for row in table("name_placeholders") if row["how"] != "prefix"}


@cache
def prefixes() -> tuple[str, ...]:
    """What begins placeholders."""
    return tuple(row["text"] for row in table("name_placeholders") if row["how"] == "prefix")


@cache
def titles() -> dict[str, tuple[str, str]]:
    """Title to the sex that it tells (or '') and after what it may stand: surname or name."""
    return {row["title"]: (row["sex"], row["after"]) for row in table("titles")}


@cache
def decomposed() -> dict[str, str]:
    """Parts to the rare character that they spell."""
    return {row["parts"]: row["character"] for row in table("decomposed")}


@cache
def bare_parts() -> dict[str, str]:
    """Those of `decomposed` that are read so without brackets."""
    return {row["parts"]: row["character"] for row in table("decomposed") if row["bare"]}
