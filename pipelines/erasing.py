"""Erase a person: show what would go, enter it, and have it done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from connectors.errors import SettingError
from connectors.sources import FOLDER, load_sources
from matching.relations import number, put
from pipelines import departure, upkeep
from pipelines.exporting import workplace
from pipelines.night import Night
from pipelines.people import Named, golden_ids, records_of
from pipelines.settings import make_erasure_key
from warehouse.erasure import removal
from warehouse.erasure.log import Erasure, Erasures, Lifting
from warehouse.erasure.retention import ended_sql
from warehouse.exports.register import Register


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is to be erased, who says so, and why. records: only these of his records, if any."""

    who: Named
    author: str
    why: str
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go. golden_id: of the person.

    rows: of the versions of his records, in so many files. sales, visits: records of HQ, and of
    stations. decisions: of stewards that name a record. exports: numbers in the register; what was
    given away is not in our hands. remaining: records of the person that stay.
    """

    golden_id: str
    records: tuple[str, ...]
    rows: int
    files: int
    sales: int
    visits: int
    decisions: int
    exports: tuple[int, ...]
    remaining: int


def preview(home: Path, asked: Asked) -> Preview:
    """What an erasure would take away; nothing is changed.

    Raises SettingError where nobody, or several, are meant, and HomeBusy.
    """
    with upkeep.holding(home, "erase") as night, upkeep.opened(night) as con:
        return _previewed(night, con, asked)


def erase(home: Path, asked: Asked) -> dict[str, Any]:
    """Take a person out of all that is kept; return the entry of the log with its `number`.

    Whatever is killed from the entry on is finished by the next run. Raises as `preview` does.
    """
    with upkeep.holding(home, "erase") as night, workplace(home):
        with upkeep.opened(night) as con:
            upkeep.ensure_today(con)
            found = _previewed(night, con, asked)
            key = make_erasure_key(home)
            entry = Erasure(
                asked_by=asked.author,
                asked_at=night.now(),
                why=asked.why,
                golden_ids=() if found.remaining else golden_ids(home, found.golden_id),
                records=len(found.records),
                exports=found.exports,
            )
            put(con, "leaving", pa.table({"record_key": pa.array(found.records, pa.string())}))
            entered = Erasures(home).begin(entry, removal.marks_of(con, key), key)
        departure.finish(night, entered, entry)
    return {"number": entered, **entry.model_dump(mode="json"), "preview": asdict(found)}


def lift(home: Path, number: int, lifting: Lifting) -> None:
    """Let rows of an erased person in again; see `Erasures.lift`. What was emptied stays empty.

    Raises HomeBusy while a run is at work: it has read whom to hold off.
    """
    with upkeep.holding(home, "lift"):
        Erasures(home).lift(number, lifting)


def erased(home: Path) -> list[dict[str, Any]]:
    """Every erasure that was ever begun here, with its `number`."""
    return Erasures(home).entries()


def expired(home: Path) -> dict[str, int]:
    """How many records of each source are older than their period; nothing is changed.

    Raises SettingError where no period is set for a source of this home.
    """
    with upkeep.holding(home, "retention") as night, upkeep.opened(night) as con:
        return _expired(night, con)


def expire(home: Path, author: str) -> dict[str, Any] | None:
    """Take the records whose period has ended out of raw rows, store and warehouse.

    Returns the log's entry with its `number`; None where there is no such record. Raises as
    `expired` does.
    """
    with upkeep.holding(home, "retention") as night, workplace(home):
        with upkeep.opened(night) as con:
            upkeep.ensure_today(con)
            found = _expired(night, con)
            if not any(found.values()):
                return None
            key = make_erasure_key(home)
            periods = ", ".join(f"{name} {night.settings.retention[name]}" for name in found)
            entry = Erasure(
                asked_by=author,
                asked_at=night.now(),
                why=f"retention: {periods}",
                golden_ids=(),
                records=sum(found.values()),
                reason="expired",
            )
            entered = Erasures(home).begin(entry, removal.key_marks(con, key), key)
        departure.finish(night, entered, entry)
    return {"number": entered, **entry.model_dump(mode="json"), "by_source": found}


def _expired(night: Night, con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Fill `leaving` with the records whose period has ended; return how many of each source."""
    periods = night.settings.retention
    if not periods:
        raise SettingError("no period is set: `retention` in guiyi.yml names one for each source")
    known = {source.name for source in load_sources(night.settings.sources or FOLDER)}
    if unknown := sorted(periods.keys() - known):
        raise SettingError(f"retention: {', '.join(unknown)}: no such source")
    today = f"DATE '{night.now().date()}'"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE leaving AS"
        f" SELECT record_key FROM record WHERE {ended_sql(periods, today)}"
    )
    rows = con.execute(
        "SELECT source, count(*) FROM record SEMI JOIN leaving USING (record_key) GROUP BY source"
    ).fetchall()
    return dict.fromkeys(sorted(periods), 0) | {str(name): int(count) for name, count in rows}


def _previewed(night: Night, con: duckdb.DuckDBPyConnection, asked: Asked) -> Preview:
    golden_id, keys = records_of(night.home, asked.who)
    chosen = _chosen(keys, asked.records)
    put(con, "leaving", pa.table({"record_key": pa.array(chosen, pa.string())}))
    removal.versions(con)
    there = number(con, "SELECT count(*) FROM record SEMI JOIN leaving USING (record_key)")
    if there < len(chosen):
        raise SettingError(
            "the last run is not published yet: its records are others; `guiyi run` comes first"
        )
    entries = night.settings.decided
    ((rows, files, sales, visits),) = con.execute("""
        SELECT count(*), count(DISTINCT file_id), count(DISTINCT record_key) FILTER (source = 'hq'),
               count(DISTINCT record_key) FILTER (source = 'station')
        FROM leaving_version
    """).fetchall()
    register = Register(night.home)
    ids = golden_ids(night.home, golden_id)
    return Preview(
        golden_id=golden_id,
        records=chosen,
        rows=rows,
        files=files,
        sales=sales,
        visits=visits,
        decisions=sum(not set(chosen).isdisjoint(entry.decision.named) for entry in entries),
        exports=tuple(int(one["number"]) for one in register.entries(ids)),
        remaining=len(keys) - len(chosen),
    )


def _chosen(keys: Sequence[str], records: Sequence[str]) -> tuple[str, ...]:
    """The records that are named, or all. Raises SettingError for one that is not the person's."""
    for record in records:
        if record not in keys:
            raise SettingError(f"{record}: is no record of this customer")
    return tuple(sorted(set(records))) or tuple(keys)
