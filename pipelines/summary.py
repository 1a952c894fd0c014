"""What a night came to: counts from the published warehouse, for people and for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from connectors import columns
from connectors.errors import SettingError
from connectors.ledger import FileStatus, Ledger
from connectors.sources import FOLDER, load_sources
from pipelines.settings import read_settings
from warehouse import held
from warehouse.database import connect
from warehouse.publish import LINK


def open_published(home: Path) -> duckdb.DuckDBPyConnection:
    """The published warehouse, for reading. Raises SettingError where there is none yet."""
    file = home / LINK
    if not file.exists():
        waits = held.waiting(home, merged=0)
        if waits is not None:
            raise held.NightHeld(waits)
        raise SettingError(f"{home}: no warehouse is published here yet; `guiyi run` makes one")
    return connect(file.resolve(), read_only=True)


def published_run(home: Path) -> int:
    """The number of the run that is published. Raises SettingError where there is none yet."""
    with open_published(home) as con:
        return _one(con, "SELECT max(run_id) FROM run")


def summarise(home: Path) -> dict[str, Any]:
    """Counts of the whole home: files, rows, vehicles, customers, review, steps of the last run."""
    with open_published(home) as con:
        run = _rows(con, "SELECT * FROM run ORDER BY run_id DESC LIMIT 1")[0]
        rows_held = dict(_pairs(con, "SELECT reason, count(*) FROM dq_held_row GROUP BY reason"))
        kinds = dict(_pairs(con, "SELECT kind, count(*) FROM dim_customer GROUP BY kind"))
        reasons = dict(
            _pairs(con, "SELECT reason, count(*) FROM review_pair GROUP BY reason ORDER BY 2 DESC")
        )
        steps = dict(
            _pairs(con, f"SELECT step, seconds FROM run_step WHERE run_id = {run['run_id']}")
        )
        counts = json.loads(run["counts"])
        records = _one(con, "SELECT count(*) FROM customer_xref")
        vehicles = _one(con, "SELECT count(*) FROM dim_vehicle")
        rows_read = _one(con, "SELECT coalesce(sum(row_count), 0) FROM dq_file"
                              " WHERE status = 'taken'")  # fmt: skip
        rolled_back = _one(con, "SELECT count(rolled_back_run) FROM dq_file")
        sources = dict(_pairs(con, "SELECT source, count(*) FROM customer_xref GROUP BY source"))
    customers = sum(kinds.values())
    waits = held.waiting(home, run["run_id"])
    return {
        "run": run["run_id"],
        "finished_at": str(run["finished_at"]),
        "held": waits.model_dump(mode="json") if waits else None,
        "held_because": held.told(waits) if waits else "",
        "files": files_by_status(home),
        "set_aside": set_aside(home),
        "columns": columns_worth_a_look(home),
        "rolled_back": rolled_back,
        "rows_read": rows_read,
        "rows_held": rows_held,
        "records": records,
        "records_by_source": sources,
        "vehicles": vehicles,
        "profiles": counts["profiles"]["profiles"],
        "customers": customers,
        "customers_by_kind": kinds,
        "duplicates": records - customers,
        "for_review": sum(reasons.values()),
        "review_reasons": reasons,
        "decisions": len(read_settings(home).log.entries()),
        "tonight": counts,
        "seconds": steps,
    }


def files_by_status(home: Path) -> dict[str, int]:
    """How many files of the ledger have each status."""
    with Ledger(home) as ledger:
        return {str(status): len(ledger.rows(status)) for status in FileStatus}


def set_aside(home: Path) -> list[dict[str, str]]:
    """Files that wait or are broken, with their reasons, by path."""
    with Ledger(home) as ledger:
        rows = ledger.rows(FileStatus.WAITING, FileStatus.BROKEN)
    return [
        {"path": r.path, "status": str(r.status), "reason": r.reason, "detail": r.detail}
        for r in sorted(rows, key=lambda row: row.path)
    ]


def columns_worth_a_look(home: Path) -> dict[str, list[dict[str, Any]]]:
    """Of the files last taken in: what they are lacking, and headers that were guessed."""
    sources = load_sources(read_settings(home).sources or FOLDER)
    with Ledger(home) as ledger:
        rows = ledger.last_taken()
    return {
        "lacking": [asdict(one) for one in columns.lacking(rows, sources)],
        "guessed": [asdict(one) for one in columns.guessed(rows)],
    }


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    cursor = con.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _pairs(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[str, Any]]:
    return [(str(key), value) for key, value in con.execute(sql).fetchall()]


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(con.execute(sql).fetchall()[0][0])
