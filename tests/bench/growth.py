"""How time and memory of the engine grow with the number of records."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from tests.bench import engine
from tests.bench.worlds import World, prepare
from warehouse.database import connect, quoted

#: Over all sources, records for each customer of the sample.
RECORDS_PER_CUSTOMER = 6.4
#: Larger stores are made of several worlds: the sample holds a world in memory while it writes it.
LARGEST = 500_000
PART = 157_000
_VIN_CHARACTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


def measure(work: Path, records: int, seed: int, memory: str) -> dict[str, Any]:
    """Match about so many records of ordinary worlds in a process of its own.

    Beyond `LARGEST` customers several worlds of different seeds are put together, and nothing is
    judged: no truth says whether two companies of one name in two worlds are one.
    """
    customers = round(records / RECORDS_PER_CUSTOMER)
    if customers <= LARGEST:
        database = prepare(work, World(customers, seed))
        return {"worlds": 1} | engine.measure(database, memory)
    parts = [World(PART, seed + number) for number in range(round(customers / PART))]
    database = _join(work, parts)
    return {"worlds": len(parts)} | engine.measure(database, memory, judged=False)


def _join(work: Path, parts: list[World]) -> Path:
    """One database of several worlds' records, all of them other people with other cars.

    The sample numbers cars and outlets from the same starts in every world, and has few plates: a
    part's mark is put into VINs (characters 4 to 6, so that two are three slips apart), plates,
    outlet codes and keys. Names, homes, phones and id numbers stay as they were drawn; that two
    worlds draw the same phone is as rare as a number that is given to somebody else.
    """
    database = work / f"joined-{len(parts)}-{parts[0].name}" / "standard.duckdb"
    if database.exists():
        return database
    unfinished = database.with_name("unfinished.duckdb")
    shutil.rmtree(database.parent, ignore_errors=True)
    database.parent.mkdir(parents=True)
    for number, part in enumerate(parts):
        made = prepare(work, part)
        with connect(unfinished) as con:
            con.execute(f"ATTACH '{quoted(made)}' AS part (READ_ONLY)")
            into = "INSERT INTO record" if number else "CREATE TABLE record AS"
            con.execute(f"{into} {_apart_sql(number)}")
        shutil.rmtree(made.parent)
    unfinished.rename(database)
    return database


def _apart_sql(number: int) -> str:
    def moved(vin: str) -> str:
        return f"substr({vin}, 1, 3) || '{_VIN_CHARACTERS[number] * 3}' || substr({vin}, 7)"

    return f"""
        SELECT * REPLACE (
            '{number}/' || record_key AS record_key,
            CASE outlet_code WHEN '' THEN '' ELSE '{number}/' || outlet_code END AS outlet_code,
            {moved("vin")} AS vin,
            {moved("vin_raw17")} AS vin_raw17,
            list_transform(vin_candidates, lambda vin: {moved("vin")}) AS vin_candidates,
            plate || '/{number}' AS plate,
            list_transform(plate_others, lambda other: other || '/{number}') AS plate_others,
            list_transform(plate_candidates, lambda other: other || '/{number}') AS plate_candidates
        ) FROM part.record
    """
