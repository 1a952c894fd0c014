"""Nights on handmade rows, without files, landing area or orchestrator."""

from __future__ import annotations

import copy
import datetime
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from connectors.keys import NO_KEYS
from connectors.ledger import FileStatus, LedgerRow
from matching import golden, model
from matching.decisions import Decision
from quality.standardise import standardise
from tests.e2e.homes import read
from tests.matching.said import entries
from tests.quality.rows import raw
from warehouse import records, rollback, store
from warehouse.database import Limits, transaction

Identify = Callable[[duckdb.DuckDBPyConnection, store.Inputs, int], Iterator[dict[str, Any]]]
#: There are as many test processes as cores.
LIMITS = Limits(threads=1)
NOW = datetime.datetime(2024, 3, 2, 2)


def file(
    name: str, rows: Iterable[Mapping[str, Any]], day: int = 1, seq: int = 1, **where: Any
) -> pa.Table:
    """The rows of one file of that day of March 2024, the seq-th that was taken in."""
    date = datetime.date(2024, 3, day)
    return raw(rows, file_id=name, file_seq=seq, file_date=date, **where)


class Nights:
    """A home whose nights are given their rows by hand.

    now, keys: when the next one is, and its table of changed keys.
    """

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home, self.seen = home, dict[str, LedgerRow]()
        self.now = NOW
        self.keys = NO_KEYS
        self.decided = tuple[Decision, ...]()

    def copied(self, home: Path) -> Self:
        """The same in a copy of the home, to go on from."""
        made = copy.copy(self)
        made.home, made.seen = Path(shutil.copytree(self.home, home, symlinks=True)), {**self.seen}
        return made

    def inputs(self, decisions: Iterable[Decision] = ()) -> store.Inputs:
        return store.Inputs(
            model.load(),
            golden.load(),
            tuple(entries(*decisions)),
            tuple(self.seen.values()),
            self.keys,
        )

    def stage(self, *files: pa.Table) -> tuple[Path, Path, list[str]]:
        """Standardise the files and leave them as a night does; the arguments of records.load."""
        ids = []
        for table in files:
            first = table.slice(0, 1).to_pylist()[0]
            ids.append(first["file_id"])
            self.seen[ids[-1]] = ledger_row(first, table.num_rows)
        done = standardise(pa.concat_tables(files) if files else raw([]))
        staged, held = self.home / "records.parquet", self.home / "held.parquet"
        pq.write_table(done.records, staged)
        pq.write_table(done.held, held)
        return staged, held, ids

    def night(self, *files: pa.Table, decisions: Iterable[Decision] = ()) -> dict[str, int]:
        """Merge the files as one run; returns the counts of records.load."""
        self.decided = tuple(decisions)
        return self._run(files, self.decided, store.identify)

    def load(self, *files: pa.Table) -> dict[str, int]:
        """Load the files as a run that resolves nothing, which is quicker."""
        return self._run(files, (), lambda con, inputs, run_id: iter(()))

    def _run(
        self,
        files: tuple[pa.Table, ...],
        decisions: Iterable[Decision],
        identify: Identify,
        cause: str | None = None,
    ) -> dict[str, int]:
        """cause: of a run that concerns all records."""
        staged = self.stage(*files)
        inputs = self.inputs(decisions)
        with store.open_store(self.home, limits=LIMITS) as con, transaction(con):
            run_id = store.begin_run(con, inputs, "test", self.now)
            if cause:
                con.execute("INSERT INTO touched VALUES (NULL, ?)", [cause])
            records.rename(con, inputs.keys)
            counts = records.load(con, run_id, *staged)
            store.load_ledger(con, inputs.ledger)
            steps = zip(store.STEPS, identify(con, inputs, run_id), strict=False)
            found = {"records": counts, **dict(steps)}
            store.finish_run(con, run_id, self.now, found, {"load": 0.5})
        return counts

    def rebuild(self) -> None:
        """Match everything from scratch, as a run of its own."""
        self._run((), self.decided, store.identify, "rebuild")

    def roll_back(self, to_run: int) -> None:
        """Take the store back to what it was after a run."""
        inputs = self.inputs(self.decided)
        with store.open_store(self.home, limits=LIMITS) as con, transaction(con):
            rollback.target(con, to_run)
            run_id = store.begin_run(con, inputs, "rollback", self.now)
            rollback.take_back(con, run_id, to_run)
            records.rename(con, inputs.keys)
            store.load_ledger(con, inputs.ledger)
            steps = store.identify(con, inputs, run_id, heirs_of="heir")
            store.finish_run(con, run_id, self.now, dict(zip(store.STEPS, steps, strict=True)), {})

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the store."""
        return read(self.home / store.FILE, sql)


def ledger_row(first: Mapping[str, Any], rows: int) -> LedgerRow:
    """The ledger's row of a file that has this first row."""
    return LedgerRow(
        file_id=first["file_id"],
        path=f"{first['source']}/{first['file_id']}.csv",
        source=first["source"],
        outlet_code=first["folder_outlet"] or "",
        file_date=first["file_date"],
        file_seq=first["file_seq"],
        bytes=1,
        rows=rows,
        status=FileStatus.TAKEN,
        reason="",
        detail="",
        duplicate_of="",
        raw_path="",
        arrived_at=NOW,
        rules="",
        columns="{}",
    )
