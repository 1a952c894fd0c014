"""Characters that sound alike, as an input method offers them."""

from __future__ import annotations

from functools import cache

from pypinyin import Style, lazy_pinyin

from connectors.sample import names
from connectors.sample.dice import Weighted
from connectors.sample.tables import rows

# Surnames read otherwise than the character at large (FACTS: table of surname readings).
READINGS = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "朴": "piao", "查": "zha",
    "盖": "ge", "翟": "zhai", "覃": "qin", "缪": "miao", "阚": "kan", "尉": "yu", "乐": "yue",
}  # fmt: skip
# What a listener mixes up: retroflex and flat, front and back nasal, n and l, f and h.
HEARD = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("hu", "fu"), ("l", "n"))


def syllable(character: str, surname: bool = False) -> str:
    """The toneless reading, a surname read as a surname."""
    if surname and character in READINGS:
        return READINGS[character]
    return str(lazy_pinyin(character, style=Style.NORMAL)[0])


def heard(sound: str) -> str:
    """The syllable with everything folded that is mixed up on the telephone."""
    for exact, folded in HEARD:
        sound = sound.replace(exact, folded)
    return sound


@cache
def _families(surname: bool) -> tuple[dict[str, list[str]], dict[str, float], dict[str, str]]:
    if surname:
        weights = {
            r["surname"]: float(r["weight"]) for r in rows("surnames") if len(r["surname"]) == 1
        }
    else:
        weights = names.pool()
    sounds = {character: syllable(character, surname) for character in weights}
    families: dict[str, list[str]] = {}
    for character, sound in sounds.items():
        families.setdefault(heard(sound), []).append(character)
    return families, weights, sounds


@cache
def alike(character: str, surname: bool = False) -> Weighted[str] | None:
    """Characters to slip to, by how common they are; those only heard alike weigh a fifth."""
    families, weights, _ = _families(surname)
    sound = syllable(character, surname)
    found = [other for other in families.get(heard(sound), []) if other != character]
    if not found:
        return None
    return Weighted(
        found,
        [weights[o] * (1.0 if _families(surname)[2][o] == sound else 0.2) for o in found],
    )
