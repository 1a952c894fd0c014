"""What waits beside pairs: customers that may be several people, and exports that were held."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.steward.cases.queue import version_of

_SUSPECTS = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
#: More are listed by nobody who has to look at each.
_MOST = 200
_ASIDE = """
    SELECT count(*) FROM dq_file
    WHERE status IN ('broken', 'waiting', 'dropped') AND rolled_back_run IS NULL
        AND ($seen IS NULL OR list_contains($seen, outlet_code))
"""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A person whose records contradict each other. name: masked. bits: of his weakest link.

    id_numbers, births, sexes: how many different ones his records state, valid ones alone.
    """

    golden_id: str
    name: str | None
    records: int
    id_numbers: int
    births: int
    sexes: int
    bits: float | None

    @property
    def contradicts(self) -> dict[str, int]:
        """Attribute -> its different values, where there is more than one."""
        told = {"id_number": self.id_numbers, "birth_date": self.births, "sex": self.sexes}
        return {name: count for name, count in told.items() if count > 1}


class Suspects:
    """Who is suspicious, asked of each published version once for each scope."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._known: dict[tuple[Any, ...], list[Suspect]] = {}

    def of(self, con: duckdb.DuckDBPyConnection, seen: list[str] | None) -> list[Suspect]:
        """The most doubtful first. seen: outlets, as `Scope.codes` gives them."""
        version = version_of(con)
        key = (version, None if seen is None else tuple(seen))
        if key not in self._known:
            rows = con.execute(_SUSPECTS, {"seen": seen, "most": _MOST}).fetchall()
            found = [Suspect(*row) for row in rows]
            self._known = {k: v for k, v in self._known.items() if k[0] == version} | {key: found}
        return self._known[key]


def files_aside(con: duckdb.DuckDBPyConnection, seen: list[str] | None) -> int:
    """How many files of outlets in scope were set aside, or wait."""
    ((count,),) = con.execute(_ASIDE, {"seen": seen}).fetchall()
    return int(count)
