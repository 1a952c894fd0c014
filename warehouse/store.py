"""The identity store, `identity.duckdb`: what a night leaves for the next one.

Everything a run writes is written in one transaction of the caller's; a run that dies leaves no
trace. The matcher keeps its own tables (profiles, edges, ...); a night changes what it must.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from connectors.keys import NO_KEYS, KeyTable
from connectors.ledger import FileStatus, LedgerRow
from matching import golden, scoring
from matching.decisions import Entry
from matching.increment import keep, night
from matching.model import Model
from matching.relations import missing, number
from matching.steward import Steward, in_force
from warehouse import changed, customers, membership, records
from warehouse.database import Limits, connect, gaping, run_script
from warehouse.registry import Origin
from warehouse.store_migrations import prepare

FILE = "identity.duckdb"
#: The cause of runs by which records leave for good.
ERASE = "erase"
_SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run stands on; two runs with the same inputs would do the same.

    origins: where the model and the rules come from, by `registry.KINDS`.
    """

    model: Model
    rules: golden.Survivorship
    decisions: tuple[Entry, ...]
    ledger: tuple[LedgerRow, ...]
    keys: KeyTable = NO_KEYS
    origins: Mapping[str, Origin] = field(default_factory=dict)

    def digests(self) -> tuple[str, str, str, str]:
        """Digests of model with rules, decisions, ledger and keys, to hold against a run's."""
        decided = [entry.decision.uid for entry in self.decisions]
        seen = [(row.path, row.file_id, str(row.status), row.reason) for row in self.ledger]
        model = _digest([self.model.digest, self.rules.model_dump_json()])
        return model, _digest(sorted(decided)), _digest(sorted(seen)), self.keys.digest


def open_store(
    home: Path, read_only: bool = False, limits: Limits | None = None
) -> duckdb.DuckDBPyConnection:
    """Open the store of a home folder, making its tables where they are missing or older.

    Raises LaterStore.
    """
    con = connect(home / FILE, read_only=read_only, limits=limits)
    if not read_only:
        prepare(con)
        records.make(con)
    return con


def last_run(con: duckdb.DuckDBPyConnection) -> dict[str, Any] | None:
    """The newest run as column -> value, or None before the first."""
    cursor = con.execute("SELECT * FROM run ORDER BY run_id DESC LIMIT 1")
    names = [column[0] for column in cursor.description or ()]
    rows = cursor.fetchall()
    return dict(zip(names, rows[0], strict=True)) if rows else None


def last_number(con: duckdb.DuckDBPyConnection) -> int:
    """The number of the newest run; 0 before the first."""
    return number(con, "SELECT coalesce(max(run_id), 0) FROM run")


def last_erasure(con: duckdb.DuckDBPyConnection) -> int:
    """The number of the last run by which records left for good; 0 without any."""
    return number(con, "SELECT coalesce(max(run_id), 0) FROM run WHERE cause = $1", [ERASE])


def is_news(con: duckdb.DuckDBPyConnection, inputs: Inputs) -> bool:
    """Whether a run on these inputs could come out otherwise than the last one did."""
    last = last_run(con)
    if last is None or records.is_outdated(con):
        return True
    known = (
        last["model_digest"], last["decisions_digest"], last["ledger_digest"],
        last["keys_digest"] or "",
    )  # fmt: skip
    taken = {row.file_id for row in inputs.ledger if row.status is FileStatus.TAKEN}
    return known != inputs.digests() or not taken <= loaded_files(con).keys()


def loaded_files(con: duckdb.DuckDBPyConnection) -> dict[str, bool]:
    """Id of each file ever loaded -> whether its rows are in; not if it was rolled back."""
    rows = con.execute("SELECT file_id, rolled_back_run IS NULL FROM loaded_file").fetchall()
    return {str(file_id): bool(there) for file_id, there in rows}


def begin_run(
    con: duckdb.DuckDBPyConnection,
    inputs: Inputs,
    cause: str,
    now: datetime.datetime,
    above: int = 0,
) -> int:
    """Write the row of a new run and return its number, which is higher than `above`.

    Leaves the temporary table `touched` (record_key, cause): what the run changes about records, to
    be filled by whoever changes it; without a record_key, about all.
    """
    last = last_run(con)
    run_id = max(last_number(con), above) + 1
    con.execute(
        "INSERT INTO run BY NAME SELECT ? AS run_id, ? AS started_at, ? AS cause, ? AS model_name,"
        " ? AS matching_digest, true AS has_history,"
        " ? AS model_digest, ? AS decisions_digest, ? AS ledger_digest,"
        " ? AS keys_digest",
        [run_id, now, cause, inputs.model.name, inputs.model.digest, *inputs.digests()],
    )
    con.execute("CREATE OR REPLACE TEMP TABLE touched (record_key VARCHAR, cause VARCHAR)")
    records.watch(con)
    if last is not None and last["matching_digest"] != inputs.model.digest:
        touch_all(con, "model_change")
    return run_id


def touch_all(con: duckdb.DuckDBPyConnection, cause: str) -> None:
    """Say that the run that has begun concerns all records; they are matched anew."""
    con.execute("INSERT INTO touched VALUES (NULL, ?)", [cause])


def finish_run(
    con: duckdb.DuckDBPyConnection,
    run_id: int,
    now: datetime.datetime,
    counts: Mapping[str, Any],
    seconds: Mapping[str, float],
) -> None:
    """Complete a run's row with its counts, and write how long each step took."""
    con.execute(
        "UPDATE run SET finished_at = ?, counts = ? WHERE run_id = ?",
        [now, json.dumps(counts), run_id],
    )
    steps = [(run_id, step, duration) for step, duration in seconds.items()]
    if steps:
        con.executemany("INSERT INTO step VALUES (?, ?, ?)", steps)


def close_gaps(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Write tables anew of which deleted rows have become a good part; return their names."""
    keyed = {
        str(name)
        for (name,) in con.execute(
            "SELECT table_name FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'"
        ).fetchall()
    }
    found = [table for table in gaping(con) if table not in keyed]
    for table in found:
        con.execute(f"CREATE OR REPLACE TABLE {table} AS FROM {table}")
    return found


def load_ledger(con: duckdb.DuckDBPyConnection, rows: Iterable[LedgerRow]) -> None:
    """Replace the store's copy of the ledger."""
    table = pa.Table.from_pylist([_file_row(row) for row in rows], schema=_FILE_SCHEMA)
    con.register("ledger_rows", table)
    con.execute("DELETE FROM file")
    con.execute("""
        INSERT INTO file BY NAME
        SELECT l.*, CASE WHEN f.rolled_back_run IS NULL THEN f.run_id END AS loaded_run,
               f.rolled_back_run
        FROM ledger_rows l
        LEFT JOIN loaded_file f ON f.file_id = l.file_id AND l.status = 'taken'
        ORDER BY l.file_seq
    """)
    con.unregister("ledger_rows")


#: The steps of `identify`, in order.
STEPS = ("vehicles", "profiles", "edges", "entities", "golden_records")


def identify(
    con: duckdb.DuckDBPyConnection, inputs: Inputs, run_id: int, heirs_of: str = "member"
) -> Generator[dict[str, Any]]:
    """Resolve the records of the store; yield each step's counts as it is done.

    What changed since the last run is matched to what is kept of it; all is matched anew where that
    is not known. Both come to the same. The steps are `STEPS`. heirs_of: the relation (record_key,
    golden_id, since_run) whose ids live on. In the caller's transaction.
    """
    model, said = inputs.model, _said(con, inputs)
    follows = _can_follow(con, model)
    match = night.match_changed if follows else night.match_all
    counts: dict[str, Any] = {}
    for name, counts in zip(STEPS, match(con, model, said), strict=False):
        if name != "entities":
            yield counts
    membership.note_decisions(con, model, said)
    changes = membership.name_entities(con, run_id, heirs_of, all_new=not follows)
    scoring.itemise(con, model, "review_candidate", "review_bits")
    run_script(con, _SQL / "review_pair.sql")
    yield counts | changes
    same = follows and _same_rules(con, run_id)
    customers.renew(con, run_id, inputs.rules, said.chosen, all_new=not same)
    changed.write(con, run_id, all_new=not same)
    con.execute("DROP VIEW temp.subject")
    yield {"golden_values": number(con, "SELECT count(*) FROM golden_value WHERE chosen")}


def _said(con: duckdb.DuckDBPyConnection, inputs: Inputs) -> Steward:
    """What of the decisions is in force, among the records that there are now."""
    named = {key for entry in inputs.decisions for key in entry.decision.named}
    return in_force(inputs.decisions, missing(con, named, "record"))


def _can_follow(con: duckdb.DuckDBPyConnection, model: Model) -> bool:
    """Whether it is known record by record what the run changes, and what it was before."""
    untold = "record_key IS NULL OR cause = 'key_migration'"
    return keep.knows(con, model) and not number(
        con, f"SELECT count(*) FROM touched WHERE {untold}"
    )


def _same_rules(con: duckdb.DuckDBPyConnection, run_id: int) -> bool:
    """Whether this run chooses golden values by the rules of the one before it."""
    alike = f"""
        SELECT count(*) = 2 AND count(DISTINCT model_digest) = 1
        FROM (FROM run WHERE run_id <= {run_id} ORDER BY run_id DESC LIMIT 2)
    """
    return customers.are_kept(con) and bool(number(con, alike))


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


_FILE_KINDS: dict[str, pa.DataType] = {
    "file_id": pa.string(),
    "path": pa.string(),
    "source": pa.string(),
    "outlet_code": pa.string(),
    "file_date": pa.date32(),
    "file_seq": pa.int64(),
    "bytes": pa.int64(),
    "row_count": pa.int64(),
    "status": pa.string(),
    "reason": pa.string(),
    "detail": pa.string(),
    "duplicate_of": pa.string(),
    "arrived_at": pa.timestamp("us"),
}
_FILE_SCHEMA = pa.schema(_FILE_KINDS)


def _file_row(row: LedgerRow) -> dict[str, Any]:
    same = {name: getattr(row, name) for name in _FILE_SCHEMA.names if name != "row_count"}
    same["arrived_at"] = row.arrived_at.replace(tzinfo=None)
    return same | {"row_count": row.rows, "status": str(row.status)}
