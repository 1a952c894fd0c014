"""The model and the rules that a home goes by.

Whoever reads is told by the published run, a run by the last one in the store: that may be at work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb

from connectors.errors import SettingError
from matching import golden, model
from matching.golden import Survivorship
from matching.model import Model
from pipelines.settings import Settings
from warehouse import manifest, registry, store
from warehouse.publish import published_at
from warehouse.registry import Origin

_READERS: dict[str, Callable[[Path], Model | Survivorship]] = {
    "model": model.load,
    "rules": golden.load,
}


def in_force(home: Path, settings: Settings) -> dict[str, Origin]:
    """Where model and rules come from, by `registry.KINDS`, as the published run says.

    It can be asked while a run is at work. Raises SettingError where a promoted copy is gone.
    """
    published = published_at(home)
    if published is None:
        return settings.origins
    try:
        noted = manifest.read(home, published[0])
    except SettingError:  # published before there were manifests, or what was beside it is lost
        return settings.origins
    return {
        kind: registry.in_force(home, noted.get(kind, {}), own)
        for kind, own in settings.origins.items()
    }


def model_in_force(home: Path, settings: Settings) -> Model:
    """The model of a home. Raises SettingError where it is faulty."""
    return model.load(in_force(home, settings)["model"].file)


def rules_in_force(home: Path, settings: Settings) -> Survivorship:
    """The rules of golden records of a home. Raises SettingError where they are faulty."""
    return golden.load(in_force(home, settings)["rules"].file)


def for_run(
    con: duckdb.DuckDBPyConnection, home: Path, settings: Settings, offered: Mapping[str, Path]
) -> dict[str, Origin]:
    """Where model and rules of a run that begins come from, as the last run in the store says.

    offered: by kind, a file to be promoted in place of what is in force. Raises SettingError where
    a promoted copy is gone.
    """
    last = manifest.recorded(con, store.last_number(con))
    return {
        kind: Origin(offered[kind], own.named, promoted=True)
        if kind in offered
        else registry.in_force(home, last.get(kind, {}), own)
        for kind, own in settings.origins.items()
    }


def put_in(inputs: store.Inputs, origins: Mapping[str, Origin]) -> store.Inputs:
    """Inputs with this model and these rules. Raises SettingError naming what is faulty."""
    return replace(
        inputs,
        model=model.load(origins["model"].file),
        rules=golden.load(origins["rules"].file),
        origins=origins,
    )


def of_run(
    con: duckdb.DuckDBPyConnection, home: Path, settings: Settings, run_id: int
) -> dict[str, Origin]:
    """Where the model and the rules of a run of the store are now, if they are anywhere.

    That is what guiyi.yml names if the run went by such a file, and it has not changed; else the
    copy, where one was kept, which goes above that. Raises SettingError where that is damaged.
    """
    noted = manifest.recorded(con, run_id)
    found = settings.origins
    for kind, own in settings.origins.items():
        known = noted.get(kind, {})
        named = not known.get("promoted") and _digest(kind, own) == known.get("digest")
        if "file" in known and not named:
            found[kind] = registry.pinned(home, known["file"], own.named)
    return found


def unfit(home: Path, model: Model, error: duckdb.BinderException) -> SettingError:
    """What to say of a model that asks for columns which are not there."""
    lacking = str(error).splitlines()[0].removeprefix("Binder Error: ")
    return SettingError(f"{home}: its records do not fit the model {model.name}: {lacking}")


def _digest(kind: str, origin: Origin) -> str | None:
    """The digest of what a file says; None where it is faulty or gone."""
    try:
        return _READERS[kind](origin.file).digest
    except SettingError:
        return None
