"""What one customer changes for another is made anew, too: numbers, homes and cars are shared."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.warehouse.nights import Nights, file
from tests.warehouse.test_building import contents, digests, made_whole, silent
from warehouse.database import connect
from warehouse.publish import LINK

HOME = "广东省深圳市南山区科技路12号3栋201室"
NUMBER = "13912345678"
VIN = "LSVAA49J132047371"
VINS = (VIN, "LSVNR60C9C2051117")
NAMES = ("李雷", "韩梅", "王芳", "陈大文", "赵小云", "周建国", "吴丽丽", "郑成功")
FIRM, BRANCH = "深圳市远航贸易有限公司", "深圳市远航贸易有限公司龙岗分公司"
SEED = int(os.environ.get("GUIYI_TEST_SEED", "3"))
Rows = list[dict[str, Any]]


def sent(rows: Rows, day: int, source: str = "dealer", outlet: str = "D0012") -> pa.Table:
    """An outlet's file of that day; each day's files are taken in after those of the day before."""
    seq = 3 * day + ("hq", "dealer", "station").index(source)
    where = {"source": source, "folder_outlet": None if source == "hq" else outlet}
    return file(f"{source}{day}", rows, day, seq, **where)


def people(names: tuple[str, ...], **shared: str) -> Rows:
    return [{"source_key": f"K{NAMES.index(name)}", "name": name, **shared} for name in names]


def ask(home: Path, query: str) -> list[tuple[Any, ...]]:
    with connect((home / LINK).resolve(), read_only=True) as con:
        return con.execute(query).fetchall()


def as_made_whole(home: Path, beside: Path) -> bool:
    """Publish; whether that comes to what the same run comes to when all is made anew."""
    silent(home)
    whole = made_whole(home, beside)
    assert contents(home) == contents(whole) | {"run_table": contents(home)["run_table"]}
    return digests(home) == digests(whole)


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    return Nights(tmp_path / "home")


def test_a_seventh_at_a_home_parts_the_six(nights: Nights, tmp_path: Path) -> None:
    households = "SELECT count(*) FROM customer_relation WHERE kind = 'household'"
    nights.night(sent(people(NAMES[:6], address=HOME), 1))
    silent(nights.home)
    assert ask(nights.home, households) == [(30,)]
    nights.night(sent(people(NAMES[6:7], address=HOME), 2))
    assert as_made_whole(nights.home, tmp_path / "seven")
    assert ask(nights.home, households) == [(0,)]
    nights.night(sent(people(NAMES[:1], address=HOME.replace("12", "14")), 3))
    assert as_made_whole(nights.home, tmp_path / "six")
    assert ask(nights.home, households) == [(30,)]


def test_who_gives_up_a_number_leaves_it_to_the_others(nights: Nights, tmp_path: Path) -> None:
    shared = f"SELECT shared_by FROM pii.customer_phone WHERE phone = '+86{NUMBER}'"
    nights.night(sent(people(NAMES[:3], phone=NUMBER), 1))
    silent(nights.home)
    assert ask(nights.home, shared) == [(2,)] * 3
    nights.night(sent(people(NAMES[:1], phone="13712306789"), 2))
    assert as_made_whole(nights.home, tmp_path / "whole")
    assert ask(nights.home, shared) == [(1,)] * 2


def test_a_car_that_is_sold_on_changes_whoever_owned_and_drove_it(
    nights: Nights, tmp_path: Path
) -> None:
    owned = "SELECT sum(cars_owned), count(*) FROM mart_customer_360"
    drives = (
        "SELECT count(*), count(DISTINCT other_id) FROM customer_relation WHERE kind = 'driver_of'"
    )
    first = [{"source_key": "S1", "name": NAMES[0], "vin": VIN, "sold_on": "2020-01-10",
              "phone": NUMBER}]  # fmt: skip
    visits = [{"source_key": f"W{n}", "name": NAMES[1], "vin": VIN, "visited_on": f"202{n}-06-01",
               "is_owner": "否"} for n in (1, 3)]  # fmt: skip
    nights.night(sent(first, 1, "hq"), sent(visits, 1, "station", "S0002"))
    silent(nights.home)
    assert ask(nights.home, owned) == [(1, 2)]
    assert ask(nights.home, drives) == [(1, 1)]
    then = [{"source_key": "S2", "name": NAMES[2], "vin": VIN, "sold_on": "2022-01-10"}]
    nights.night(sent(then, 2, "hq"))
    assert as_made_whole(nights.home, tmp_path / "whole")
    assert ask(nights.home, owned) == [(1, 3)]
    assert ask(nights.home, drives) == [(2, 2)]


def test_a_branch_finds_its_firm(nights: Nights, tmp_path: Path) -> None:
    nights.night(sent([{"source_key": "K1", "name": FIRM, "phone": "0755-83456789"}], 1))
    silent(nights.home)
    nights.night(sent([{"source_key": "K2", "name": BRANCH, "phone": "0755-83456700"}], 2))
    assert as_made_whole(nights.home, tmp_path / "whole")
    assert ask(nights.home, "SELECT kind FROM customer_relation") == [("branch_of",)]


def test_what_is_not_kin_is_left_where_it_is(nights: Nights) -> None:
    nights.night(sent(people(NAMES[:2], phone=NUMBER) + people(NAMES[2:4], address=HOME), 1))
    silent(nights.home)
    with connect((nights.home / LINK).resolve()) as con:
        con.execute("UPDATE customer_relation SET evidence = 'untouched'")
        con.execute("UPDATE pii.customer_phone SET kind = 'untouched'")
        con.execute("UPDATE mart_customer_activity SET kind = 'untouched'")
    nights.night(sent(people(NAMES[4:5], phone="13712306789"), 2))
    silent(nights.home)
    assert ask(nights.home, "SELECT DISTINCT evidence FROM customer_relation") == [("untouched",)]
    assert set(ask(nights.home, "SELECT kind, count(*) FROM pii.customer_phone GROUP BY kind")) == {
        ("untouched", 2), ("mobile", 1),
    }  # fmt: skip
    kinds = "SELECT kind, count(*) FROM mart_customer_360 GROUP BY kind"
    assert set(ask(nights.home, kinds)) == {("untouched", 4), ("person", 1)}


def test_another_car_of_a_changed_customer_is_left_where_it_is(nights: Nights) -> None:
    him = {"name": NAMES[0], "phone": NUMBER}
    cars = [{"source_key": vin, "vin": vin, "sold_on": "2020-01-10", **him} for vin in VINS]
    nights.night(sent(cars, 1, "hq"))
    silent(nights.home)
    with connect((nights.home / LINK).resolve()) as con:
        con.execute("UPDATE pii.dim_vehicle SET model = 'untouched'")
    visit = {"source_key": "W1", "vin": VIN, "visited_on": "2022-06-01", **him}
    nights.night(sent([visit], 2, "station", "S0002"))
    silent(nights.home)
    assert ask(nights.home, "SELECT count(*) FROM dim_customer") == [(1,)]
    left = "SELECT vehicle_id FROM dim_vehicle WHERE model = 'untouched'"
    assert ask(nights.home, left) == [(f"TYPED-{VINS[1]}",)]  # its check digit is wrong


@pytest.mark.slow
def test_night_after_night_kin_hold_the_same_rows(nights: Nights, tmp_path: Path) -> None:
    """Families, firms and cars at random; the day of the last run goes on, too."""
    dice = random.Random(SEED)
    pools: dict[str, tuple[str, ...]] = {
        "name": (*NAMES, FIRM, BRANCH),
        "phone": (NUMBER, "13712306789", "13511112222", ""),
        "address": (HOME, HOME.replace("201", "202"), "广东省深圳市", ""),
        "vin": (VIN, "LSVNR60C9C2051117", "LFV2A21K8B3012345", ""),
        "plate": ("粤B12A45", "粤B77D89", ""),
    }
    on = {"hq": "sold_on", "dealer": "updated_on", "station": "visited_on"}

    def rows(source: str) -> Rows:
        return [
            {"source_key": f"{source}{key}", on[source]: f"20{dice.randint(16, 23)}-0{key + 1}-15"}
            | {name: dice.choice(pool) for name, pool in pools.items()}
            for key in dice.sample(range(9), 3)
        ]

    for day in range(1, 7):
        nights.night(*(sent(rows(source), day, source, "X0001") for source in on))
        silent(nights.home)
    assert as_made_whole(nights.home, tmp_path / "whole")
    assert ask(nights.home, "SELECT count(*) > 5 FROM customer_relation") == [(True,)]
