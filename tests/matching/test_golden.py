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
PLAIN = {
    "validity": 2, "fits": 1, "source": "dealer", "outlet": "D1", "department": "sales",
    "day": 1,
}  # fmt: skip


def choose(
    con: duckdb.DuckDBPyConnection,
    order: tuple[Criterion, ...],
    *stated: dict,
    half_life_days: int = 300,
) -> list:
    """(value, chosen, rule, record_key, records) of each value, best first."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE stated (golden_id VARCHAR, attribute VARCHAR, value VARCHAR,
            sense VARCHAR, validity INTEGER, fits INTEGER, source VARCHAR, outlet_code VARCHAR,
            department VARCHAR, record_key VARCHAR, as_of DATE)
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE steward_value (golden_id VARCHAR, attribute VARCHAR,
            value VARCHAR, record_key VARCHAR, as_of DATE)
    """)
    for number, one in enumerate(stated):
        row = PLAIN | {"record": f"r{number}"} | one
        day = row["day"] and datetime.date(2024, 1, row["day"])
        con.execute(
            "INSERT INTO stated VALUES ('C1', 'name', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [row["value"], row.get("sense", row["value"]), row["validity"], row["fits"],
             row["source"], row["outlet"], row["department"], row["record"], day],
        )  # fmt: skip
    rules = Survivorship(trust=TRUST, half_life_days=half_life_days, attributes={"name": order})
    golden.choose(con, rules)
    return con.execute(
        "SELECT value, chosen, rule, record_key, records FROM golden_value"
    ).fetchall()


#: For each criterion: what the winner has over the loser, who is better in all else.
BETTER: dict[Criterion, tuple[list[dict], list[dict]]] = {
    "fits": ([{"fits": 1}], [{"fits": 0}] * 2),
    "validity": ([{"validity": 2}], [{"validity": 1}]),
    "agreement": ([{"outlet": "D1"}, {"outlet": "D2"}], [{"outlet": "D1"}] * 3),
    "standing": ([{"day": 1}] * 2, [{"day": 1}]),
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


def test_what_was_said_long_ago_counts_less(con: duckdb.DuckDBPyConnection) -> None:
    # a half-life of ten days: three sayings of thirty days ago are worth 3/8 of one
    old = [{"value": "a", "day": 1}] * 3
    for day, chosen in ((31, "b"), (1, "a")):
        stated = [*old, {"value": "b", "day": day}, {"value": "b", "day": day}]
        assert choose(con, ("standing",), *stated, half_life_days=10)[0][0] == chosen


def test_values_that_mean_the_same_win_together(con: duckdb.DuckDBPyConnection) -> None:
    same = [{"value": v, "sense": "杰", "outlet": o} for v, o in (("傑", "D1"), ("杰", "D2"))]
    found = choose(con, ("agreement",), *same, {"value": "a", "outlet": "D3"})
    assert [row[:3] for row in found] == [
        ("杰", True, "plainness"), ("傑", False, None), ("a", False, None),
    ]  # fmt: skip


def test_a_name_keeps_its_dot(con: duckdb.DuckDBPyConnection) -> None:
    same = [{"value": v, "sense": "艾力央金"} for v in ("艾力央金", "艾力·央金")]
    assert choose(con, ("agreement",), *same)[0][:3] == ("艾力·央金", True, "dotted")


def test_of_values_that_mean_the_same_most_outlets_write_the_chosen_one(
    con: duckdb.DuckDBPyConnection,
) -> None:
    same = [{"value": "傑", "sense": "杰", "outlet": o} for o in ("D1", "D2")]
    found = choose(con, ("agreement",), *same, *[{"value": "杰", "outlet": "D3"}] * 3)
    assert [row[:3] for row in found] == [("傑", True, "writing"), ("杰", False, None)]


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
