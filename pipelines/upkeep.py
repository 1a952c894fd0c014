"""Runs that are no nights: rebuild and rollback."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from connectors.errors import SettingError
from connectors.remapping import Remapping, remap
from connectors.sources import FOLDER, load_sources
from matching.evaluate import runs
from pipelines import departure, models
from pipelines import night as steps
from pipelines.night import Night
from pipelines.occupancy import occupy
from pipelines.progress import step
from warehouse import guards, held, manifest, records, rollback, store
from warehouse.database import transaction
from warehouse.faults import ensure_room
from warehouse.guards import Measures
from warehouse.held import RebuildHeld
from warehouse.publish import bring_up, published_size


def rebuild(home: Path, from_raw: bool = False, unguarded: bool = False) -> dict[str, Any]:
    """Match all records of the store from scratch and publish; golden ids live on.

    from_raw: understand all raw rows anew before, with columns as today's rules have them; so it is
    done, too, where another version of Guiyi understood them. unguarded: whatever the guards say.
    Returns run, from_raw, remapped (as `Remapping`) and partition: kind of change -> customers
    before, customers after, records. Raises SettingError where there is
    no run yet, and RebuildHeld where the outcome is out of proportion; it is as it was then.
    """
    with holding(home, "rebuild") as night:
        with opened(night) as con:
            from_raw = from_raw or records.is_outdated(con)
        remapped = Remapping()
        if from_raw:
            remapped = remap(home, load_sources(night.settings.sources or FOLDER))
            steps.understand(night, anew=True)
        counts: dict[str, Any] = {}
        with opened(night) as con, transaction(con):
            inputs = steps.inputs_of(night, con)
            run_id = begin(night, con, inputs)
            store.touch_all(con, night.cause)
            files = steps.staged_files(night) if from_raw else []
            with step("load", night.seconds):
                if from_raw:
                    records.renew(con)
                counts["records"] = steps.load(night, con, inputs, run_id, files)
                manifest.record(con, home, run_id, inputs, files, None)
            steps.resolve(night, con, inputs, run_id, counts)
            counts["partition"] = partition(con)
            measures = measured(con, run_id, counts)
            reasons = guards.judge(measures, guards.former(con), night.settings.guards)
            if reasons and not unguarded:
                raise RebuildHeld(reasons)
            counts["measures"] = measures.model_dump()
            store.finish_run(con, run_id, night.now(), counts, night.seconds)
        steps.publish_night(night)
    return {
        "run": run_id,
        "from_raw": from_raw,
        "remapped": asdict(remapped),
        "partition": counts["partition"],
    }


def roll_back(home: Path, to_run: int, present_model: bool = False) -> dict[str, Any]:
    """Take store and published warehouse back to what they were after a run, decisions kept.

    The model and the rules of that run are in force again, too; present_model: match by the present
    ones all the same. Returns run, to, files, rows, restored, removed, former_model (whether others
    were in force), at_once (whether the kept file of that run came up), and partition: how the
    outcome differs from that run's, as in `rebuild`. Raises CannotRollBack, or SettingError where
    the model of that run is not there any more.
    """
    with holding(home, "rollback") as night:
        run_id, counts, at_once = _rolled_back(night, to_run, present_model)
        steps.publish_night(night)
    told = {"run": run_id, **counts["rollback"], "at_once": at_once}
    return told | {"partition": counts["partition"]}


def _rolled_back(
    night: Night, to_run: int, present_model: bool
) -> tuple[int, dict[str, Any], bool]:
    """Number and counts of the run that took the store back; whether the kept file came up."""
    with opened(night) as con:
        to = rollback.target(con, to_run)
        inputs = steps.inputs_of(night, con)
        ensure_today(con)
        former_model = not present_model and inputs.digests()[0] != to["model_digest"]
        if former_model:
            inputs = _with_models_of(night, con, inputs, to)
        # the bad night is off at once; a rollback that dies after this has to be done again
        at_once = bring_up(night.home, to_run, to["started_at"])
        counts: dict[str, Any] = {}
        with transaction(con):
            run_id = begin(night, con, inputs)
            store.touch_all(con, night.cause)
            with step("load", night.seconds):
                counts["rollback"] = rollback.take_back(con, run_id, to_run)
                counts["rollback"]["former_model"] = former_model
                counts["records"] = steps.load(night, con, inputs, run_id, [])
                manifest.record(con, night.home, run_id, inputs, [], None)
            steps.resolve(night, con, inputs, run_id, counts, heirs_of="heir")
            con.execute("CREATE OR REPLACE TEMP TABLE before AS FROM belonged")
            counts["partition"] = partition(con)
            counts["measures"] = measured(con, run_id, counts).model_dump()
            store.finish_run(con, run_id, night.now(), counts, night.seconds)
    return run_id, counts, at_once


def _with_models_of(
    night: Night, con: duckdb.DuckDBPyConnection, inputs: store.Inputs, to: dict[str, Any]
) -> store.Inputs:
    """The inputs with the model and the rules of that run instead.

    Raises SettingError where this home does not have them.
    """
    origins = models.of_run(con, night.home, night.settings, to["run_id"])
    found = models.put_in(inputs, origins)
    if found.digests()[0] != to["model_digest"]:
        raise SettingError(
            f"the model or the rules of golden records are not those of run {to['run_id']}, of"
            " which this home has no copy: name them in guiyi.yml, or say --present-model"
        )
    return found


@contextmanager
def holding(home: Path, cause: str) -> Iterator[Night]:
    """A run in this home. Raises HomeBusy where there is another, SettingError where none was."""
    night = Night.begin(home, cause)
    if not (home / store.FILE).exists():
        raise _nothing_yet(home)
    with occupy(home, cause):
        ensure_room(home, published_size(home))
        departure.take_up(night)
        try:
            yield night
        finally:
            shutil.rmtree(night.staging, ignore_errors=True)


def begin(night: Night, con: duckdb.DuckDBPyConnection, inputs: store.Inputs) -> int:
    """Begin a run and return its number; a night that is held keeps its own."""
    return store.begin_run(con, inputs, night.cause, night.now(), held.last_number(night.home))


def ensure_today(con: duckdb.DuckDBPyConnection) -> None:
    """Raises SettingError where another version of Guiyi understood the records."""
    if records.is_outdated(con):
        raise SettingError(
            "another version of Guiyi understood these records; `guiyi rebuild` comes first"
        )


def measured(con: duckdb.DuckDBPyConnection, run_id: int, counts: dict[str, Any]) -> Measures:
    """What later nights are compared with. Records that are only understood anew are no change."""
    return guards.measure(con, run_id, counts).model_copy(update={"changed": 0})


@contextmanager
def opened(night: Night) -> Iterator[duckdb.DuckDBPyConnection]:
    """The store of a home in which something has run."""
    with store.open_store(night.home, limits=night.settings.limits) as con:
        if store.last_run(con) is None:
            raise _nothing_yet(night.home)
        yield con


def _nothing_yet(home: Path) -> SettingError:
    return SettingError(f"{home}: nothing has run here yet; `guiyi run` comes first")


def partition(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    """What became of the customers of `before` in `after`."""
    found = runs.compare(con)
    return {
        change.kind: {name: n for name, n in asdict(change).items() if name != "kind"}
        for change in found.changes
    }
