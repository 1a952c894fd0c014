"""Exports of outlets that are held: files that were set aside, and a night that a guard holds."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse import held
from warehouse.held import HeldRun
from warehouse.steward.cases.matters import Matter, dated
from warehouse.steward.cases.memo import Memo
from warehouse.steward.published import version_of

_FILES = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
_MERGED = "SELECT run_id FROM meta.version"
#: As of a pair that a rule holds back: the merge goes on without the file.
_FILE = 0.25


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that was set aside, or waits. name: of its case. rows: as many as usually come."""

    name: str
    path: str
    source: str
    outlet_code: str
    file_date: datetime.date | None
    status: str
    reason: str
    bytes: int
    arrived_at: datetime.datetime
    rows: int
    province: str | None

    @property
    def key(self) -> str:
        """Of the case; another one once the content changes."""
        return f"held~{self.name}"


class HeldFiles:
    """The files, asked of each published version once for each scope."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._found = Memo[list[Matter]]()

    def of(self, con: duckdb.DuckDBPyConnection, seen: list[str] | None) -> list[Matter]:
        """Those of outlets in scope. seen: outlets, as `Scope.codes` gives them."""
        return self._found.of(version_of(con), seen, lambda: _find(con, seen))


def _find(con: duckdb.DuckDBPyConnection, seen: list[str] | None) -> list[Matter]:
    found = [HeldFile(*row) for row in con.execute(_FILES, {"seen": seen}).fetchall()]
    return [dated(_of_file(one), one.arrived_at.date(), con) for one in found]


def night(con: duckdb.DuckDBPyConnection, home: Path) -> Matter | None:
    """The night that waits for a word, which concerns all outlets; None where none does."""
    ((merged,),) = con.execute(_MERGED).fetchall()
    found = held.waiting(home, merged)
    return dated(_of_night(found), found.held_at.date(), con) if found else None


def _of_file(one: HeldFile) -> Matter:
    """What waits with it are the rows that it usually has."""
    outlets = [one.outlet_code] if one.outlet_code else []
    provinces = [one.province] if one.province else []
    worth = _FILE * (one.rows + len(outlets))
    return Matter("held", one.key, one, records=one.rows, worth=worth,
                  outlets=outlets, provinces=provinces)  # fmt: skip


def _of_night(one: HeldRun) -> Matter:
    """What waits with it is all that it would bring or change."""
    changed = one.measures.changed
    return Matter("night", f"night~{one.run}", one, records=changed, worth=float(changed))
