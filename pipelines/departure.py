"""Do what the log of erasures says, step by step; each can be done again after a kill.

The records of an erasure are found by its marks, so that nothing but the log has to outlive a kill:
first their rows in `raw/` and the decisions on them, for which the store must still have them; then
the store, in one run; then what is left of the past: deleted rows in files, earlier versions.
"""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa

from connectors.raw_rows import empty_rows
from matching.relations import pull
from pipelines import night as steps
from pipelines import raw_places
from pipelines.exporting import workplace
from pipelines.night import Night
from pipelines.progress import step
from pipelines.settings import erasure_key
from quality.standardise import ERASED
from warehouse import guards, held, manifest, records, store
from warehouse.database import rewrite, transaction
from warehouse.erasure import redaction, removal
from warehouse.erasure.log import Erasure, Erasures
from warehouse.erasure.marks import KEY, use_key
from warehouse.exports.register import Register
from warehouse.faults import ensure_room
from warehouse.publish import spill_folder
from warehouse.steward.learn.judgements import forget


def take_up(night: Night) -> None:
    """Finish the erasures that were begun in this home and killed."""
    if unfinished := Erasures(night.home).unfinished():
        with workplace(night.home):
            for number, erasure in unfinished:
                finish(night, number, erasure)


def finish(night: Night, number: int, erasure: Erasure) -> None:
    """Do whatever an erasure that is entered has left to do.

    In the caller's `workplace`: no export of before is at work meanwhile, or has left files there.
    """
    home, limits, key = night.home, night.settings.limits, erasure_key(night.home)
    log = Erasures(home)
    marks = log.marks(key, number)
    leaving = Night(home, night.settings, store.ERASE, night.seconds)
    steps.clear(leaving)
    ensure_room(home, (home / store.FILE).stat().st_size)
    with store.open_store(home, limits=limits) as con:
        there = removal.find(con, marks, key)
        with step("emptying", night.seconds):
            # what the store has not is judged by its age if it ever comes in
            apart = marks if erasure.reason == ERASED else None
            _empty_raw(leaving, con, apart, key, erasure.reason)
        _redact(leaving, con, key)
        if there:
            _remove(leaving, con, erasure.reason)
        last = store.last_erasure(con)
    Register(home).forget(erasure.golden_ids)
    with step("rewriting", night.seconds):
        rewrite(home / store.FILE, spill_folder(home), limits)
    steps.publish_night(leaving)
    manifest.forget_digests(home, last)
    steps.clear(leaving)
    log.finish(number, night.now())


def _empty_raw(
    night: Night,
    con: duckdb.DuckDBPyConnection,
    marks: pa.Table | None,
    key: bytes,
    reason: str,
) -> None:
    """Empty the rows of records in `leaving` in `raw/`; by marks, also those the store has not.

    Leaves `held_anew`, as `raw_places.find_rows` does.
    """
    removal.versions(con)
    files = raw_places.files_of(night.home)
    for file_id, places in raw_places.find_rows(night.home, con, marks, key).items():
        empty_rows(night.home / files[file_id].raw_path, dict.fromkeys(places, reason))


def _redact(night: Night, con: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Take the personal data of `leaving` out of the stewards' decisions."""
    log = night.settings.log
    entries = log.entries()
    if not entries:
        return
    use_key(con, key)
    names = con.execute(f"""
        SELECT name, '{redaction.NAME}' || mark('{KEY}', name)[:32] FROM (
            SELECT record_key AS name FROM leaving_version
            UNION SELECT {records.CALLED} FROM leaving_version)
    """).fetchall()
    values = con.execute(f"""
        {_VALUES.format(records="leaving_version")} EXCEPT
        {_VALUES.format(records="(FROM record ANTI JOIN leaving USING (record_key))")}
    """).fetchall()
    changed = list(redaction.redacted(entries, dict(names), {str(one) for (one,) in values}))
    forget(log.url, [entry.number for entry in changed])
    log.redact(changed)  # also none: a killed erasure may not have got to what frees the file


_VALUES = """
    SELECT unnest(list_concat(phones, [name, id_number, vin, plate, email, address]))
    FROM {records}
"""


def _remove(night: Night, con: duckdb.DuckDBPyConnection, reason: str) -> None:
    """The run by which the records in `leaving` leave the store."""
    counts: dict[str, Any] = {}
    with transaction(con):
        inputs = steps.inputs_of(night, con)
        run_id = store.begin_run(con, inputs, night.cause, night.now(),
                                 held.last_number(night.home))  # fmt: skip
        with step("load", night.seconds):
            counts["records"] = steps.load(night, con, inputs, run_id, [])
            counts["records"] |= removal.take_out(con, pull(con, "FROM held_anew"), reason)
            manifest.record(con, night.home, run_id, inputs, [], None)
        steps.resolve(night, con, inputs, run_id, counts)
        removal.forget(con)
        counts["measures"] = guards.measure(con, run_id, counts).model_dump()
        store.finish_run(con, run_id, night.now(), counts, night.seconds)
