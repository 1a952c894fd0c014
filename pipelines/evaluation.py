"""How right the published customers are, against known truth or against labels."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from connectors.errors import SettingError
from matching import blocking
from matching.evaluate import Measures, Rivals, curve, errors, judge, labels, reach, stewards
from matching.evaluate.measures import put_rivals
from matching.model import Model
from matching.relations import count, number, pull, put
from pipelines.models import model_in_force, rules_in_force
from pipelines.settings import read_settings
from pipelines.summary import open_published
from warehouse import store
from warehouse.database import connect, quoted

_NEEDED = {"source", "outlet_code", "source_key", "entity_id"}
_LABELLED = {"left", "right", "verdict"}
_COUNTED = ("pairs", "entity_pairs", "compared", "waiting")


def evaluate(home: Path, truth: Path) -> dict[str, Any]:
    """Compare customer_xref with truth: overall and for each source.

    truth: a folder of `records-*.parquet` as the sample writes them, of which the latest night
    wins, or one Parquet or CSV file with the columns source, outlet_code, source_key, entity_id.
    Records that only one side knows are counted, not judged.
    """
    with connect(limits=read_settings(home).limits) as con:
        _load_published(con, home)
        return _measured(con, *_load_truth(con, truth))


def examine(
    home: Path,
    truth: Path | None = None,
    label_file: Path | None = None,
    error_file: Path | None = None,
    with_values: bool = False,
) -> dict[str, Any]:
    """What `evaluate` tells, and why: blocking, errors by kind, curve, what is left for stewards.

    label_file: in place of truth, a Parquet or CSV file of left, right (record keys) and verdict
    (same, different, unsure). error_file: where to write the errors as CSV; with_values adds the
    names and phones. Where the store cannot be read, or the last run had another model, blocking,
    errors and curve are left out and `untold` says why; with an error_file that is a SettingError.
    """
    settings = read_settings(home)
    with connect(limits=settings.limits) as con:
        _load_published(con, home)
        if label_file is not None:
            known = _load_labels(con, label_file)
        else:
            known = _load_truth(con, truth or Path("data/truth"))
        found = _measured(con, *known)
        rivals = known[0]
        put_rivals(con, rivals)
        found["stewards"] = _plain(asdict(stewards.after_review(con, rivals)))
        model = model_in_force(home, settings)
        try:
            _load_store(con, home, model)
        except SettingError as error:
            if error_file is not None:
                raise
            return found | {"untold": str(error)}
        found |= _blocked(con, model)
        found["curve"] = [
            {"threshold": point.threshold, "links": point.links, **_rounded(point.measures)}
            for point in curve.curve(con, model.thresholds, rivals)
        ]
        found["errors"] = _errors(con, model, rivals, error_file, with_values)
    return found


def _measured(
    con: duckdb.DuckDBPyConnection, rivals: Rivals, more: dict[str, int]
) -> dict[str, Any]:
    """Fill `judged` from `truth` (record_key, entity) and tell how right it is."""
    con.execute("""
        CREATE TEMP TABLE judged AS
        SELECT record_key, source, entity, golden_id,
               dense_rank() OVER (ORDER BY golden_id) - 1 AS found, 0 AS profile_id
        FROM xref JOIN truth USING (record_key)
    """)
    judged, distinct = con.execute(
        "SELECT count(*), count(DISTINCT record_key) FROM judged"
    ).fetchall()[0]
    if judged != distinct:
        raise SettingError(f"the truth names {judged - distinct} records twice")
    sources = [str(s) for (s,) in con.execute("SELECT DISTINCT source FROM judged").fetchall()]
    return {
        **_rounded(judge(con, rivals)),
        "without_truth": number(con, "SELECT count(*) FROM xref") - judged,
        **more,
        "by_source": {s: _rounded(judge(con, rivals, s)) for s in sorted(sources)},
    }


def _blocked(con: duckdb.DuckDBPyConnection, model: Model) -> dict[str, Any]:
    """How many true pairs blocking brings together, in all and between any two sources."""
    candidates = blocking.candidates(con, model)
    between = reach.reach(con)
    total = reach.Reach(
        *(sum(getattr(r, name) for r in between.values()) for name in reach.Reach.__slots__)
    )
    return {
        "blocking": {"candidates": candidates} | _shares(total),
        "by_source_pair": {f"{s}-{t}": _shares(r) for (s, t), r in between.items()},
    }


def _shares(met: reach.Reach) -> dict[str, Any]:
    """The counts, and each as a share of the true pairs."""
    whole = max(met.pairs, 1)
    shares = {"recall": met.found, "blocking_recall": met.compared, "ceiling": met.reachable}
    return asdict(met) | {name: round(part / whole, 5) for name, part in shares.items()}


def _errors(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    rivals: Rivals,
    file: Path | None,
    with_values: bool,
) -> dict[str, Any]:
    step = errors.find(con, model, rivals)
    kinds = [asdict(kind) for kind in errors.summary(con, step)]
    if file is not None:
        _write_errors(con, file, with_values)
    return {
        "one_profile_in": step,
        **{
            error: {k["kind"]: {n: k[n] for n in _COUNTED} for k in kinds if k["error"] == error}
            for error in ("wrong", "missed")
        },
    }


def _write_errors(con: duckdb.DuckDBPyConnection, file: Path, with_values: bool) -> None:
    values, joined = "", ""
    if with_values:
        for side in ("a", "b"):
            values += f", {side}.name_typed AS name_{side}, {side}.phone_typed AS phone_{side}"
            joined += f" JOIN store.record {side} ON {side}.record_key = e.record_{side}"
    try:
        con.execute(f"""
            COPY (SELECT e.* {values} FROM error e {joined}
                  ORDER BY error, kind, pairs DESC, record_a, record_b)
            TO '{quoted(file)}' (FORMAT csv, HEADER)
        """)
    except duckdb.IOException:
        raise SettingError(f"{file}: cannot be written") from None


def _load_published(con: duckdb.DuckDBPyConnection, home: Path) -> None:
    """Make `xref` and `review` of the published warehouse."""
    with open_published(home) as published:
        xref = pull(
            published,
            "SELECT record_key, source, outlet_code, source_key, golden_id FROM customer_xref",
        )
        review = pull(
            published, "SELECT golden_id_a, golden_id_b, record_a, record_b FROM review_pair"
        )
    put(con, "xref", xref)
    put(con, "review", review)


def _load_store(con: duckdb.DuckDBPyConnection, home: Path, model: Model) -> None:
    """Bring in what the last run left, and give `judged` its profiles."""
    attach_store(con, home)
    rules = rules_in_force(home, read_settings(home))
    digest = store.Inputs(model, rules, (), ()).digests()[0]
    last = con.execute("SELECT model_digest FROM store.run ORDER BY run_id DESC LIMIT 1").fetchall()
    if last != [(digest,)]:
        raise SettingError(
            f"{home}: the model has changed since the last run; run again before evaluating it"
        )
    shared = {f"{column}_shared" for column in model.behaviours}
    known = {row[0] for row in con.execute("DESCRIBE store.profile").fetchall()}
    own = {"profile_id", "records", *model.alike, *model.sets, *shared}
    columns = ", ".join(f"p.{name}" for name in sorted((known & own) - {"profile_id"}))
    # kept profiles are called by their content's key; measures count them from 0, in that order
    con.execute("""
        CREATE TEMP TABLE profile_number AS
        SELECT profile_id AS key, CAST(row_number() OVER (ORDER BY profile_id) - 1 AS INTEGER) AS no
        FROM store.profile
    """)
    con.execute(f"""
        CREATE TEMP TABLE profile AS
        SELECT no AS profile_id, {columns}, entity_no
        FROM store.profile p JOIN store.entity USING (profile_id)
        JOIN profile_number ON key = p.profile_id ORDER BY no
    """)
    for table, source, more in (
        ("kept_edge", "edge", "weight, rule"), ("refused_link", "refused_link", "weight, because"),
    ):  # fmt: skip
        con.execute(f"""
            CREATE TEMP TABLE {table} AS SELECT l.no AS a, r.no AS b, {more}
            FROM store.{source} JOIN profile_number l ON l.key = a
            JOIN profile_number r ON r.key = b
        """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE judged AS
        SELECT j.* REPLACE (no AS profile_id) FROM judged j
        JOIN store.record_profile p USING (record_key) JOIN profile_number ON key = p.profile_id
    """)


def attach_store(con: duckdb.DuckDBPyConnection, home: Path) -> None:
    """Attach a home's store as `store`, for reading. Raises SettingError where that cannot be."""
    file = home / store.FILE
    if not file.exists():
        raise SettingError(f"{home}: no store is here yet; `guiyi run` makes one")
    try:
        con.execute(f"ATTACH '{quoted(file)}' AS store (READ_ONLY)")
    except duckdb.IOException:
        raise SettingError(f"{home}: a run is at work here; try again when it is done") from None


def _load_truth(con: duckdb.DuckDBPyConnection, truth: Path) -> tuple[Rivals, dict[str, int]]:
    """Make `truth` (record_key, entity); count the true records that are not published."""
    if truth.is_dir():
        files = sorted(str(path) for path in truth.glob("records-*.parquet"))
        if not files:
            raise SettingError(f"{truth}: holds no records-*.parquet")
        con.execute(
            "CREATE TABLE told AS SELECT * EXCLUDE (filename) FROM"
            " read_parquet(?, filename = true) QUALIFY row_number() OVER"
            " (PARTITION BY source, outlet_code, source_key ORDER BY filename DESC) = 1",
            [files],
        )
    else:
        _read(con, truth, "truth", _NEEDED)
    con.execute("""
        CREATE TABLE truth AS
        SELECT x.record_key, dense_rank() OVER (ORDER BY t.entity_id) - 1 AS entity
        FROM xref x JOIN told t ON t.source = x.source AND t.source_key = x.source_key
            AND (x.source = 'hq' OR t.outlet_code = x.outlet_code)
    """)
    return None, {"not_found": count(con, "told") - count(con, "truth")}


def _load_labels(con: duckdb.DuckDBPyConnection, file: Path) -> tuple[Rivals, dict[str, int]]:
    """Make `truth` of labels; count the labels, and those that contradict others."""
    _read(con, file, "labels", _LABELLED)
    unknown = con.execute(
        "SELECT count(*) FROM told WHERE verdict IS NULL OR NOT list_contains(?, verdict)",
        [list(labels.VERDICTS)],
    ).fetchall()[0][0]
    if unknown:
        raise SettingError(f"{file}: {unknown} verdicts are not {', '.join(labels.VERDICTS)}")
    con.execute(
        'CREATE TABLE label AS SELECT "left" AS left_key, "right" AS right_key, verdict FROM told'
    )
    found = labels.group(con)
    lost = number(con, "SELECT count(*) FROM truth ANTI JOIN xref USING (record_key)")
    more = {"labels": count(con, "label"), "contradicting_labels": found.contradictions}
    return found.rivals, {"not_found": lost} | more


def _read(con: duckdb.DuckDBPyConnection, file: Path, what: str, needed: set[str]) -> None:
    """Read a Parquet or CSV file into `told`."""
    if not file.is_file():
        raise SettingError(f"{file}: no such file or folder of {what}")
    reader = "read_csv(?, all_varchar = true)" if file.suffix == ".csv" else "read_parquet(?)"
    try:
        con.execute(f"CREATE TABLE told AS SELECT * FROM {reader}", [str(file)])
    except duckdb.Error as error:
        raise SettingError(f"{file}: cannot be read ({type(error).__name__})") from None
    have = {row[0] for row in con.execute("DESCRIBE told").fetchall()}
    if not have >= needed:
        raise SettingError(f"{file}: lacks the columns {', '.join(sorted(needed - have))}")


def _rounded(measures: Measures) -> dict[str, Any]:
    return _plain(asdict(measures))


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """The values rounded to five digits, also within."""
    return {
        name: _plain(v) if isinstance(v, dict) else round(v, 5) if isinstance(v, float) else v
        for name, v in values.items()
    }
