"""How right the published customers are, against known truth."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from connectors.errors import SettingError
from matching.evaluate import measure
from matching.relations import pull
from pipelines.summary import open_published
from warehouse.database import connect

_NEEDED = {"source", "outlet_code", "source_key", "entity_id"}


def evaluate(home: Path, truth: Path) -> dict[str, Any]:
    """Compare customer_xref with truth: overall and for each source.

    truth: a folder of `records-*.parquet` as the sample writes them, of which the latest night
    wins, or one Parquet or CSV file with the columns source, outlet_code, source_key, entity_id.
    Records that only one side knows are counted, not judged.
    """
    published = open_published(home)
    with published, connect() as con:
        xref = pull(
            published, "SELECT source, outlet_code, source_key, golden_id FROM customer_xref"
        )
        con.register("xref", xref)
        _load_truth(con, truth)
        con.execute("""
            CREATE TABLE judged AS
            SELECT x.source, t.entity_id, x.golden_id FROM xref x JOIN truth t
            ON t.source = x.source AND t.source_key = x.source_key
                AND (x.source = 'hq' OR t.outlet_code = x.outlet_code)
        """)
        judged = pull(con, "SELECT * FROM judged")
        unknown = xref.num_rows - judged.num_rows
        missing = int(con.execute("SELECT count(*) FROM truth").fetchall()[0][0]) - judged.num_rows
    told: list[Any] = judged["source"].to_pylist()
    sources: list[str] = sorted(set(told))
    return {
        **_measures(judged),
        "without_truth": unknown,
        "not_found": missing,
        "by_source": {s: _measures(_of_source(judged, s)) for s in sources},
    }


def _load_truth(con: duckdb.DuckDBPyConnection, truth: Path) -> None:
    if truth.is_dir():
        files = sorted(str(path) for path in truth.glob("records-*.parquet"))
        if not files:
            raise SettingError(f"{truth}: holds no records-*.parquet")
        con.execute(
            "CREATE TABLE truth AS SELECT * EXCLUDE (filename) FROM"
            " read_parquet(?, filename = true) QUALIFY row_number() OVER"
            " (PARTITION BY source, outlet_code, source_key ORDER BY filename DESC) = 1",
            [files],
        )
    elif truth.is_file():
        reader = "read_csv(?, all_varchar = true)" if truth.suffix == ".csv" else "read_parquet(?)"
        try:
            con.execute(f"CREATE TABLE truth AS SELECT * FROM {reader}", [str(truth)])
        except duckdb.Error as error:
            raise SettingError(f"{truth}: cannot be read ({type(error).__name__})") from None
    else:
        raise SettingError(f"{truth}: no such file or folder of truth")
    have = {row[0] for row in con.execute("DESCRIBE truth").fetchall()}
    if not have >= _NEEDED:
        lacking = ", ".join(sorted(_NEEDED - have))
        raise SettingError(f"{truth}: lacks the columns {lacking}")


def _of_source(judged: Any, source: str) -> Any:
    import pyarrow.compute as pc

    return judged.filter(pc.field("source") == source)


def _measures(judged: Any) -> dict[str, Any]:
    """The measures of these records as a dictionary, rounded to five digits."""
    found = measure(judged["entity_id"].to_pylist(), judged["golden_id"].to_pylist())
    return {name: round(v, 5) if isinstance(v, float) else v for name, v in asdict(found).items()}
