"""What names are compared by: how their characters sound and look, and how far they are read."""

from __future__ import annotations

from functools import cache
from itertools import chain

from pypinyin import Style, pinyin
from pywubi import lookup

from quality.reference import table

#: The ladder of names, best first.
LEVELS = (
    "same",
    "variant",
    "same_sound",
    "close",
    "unreadable_character",
    "part_missing",
    "surname_and_title",
    "one_character",
    "other_surname",
    "other_script",
    "surname_only",
    "different",
)
#: Characters looked at one by one; what longer names (0.1 % of people) have beyond must be equal.
WIDTH = 6
READINGS = 2  # readings of a character looked at
WHOLE = 8  # readings of a whole name looked at, where a side is in Latin letters
WILDCARD = "?"
DOT = "·"  # between the parts of a name that is not Han Chinese
PET = "阿"  # before a character of the name, as friends say it

#: Sounds that are mixed up by ear or by dialect, applied in this order to a toneless syllable.
_FUZZY = (
    ("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("hu", "f"), ("h", "f"), ("r", "l"),
)  # fmt: skip
_FUZZY_WHOLE = {"hu": "fu", "hui": "fei", "hun": "fen"}
_FUZZY_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


@cache
def fuzzy(syllable: str) -> str:
    """The syllable with the sounds folded that southern speakers do not tell apart.

    >>> fuzzy("zhang"), fuzzy("zan"), fuzzy("ning"), fuzzy("lin")
    ('zan', 'zan', 'lin', 'lin')
    >>> fuzzy("hu"), fuzzy("huang"), fuzzy("fang")
    ('fu', 'fan', 'fan')
    """
    syllable = _FUZZY_WHOLE.get(syllable, syllable)
    for initial, folded in _FUZZY:
        if syllable.startswith(initial):
            syllable = folded + syllable[len(initial) :]
            break
    for final, folded in _FUZZY_FINALS:
        if syllable.endswith(final):
            return syllable.removesuffix(final) + folded
    return syllable


@cache
def shapes() -> dict[str, int]:
    """Character -> number of its group of look-alikes."""
    return {c: int(row["group"]) for row in table("similar_shapes") for c in row["characters"]}


@cache
def looks(character: str) -> frozenset[str]:
    """What a character is mistaken by: its group of look-alikes, its Wubi code less one key.

    Wubi spells the shape of a character, so one key apart is a slip of the eye or of the hand. What
    two characters have in common only for being written with one radical does not count.

    >>> sorted(looks("海"))
    ['itu', 'itx', 'ixu', 'txu']
    >>> looks("海").isdisjoint(looks("梅")), looks("海").isdisjoint(looks("江"))
    (False, True)
    """
    group = shapes().get(character)
    keys = next(iter(lookup(character)), "")  # the longest; shorter ones are for speed
    less = {keys[:i] + keys[i + 1 :] for i in range(len(keys))}
    return frozenset(less if group is None else {str(group), *less})


@cache
def readings_of(character: str) -> frozenset[str]:
    """All toneless readings of a character; of anything else, itself.

    >>> sorted(readings_of("行")), sorted(readings_of("A"))
    (['hang', 'heng', 'xing'], ['A'])
    """
    found = pinyin(character, style=Style.NORMAL, heteronym=True)
    return frozenset(chain.from_iterable(found))


@cache
def characters_alike(one: str, other: str) -> bool:
    """Whether a character may have been typed for another: by its sound or by its shape.

    >>> characters_alike("宏", "红"), characters_alike("鑫", "新"), characters_alike("未", "末")
    (True, True, True)
    >>> characters_alike("宏", "达")
    False
    """
    heard, meant = readings_of(one), readings_of(other)
    group = shapes().get(one)
    return (
        bool(heard & meant)
        or bool({fuzzy(s) for s in heard} & {fuzzy(s) for s in meant})
        or (group is not None and group == shapes().get(other))
    )
