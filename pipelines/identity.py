"""Golden ids over time, from the published warehouse: one id's life, and a past night's members."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from connectors.errors import SettingError
from matching import ids
from pipelines.summary import open_published
from warehouse.database import quoted

_EVENTS = """
    SELECT e.*, r.finished_at FROM golden_id_event e JOIN run r USING (run_id)
    WHERE golden_id = $id OR other_id = $id ORDER BY sequence
"""
#: A record by its name for ever, or by what its outlet calls it now.
_RECORD = """
    SELECT record_key FROM customer_xref_history WHERE record_key = $key
    UNION
    SELECT record_key FROM customer_xref
    WHERE concat_ws('/', source, CASE WHEN source = 'hq' THEN '' ELSE outlet_code END, source_key)
        = $key
    -- before the two were told to be one, it was a record of its own
    ORDER BY record_key <> $key
"""
_MEMBERS = """
    SELECT record_key, golden_id FROM customer_xref_history
    WHERE from_run <= $run AND coalesce(to_run > $run, true)
"""


@dataclass(frozen=True, slots=True)
class Life:
    """One golden id's life. state: in use, merged or retired.

    leads_to: the id in use where its customer is found now; None once its records are gone.
    events: rows of golden_id_event, with finished_at of their run. records: rows of customer_xref.
    """

    golden_id: str
    state: str
    leads_to: str | None
    events: list[dict[str, Any]]
    records: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PastNight:
    """The run whose outcome stood at the end of a day. finished_at: Shanghai time."""

    day: datetime.date
    run: int
    finished_at: datetime.datetime


def life(home: Path, typed: str) -> Life:
    """Tell the life of the golden id that was typed. Raises SettingError where there is none."""
    golden_id = read_id(typed)
    with _published(home) as con:
        events = _rows(con, _EVENTS, {"id": golden_id})
        if not any(event["golden_id"] == golden_id for event in events):
            raise SettingError(f"{golden_id}: no such golden id in {home}")
        records = _rows(
            con,
            "SELECT record_key, source, outlet_code, source_key, match_weight, since_run"
            " FROM customer_xref WHERE golden_id = $id ORDER BY record_key",
            {"id": golden_id},
        )
        redirect = _rows(
            con, "SELECT redirect_to FROM golden_id_redirect WHERE golden_id = $id",
            {"id": golden_id},
        )  # fmt: skip
    if records:
        return Life(golden_id, "in use", golden_id, events, records)
    if redirect:
        return Life(golden_id, "merged", redirect[0]["redirect_to"], events, [])
    return Life(golden_id, "retired", None, events, [])


def read_id(typed: str) -> str:
    """The golden id that was typed. Raises SettingError saying what is wrong with it."""
    golden_id = ids.parse(typed)
    if golden_id is None:
        raise SettingError(f"{typed}: not a golden id: {ids.fault(typed)}")
    return golden_id


def past_night(home: Path, day: datetime.date) -> PastNight:
    """The last run that was complete by the end of a day in Shanghai.

    Raises SettingError where there was none yet, or its members are not known.
    """
    with _published(home) as con:
        runs = _rows(con, "SELECT run_id, finished_at, has_history FROM run ORDER BY run_id", {})
    before = [run for run in runs if run["finished_at"].date() <= day]
    if not before:
        first = runs[0]["finished_at"]
        raise SettingError(f"{day}: no run was complete by then; the first was at {first}")
    run = before[-1]
    if not run["has_history"]:
        known = next(r for r in runs if r["has_history"])
        raise SettingError(
            f"{day}: who belonged to whom after run {run['run_id']} was not kept; it is known since"
            f" run {known['run_id']} of {known['finished_at']:%Y-%m-%d}"
        )
    return PastNight(day, run["run_id"], run["finished_at"])


def owner_of(home: Path, night: PastNight, record: str) -> tuple[str, str | None]:
    """The record's key, and the golden id that it belonged to; None where it was not known yet.

    record: a record key, or what the outlet calls the record now. Raises SettingError for a record
    that was never known.
    """
    with _published(home) as con:
        found = _rows(con, _RECORD, {"key": record})
        if not found:
            raise SettingError(
                f"{record}: no such record; keys are in customer_xref_history.record_key"
            )
        for key in (row["record_key"] for row in found):
            held = _rows(con, f"{_MEMBERS} AND record_key = $key", {"run": night.run, "key": key})
            if held:
                return key, held[0]["golden_id"]
    return key, None


def members_of(home: Path, night: PastNight, golden_id: str) -> list[str]:
    """The keys of the records that belonged to a golden id."""
    sql = f"{_MEMBERS} AND golden_id = $id ORDER BY record_key"
    with _published(home) as con:
        return [row["record_key"] for row in _rows(con, sql, {"run": night.run, "id": golden_id})]


def count_members(home: Path, night: PastNight) -> dict[str, int]:
    """How many records there were, and how many customers."""
    sql = f"SELECT count(*) AS records, count(DISTINCT golden_id) AS customers FROM ({_MEMBERS})"
    with _published(home) as con:
        return _rows(con, sql, {"run": night.run})[0]


def write_members(home: Path, night: PastNight, file: Path) -> None:
    """Write record_key and golden_id of all records to a Parquet file."""
    sql = f"{_MEMBERS} ORDER BY record_key".replace("$run", str(night.run))
    with _published(home) as con:
        try:
            con.execute(f"COPY ({sql}) TO '{quoted(file)}' (FORMAT parquet)")
        except duckdb.IOException:
            raise SettingError(f"{file}: cannot be written") from None


@contextmanager
def _published(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published warehouse with its histories. Raises SettingError where it has none."""
    with open_published(home) as con:
        if not con.execute("FROM duckdb_tables() WHERE table_name = 'customer_xref_history'"
                           ).fetchall():  # fmt: skip
            raise SettingError(
                f"{home}: a former version has published this warehouse, without histories;"
                " `guiyi run` publishes it anew"
            )
        yield con


def _rows(
    con: duckdb.DuckDBPyConnection, sql: str, values: dict[str, object]
) -> list[dict[str, Any]]:
    cursor = con.execute(sql, values or None)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
