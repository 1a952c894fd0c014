"""What is known of cases, read before they are opened, so that the next one is there at once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from matching.model import Model
from warehouse.steward.cases import evidence, pictures, sides
from warehouse.steward.cases.evidence import Doubt
from warehouse.steward.cases.pictures import TimeLine
from warehouse.steward.cases.sides import Customer, Record, Value
from warehouse.steward.dossiers.reading import Dossier
from warehouse.steward.published import version_of

#: Records of each customer that a case shows at once; a fleet has hundreds.
NEWEST = 12
#: So many readings are kept; every steward has one case open, and one ahead.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """What the warehouse tells of a case, values in clear; the customers in the order asked for.

    records: the newest of each, and those in doubt before them; older: how many others there are.
    """

    doubt: Doubt
    customers: list[Customer]
    records: list[Record]
    older: int
    values: dict[str, tuple[list[Value], ...]]
    line: TimeLine | None


class Ahead:
    """The readings of late, of the version that is published now."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._readings = OrderedDict[tuple[object, ...], Reading]()
        self._lock = threading.Lock()

    def reading(
        self, con: duckdb.DuckDBPyConnection, model: Model, both: Sequence[Dossier],
        seen: Sequence[str] | None,
    ) -> Reading | None:  # fmt: skip
        """The reading of the case of two customers; None where nobody doubts.

        both: their dossiers. seen: outlets, as `Scope.codes` gives them.
        """
        ids = [one.golden_id for one in both]
        version = version_of(con)
        key = (version, *ids, None if seen is None else tuple(seen))
        with self._lock:
            if known := self._readings.get(key):
                self._readings.move_to_end(key)
                return known
        found = _read(con, model, both, seen)
        if found:
            with self._lock:
                self._readings[key] = found
                outdated = [one for one in self._readings if one[0] != version]
                for one in outdated or list(self._readings)[:-_MOST]:
                    del self._readings[one]
        return found


def newest(
    both: Sequence[Dossier], seen: Sequence[str] | None, doubt: Doubt, count: int | None
) -> list[Record]:
    """So many records of each side, None for all; those in doubt first."""
    return sides.newest(both, seen, count, (doubt.pair.left, doubt.pair.right))


def _read(
    con: duckdb.DuckDBPyConnection, model: Model, both: Sequence[Dossier],
    seen: Sequence[str] | None,
) -> Reading | None:  # fmt: skip
    one, other = both
    doubt = evidence.doubt(con, model, one.golden_id, other.golden_id)
    if doubt is None:
        return None
    customers = sides.customers(both)
    records = newest(both, seen, doubt, NEWEST)
    older = sum(len(one.keys) for one in both) - len(records)
    line = pictures.time_line(sides.contacts(both, seen), [one.golden_id for one in both])
    return Reading(doubt, customers, records, older, sides.values(both, seen), line)
