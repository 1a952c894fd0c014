"""The identity store, `identity.duckdb`: what a night leaves for the next one.

Everything a run writes is written in one transaction of the caller's; a run that dies leaves no
trace. Tables of working state (profiles, edges, ...) are replaced whole at every run.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Generator, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from connectors.ledger import LedgerRow
from matching import blocking, engine, golden, lifecycle, profiles, scoring, vehicles
from matching.engine import Decision
from matching.model import Model
from matching.relations import number
from quality import contract
from warehouse.database import Limits, connect, quoted, run_script

FILE = "identity.duckdb"
_SQL = Path(__file__).parent / "sql"

#: Which of several versions of a record is current: the later file wins, then the later row.
_NEWEST = "file_date DESC, file_seq DESC, row_number DESC, sheet DESC"
_ORIGIN = "record_key, file_date, file_seq, row_number, sheet"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run stands on; two runs with the same inputs would do the same."""

    model: Model
    rules: golden.Survivorship
    decisions: tuple[Decision, ...]
    ledger: tuple[LedgerRow, ...]

    def digests(self) -> tuple[str, str, str]:
        """Digests of model with rules, decisions, and ledger, to compare with the last run's."""
        decided = [(d.left, d.right, d.verdict) for d in self.decisions]
        seen = [(row.path, row.file_id, str(row.status), row.reason) for row in self.ledger]
        model = _digest([self.model.digest, self.rules.model_dump_json()])
        return model, _digest(sorted(decided)), _digest(sorted(seen))


def open_store(
    home: Path, read_only: bool = False, limits: Limits | None = None
) -> duckdb.DuckDBPyConnection:
    """Open the store of a home folder, making its tables where they are missing."""
    con = connect(home / FILE, read_only=read_only, limits=limits)
    if not read_only:
        run_script(con, _SQL / "store.sql")
        _make_records(con)
    return con


def _make_records(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of standard records where they are missing."""
    con.register("contract_schema", contract.schema().empty_table())
    for table in ("record", "record_version"):
        con.execute(f"CREATE TABLE IF NOT EXISTS {table} AS SELECT * FROM contract_schema")
    con.unregister("contract_schema")


def is_outdated(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the records were understood by another version's contract: its columns differ.

    What the outlets sent lies in `raw/`, so they are understood anew from there.
    """
    known = con.execute("SELECT * FROM record LIMIT 0").description or []
    return [column[0] for column in known] != contract.schema().names


def renew(con: duckdb.DuckDBPyConnection) -> None:
    """Empty the store of records, for all to be loaded anew. In the caller's transaction."""
    con.execute("DROP TABLE record")
    con.execute("DROP TABLE record_version")
    con.execute("DELETE FROM held_row")
    con.execute("DELETE FROM loaded_file")
    _make_records(con)


def last_run(con: duckdb.DuckDBPyConnection) -> dict[str, Any] | None:
    """The newest run as column -> value, or None before the first."""
    cursor = con.execute("SELECT * FROM run ORDER BY run_id DESC LIMIT 1")
    names = [column[0] for column in cursor.description or ()]
    rows = cursor.fetchall()
    return dict(zip(names, rows[0], strict=True)) if rows else None


def last_number(con: duckdb.DuckDBPyConnection) -> int:
    """The number of the newest run; 0 before the first."""
    return number(con, "SELECT coalesce(max(run_id), 0) FROM run")


def is_news(con: duckdb.DuckDBPyConnection, inputs: Inputs) -> bool:
    """Whether a run on these inputs could come out otherwise than the last one did."""
    last = last_run(con)
    if last is None or is_outdated(con):
        return True
    known = (last["model_digest"], last["decisions_digest"], last["ledger_digest"])
    return known != inputs.digests()


def loaded_files(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Ids of the files whose rows are in the store; none where all are to be understood anew."""
    return set() if is_outdated(con) else known_files(con)


def known_files(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Ids of the files that an earlier run loaded, however their rows were understood."""
    return {str(row[0]) for row in con.execute("SELECT file_id FROM loaded_file").fetchall()}


def begin_run(
    con: duckdb.DuckDBPyConnection,
    inputs: Inputs,
    cause: str,
    now: datetime.datetime,
    above: int = 0,
) -> int:
    """Write the row of a new run and return its number, which is higher than `above`."""
    run_id = max(last_number(con), above) + 1
    con.execute(
        "INSERT INTO run BY NAME SELECT ? AS run_id, ? AS started_at, ? AS cause, ? AS model_name,"
        " ? AS model_digest, ? AS decisions_digest, ? AS ledger_digest",
        [run_id, now, cause, inputs.model.name, *inputs.digests()],
    )
    return run_id


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


def load_ledger(con: duckdb.DuckDBPyConnection, rows: Iterable[LedgerRow]) -> None:
    """Replace the store's copy of the ledger."""
    table = pa.Table.from_pylist([_file_row(row) for row in rows], schema=_FILE_SCHEMA)
    con.register("ledger_rows", table)
    con.execute("DELETE FROM file")
    con.execute("""
        INSERT INTO file BY NAME
        SELECT l.*, f.run_id AS loaded_run FROM ledger_rows l
        LEFT JOIN loaded_file f ON f.file_id = l.file_id AND l.status = 'taken'
        ORDER BY l.file_seq
    """)
    con.unregister("ledger_rows")


def load_records(
    con: duckdb.DuckDBPyConnection, run_id: int, staged: Path, held: Path, file_ids: list[str]
) -> dict[str, int]:
    """Take staged standard records in; return how many are new, changed, or older than those known.

    `known` counts the records of the same keys that were there before. staged, held: Parquet files
    as `quality.standardise` made them, or patterns that match several. A record's newest version is
    in `record`, all others in `record_version`.
    """
    con.execute(
        "CREATE OR REPLACE TEMP VIEW incoming AS FROM read_parquet("
        f"'{quoted(staged)}', filename = true, file_row_number = true)"
    )
    # only narrow columns are ranked; a record is 160 columns wide
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE version AS
        SELECT *, row_number() OVER (PARTITION BY record_key ORDER BY {_NEWEST}) = 1 AS newest
        FROM (
            SELECT {_ORIGIN}, filename, file_row_number FROM incoming
            UNION ALL
            SELECT {_ORIGIN}, NULL, rowid FROM record
            SEMI JOIN (SELECT record_key FROM incoming) USING (record_key)
        )
    """)
    arriving, known, replaced = con.execute("""
        SELECT count(filename), count(*) FILTER (filename IS NULL),
               count(*) FILTER (filename IS NULL AND NOT newest)
        FROM version
    """).fetchall()[0]
    winners = number(con, "SELECT count(filename) FROM version WHERE newest")
    beaten = "(SELECT file_row_number FROM version WHERE filename IS NULL AND NOT newest)"
    con.execute(f"INSERT INTO record_version BY NAME SELECT * FROM record WHERE rowid IN {beaten}")
    con.execute(f"DELETE FROM record WHERE rowid IN {beaten}")
    for table, newest in (("record", "newest"), ("record_version", "NOT newest")):
        con.execute(f"""
            INSERT INTO {table} BY NAME
            SELECT * EXCLUDE (filename, file_row_number) FROM incoming
            SEMI JOIN (FROM version WHERE {newest}) USING (filename, file_row_number)
        """)
    con.execute("DROP VIEW incoming")
    con.execute("DROP TABLE version")
    con.execute(
        "INSERT INTO held_row BY NAME SELECT file_id, source, outlet_code, file_date, sheet,"
        " row_number, reason, ? AS run_id FROM read_parquet(?)",
        [run_id, str(held)],
    )
    con.execute(
        "INSERT INTO loaded_file SELECT unnest(CAST(? AS VARCHAR[])), ?", [file_ids, run_id]
    )
    new = winners - replaced
    return {"new": new, "changed": replaced, "older": arriving - winners, "known": known}


#: The steps of `identify`, in order.
STEPS = ("vehicles", "profiles", "edges", "entities", "golden_records")


def identify(
    con: duckdb.DuckDBPyConnection, inputs: Inputs, run_id: int
) -> Generator[dict[str, Any]]:
    """Resolve the records of the store anew; yield each step's counts as it is done.

    The steps are `STEPS`. In the caller's transaction.
    """
    model = inputs.model
    yield dict(vehicles.resolve(con))
    con.execute("""
        CREATE OR REPLACE TEMP VIEW subject AS
        SELECT r.*, v.vehicle_id FROM record r LEFT JOIN record_vehicle v USING (record_key)
    """)
    built = profiles.build(con, model, "subject", engine.told_apart(inputs.decisions))
    yield {"profiles": built, "generic_values": _generic(con)}
    pairs = blocking.candidates(con, model)
    keys = [asdict(key) for key in blocking.report(con, model)]
    kept = scoring.score(con, model)
    yield {"candidates": pairs, "links_and_reviews": kept, "blocking": keys}
    links, entities, refused, review = engine.group(con, model, inputs.decisions)
    changes = _name_entities(con, run_id)
    counts = {"links": links, "entities": entities, "refused": refused, "for_review": review}
    yield counts | changes
    run_script(con, _SQL / "stated.sql")
    values = golden.choose(con, inputs.rules)
    _keep(con)
    yield {"golden_values": values}


def _generic(con: duckdb.DuckDBPyConnection) -> int:
    return number(con, "SELECT count(*) FROM generic_value WHERE verdict = 'generic'")


def _name_entities(con: duckdb.DuckDBPyConnection, run_id: int) -> dict[str, int]:
    """Give entities their golden ids and write down who belongs to whom."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE belongs AS
        SELECT record_key, entity_no FROM record_profile JOIN entity USING (profile_id)
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE belonged AS SELECT record_key, golden_id FROM main.member
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE known_id AS SELECT golden_id, minted_run FROM main.golden_id
    """)
    changes = lifecycle.assign(con)
    run_script(con, _SQL / "entities.sql", {"run_id": run_id})
    run_script(con, _SQL / "review_pair.sql")
    return changes


#: Working tables that stay in the store until the next run.
_KEPT = (
    "record_vehicle", "vehicle", "record_profile", "profile", "generic_value", "edge", "entity",
    "refused_link", "review_pair", "golden_value",
)  # fmt: skip


def _keep(con: duckdb.DuckDBPyConnection) -> None:
    """Replace the store's working tables by the temporary ones of the same name."""
    con.execute("DROP VIEW temp.subject")
    for table in _KEPT:
        con.execute(f"CREATE OR REPLACE TABLE main.{table} AS SELECT * FROM temp.{table}")
        con.execute(f"DROP TABLE temp.{table}")


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
