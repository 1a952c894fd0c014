"""Customers whose records contradict each other."""

from __future__ import annotations

import duckdb

from matching.decisions import Decision, Pair
from warehouse.steward.cases.suspects import Suspect, Suspects

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
            record_key VARCHAR, id_number VARCHAR, id_number_status VARCHAR,
            birth_date DATE, sex VARCHAR, id_number_birth_date DATE, id_number_sex VARCHAR)""")
        con.executemany(
            """INSERT INTO pii.customer_record
               VALUES ($1, $2, concat($1, ' ', $3), $3, $4, $5, $6, NULL, NULL)""",
            RECORDS,
        )
        con.execute("""CREATE TABLE customer_xref AS SELECT golden_id, outlet_code, record_key
            FROM pii.customer_record""")
        con.execute("""CREATE TABLE dim_outlet AS SELECT DISTINCT outlet_code, '苏' AS province
            FROM customer_xref""")
        con.execute("CREATE TABLE run AS SELECT 1 AS run_id, DATE '2024-03-02' AS day")
        con.execute("CREATE TABLE mart_key_accounts AS SELECT 'C3' AS golden_id")
        con.execute("""CREATE TABLE dim_customer AS SELECT golden_id, '王*' AS name, 2 AS records,
            1 AS vehicles, 1 AS since_run,
            CASE golden_id WHEN 'C5' THEN 'company' ELSE 'person' END AS kind
            FROM (SELECT DISTINCT golden_id FROM pii.customer_record)""")
        con.execute("CREATE TABLE customer_link AS SELECT 'C1' AS golden_id, 7.5 AS match_weight")
        suspects = Suspects()
        found = suspects.of(con, None)
        assert [(one.subject.golden_id, one.subject.contradicts) for one in found] == [
            ("C1", {"id_number": 2}), ("C3", {"birth_date": 2, "sex": 2}),
        ]  # fmt: skip
        assert [one.subject.bits for one in found] == [7.5, None]
        assert [one.subject.golden_id for one in suspects.of(con, ["D2"])] == ["C1"]
        assert suspects.of(con, None) is found
        assert found[0].subject.sides == [["C1 1"], ["C1 2"]]


def suspect(*sides: str) -> Suspect:
    """Who contradicts himself: each side by the letters of its records."""
    return Suspect("C1", "王*", 9, len(sides), 0, 0, None, [list(side) for side in sides])


def pair(left: str, right: str, verdict: str) -> Decision:
    told = {"left": left, "right": right, "verdict": verdict}
    return Pair.model_validate({"decided_at": "2024-03-02T09:00", "author": "wang"} | told)


def test_a_word_on_all_that_contradicts_settles_it() -> None:
    two, three = suspect("ab", "cd"), suspect("ab", "cd", "ef")
    assert not two.is_settled([])
    assert two.is_settled([pair("b", "c", "same")])
    assert not two.is_settled([pair("a", "b", "same"), pair("a", "x", "same")])
    assert not two.is_settled([pair("a", "c", "unsure")])
    assert two.is_settled([pair("d", "a", "different")])
    assert not two.is_settled([pair("a", "b", "different")])
    assert not three.is_settled([pair("a", "c", "same")])
    assert three.is_settled([pair("a", "c", "same"), pair("f", "d", "same")])
    assert three.is_settled([pair("a", "c", "same"), pair("f", "a", "different")])


def test_a_case_is_another_one_when_something_else_contradicts() -> None:
    assert suspect("ab", "cd").key == suspect("ab", "cd").key
    assert suspect("ab", "cd").key != suspect("ab", "cde").key
