"""How long a search takes among so many customers, and the making of its index.

`python -m tests.bench.finding --work FOLDER --customers 1000000` prints milliseconds as JSON. The
customers are made up in bulk, as far as an index reads them: of what a night does nothing is told.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from matching.relations import put
from quality.normalise import surname
from quality.reference import table
from warehouse.database import Limits, connect
from warehouse.steward.search.building import build
from warehouse.steward.search.finding import Found, find
from warehouse.steward.search.forms import form

_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂香玉萍红文华志建国海燕峰晓东梅鑫宇"
_TIMES = 40
#: Of a customer c, made of numbers that look as if thrown: the tables that an index is made of.
_STAR = """
    CREATE SCHEMA meta; CREATE SCHEMA pii;
    CREATE TABLE meta.version AS SELECT 1 AS run_id, TIMESTAMP '2024-03-02 02:00:00' AS finished_at;
    CREATE TABLE pii.dim_customer AS
    SELECT printf('C%09d', c) AS golden_id, 'person' AS kind, name,
           printf('+861%010d', 3000000000 + hash(c) % 6999999999) AS phone,
           '北京市朝阳区' AS address, 3 AS records FROM made;
    CREATE TABLE mart_customer_360 AS
    SELECT printf('C%09d', c) AS golden_id, 1 AS cars_owned, 'S0001' AS last_outlet,
           DATE '2018-01-01' + CAST(hash(c, 2) % 2200 AS INTEGER) AS last_contact_on,
           'active' AS stage FROM made;
    CREATE TABLE customer_xref AS
    SELECT printf('C%09d', c) AS golden_id, printf('D%04d', hash(c, n) % 300) AS outlet_code
    FROM made CROSS JOIN range(3) r (n);
    CREATE TABLE pii.customer_name AS SELECT golden_id, name FROM pii.dim_customer
    UNION SELECT printf('C%09d', hash(c, 3) % $customers), name FROM made WHERE c % 3 = 0;
    CREATE TABLE pii.attribute_lineage AS
    SELECT golden_id, 'phone' AS attribute, phone AS value FROM pii.dim_customer
    UNION SELECT printf('C%09d', hash(c, 4) % $customers), 'phone',
                 printf('+861%010d', 3000000000 + hash(c, 5) % 6999999999) FROM made WHERE c % 3 = 0
    UNION SELECT golden_id, 'id_number', printf('%018d', hash(golden_id) % 1000000000000000000)
    FROM pii.dim_customer WHERE hash(golden_id) % 2 = 0;
    CREATE TABLE golden_id_redirect AS
    SELECT printf('R%09d', c) AS golden_id, printf('C%09d', c) AS redirect_to FROM made
    WHERE c % 50 = 0;
    CREATE TABLE pii.dim_vehicle AS
    SELECT printf('V%d', c) AS vehicle_id, printf('LSVAM4%011d', hash(c, 6) % 100000000000) AS vin,
           printf('京%s%05X', ['A', 'B', 'C', 'N'][1 + CAST(hash(c, 7) % 4 AS INT)],
                  hash(c, 8) % 1048575) AS plate FROM made;
    CREATE TABLE bridge_ownership AS
    SELECT printf('V%d', c) AS vehicle_id, printf('C%09d', c) AS golden_id FROM made;
    CREATE TABLE fact_sale AS FROM bridge_ownership;
    CREATE TABLE fact_service_visit AS
    SELECT vehicle_id, printf('C%09d', hash(vehicle_id) % $customers) AS golden_id
    FROM bridge_ownership WHERE hash(vehicle_id) % 5 = 0
"""


def measure(work: Path, customers: int, seed: int) -> dict[str, Any]:
    """Seconds and bytes of the index, and of each kind of search the median and the slowest, ms."""
    work.mkdir(parents=True, exist_ok=True)
    published, index = work / f"star-{customers}.duckdb", work / f"index-{customers}.duckdb"
    if not published.exists():
        with connect(published) as con:
            _make(con, customers, seed)
    begun = time.perf_counter()
    build(published, index, Limits(memory="1GB", threads=1))
    seconds = time.perf_counter() - begun
    with connect(index, read_only=True, limits=Limits(threads=1)) as con:
        asked = _asked(con, seed)
        told = {kind: _times(con, texts) for kind, texts in asked.items()}
    return {"customers": customers, "seconds": round(seconds, 1), "bytes": index.stat().st_size,
            "milliseconds": told}  # fmt: skip


def _make(con: duckdb.DuckDBPyConnection, customers: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    surnames = [row["surname"] for row in table("surnames")]
    share = 1 / np.arange(1, len(surnames) + 1)
    first = dice.choice(np.array(surnames), customers, p=share / share.sum())
    second, third = (dice.choice(np.array(list(_GIVEN)), customers) for _ in range(2))
    third[dice.random(customers) < 0.2] = ""
    names = np.char.add(np.char.add(first, second), third)
    put(con, "made", pa.table({"c": np.arange(customers), "name": names}))
    for statement in con.extract_statements(_STAR):
        con.execute(statement, dict.fromkeys(statement.named_parameters, customers)).fetchall()


def _asked(con: duckdb.DuckDBPyConnection, seed: int) -> dict[str, list[str]]:
    """What people of the index are asked for by."""
    rows = con.execute(f"""
        FROM (SELECT c.name, right(c.phone, 11), n.term FROM customer c JOIN number n USING (number)
              WHERE n.kind = 'vin' AND n.before = '' AND length(c.name) = 3)
        USING SAMPLE reservoir({_TIMES} ROWS) REPEATABLE ({seed})
    """).fetchall()
    dice = random.Random(seed)
    names, phones, vins = zip(*rows, strict=True)
    sounds = ["".join(form(name).readings[0]) for name in names]
    slipped = [f"{phone[:5]}{dice.choice('0123456789')}{phone[6:]}" for phone in phones]
    return {
        "phone": list(phones),
        "phone with a slip": slipped,
        "phone's last four": [phone[-4:] for phone in phones],
        "VIN": list(vins),
        "VIN's last six": [vin[-6:] for vin in vins],
        "name": list(names),
        "given name": [name[1:] for name in names],
        "surname": sorted(surname.ranked())[:_TIMES],
        "name with another character": [name[:2] + dice.choice(_GIVEN) for name in names],
        "pinyin": sounds,
        "pinyin with a slip": [sound[:-1] for sound in sounds],
        "initials": ["".join(s[0] for s in form(name).readings[0]) for name in names],
        "name and phone's last four": [f"{n} {p[-4:]}" for n, p in zip(names, phones, strict=True)],
    }


def _times(
    con: duckdb.DuckDBPyConnection, texts: list[str], search: Callable[..., Found] = find
) -> dict[str, float]:
    taken = []
    for text in texts:
        begun = time.perf_counter()
        search(con, text, None)
        taken.append(1000 * (time.perf_counter() - begun))
    return {"median": round(statistics.median(taken), 1), "slowest": round(max(taken), 1)}


def main() -> None:
    """Measure as the command line says, and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.finding", description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="for the customers; kept")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(json.dumps(measure(given.work, given.customers, given.seed), indent=2))


if __name__ == "__main__":
    main()
