"""Match any table by a model file: the same engine, without cars, nights or a home."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from connectors.errors import SettingError
from matching import blocking, engine, profiles, training
from matching.model import Model, find, load
from warehouse.database import connect, quoted


@dataclass(frozen=True, slots=True)
class Matched:
    """Counts of one matching."""

    rows: int
    clusters: int
    links: int
    for_review: int


def match_table(
    model: str,
    file: Path,
    key: str,
    output: Path,
    pairs: Path | None = None,
    train: bool = False,
) -> Matched:
    """Cluster the rows of a Parquet or CSV file.

    model: a path, or the name of a shipped model. key: the column that names a row, without
    repeats. output: Parquet of (key, cluster); a cluster is named by its lowest key. pairs:
    Parquet of the links and doubtful pairs with their levels and weights. train: learn the
    model's m and u from the table first (`matching.training`).
    Raises SettingError naming the file and what is wrong with it.
    """
    chosen = _load(model)
    for target in (output, pairs):
        if target is not None and not target.parent.is_dir():
            raise SettingError(f"{target}: its folder does not exist")
    with connect() as con:
        _read(con, file, key)
        try:
            if train:
                chosen = _trained(con, chosen)
            found = engine.resolve(con, chosen, "subject", bits=pairs is not None)
        except duckdb.BinderException as error:
            lacking = str(error).splitlines()[0].removeprefix("Binder Error: ")
            raise SettingError(f"{file}: does not fit the model {model}: {lacking}") from None
        con.execute(f"""
            COPY (
                SELECT record_key AS "{key}",
                       min(record_key) OVER (PARTITION BY entity_no) AS cluster
                FROM record_profile JOIN entity USING (profile_id) ORDER BY record_key
            ) TO '{quoted(output)}' (FORMAT parquet)
        """)
        if pairs is not None:
            _write_pairs(con, pairs)
        rows = len(con.execute("SELECT record_key FROM record_profile").fetchall())
    return Matched(rows, found.entities, found.links, found.for_review)


def _trained(con: duckdb.DuckDBPyConnection, model: Model) -> Model:
    profiles.build(con, model, "subject")
    blocking.candidates(con, model)
    try:
        return training.train(con, model).model
    except ValueError as error:
        raise SettingError(f"cannot train: {error}") from None


def _load(model: str) -> Model:
    return load(find(model))


def _read(con: duckdb.DuckDBPyConnection, file: Path, key: str) -> None:
    if not file.is_file():
        raise SettingError(f"{file}: no such file")
    reader = "read_csv(?, all_varchar = true)" if file.suffix == ".csv" else "read_parquet(?)"
    try:
        con.execute(f"CREATE TABLE input AS SELECT * FROM {reader}", [str(file)])
    except duckdb.Error as error:
        raise SettingError(f"{file}: cannot be read ({type(error).__name__})") from None
    if key not in {row[0] for row in con.execute("DESCRIBE input").fetchall()}:
        raise SettingError(f"{file}: has no column {key}")
    ((rows, distinct),) = con.execute(
        f'SELECT count(*), count(DISTINCT "{key}") FROM input'
    ).fetchall()
    if rows != distinct:
        raise SettingError(f"{file}: {key} is empty or repeated in {rows - distinct} rows")
    con.execute(
        f'CREATE VIEW subject AS SELECT CAST("{key}" AS VARCHAR) AS record_key, * FROM input'
    )


def _write_pairs(con: duckdb.DuckDBPyConnection, pairs: Path) -> None:
    con.execute(f"""
        COPY (
            WITH face AS (
                SELECT profile_id, min(record_key) AS record_key FROM record_profile
                GROUP BY profile_id
            )
            SELECT l.record_key AS left_id, r.record_key AS right_id, e.* EXCLUDE (a, b)
            FROM edge e JOIN face l ON l.profile_id = e.a JOIN face r ON r.profile_id = e.b
            ORDER BY left_id, right_id
        ) TO '{quoted(pairs)}' (FORMAT parquet)
    """)
