"""A name as it is compared, and how it sounds, unit by unit: a Han character, or a Latin word.

The same is done to the names in the index and to what somebody types.
"""

from __future__ import annotations

import re
from itertools import islice, product
from typing import NamedTuple

from quality.normalise import surname
from quality.normalise.text import clean, fold, is_han

_UNIT = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]")
#: Of a longer Han name, only companies and foreigners, the usual reading has to do.
_LONGEST_PERSON = 4


class Form(NamedTuple):
    """units: what is compared, in order. readings: each has a sound for every unit."""

    units: tuple[str, ...]
    readings: tuple[tuple[str, ...], ...]


def form(name: str) -> Form:
    """The units and sounds of a name; no units where there is nothing to compare.

    >>> form("曾 曉明")
    Form(units=('曾', '晓', '明'), readings=(('zeng', 'xiao', 'ming'),))
    >>> form("Ho Ka-ho").units, form("覃乐").readings[:2]
    (('ho', 'ka', 'ho'), (('qin', 'le'), ('qin', 'yue')))
    """
    units = tuple(_UNIT.findall(fold(clean(name)).casefold()))
    return Form(units, _readings(units) if units else ())


def _readings(units: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    text = "".join(units)
    if is_han(text) and len(text) <= _LONGEST_PERSON:
        found = surname.readings(text, surname.split(text).surname)
        return tuple(tuple(reading.split(" ")) for reading in found)
    each = [surname.given_reading(unit) if is_han(unit) else (unit,) for unit in units]
    many = surname.MOST_READINGS if len(units) <= _LONGEST_PERSON else 1
    return tuple(islice(product(*each), many))
