"""Customers whose records contradict each other."""

from __future__ import annotations

import duckdb

from warehouse.steward.cases.suspects import Suspects

#: Customer, outlet, id number, its status, day of birth, sex.
RECORDS = [
    ("C1", "D1", "1", "ok", None, "M"), ("C1", "D2", "2", "ok", None, "M"),
    ("C2", "D1", "1", "ok", None, None), ("C2", "D1", "2", "repaired", None, None),
    ("C3", "D1", None, "missing", "1990-01-01", "M"),
    ("C3", "D1", None, "missing", "1991-01-01", "F"),
    ("C4", "D1", None, "missing", "1990-01-01", "M"),
    ("C4", "D1", None, "missing", "1991-01-01", "M"),
    ("C5", "D1", "1", "ok", None, None), ("C5", "D1", "2", "ok", None, None),
]  # fmt: skip


def test_whose_records_name_two_people_is_suspicious_where_he_is_in_scope() -> None:
    """C2's second number is a guess; C4 may have mistyped a day; C5 is a company."""
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA meta; CREATE SCHEMA pii")
        con.execute("CREATE TABLE meta.version AS SELECT 1 AS run_id, now() AS finished_at")
        con.execute("""CREATE TABLE pii.customer_record (golden_id VARCHAR, outlet_code VARCHAR,
            id_number VARCHAR, id_number_status VARCHAR, birth_date DATE, sex VARCHAR,
            id_number_birth_date DATE, id_number_sex VARCHAR)""")
        con.executemany(
            "INSERT INTO pii.customer_record VALUES (?, ?, ?, ?, ?, ?, NULL, NULL)", RECORDS
        )
        con.execute("""CREATE TABLE dim_customer AS SELECT golden_id, '王*' AS name, 2 AS records,
            CASE golden_id WHEN 'C5' THEN 'company' ELSE 'person' END AS kind
            FROM (SELECT DISTINCT golden_id FROM pii.customer_record)""")
        con.execute("CREATE TABLE customer_link AS SELECT 'C1' AS golden_id, 7.5 AS match_weight")
        suspects = Suspects()
        found = suspects.of(con, None)
        assert [(one.golden_id, one.contradicts) for one in found] == [
            ("C1", {"id_number": 2}), ("C3", {"birth_date": 2, "sex": 2}),
        ]  # fmt: skip
        assert [one.bits for one in found] == [7.5, None]
        assert [one.golden_id for one in suspects.of(con, ["D2"])] == ["C1"]
        assert suspects.of(con, None) is found
