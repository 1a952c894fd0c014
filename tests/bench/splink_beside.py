"""Splink 5 beside the engine: the same records by the same normalisers, the same measures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from matching import vehicles
from matching.relations import count
from tests.bench.account import alone, machine, peak_gb, timed
from tests.bench.judging import measures, put_judged
from warehouse.database import connect, quoted

_TABLE = Path(__file__).with_name("splink_table.sql")


def measure(database: Path, work: Path, recipe: str, seed: int) -> dict[str, Any]:
    """Link a world's records by a recipe of `splink_settings`, in a process of its own.

    Cars are recognised by our own steps before, and the time of that is not Splink's.
    """
    table, clusters = work / "splink_table.parquet", work / "splink_clusters.parquet"
    with connect(database, read_only=True) as con:
        vehicles.resolve(con)
        con.execute(f"COPY ({_TABLE.read_text()}) TO '{quoted(table)}' (FORMAT parquet)")
    tools = machine()
    found = alone(link, table, recipe, clusters, seed)
    with connect(database, read_only=True) as con:
        put_judged(
            con,
            f"(SELECT unique_id AS record_key, cluster_id AS cluster FROM '{quoted(clusters)}')",
        )
        found["counts"]["records"] = count(con, "record")
        return {"machine": tools, "recipe": recipe} | found | {"measures": measures(con)}


def link(table: Path, recipe: str, clusters: Path, seed: int) -> dict[str, Any]:
    """Train on a table, predict and cluster it; write `clusters` (unique_id, cluster_id).

    Memory is Splink's to choose: DuckDB's own default.
    """
    # an extra: where it is not installed, the engine can be measured all the same
    from splink import DuckDBAPI, Linker

    from tests.bench.splink_settings import RECIPES

    chosen, seconds = RECIPES[recipe](), dict[str, float]()
    con = duckdb.connect(config={"autoinstall_known_extensions": False})
    con.execute("SET enable_progress_bar = false")
    api = DuckDBAPI(con)
    con.execute(f"CREATE TABLE given AS FROM '{quoted(table)}' ORDER BY unique_id")
    linker = Linker(api.register("given"), chosen.settings, log_level="ERROR")
    training = linker.training
    with timed(seconds, "prior"):
        training.estimate_probability_two_random_records_match(chosen.certain, chosen.recall)
    with timed(seconds, "u by sampling"):
        training.estimate_u_using_random_sampling(max_pairs=chosen.max_pairs, seed=seed)
    with timed(seconds, "m by EM"):
        for rule in chosen.em:
            training.estimate_parameters_using_expectation_maximisation(rule)
    with timed(seconds, "predict"):
        predicted = linker.inference.predict(threshold_match_probability=chosen.threshold)
        pairs = f"SELECT * FROM {predicted.physical_name} WHERE {chosen.keep}"
        con.execute(f"CREATE TABLE kept AS {pairs}")
    with timed(seconds, "cluster"):
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(
            api.register("kept"), threshold_match_probability=chosen.threshold
        )
        con.execute(f"""
            COPY (SELECT unique_id, cluster_id FROM {found.physical_name})
            TO '{quoted(clusters)}' (FORMAT parquet)
        """)
    train = sum(seconds[step] for step in ("prior", "u by sampling", "m by EM"))
    return {
        "seconds": seconds,
        "train_s": round(train, 2),
        "match_s": round(seconds["predict"] + seconds["cluster"], 2),
        "peak_gb": peak_gb(),
        "threshold": chosen.threshold,
        "counts": {"edges": count(con, "kept")},
    }
