"""The marts on a handful of cars and customers, whose figures are worked out by hand.

The last run's day is 1 March 2024. A bought V1 in 2018, was away for years and came back; B is new;
C is lost; D cools off; the company E has three cars, which F drives; nobody has seen G.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.errors import SettingError
from warehouse.database import connect
from warehouse.rules import load
from warehouse.tables import tables

_STAR = """
    CREATE TABLE run AS
    FROM (VALUES (1, DATE '2024-02-01'), (2, DATE '2024-03-01')) t (run_id, day);
    CREATE TABLE dim_customer AS
    SELECT golden_id, CASE golden_id WHEN 'E' THEN 'company' ELSE 'person' END AS kind,
           golden_id || ' name' AS name, golden_id || ' phone' AS phone
    FROM (SELECT unnest(['A', 'B', 'C', 'D', 'E', 'F', 'G']) AS golden_id);
    CREATE TABLE fact_sale AS
    SELECT 'K' || vehicle_id AS sale_id, CAST(sold_on AS DATE) AS sold_on, * EXCLUDE (sold_on)
    FROM (VALUES ('V1', 'A', 'D1', '2018-01-10'), ('V2', 'B', 'D1', '2023-12-01'),
                 ('V3', 'C', 'D1', '2021-01-15'), ('V4', 'D', 'D2', '2022-02-01'),
                 ('V5', 'E', 'D2', '2022-05-01'), ('V6', 'E', 'D2', '2022-11-01'),
                 ('V7', 'E', 'D2', '2023-05-01'))
    t (vehicle_id, golden_id, outlet_code, sold_on);
    CREATE TABLE fact_service_visit AS
    SELECT CAST(visited_on AS DATE) AS visited_on, CAST(amount AS DECIMAL(12, 2)) AS amount_cny,
           * EXCLUDE (visited_on, amount)
    FROM (VALUES ('V1', 'A', 'S1', '2018-06-01', 100), ('V1', 'A', 'S1', '2019-06-01', 200),
                 ('V1', 'A', 'S2', '2024-02-01', 50), ('V3', 'C', 'S2', '2021-12-01', 1000),
                 ('V4', 'D', 'S1', '2022-12-15', 300), ('V5', 'F', 'S1', '2023-06-01', 400),
                 ('V5', 'F', 'S1', '2024-02-10', 60), (NULL, 'F', 'S1', '2024-01-05', NULL))
    t (vehicle_id, golden_id, outlet_code, visited_on, amount);
    CREATE TABLE bridge_ownership AS
    SELECT vehicle_id, 1 AS owner_no, golden_id, sold_on AS owned_from, NULL::DATE AS owned_to
    FROM fact_sale;
    CREATE TABLE dim_vehicle AS
    SELECT vehicle_id, 'model' AS model, 'plate' AS plate, sold_on,
           CASE vehicle_id WHEN 'V1' THEN 120000 WHEN 'V3' THEN 40000 END AS last_mileage_km,
           (SELECT max(visited_on) FROM fact_service_visit v WHERE v.vehicle_id = s.vehicle_id)
               AS last_visit_on
    FROM fact_sale s;
    CREATE TABLE customer_relation AS
    FROM (VALUES ('F', 'E', 'driver_of'), ('A', 'E', 'contact_of')) t (golden_id, other_id, kind);
    CREATE TABLE customer_xref AS FROM (VALUES
        ('hq', 'D2', 'E'), ('dealer', 'D2', 'E'), ('dealer', 'D1', 'E'), ('dealer', 'D1', 'A'),
        ('dealer', 'D1', 'A'), ('dealer', 'D1', 'A'), ('dealer', 'D1', 'B'), ('station', 'S1', 'F'))
        t (source, outlet_code, golden_id);
    CREATE TABLE dq_field AS FROM (VALUES
        ('dealer', 'D1', 'name', 5, 5, 4, 0, 0, 1, 0),
        ('dealer', 'D1', 'phone', 5, 4, 2, 1, 1, 0, 0),
        ('dealer', 'D1', 'plate', 5, 0, 0, 0, 0, 0, 0))
        t (source, outlet_code, field, records, filled, ok, repaired, partial, placeholder,
           invalid);
    CREATE TABLE dq_file AS
    SELECT 'dealer' AS source, 'D1' AS outlet_code, * FROM (VALUES
        ('taken', DATE '2024-02-20', NULL), ('taken', DATE '2024-02-27', NULL),
        ('taken', DATE '2024-02-28', 2), ('broken', DATE '2024-02-28', NULL))
        t (status, file_date, rolled_back_run);
    CREATE TABLE dq_held_row AS SELECT 'dealer' AS source, 'D1' AS outlet_code FROM range(2)
"""


@pytest.fixture(scope="module")
def star() -> Iterator[duckdb.DuckDBPyConnection]:
    """The star of this module's customers, with every mart."""
    with connect() as con:
        con.execute(_STAR)
        for table in tables():
            if table.name.startswith("mart_"):
                con.execute(f"CREATE VIEW {table.name} AS {table.select}")
        yield con


def by(star: duckdb.DuckDBPyConnection, query: str) -> dict[Any, tuple[Any, ...]]:
    """The first column of a query -> the others."""
    return {row[0]: row[1:] for row in star.execute(query).fetchall()}


def test_a_customer_has_one_stage(star: duckdb.DuckDBPyConnection) -> None:
    assert by(star, "SELECT golden_id, stage, last_outlet FROM mart_customer_360") == {
        "A": ("returned", "S2"),  # 29 days ago, after 1,706 days
        "B": ("new", "D1"),  # 91 days ago
        "C": ("lost", "S2"),  # 821 days ago
        "D": ("cooling", "S1"),  # 442 days ago
        "E": ("active", "S1"),  # its car was there 20 days ago
        "F": ("active", "S1"),
        "G": ("unknown", None),
    }


def test_what_a_customer_bought_brought_and_will_need(star: duckdb.DuckDBPyConnection) -> None:
    found = by(
        star,
        "SELECT golden_id, cars_bought, cars_owned, visits, CAST(amount_cny AS INTEGER),"
        " next_event, CAST(next_event_on AS VARCHAR) FROM mart_customer_360",
    )
    assert found == {
        "A": (1, 1, 3, 350, "replacement", "2024-03-01"),  # six years in January
        "B": (1, 1, 0, 0, "service", "2024-11-30"),  # 365 days after the sale
        "C": (1, 1, 1, 1000, "service", "2024-03-01"),  # overdue since 2022
        "D": (1, 1, 1, 300, "service", "2024-03-01"),
        "E": (3, 3, 0, 0, "service", "2024-03-01"),  # V6 was never there
        "F": (0, 0, 3, 460, None, None),
        "G": (0, 0, 0, 0, None, None),
    }


def test_stages_are_counted_at_the_outlet_of_the_last_contact(
    star: duckdb.DuckDBPyConnection,
) -> None:
    found = by(
        star,
        "SELECT (outlet_code, stage), customers, share, cars_owned, CAST(amount_cny AS INTEGER)"
        " FROM mart_lifecycle",
    )
    assert found == {
        ("S1", "active"): (2, pytest.approx(2 / 3), 3, 460),
        ("S1", "cooling"): (1, pytest.approx(1 / 3), 1, 300),
        ("S2", "returned"): (1, 0.5, 1, 350),
        ("S2", "lost"): (1, 0.5, 1, 1000),
        ("D1", "new"): (1, 1, 1, 0),
        ("", "unknown"): (1, 1, 0, 0),
    }


def test_cars_come_back_to_the_workshop_elsewhere_or_nowhere(
    star: duckdb.DuckDBPyConnection,
) -> None:
    found = by(
        star,
        "SELECT (selling_outlet, CAST(sold_in AS VARCHAR), service_no), workshop, cars, at_outlet,"
        " elsewhere, too_early, nowhere, due, retained FROM mart_service_retention",
    )
    came, away, soon = (1, 1, 0, 0, 0, 1, 1), (1, 0, 1, 0, 0, 1, 1), (1, 1, 0, 0, 0, 0, None)
    early, none = (1, 0, 0, 1, 0, 0, None), (1, 0, 0, 0, 1, 1, 0)
    expected = {
        ("D1", "2018-01-01"): (came, came, away),
        ("D1", "2021-01-01"): (away, none, none),  # due on 14 January 2023 and 2024
        ("D1", "2023-10-01"): (early, early, early),
        ("D2", "2022-01-01"): (came, none, early),
        ("D2", "2022-04-01"): (came, soon, early),  # came before its second service was due
        ("D2", "2022-10-01"): (none, early, early),
        ("D2", "2023-04-01"): (early, early, early),
    }
    assert found == {
        (*cohort, number): ("S1", *figures)
        for cohort, services in expected.items()
        for number, figures in enumerate(services, 1)
    }


def test_the_lost_are_listed_with_their_last_day(star: duckdb.DuckDBPyConnection) -> None:
    found = star.execute("SELECT golden_id, days_since, cars_owned FROM mart_lost_customers")
    assert found.fetchall() == [("C", 821, 1)]


def test_cars_to_replace_by_age_mileage_and_rhythm(star: duckdb.DuckDBPyConnection) -> None:
    found = by(
        star,
        "SELECT vehicle_id, age_years, rhythm_days, days_since_purchase, by_age, by_mileage,"
        " by_rhythm, reasons FROM mart_replacement_candidates",
    )
    # E bought after 184 and 181 days, and for the last time 305 days ago
    assert found == {
        "V1": (6, None, 2242, True, True, False, 2),
        "V5": (1, 182, 305, False, False, True, 1),
        "V6": (1, 182, 305, False, False, True, 1),
        "V7": (0, 182, 305, False, False, True, 1),
    }


def test_key_accounts_and_who_knows_them(star: duckdb.DuckDBPyConnection) -> None:
    found = by(
        star,
        "SELECT golden_id, cars_owned, branches, contacts, drivers, outlets, main_outlet,"
        " visits_12_months, CAST(amount_12_months_cny AS INTEGER) FROM mart_key_accounts",
    )
    assert found == {"E": (3, 0, 1, 1, 2, "D2", 2, 460)}


def test_segments_and_the_share_of_each_decile(star: duckdb.DuckDBPyConnection) -> None:
    found = by(
        star,
        "SELECT golden_id, recency_days, frequency, r, f, m, segment, value_decile, decile_share"
        " FROM mart_segments",
    )
    total = 2110
    assert found == {
        "A": (29, 4, 3, 5, 3, "loyal", 3, pytest.approx(350 / total)),
        "B": (91, 1, 2, 1, 1, "fading", 5, 0),
        "C": (821, 2, 1, 1, 5, "gone", 1, pytest.approx(1000 / total)),
        "D": (442, 2, 1, 2, 2, "gone", 4, pytest.approx(300 / total)),
        "E": (20, 3, 4, 3, 1, "recent", 6, 0),
        "F": (20, 3, 5, 4, 4, "champion", 2, pytest.approx(460 / total)),
    }


def test_data_quality_of_an_outlet(star: duckdb.DuckDBPyConnection) -> None:
    ((*found,),) = star.execute(
        "SELECT records, filled, usable, name_usable, phone_usable, plate_usable, duplicates,"
        " duplicate_share, held_rows, bad_files, days_late FROM mart_data_quality"
    ).fetchall()
    # of five names and four phones typed, nine, four and three are understood; plates it has none
    shares = [pytest.approx(x) for x in (9 / 10, 7 / 9, 4 / 5, 3 / 5, 0)]
    assert found == [5, *shares, 2, pytest.approx(2 / 5), 2, 1, 3]


def test_marts_add_up_to_the_facts(star: duckdb.DuckDBPyConnection) -> None:
    def told(query: str) -> Any:
        return star.execute(query).fetchall()

    assert told("SELECT sum(cars_bought), sum(visits), sum(amount_cny) FROM mart_customer_360") == (
        told("SELECT (SELECT count(*) FROM fact_sale), count(*), sum(amount_cny)"
             " FROM fact_service_visit")
    )  # fmt: skip
    assert told("SELECT sum(customers) FROM mart_lifecycle") == [(7,)]
    assert told(
        "SELECT bool_and(cars = at_outlet + elsewhere + too_early + nowhere)"
        " FROM mart_service_retention"
    ) == [(True,)]
    assert told("SELECT sum(share) FROM (SELECT DISTINCT value_decile, decile_share AS share"
                " FROM mart_segments)") == [(pytest.approx(1),)]  # fmt: skip


def test_faulty_rules_are_told(tmp_path: Path) -> None:
    (tmp_path / "rules.yml").write_text("lifecycle: {new_days: 0}\nluck: 1\n", encoding="utf-8")
    with pytest.raises(SettingError, match=r"lifecycle\.new_days: .*luck: unknown key"):
        load(tmp_path / "rules.yml")
