"""What the page of benchmarks says of a figure, and what several worlds in one store share."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from matching.decisions import KINDS
from tests.bench import decided, growth, report
from tests.bench.figures import ORDINARY, Figure

_MACHINE = {
    "cpu": "A", "cores": 2, "memory_gb": 8, "system": "Linux", "python": "3.11", "commit": "c0ffee",
    "load_before": 0.1, "packages": {"duckdb": "2.0.0"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "at_least", "met"),
    [(0.5, True, "yes"), (0.4, True, "**no**"), (0.5, False, "yes"), (0.6, False, "**no**")],
)
def test_a_bound_is_met_on_its_own_side(value: float, at_least: bool, met: str) -> None:
    assert Figure("", "", "{:.1f}", 0.5, at_least).met(value) == met


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    figure = next(figure for figure in ORDINARY if figure.path == "stewards.after.f1")
    assert (figure.of({"stewards": {}}), figure.shown(None), figure.met(None)) == (None, "–", "")


def test_a_target_stands_beside_its_figure(tmp_path: Path) -> None:
    counts = dict.fromkeys(("records", "profiles", "candidates", "links", "entities"), 9)
    engine = {
        "machine": _MACHINE, "customers": 2, "seed": 5, "hard": False, "model": "m",
        "counts": counts, "memory_limit": "2GB", "seconds": {"profiles": 1.0},
        "learning": {"learning": 2.0}, "match_s": 40.0, "measures": {"f1": 0.998},
    }  # fmt: skip
    splink = engine | {"threshold": 0.8, "counts": {"edges": 1}, "measures": {"f1": 0.5}}
    for name, result in (("engine-w", engine), ("splink-tuned-w", splink)):
        (tmp_path / f"{name}.json").write_text(json.dumps(result), encoding="utf-8")
    page = report.page(tmp_path)
    assert "| matching, s | ≤ 30.0 | 40.0 | **no** | 40.0 |" in page
    assert "| pairwise F1 | ≥ 0.9970 | 0.9980 | yes | 0.5000 |" in page
    assert "seed 5" in page
    assert "`c0ffee`" in page


def test_waiting_in_the_console_stands_beside_what_is_asked(tmp_path: Path) -> None:
    told = {"count": 1_000, "failures": 0, "p50_ms": 20.0, "p95_ms": 60.0}
    requests = {"page: case": told, "look-up by phone": told}
    load = {"people": 60, "seconds": 120, "requests": requests,
            "decisions": {"accepted": 99, "lost": 0, "doubled": 0}}  # fmt: skip
    found = {"machine": _MACHINE, "records": 992_500, "seed": 5, "load": load}
    (tmp_path / "stewards.json").write_text(json.dumps(found), encoding="utf-8")
    page = report.page(tmp_path)
    assert "| page: case | 1,000 | 0 | 20 | ≤ 300 | 60 | yes |" in page
    assert "| look-up by phone | 1,000 | 0 | 20 | ≤ 50 | 60 | **no** |" in page
    assert "Of 99 decisions" in page


def test_ids_are_told_night_by_night(tmp_path: Path) -> None:
    night = {"rows": 1_200, "wall_s": 9.0, "customers": 30, "with_same_records": 25,
             "of_them_other_id": 0, "records_elsewhere": 4, "ids_that_lead_nowhere": 0}  # fmt: skip
    found = {"machine": _MACHINE, "customers": 20, "seed": 5, "nights": [night, night],
             "rebuild": night}  # fmt: skip
    (tmp_path / "lasting.json").write_text(json.dumps(found), encoding="utf-8")
    page = report.page(tmp_path)
    assert "| 2 | 1,200 | 9.0 | 30 | 25 | 0 | 4 | 0 |" in page
    assert "| rebuild |  |  | 30 | 25 | 0 | 4 | 0 |" in page


def test_a_night_after_is_held_against_its_bounds(tmp_path: Path) -> None:
    night = {"wall_s": 24.0, "peak_gb": 1.5, "steps": {"edges": 2.5}, "records": 9, "rows": 9}
    found = {
        "machine": _MACHINE, "customers": 2, "seed": 5, "records": 992_500, "changed": 10_000,
        "matching_s": 7.5, "first": night, "second": night,
    }  # fmt: skip
    (tmp_path / "following-2.json").write_text(json.dumps(found), encoding="utf-8")
    page = report.page(tmp_path)
    assert "| 992,500 | 10,000 | 24.0 | 24.0 | yes | 7.5 | **no** | 1.50 |" in page
    assert "| edges | 2.50 |" in page


def test_decisions_are_held_against_what_they_may_cost(tmp_path: Path) -> None:
    found = {
        "machine": _MACHINE, "customers": 2, "seed": 5, "decisions": 50_000, "records": 12_800,
        "without": {"wall_s": 10.0, "steps": {"profiles": 2.0}},
        "with": {"wall_s": 11.2, "steps": {"profiles": 3.2}}, "more": 0.12,
    }  # fmt: skip
    (tmp_path / "decisions.json").write_text(json.dumps(found), encoding="utf-8")
    page = report.page(tmp_path)
    assert "## A night with 50,000 decisions" in page
    assert "| a whole night | 10.0 | 11.2 | ≤ 10.0% | 12.0% | **no** |" in page
    assert "| profiles | 2.00 | 3.20 |" in page


def test_published_values_are_held_against_what_is_asked(tmp_path: Path) -> None:
    values = {"name": {"count": 1662, "share": 0.9968}, "phone": {"count": 1452, "share": 0.947}}
    found = {"machine": _MACHINE, "customers": 2, "seed": 5, "values": values}
    (tmp_path / "published.json").write_text(json.dumps(found), encoding="utf-8")
    page = report.page(tmp_path)
    name, phone = "name of a customer with several records", "main phone"
    assert f"| {name}, where one tells it | 1,662 | ≥ 99.50% | 99.68% | yes |" in page
    assert f"| {phone}, where a record tells it | 1,452 | ≥ 98.00% | 94.70% | **no** |" in page


def test_the_made_decisions_are_of_every_kind_that_is_not_undone() -> None:
    rows = [(n // 4, f"hq//{n}", "李雷", f"+86139{n:08}") for n in range(400)]
    made = list(decided.made(rows, 1, 400))
    assert {one.kind for one in made} == set(KINDS) - {"undo"}
    assert made == list(decided.made(rows, 1, 400))


def test_two_worlds_in_one_store_share_no_car_outlet_or_key() -> None:
    vin = "LSVAA2180E2100001"
    with duckdb.connect() as con:
        con.execute(f"""
            ATTACH ':memory:' AS part;
            CREATE TABLE part.record AS
            SELECT 'dealer/D1/1' AS record_key, 'D1' AS outlet_code, '{vin}' AS vin,
                   vin AS vin_raw17, [vin] AS vin_candidates,
                   '京A12345' AS plate, [plate] AS plate_others,
                   CAST(NULL AS VARCHAR[]) AS plate_candidates, '+8613800000000' AS phone
        """)
        one, other = (con.execute(growth._apart_sql(n)).fetchall()[0] for n in (1, 2))
    same = [index for index, (a, b) in enumerate(zip(one, other, strict=True)) if a == b]
    assert same == [7, 8]  # the one that is empty, and the phone
    assert len(one[2]) == 17
    assert sum(a != b for a, b in zip(one[2], other[2], strict=True)) == 3
