"""What blocking would cost on the records of a home, by a model that need not have run."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from matching import profiles
from matching.model import Model, load
from matching.preview import BYTES_PER_PAIR
from matching.preview import preview as count_pairs
from pipelines.evaluation import attach_store
from pipelines.models import model_in_force, unfit
from pipelines.settings import read_settings
from warehouse.database import connect


def preview(home: Path, model: Path | None = None) -> dict[str, Any]:
    """Build the profiles anew by `model`, or by the home's, and count what each key makes."""
    settings = read_settings(home)
    chosen = load(model) if model else model_in_force(home, settings)
    with connect(limits=settings.limits) as con:
        build_profiles(con, home, chosen)
        found = count_pairs(con, chosen)
    return {"model": chosen.name} | asdict(found) | {"bytes_per_pair": BYTES_PER_PAIR}


def build_profiles(con: duckdb.DuckDBPyConnection, home: Path, model: Model) -> int:
    """Make the profiles of a home's records by a model; return their number.

    Only reads the home. Cars are taken as the last run knew them. Raises SettingError where the
    model reads columns that a record does not have.
    """
    attach_store(con, home)
    con.execute("""
        CREATE TEMP VIEW subject AS
        SELECT r.*, v.vehicle_id FROM store.record r
        LEFT JOIN store.record_vehicle v USING (record_key)
    """)
    try:
        built = profiles.build(con, model, "subject")
    except duckdb.BinderException as error:
        raise unfit(home, model, error) from None
    con.execute("DROP VIEW subject")
    con.execute("DETACH store")
    return built
