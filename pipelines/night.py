"""A night, step by step, without an orchestrator: the assets call these, and so may anyone.

Each step stands on what the one before left on disk, so a night that was killed is taken up where
it stood: the ledger knows which files are in, the store which of them are merged, the published
file which run it holds.
"""

from __future__ import annotations

import datetime
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from duckdb import DuckDBPyConnection

from connectors.intake import SHANGHAI, IntakeReport, take_in
from connectors.ledger import FileStatus, Ledger, LedgerRow
from connectors.sources import FOLDER, load_sources
from matching import golden, model
from pipelines import models
from pipelines.beside import Beside, processes
from pipelines.progress import detail, step
from pipelines.settings import Settings, erasure_key, read_settings
from quality import contract, suites
from quality.standardise import Part, standardise_part
from warehouse import guards, manifest, records, store
from warehouse.database import transaction
from warehouse.erasure import door
from warehouse.erasure.log import Erasures
from warehouse.faults import ensure_room
from warehouse.held import Gate, HeldRun, NightHeld
from warehouse.publish import Published, publish, published_size, spill_folder

#: Rows that are understood at a time: bounds memory; below it a second process costs more to
#: start than it saves.
_BATCH = 50_000
#: New rows from which a process is started to check them: fewer are understood before its library
#: is imported there.
_MANY = 8_000


@dataclass(frozen=True, slots=True)
class Night:
    """Where a night works and what it has measured. seconds: step -> wall time.

    beside: the process in which its records are checked.
    """

    home: Path
    settings: Settings
    cause: str
    seconds: dict[str, float] = field(default_factory=dict)
    beside: Beside = field(default_factory=Beside)

    @classmethod
    def begin(cls, home: Path, cause: str, landing: Path | None = None) -> Night:
        """A night in this home. Raises SettingError if its settings are wrong."""
        return cls(home, read_settings(home, landing), cause)

    def now(self) -> datetime.datetime:
        """The present moment in Shanghai, without a zone, as every table of ours has it."""
        return datetime.datetime.now(SHANGHAI).replace(tzinfo=None, microsecond=0)

    @property
    def staging(self) -> Path:
        """The folder of standard records and held rows that are not merged yet."""
        return self.home / "staging"


def arrive(night: Night) -> IntakeReport:
    """Take new files of the landing area into raw Parquet."""
    with step("files", night.seconds):
        return take_in(
            night.settings.landing,
            night.home,
            load_sources(night.settings.sources or FOLDER),
            night.settings.settle_seconds,
            lambda done, of: detail(f"{done} of {of}"),
        )


def understand(night: Night, anew: bool = False) -> dict[str, int]:
    """Standardise the raw rows that the store does not have yet, into the staging folder.

    anew: instead, those that it has. Those that are new are checked later: where they are many, in
    a process that gets ready meanwhile.
    """
    with step("standard_records", night.seconds):
        waiting = _to_load(night, anew)
        if not anew and sum(file.rows for file in waiting) >= _MANY:
            night.beside.start(suites.get_ready)
        clear(night)
        # under a name of its own until it is whole: a worker of a killed night may still be writing
        beside = night.staging.with_name(f"{night.staging.name}.{secrets.token_hex(4)}")
        for folder in ("records", "held"):
            (beside / folder).mkdir(parents=True)
        parts = _stage(night, beside, list(batches(waiting)))
        refused = _hold_off(night, beside, waiting)
        ids = [row.file_id for row in waiting]
        (beside / "files.json").write_text(json.dumps(ids))
        os.replace(beside, night.staging)
    return {
        "files": len(waiting),
        "rows": sum(part.rows for part in parts),
        "records": sum(part.records for part in parts) - refused,
        "held": sum(part.held for part in parts) + refused,
    }


def _hold_off(night: Night, staged: Path, files: list[LedgerRow]) -> int:
    """Hold the rows in staged files that may not be kept; return how many records they would be."""
    log, periods = Erasures(night.home), night.settings.retention
    if not periods and not log.has_marks():
        return 0
    key = erasure_key(night.home) if log.has_marks() else b""
    of = {row.file_id: row for row in files}
    with store.open_store(night.home, limits=night.settings.limits) as con:
        arriving = frozenset(of.keys() - store.loaded_files(con).keys())
    rules = door.Rules(log.tombstones(key), key, periods, night.now().date(), arriving)
    return door.hold_off(staged, night.home, of, rules, night.settings.limits)


def clear(night: Night) -> None:
    """Remove what is staged, and what killed nights left: half-staged rows, and DuckDB's spills."""
    half = night.home.glob(f"{night.staging.name}.*")
    spilled = (night.home / f"{store.FILE}.tmp", spill_folder(night.home))
    for folder in (night.staging, *half, *spilled):
        shutil.rmtree(folder, ignore_errors=True)


def _stage(night: Night, folder: Path, batches: list[list[LedgerRow]]) -> list[Part]:
    """Standardise each batch into a part below the folder, several at a time."""
    jobs = [
        (
            [night.home / row.raw_path for row in batch],
            folder / "records" / f"part-{number:04d}.parquet",
            folder / "held" / f"part-{number:04d}.parquet",
        )
        # the largest first, or the last worker would be alone with it
        for number, batch in enumerate(sorted(batches, key=lambda b: -sum(r.rows for r in b)))
    ]
    workers = min(len(jobs), night.settings.threads or os.cpu_count() or 1)
    if workers <= 1:
        return [standardise_part(*job, detail) for job in jobs]
    with processes(workers) as pool:
        futures = [pool.submit(standardise_part, *job) for job in jobs]
        for done, _ in enumerate(as_completed(futures), 1):
            detail(f"{done} of {len(jobs)} parts")
        return [future.result() for future in futures]


def batches(files: Iterable[LedgerRow]) -> Iterator[list[LedgerRow]]:
    """Whole files, together of about `_BATCH` rows."""
    batch: list[LedgerRow] = []
    for file in files:
        batch.append(file)
        if sum(row.rows for row in batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _to_load(night: Night, anew: bool) -> list[LedgerRow]:
    """Files whose rows are to be loaded: new ones, and all where another version understood them.

    anew: all that are in the store, and no other.
    """
    with Ledger(night.home) as ledger:
        taken = ledger.rows(FileStatus.TAKEN)
    with store.open_store(night.home, limits=night.settings.limits) as con:
        loaded, again = store.loaded_files(con), records.is_outdated(con)
    known = [row for row in taken if loaded.get(row.file_id)]
    # what was rolled back waits for `guiyi run --retry`
    new = [row for row in taken if row.file_id not in loaded]
    return known if anew else [*known, *new] if again else new


def identify(night: Night) -> dict[str, dict[str, Any]]:
    """Merge what is staged, in one transaction; return each step's counts, once all is committed.

    Where nothing is new since the last run, no step has counts and nothing is written.
    Raises NightHeld where the night is out of proportion; nothing of it is in the store then.
    """
    with store.open_store(night.home, limits=night.settings.limits) as con:
        inputs = inputs_of(night, con)
        if not store.is_news(con, inputs):
            shutil.rmtree(night.staging, ignore_errors=True)
            return {name: {} for name in store.STEPS}
        # better than to find out when all is merged and nothing can be published
        ensure_room(night.home, published_size(night.home))
        gate = Gate.before(con, night.home, inputs, night.settings.guards)
        known = store.loaded_files(con).keys()
        counts: dict[str, dict[str, Any]] = {}
        with gate.holding(), transaction(con):
            run_id = store.begin_run(con, inputs, night.cause, night.now(), gate.above)
            with step("load", night.seconds):
                if records.is_outdated(con):
                    records.renew(con)
                files = staged_files(night)
                counts["records"] = load(night, con, inputs, run_id, files)
                manifest.record(con, night.home, run_id, inputs, files, gate.verdict())
            resolve(night, con, inputs, run_id, counts)
            brought = {*files} - known
            counts["measures"] = _in_proportion(night, con, gate, run_id, counts, brought)
            store.finish_run(con, run_id, night.now(), counts, night.seconds)
        store.close_gaps(con)
    shutil.rmtree(night.staging, ignore_errors=True)
    return {name: counts[name] | {"seconds": night.seconds[name]} for name in store.STEPS}


def _in_proportion(
    night: Night,
    con: DuckDBPyConnection,
    gate: Gate,
    run_id: int,
    counts: dict[str, Any],
    brought: set[str],
) -> dict[str, Any]:
    """The measures of a night that is done. Raises NightHeld; brought: files of no earlier run."""
    measures = guards.measure(con, run_id, counts)
    if reasons := gate.reasons(con, measures):
        held = HeldRun(
            run=run_id,
            held_at=night.now(),
            cause=night.cause,
            inputs=gate.inputs,
            bounds=gate.bounds,
            reasons=tuple(reasons),
            measures=measures,
            files=tuple(sorted(brought)),
        )
        raise NightHeld(held)
    return measures.model_dump()


def inputs_of(
    night: Night, con: DuckDBPyConnection, offered: Mapping[str, Path] | None = None
) -> store.Inputs:
    """What a run in this home would stand on now.

    con: its store. offered: as of `models.for_run`.
    """
    with Ledger(night.home) as ledger:
        rows = ledger.rows()
    origins = models.for_run(con, night.home, night.settings, offered or {})
    return store.Inputs(
        model.load(origins["model"].file),
        golden.load(origins["rules"].file),
        night.settings.decided,
        tuple(rows),
        night.settings.keys,
        origins,
    )


def staged_files(night: Night) -> list[str]:
    """Ids of the files whose rows are staged."""
    found: list[str] = json.loads((night.staging / "files.json").read_text())
    return found


def load(
    night: Night, con: DuckDBPyConnection, inputs: store.Inputs, run_id: int, file_ids: list[str]
) -> dict[str, int]:
    """Take in changed keys, the ledger and the staged rows of these files; return the counts."""
    counts = {"renamed": records.rename(con, inputs.keys)}
    if file_ids:
        rows, held = (night.staging / folder / "*.parquet" for folder in ("records", "held"))
        counts |= records.load(con, run_id, rows, held, file_ids)
    store.load_ledger(con, inputs.ledger)
    return counts


def resolve(
    night: Night,
    con: DuckDBPyConnection,
    inputs: store.Inputs,
    run_id: int,
    counts: dict[str, Any],
    heirs_of: str = "member",
) -> None:
    """Resolve the store's records by `store.identify`, each step timed, and add its counts."""
    found = store.identify(con, inputs, run_id, heirs_of)
    for name in store.STEPS:
        with step(name, night.seconds):
            counts[name] = next(found)
    found.close()


def publish_night(night: Night) -> Published | None:
    """Publish the store's last run, unless it is published already."""
    with step("warehouse", night.seconds):
        settings = night.settings
        return publish(
            night.home, settings.keep_versions, settings.limits, detail, settings.parquet
        )


def staged_rows(night: Night) -> int:
    """Staged standard records that wait to be merged."""
    parts = (night.staging / "records").glob("*.parquet")
    return sum(pq.read_metadata(part).num_rows for part in parts)


def held_table(night: Night) -> list[dict[str, Any]]:
    """How many staged rows are held for each reason."""
    if not any((night.staging / "held").glob("*.parquet")):
        return []
    reasons = pq.read_table(night.staging / "held", columns=["reason"])["reason"]
    return [
        {"reason": str(pair["values"]), "rows": pair["counts"]} for pair in _value_counts(reasons)
    ]


def status_table(night: Night) -> list[dict[str, Any]]:
    """Of each staged field, how many records have each status: what the data look like tonight."""
    if not staged_rows(night):
        return []
    fields = [f.name for f in contract.FIELDS]
    table = pq.read_table(night.staging / "records", columns=[f"{n}_status" for n in fields])
    return [
        {"field": name}
        | {str(pair["values"]): pair["counts"] for pair in _value_counts(table[f"{name}_status"])}
        for name in fields
    ]


def _value_counts(column: Any) -> list[dict[str, Any]]:
    """The distinct values of a column, as `values`, each with its `counts`."""
    found: list[dict[str, Any]] = column.value_counts().to_pylist()
    return found
