"""Personal names at the frequencies of life, by era of birth and sex: namesakes come by chance."""

from __future__ import annotations

from functools import cache

from connectors.sample.dice import Dice, Weighted
from connectors.sample.tables import rows, words

ERAS = (1950, 1970, 1985, 2000)
# Share of one-character given names by era, after the published curve: 27.6 % at its
# peak in some birth years and 6 % now; our eras are wider than its peak.
SINGLE = {1950: 0.17, 1970: 0.22, 1985: 0.18, 2000: 0.11}
# Names given whole, which makes 建国 and 婷婷 as frequent as they are.
WHOLE = {1950: 0.06, 1970: 0.045, 1985: 0.045, 2000: 0.07}
RARE = 0.004
FLAT = 32.0  # rank + FLAT: set so that two people share a full name with P near 1e-5


@cache
def surnames() -> Weighted[str]:
    """Surnames by their share of people."""
    table = rows("surnames")
    return Weighted([row["surname"] for row in table], [float(row["weight"]) for row in table])


@cache
def given(era: str, sex: str, slot: str) -> Weighted[str]:
    """The weighted list of one slot of the given-name table."""
    for row in rows("given_names"):
        if (row["era"], row["sex"], row["slot"]) == (era, sex, slot):
            values = row["values"].split(" ") if slot == "whole" else list(row["values"])
            return Weighted.falling(values, FLAT)
    raise KeyError((era, sex, slot))


def era_of(year: int) -> int:
    """The era whose fashion a person born in `year` follows."""
    return max((era for era in ERAS if era <= year), default=ERAS[0])


def given_name(dice: Dice, year: int, sex: str) -> str:
    """A given name for a person of this sex born in `year`."""
    era = era_of(year)
    draw = dice.random()
    if draw < RARE:
        rare = given("rare", sex, "single").throw(dice)
        return rare if dice.chance(0.5) else given(str(era), sex, "first").throw(dice) + rare
    if draw < RARE + WHOLE[era]:
        return given(str(era), sex, "whole").throw(dice)
    if draw < RARE + WHOLE[era] + SINGLE[era]:
        return given(str(era), sex, "single").throw(dice)
    return given(str(era), sex, "first").throw(dice) + given(str(era), sex, "second").throw(dice)


def sibling_name(dice: Dice, year: int, sex: str, of: str) -> str:
    """A given name that shares a character with `of`, as brothers, sisters and some sons have."""
    era = str(era_of(year))
    for _ in range(8):
        if len(of) < 2:
            name = given(era, sex, "first").throw(dice) + of
        elif dice.chance(0.7):
            name = of[0] + given(era, sex, "second").throw(dice)
        else:
            name = given(era, sex, "first").throw(dice) + of[1]
        if name != of:
            return name
    return given_name(dice, int(era), sex)


@cache
def pool() -> dict[str, float]:
    """Every character used in given names with its overall weight."""
    weights: dict[str, float] = {}
    for row in rows("given_names"):
        if row["slot"] == "whole":
            continue
        share = 0.001 if row["era"] == "rare" else 1.0
        for rank, character in enumerate(row["values"]):
            weights[character] = weights.get(character, 0.0) + share / (rank + FLAT)
    return weights


def minority_name(dice: Dice) -> str:
    """A name with a middle dot, its two parts taken from different people of the list."""
    first, second = dice.pick(words("minority")), dice.pick(words("minority"))
    return f"{first.split('·')[0]}·{second.split('·')[1]}"


def hongkong_name(dice: Dice) -> tuple[str, str]:
    """A name in characters and as its holder's papers romanise it."""
    first, second = dice.pick(words("hongkong")), dice.pick(words("hongkong"))
    (han, latin), (other_han, other_latin) = first.split("/"), second.split("/")
    return han[0] + other_han[1:], f"{latin.split(' ')[0]} {other_latin.split(' ', 1)[1]}"


@cache
def falling(kind: str) -> Weighted[str]:
    """The word list `kind`, weighted by its order."""
    return Weighted.falling(words(kind))
