"""What one header means: exactly, or by its closest known spelling."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from connectors.sources import IGNORE, shared_headers

# Indel similarity of 3 characters of 4 in common, the least at which a Chinese header of four
# characters can be told (客户编码 for 客户编号). never_guess in headers.yml lists what is as close
# and means something else; a lower cut-off makes that list grow faster than what it finds.
CUT_OFF = 75.0

LONGEST = 40  # characters; what is longer is no header
CACHED = 10_000  # spellings; all outlets together have some hundreds

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>|\{[^{}]*\}")
_DROPPED = re.compile(r"[\s*_\-.:'\"`?#·、。\u200b-\u200f\u2060\ufeff]+")
_ALTERNATIVES = re.compile(r"[/|\\]|或")
_CELLS = re.compile(r"[,\t;，|]")


class Guess(NamedTuple):
    """A field, and the known header by whose likeness it was told."""

    field: str
    like: str


@lru_cache(CACHED)
def fold(header: str) -> str:
    """The form by which headers are compared: NFKC, lower case, no units, spaces or asterisks."""
    text = unicodedata.normalize("NFKC", header).casefold()
    bare = _DROPPED.sub("", _BRACKETS.sub("", text))
    return bare or _DROPPED.sub("", text)


@lru_cache(CACHED)
def lookup(header: str) -> str | None:
    """The field of a header that is known exactly ("ignore" for an ignored one), else None."""
    if len(header) > LONGEST:
        return None
    table = _table()
    return table.get(fold(header)) or table.get(fold(_simplified(header)))


@lru_cache(CACHED)
def rank(header: str, field: str) -> int:
    """Where a header stands in the order of preference of its field; unlisted ones come last."""
    spellings = [fold(h) for h in shared_headers().fields[field]]
    folded = fold(_simplified(header))
    return spellings.index(folded) if folded in spellings else len(spellings)


@lru_cache(CACHED)
def guess(header: str) -> Guess | None:
    """The field of the closest known spelling; None when nothing is close or two fields are."""
    if len(header) > LONGEST:
        return None
    text = fold(_simplified(header))
    if any(word in text for word in shared_headers().never_guess):
        return None
    return _alternatives(header) or _without_prefix(text) or _closest(text)


def count_known(line: str) -> int:
    """How many cells of a line of text are known headers."""
    return sum(lookup(cell) is not None for cell in _CELLS.split(line))


@cache
def _table() -> dict[str, str]:
    headers = shared_headers()
    table = {fold(h): IGNORE for h in headers.ignored}
    return table | {fold(h): field for field, names in headers.fields.items() for h in names}


@cache
def _simplified(header: str) -> str:
    if header.isascii():
        return header
    return str(_converter().convert(header))


@cache
def _converter():  # type: ignore[no-untyped-def]
    from opencc import OpenCC  # only needed once a header is not known as it stands

    return OpenCC("t2s")


def _alternatives(header: str) -> Guess | None:
    """车架号/VIN: every part that is known says the same field."""
    parts = _ALTERNATIVES.split(unicodedata.normalize("NFKC", header))
    known = [(lookup(p), p) for p in parts if len(parts) > 1]
    fields = {field for field, _ in known if field not in (None, IGNORE)}
    if len(fields) != 1:
        return None
    field = fields.pop()
    return next(Guess(f, like.strip()) for f, like in known if f is not None and f == field)


def _without_prefix(text: str) -> Guess | None:
    """客户手机: the rest after a word for the row's own person or car is known."""
    for prefix in shared_headers().prefixes:
        rest = text.removeprefix(prefix)
        field = _table().get(rest)
        if rest != text and field not in (None, IGNORE):
            return Guess(str(field), rest)
    return None


def _closest(text: str) -> Guess | None:
    table = _table()
    found = process.extract(text, table.keys(), scorer=fuzz.ratio, score_cutoff=CUT_OFF, limit=5)
    best = [table[name] for name, score, _ in found if score == found[0][1]]
    if not best or len(set(best)) > 1 or best[0] == IGNORE:
        return None
    return Guess(best[0], str(found[0][0]))
