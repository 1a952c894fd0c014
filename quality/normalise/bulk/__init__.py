"""The plain values of a field, understood by the column: what most cells hold, and nothing else.

Each module is the twin of the scalar normaliser of its name and has one function

    plain(texts: pa.StringArray) -> Plain

Whatever needs thought (noise, repairs, anything near a placeholder) it leaves to the scalar
`normalise`, which stays the specification: a law says that both understand a value alike, whatever
its surroundings; days after a clock `quality.normalise.column` takes out again. No Python runs per
value here, only per distinct part (a prefix, a character).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from quality.normalise.bulk.arrays import Column


class Plain(NamedTuple):
    """where: n booleans, true for the texts that are plain; null counts as false.

    columns: field of the Value -> what the plain texts have there, in order. `typed` and `display`
    are not among them; of a field left out, every one has its empty value: null, or no elements.
    """

    where: Column
    columns: dict[str, Column]


Bulk = Callable[[Column], Plain]
