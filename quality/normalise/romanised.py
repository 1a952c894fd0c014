"""Chinese names as romanised outside the mainland: surnames by a table, Taiwan's syllables by rule.

Wade-Giles as it stands in papers, without apostrophes and dots, so that a syllable may stand for
two of pinyin (chou: zhou or chou); all are given. Its rules are in `wade_giles.csv`; pypinyin 0.55
gets some wrong (lai as lei). Hong Kong and South-East Asia write Cantonese or Min; of that only the
surnames are known here (`romanised_surnames.csv`).

>>> surname_sounds("TSAI"), surname_sounds("Wong")
(('cai',), ('wang', 'huang'))
>>> [syllable_sounds(s) for s in ("hsien", "ts'ai", "chou", "jay")]
[('xian',), ('cai',), ('zhou', 'chou'), ()]
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from quality.normalise import surname as surnames
from quality.reference import table

_INITIAL = re.compile("[zcs]h|[bpmfdtnlgkhjqxrzcswy]?")
_SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcswy]|[zcs]h|t[sz]|hs|ngw?|gw|kw|sz)?'?[aeiouy]{1,3}(?:ng|[nmptkh])?|ng|sze?"
)


def surname_sounds(spelling: str) -> tuple[str, ...]:
    """The toneless readings of the surnames that are spelled so; () when none."""
    return _surnames().get(_key(spelling), ((), False))[0]


def is_taiwanese(spelling: str) -> bool:
    """Whether a surname is spelled so in Taiwan alone, so that its given name is in Wade-Giles."""
    return _surnames().get(_key(spelling), ((), False))[1]


def _key(spelling: str) -> str:
    return re.sub("[-'’]", "", spelling.upper())


def syllable_sounds(piece: str) -> tuple[str, ...]:
    """The syllables of pinyin that a lower-case syllable of Wade-Giles stands for."""
    return _wade_giles().get(piece, ())


def is_syllable(piece: str) -> bool:
    """Whether a lower-case word may be one syllable of Chinese in any spelling.

    >>> [is_syllable(word) for word in ("ching", "ka", "wah", "cooper", "john")]
    [True, True, True, False, False]
    """
    return _SYLLABLE.fullmatch(piece) is not None


@cache
def _surnames() -> dict[str, tuple[tuple[str, ...], bool]]:
    """Spelling in upper case to its readings, the more frequent surname first; of Taiwan alone?"""
    known = surnames.single() | surnames.compound()
    found: dict[str, tuple[tuple[str, ...], bool]] = {}
    for row in table("romanised_surnames"):
        before, taiwan = found.get(row["spelling"], ((), True))
        sounds = tuple(dict.fromkeys((*before, *known[row["surname"]])))
        found[row["spelling"]] = (sounds, taiwan and row["place"] == "Taiwan")
    return found


@cache
def _wade_giles() -> dict[str, tuple[str, ...]]:
    """Syllable with its apostrophe, and without, to those of pinyin; what is exact comes first."""
    exact: dict[str, list[str]] = defaultdict(list)
    bare: dict[str, list[str]] = defaultdict(list)
    for syllable in sorted(surnames.syllables(), key=_rank):
        for spelled in _spelled(syllable):
            exact[spelled].append(syllable)
            bare[spelled.replace("'", "")].append(syllable)
    return {
        spelled: tuple(dict.fromkeys(exact.get(spelled, []) + bare.get(spelled, [])))
        for spelled in {*exact, *bare}
    }


def _rank(syllable: str) -> tuple[bool, bool, str]:
    """Order among the syllables spelled alike: those with ü, and those of hardly any name, last."""
    return syllable in ("lo", "yo"), syllable[0] in "jq" and syllable[1] == "u", syllable


def _spelled(syllable: str) -> list[str]:
    """How Wade-Giles writes a syllable of pinyin.

    >>> _spelled("xue"), _spelled("zhong"), _spelled("guo"), _spelled("luo"), _spelled("ming")
    (['hsueh'], ['chung'], ['kuo'], ['lo'], ['ming'])
    """
    whole = _rules("whole").get(syllable)
    if whole:
        return whole
    initial = _INITIAL.match(syllable)[0]  # type: ignore[index]  # it matches the empty text
    final = syllable[len(initial) :]
    (start,), (rest,) = (
        _rules(kind).get(part, [part]) for kind, part in (("initial", initial), ("final", final))
    )
    return [start + rest]


@cache
def _rules(kind: str) -> dict[str, list[str]]:
    rules: dict[str, list[str]] = defaultdict(list)
    for row in table("wade_giles"):
        if row["kind"] == kind:
            rules[row["pinyin"]].append(row["wade"])
    return dict(rules)
