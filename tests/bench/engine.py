"""The engine alone on a standardised table: time of each step, peak memory, how right it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from matching import blocking, engine, profiles, scoring, training, vehicles
from matching.model import Model, load
from matching.relations import count
from tests.bench.account import alone, machine, peak_gb, timed
from tests.bench.judging import after_stewards, measures, put_judged
from warehouse.database import Limits, connect


def measure(database: Path, memory: str = Limits().memory, judged: bool = True) -> dict[str, Any]:
    """Match a world's records by the shipped model, and learn one, each in a process of its own.

    memory: what DuckDB may use before it spills to disk; the default is that of a nightly run.
    judged: learn, and compare with the truth, too. match_s: all steps; peak_gb: until they are
    done. train_s: with all that learning needs before.
    """
    tools = {"machine": machine(), "memory_limit": memory}
    found = alone(_match, database, memory, judged)
    if judged:
        learning = alone(_learn, database, memory)
        found |= {"learning": learning, "train_s": round(sum(learning.values()), 2)}
    return tools | found


def _match(database: Path, memory: str, judged: bool) -> dict[str, Any]:
    model = load()
    with connect(database, read_only=True, limits=Limits(memory)) as con:
        seconds: dict[str, float] = {}
        counts = find_pairs(con, model, seconds)
        with timed(seconds, "scoring"):
            counts["edges"] = scoring.score(con, model)
        with timed(seconds, "clustering"):
            grouped = engine.group(con, model)
        names = ("links", "entities", "refused", "for_review")
        found: dict[str, Any] = {
            "model": f"{model.name} {model.version} ({model.digest[:10]})",
            "seconds": seconds,
            "match_s": round(sum(seconds.values()), 2),
            "peak_gb": peak_gb(),
            "counts": counts | dict(zip(names, grouped, strict=True)),
        }
        if judged:
            clusters = (
                "(SELECT record_key, entity_no AS cluster"
                " FROM record_profile JOIN entity USING (profile_id))"
            )
            put_judged(con, clusters)
            found |= {"measures": measures(con), "stewards": after_stewards(con)}
    return found


def _learn(database: Path, memory: str) -> dict[str, float]:
    model, seconds = load(), dict[str, float]()
    with connect(database, read_only=True, limits=Limits(memory)) as con:
        find_pairs(con, model, seconds)
        with timed(seconds, "learning"):
            training.train(con, model)
    return seconds


def find_pairs(
    con: duckdb.DuckDBPyConnection, model: Model, seconds: dict[str, float]
) -> dict[str, int]:
    """Run the steps of a night from `record` to candidates; add their seconds, return counts."""
    counts = {"records": count(con, "record")}
    with timed(seconds, "vehicles"):
        vehicles.resolve(con)
        con.execute("""
            CREATE TEMP VIEW subject AS
            SELECT r.*, v.vehicle_id FROM record r LEFT JOIN record_vehicle v USING (record_key)
        """)
    with timed(seconds, "profiles"):
        counts["profiles"] = profiles.build(con, model, "subject")
    with timed(seconds, "candidates"):
        counts["candidates"] = blocking.candidates(con, model)
    return counts
