"""Customers that may be several people, and what the decisions log says of them."""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from matching.decisions import Decision, Entry, Undo
from warehouse.steward.cases.known import Known
from warehouse.steward.cases.matters import Matter, concerned, matter
from warehouse.steward.cases.memo import Memo
from warehouse.steward.published import version_of

_SUSPECTS = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
#: More are listed by nobody who has to look at each.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Suspect:
    """A person whose records contradict each other. name: masked. bits: of his weakest link.

    id_numbers, births, sexes: how many different ones his records state, valid ones alone.
    sides: the keys of the records that say each of what contradicts.
    """

    golden_id: str
    name: str | None
    records: int
    id_numbers: int
    births: int
    sexes: int
    bits: float | None
    sides: list[list[str]]

    @property
    def key(self) -> str:
        """Of the case; another one once something else contradicts."""
        told = hashlib.sha256(repr(self.sides).encode()).hexdigest()
        return f"suspect~{self.golden_id}-{told[:12]}"

    @property
    def contradicts(self) -> dict[str, int]:
        """Attribute -> its different values, where there is more than one."""
        told = {"id_number": self.id_numbers, "birth_date": self.births, "sex": self.sexes}
        return {name: count for name, count in told.items() if count > 1}

    def is_settled(self, decisions: Iterable[Decision]) -> bool:
        """Whether decisions in force keep two of his sides apart, or say of all that they are one.

        What keeps them apart has not been applied yet: they would not be one customer.
        """
        place = {key: at for at, keys in enumerate(self.sides) for key in keys}
        groups = [{at} for at in range(len(self.sides))]
        for decision in decisions:
            met = [{place[key] for key in side if key in place} for side in decision.sides]
            if not decision.joins and len(set[int]().union(*met)) > 1:
                return True
            together = set[int]().union(*met) if decision.joins else set[int]()
            apart = [group for group in groups if not group & together]
            groups = [*apart, set[int]().union(*(group for group in groups if group & together))]
            groups = [group for group in groups if group]
        return len(groups) == 1


class Suspects:
    """Who is suspicious, asked of each published version once for each scope."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._lock = threading.Lock()
        self._found = Memo[_Heard]()

    def of(self, con: duckdb.DuckDBPyConnection, seen: list[str] | None) -> list[Matter]:
        """The cases, the most doubtful first. seen: outlets, as `Scope.codes` gives them."""
        return self._heard(con, seen).cases

    def waiting(
        self, con: duckdb.DuckDBPyConnection, seen: list[str] | None, known: Known
    ) -> list[Matter]:
        """The cases on which the log says nothing."""
        heard = self._heard(con, seen)
        with self._lock:
            return heard.listen(known)

    def _heard(self, con: duckdb.DuckDBPyConnection, seen: list[str] | None) -> _Heard:
        return self._found.of(version_of(con), seen, lambda: _Heard.of(_find(con, seen)))


@dataclass(slots=True)
class _Heard:
    """What was heard of some suspects. whose: record by which one contradicts himself -> who.

    read: how many decisions were. kept: those of them that are on these records, by their uid.
    """

    cases: list[Matter]
    whose: dict[str, str]
    waiting: list[Matter]
    read: int = 0
    kept: dict[str, Entry] = field(default_factory=dict)

    @classmethod
    def of(cls, cases: list[Matter]) -> _Heard:
        """Nothing is read yet."""
        told = (
            (key, c.subject.golden_id) for c in cases for side in c.subject.sides for key in side
        )
        return cls(cases, dict(told), cases)

    def listen(self, known: Known) -> list[Matter]:
        """Read what is new of all decisions; the cases on which none in force says anything."""
        before = len(self.kept)
        for entry in known.entries[self.read :]:
            decision = entry.decision
            is_undo = isinstance(decision, Undo) and decision.undoes in self.kept
            if is_undo or not self.whose.keys().isdisjoint(decision.named):
                self.kept[decision.uid] = entry
        self.read = max(self.read, len(known.entries))
        if len(self.kept) > before:
            about: dict[str, list[Decision]] = defaultdict(list)
            for entry in filter(known.is_in_force, self.kept.values()):
                for golden_id in {self.whose.get(key, "") for key in entry.decision.named}:
                    about[golden_id].append(entry.decision)
            self.waiting = [
                one
                for one in self.cases
                if not one.subject.is_settled(about[one.subject.golden_id])
            ]
        return self.waiting


def _find(con: duckdb.DuckDBPyConnection, seen: list[str] | None) -> list[Matter]:
    rows = con.execute(_SUSPECTS, {"seen": seen, "most": _MOST}).fetchall()
    suspects = [Suspect(*row) for row in rows]
    about = concerned(con, (one.golden_id for one in suspects), seen)
    return [matter("suspect", one.key, one, [about[one.golden_id]]) for one in suspects]
