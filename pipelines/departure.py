"""Do what the log of erasures says, step by step; each can be done again after a kill.

The records of an erasure are found by its marks, so that nothing but the log has to outlive a kill:
first their rows in `raw/` and the decisions on them, for which the store must still have them; then
the store, in one run; then what is left of the past: deleted rows in files, earlier versions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from connectors.emptying import Place, empty_rows
from connectors.ledger import FileStatus, Ledger, LedgerRow
from connectors.raw import read_mapped
from matching.relations import pull, put
from pipelines import night as steps
from pipelines.night import Night
from pipelines.progress import step
from pipelines.settings import erasure_key
from quality import contract
from quality.standardise import ERASED, standardise
from warehouse import guards, held, manifest, records, store
from warehouse.database import rewrite, transaction
from warehouse.erasure import redaction, removal
from warehouse.erasure.log import Erasure, Erasures
from warehouse.erasure.marks import KEY, told_sql, use_key
from warehouse.exports.register import Register
from warehouse.faults import ensure_room
from warehouse.publish import spill_folder

_PLACE = ("file_id", "sheet", "row_number")


def take_up(night: Night) -> None:
    """Finish the erasures that were begun in this home and killed."""
    for number, erasure in Erasures(night.home).unfinished():
        finish(night, number, erasure)


def finish(night: Night, number: int, erasure: Erasure) -> None:
    """Do whatever an erasure that is entered has left to do."""
    home, limits, key = night.home, night.settings.limits, erasure_key(night.home)
    log = Erasures(home)
    marks = log.marks(key, number)
    leaving = Night(home, night.settings, store.ERASE, night.seconds)
    steps.clear(leaving)
    ensure_room(home, (home / store.FILE).stat().st_size)
    with store.open_store(home, limits=limits) as con:
        there = removal.find(con, marks, key)
        with step("raw_rows", night.seconds):
            _empty_raw(leaving, con, marks, key)
        _redact(leaving, con, key)
        if there:
            _remove(leaving, con)
        last = store.last_erasure(con)
    Register(home).forget(erasure.golden_ids)
    with step("rewriting", night.seconds):
        rewrite(home / store.FILE, spill_folder(home), limits)
    steps.publish_night(leaving)
    manifest.forget_digests(home, last)
    steps.clear(leaving)
    log.finish(number, night.now())


def _empty_raw(night: Night, con: duckdb.DuckDBPyConnection, marks: pa.Table, key: bytes) -> None:
    """Empty the person's rows in `raw/`, whether the store has them, holds them or never had them.

    Leaves `held_anew` (file_id, sheet, row_number): those among the store's held rows.
    """
    removal.versions(con)
    places = pull(con, f"SELECT {', '.join(_PLACE)} FROM leaving_version").to_pylist()
    use_key(con, key)
    put(con, "tombstone", marks)
    con.execute("CREATE OR REPLACE TEMP TABLE held_anew AS SELECT file_id, sheet, row_number"
                " FROM held_row LIMIT 0")  # fmt: skip
    with Ledger(night.home) as ledger:
        files = {row.file_id: row for row in ledger.rows() if row.raw_path}
    loaded = {name for name, there in store.loaded_files(con).items() if there}
    aside = pull(con, f"SELECT {', '.join(_PLACE)} FROM held_row WHERE reason <> '{ERASED}'")
    for rows in _unmerged(night.home, files, loaded, aside):
        done = standardise(rows)
        for kind, table in (("record", done.records), ("held", done.held)):
            put(con, "understood", table)
            found = f"""
                SELECT DISTINCT {", ".join(_PLACE)} FROM ({told_sql("understood")}) t
                SEMI JOIN tombstone s ON s.kind = t.kind AND s.mark = mark(t.kind, t.text)
            """
            places += pull(con, found).to_pylist()
            if kind == "held":
                con.execute(f"INSERT INTO held_anew {found}")
                # emptied already, by a run of this that was killed
                con.execute(f"""
                    INSERT INTO held_anew SELECT {", ".join(_PLACE)} FROM understood
                    WHERE reason = '{ERASED}'
                """)
    of: dict[str, dict[Place, str]] = defaultdict(dict)
    for place in places:
        of[place["file_id"]][place["sheet"], place["row_number"]] = ERASED
    for file_id, why in of.items():
        empty_rows(night.home / files[file_id].raw_path, why)


def _unmerged(
    home: Path, files: dict[str, LedgerRow], loaded: set[str], aside: pa.Table
) -> Iterator[pa.Table]:
    """Raw rows that the store has no records of: its held rows, and all of files not in it."""
    wanted = aside.append_column("wanted", pa.repeat(True, aside.num_rows))
    held_in = set(aside["file_id"].to_pylist())
    for batch in steps.batches([row for row in files.values() if row.file_id in held_in]):
        rows = read_mapped([home / row.raw_path for row in batch], contract.TYPED_FIELDS)
        among = rows.select(list(_PLACE)).append_column("n", pa.array(range(rows.num_rows)))
        among = among.join(wanted, list(_PLACE), join_type="inner").sort_by("n")
        yield rows.take(among["n"])
    others = [row for row in files.values() if row.file_id not in loaded]
    for batch in steps.batches([row for row in others if row.status in _RAW]):
        yield read_mapped([home / row.raw_path for row in batch], contract.TYPED_FIELDS)


#: Statuses of files whose rows lie in `raw/`.
_RAW = (FileStatus.TAKEN, FileStatus.DROPPED)


def _redact(night: Night, con: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Take the personal data of `leaving` out of the stewards' decisions."""
    log = night.settings.log
    entries = log.entries()
    if not entries:
        return
    use_key(con, key)
    names = con.execute(f"""
        SELECT name, 'erased/' || mark('{KEY}', name)[:32] FROM (
            SELECT record_key AS name FROM leaving_version
            UNION SELECT {records.CALLED} FROM leaving_version)
    """).fetchall()
    values = con.execute(f"""
        {_VALUES.format(records="leaving_version")} EXCEPT
        {_VALUES.format(records="(FROM record ANTI JOIN leaving USING (record_key))")}
    """).fetchall()
    changed = list(redaction.redacted(entries, dict(names), {str(one) for (one,) in values}))
    if changed:
        log.redact(changed)


_VALUES = """
    SELECT unnest(list_concat(phones, [name, id_number, vin, plate, email, address]))
    FROM {records}
"""


def _remove(night: Night, con: duckdb.DuckDBPyConnection) -> None:
    """The run by which the records in `leaving` leave the store."""
    counts: dict[str, Any] = {}
    with transaction(con):
        inputs = steps.inputs_of(night, con)
        run_id = store.begin_run(con, inputs, night.cause, night.now(),
                                 held.last_number(night.home))  # fmt: skip
        with step("load", night.seconds):
            counts["records"] = steps.load(night, con, inputs, run_id, [])
            counts["records"] |= removal.take_out(con, pull(con, "FROM held_anew"))
            manifest.record(con, night.home, run_id, inputs, [], None)
        steps.resolve(night, con, inputs, run_id, counts)
        removal.forget(con)
        counts["measures"] = guards.measure(con, run_id, counts).model_dump()
        store.finish_run(con, run_id, night.now(), counts, night.seconds)
