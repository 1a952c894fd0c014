"""The best value of each attribute, and why."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import get_args

import duckdb
import pytest

from connectors.errors import SettingError
from matching import golden
from matching.golden import Criterion, Survivorship

TRUST = {"hq": 3, "dealer": 2, "station": 1}
PLAIN = {"validity": 2, "source": "dealer", "outlet": "D1", "department": "sales", "day": 1}


def choose(con: duckdb.DuckDBPyConnection, order: tuple[Criterion, ...], *stated: dict) -> list:
    """(value, chosen, rule, record_key, records) of each value, best first."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE stated (golden_id VARCHAR, attribute VARCHAR, value VARCHAR,
            validity INTEGER, source VARCHAR, outlet_code VARCHAR, department VARCHAR,
            record_key VARCHAR, as_of DATE)
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE steward_value (golden_id VARCHAR, attribute VARCHAR,
            value VARCHAR, record_key VARCHAR, as_of DATE)
    """)
    for number, one in enumerate(stated):
        row = PLAIN | {"record": f"r{number}"} | one
        day = row["day"] and datetime.date(2024, 1, row["day"])
        con.execute(
            "INSERT INTO stated VALUES ('C1', 'name', ?, ?, ?, ?, ?, ?, ?)",
            [row["value"], row["validity"], row["source"], row["outlet"], row["department"],
             row["record"], day],
        )  # fmt: skip
    golden.choose(con, Survivorship(trust=TRUST, attributes={"name": order}))
    return con.execute(
        "SELECT value, chosen, rule, record_key, records FROM golden_value"
    ).fetchall()


#: For each criterion: what the winner has over the loser, who is better in all else.
BETTER: dict[Criterion, tuple[list[dict], list[dict]]] = {
    "validity": ([{"validity": 2}], [{"validity": 1}]),
    "agreement": ([{"outlet": "D1"}, {"outlet": "D2"}], [{"outlet": "D1"}] * 3),
    "trust": ([{"source": "hq"}], [{"source": "dealer"}]),
    "recency": ([{"day": 2}], [{"day": 1}]),
    "completeness": ([{"value": "b 张伟"}], [{"value": "a 张"}]),
}


def test_every_criterion_is_tried() -> None:
    assert set(BETTER) == set(get_args(Criterion))


@pytest.mark.parametrize("criterion", get_args(Criterion))
def test_each_criterion_decides(con: duckdb.DuckDBPyConnection, criterion: Criterion) -> None:
    winner, loser = BETTER[criterion]
    # by the alphabet the loser would come first
    stated: list[dict] = [{"value": "a"} | row for row in loser] + [
        {"value": "b"} | row for row in winner
    ]
    first, second = choose(con, (criterion,), *stated)
    assert first[:3] == (winner[0].get("value", "b"), True, criterion)
    assert second[1:3] == (False, None)


@pytest.mark.parametrize(("order", "chosen", "rule"), [
    (("trust", "recency"), "a", "trust"),
    (("recency", "trust"), "b", "recency"),
    (("validity", "recency", "trust"), "b", "recency"),
])  # fmt: skip
def test_criteria_decide_in_their_order(
    con: duckdb.DuckDBPyConnection, order: tuple[Criterion, ...], chosen: str, rule: str
) -> None:
    stated = [{"value": "a", "source": "hq", "day": 1}, {"value": "b", "day": 2}]
    assert choose(con, order, *stated)[0][:3] == (chosen, True, rule)


def test_only_value_and_tie(con: duckdb.DuckDBPyConnection) -> None:
    assert choose(con, ("trust",), {"value": "a"})[0][:3] == ("a", True, "only_value")
    assert choose(con, ("trust",), {"value": "b"}, {"value": "a"})[0][:3] == ("a", True, "tie")


def test_value_comes_from_its_best_and_newest_record(con: duckdb.DuckDBPyConnection) -> None:
    stated = [{"value": "a", "day": 2}, {"value": "a", "day": 9}, {"value": "a", "day": 3}]
    assert choose(con, ("trust",), *stated) == [("a", True, "only_value", "r1", 3)]


def test_no_date_is_older_than_any(con: duckdb.DuckDBPyConnection) -> None:
    stated: list[dict] = [{"value": "a", "day": None}, {"value": "b", "day": 1}]
    assert choose(con, ("recency",), *stated)[0][0] == "b"


def test_order_of_arrival_does_not_matter(con: duckdb.DuckDBPyConnection) -> None:
    stated = [{"value": v, "record": f"{v}{n}", "day": n + 1} for v in "abc" for n in range(3)]
    assert choose(con, ("recency",), *stated) == choose(con, ("recency",), *reversed(stated))


def test_nothing_stated_gives_nothing(con: duckdb.DuckDBPyConnection) -> None:
    assert choose(con, ("recency",)) == []


def test_shipped_rules_load_and_faulty_ones_are_told(tmp_path: Path) -> None:
    assert golden.load().attributes
    faulty = tmp_path / "rules.yml"
    faulty.write_text("trust: {hq: 3}\nattributes: {name: [luck]}\n", encoding="utf-8")
    with pytest.raises(SettingError, match=r"rules\.yml: attributes\.name\.0"):
        golden.load(faulty)
