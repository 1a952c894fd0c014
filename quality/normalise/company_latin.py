"""Names of organisations in Latin letters: ABC Co., Ltd., Robert Bosch GmbH.

The legal form is the longest of `latin_legal_forms.csv` that ends the name; the region stands in
brackets (China) or is the pinyin of a city in front. What is left is the core, as it was written.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from pypinyin import lazy_pinyin

from quality.normalise.divisions import atlas
from quality.reference import table

_BRACKETED = re.compile(r"\s*\(([^()]*)\)\s*")
_WORD = re.compile(r"[^\s,，]+")
_RUN_ON = re.compile(r"(?<=[A-Za-z]{2})\.(?=[A-Za-z]{2})")  # Co.Ltd
_BRANCHES = ("BRANCH", "OFFICE")
_LONGEST = 4  # words of a legal form


class LatinParts(NamedTuple):
    """The parts of a name, '' where one is missing."""

    region: str
    core: str
    form: str
    branch: str


def latin_parts(text: str) -> LatinParts:
    """The parts of a name in Latin letters.

    >>> tuple(latin_parts("ABC Co., Ltd.")), tuple(latin_parts("Bosch (China) Investment Ltd."))
    (('', 'ABC', 'Co., Ltd.', ''), ('China', 'Bosch Investment', 'Ltd.', ''))
    >>> tuple(latin_parts("Shanghai ABC Trading Co.,Ltd. Suzhou Branch"))
    ('Shanghai', 'ABC Trading', 'Co., Ltd.', 'Suzhou Branch')
    >>> latin_parts("Dr. Ing. h.c. F. Porsche AG").core, latin_parts("Limited").form
    ('Dr. Ing. h.c. F. Porsche', '')
    """
    inside = _BRACKETED.search(text)
    words, branch = _cut_branch(_words(text))
    size = _form_words(words)
    form = _forms()[_bare(words[-size:])][0] if size else ""
    core = words[: len(words) - size]
    region = inside[1].strip() if inside else ""
    if not region and len(core) > 1 and core[0].lower() in _places():
        region, core = core[0], core[1:]
    return LatinParts(region, " ".join(core).strip(" .&-"), form, " ".join(branch))


def is_latin_company(text: str) -> bool:
    """Whether a text ends with a legal form that tells an organisation by itself.

    >>> [is_latin_company(t) for t in ("ABC Co., Ltd.", "Bosch GmbH", "Smith, John", "An Se")]
    [True, True, False, False]
    """
    words, _ = _cut_branch(_words(text))
    size = _form_words(words)
    return bool(size) and _forms()[_bare(words[-size:])][1] == "strong"


def key(parts: LatinParts) -> str:
    """The core to compare by: upper case, letters and digits only, single spaces."""
    return " ".join(re.findall(r"\w+", parts.core.upper().replace(".", "")))


def is_abbreviated(text: str) -> bool:
    """Whether the full stop at the end of a text is its legal form's: Ltd., Inc."""
    return text.endswith(".") and _form_words(_words(text)) > 0


def _words(text: str) -> list[str]:
    return _WORD.findall(_RUN_ON.sub(". ", _BRACKETED.sub(" ", text)))


def _cut_branch(words: list[str]) -> tuple[list[str], list[str]]:
    """The words up to the last legal form, and those of the branch behind it."""
    if words and words[-1].upper() in _BRANCHES:
        for at in range(len(words) - 1, 1, -1):
            if _form_words(words[:at]):
                return words[:at], words[at:]
    return words, []


def _form_words(words: list[str]) -> int:
    """How many words at the end are the legal form, if one is left before them; else 0."""
    longest = min(_LONGEST, len(words) - 1)
    return next((size for size in range(longest, 0, -1) if _bare(words[-size:]) in _forms()), 0)


def _bare(words: list[str]) -> str:
    return " ".join(word.replace(".", "").upper() for word in words)


@cache
def _forms() -> dict[str, tuple[str, str]]:
    """Words of a legal form to how it is written and how surely it tells."""
    return {row["words"]: (row["form"], row["weight"]) for row in table("latin_legal_forms")}


@cache
def _places() -> frozenset[str]:
    """The pinyin of the short names of provinces and cities, in one lower-case word."""
    divisions = (division for code, division in atlas().by_code.items() if code.endswith("00"))
    return frozenset("".join(lazy_pinyin(division.short)) for division in divisions)
