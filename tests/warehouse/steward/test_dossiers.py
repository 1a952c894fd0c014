"""A dossier tells of a customer what is published of him, and is found by any id of his."""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from matching import ids
from warehouse.database import Limits
from warehouse.publish import LINK
from warehouse.steward.access.scope import NotThere
from warehouse.steward.dossiers import building
from warehouse.steward.dossiers.reading import Dossiers
from warehouse.steward.search.finding import look_up

#: How well a value could be understood, the best first.
STATUSES = ("ok", "repaired", "partial")
#: List of a dossier -> the published rows of a customer.
COUNTED = {
    "lineage": "pii.attribute_lineage",
    "names": "pii.customer_name",
    "phones": "pii.customer_phone",
    "sources": "customer_xref",
    "records": "pii.customer_record",
    "history": "golden_id_event",
}


def everybody(con: duckdb.DuckDBPyConnection) -> list[str]:
    rows = con.execute("SELECT golden_id FROM dim_customer ORDER BY golden_id").fetchall()
    return [golden_id for (golden_id,) in rows]


def test_everybody_has_one_with_all_that_is_published(
    con: duckdb.DuckDBPyConnection, dossiers: Dossiers
) -> None:
    told = {golden_id: dossiers.seen(golden_id, None) for golden_id in everybody(con)}
    for name, table in COUNTED.items():
        rows = con.execute(f"SELECT golden_id, count(*) FROM {table} GROUP BY ALL").fetchall()
        counts = {golden_id: len(one.rows(name)) for golden_id, one in told.items()}
        assert {one: number for one, number in counts.items() if number} == dict(rows), name
    facts = con.execute("""
        SELECT golden_id, count(*), sum(amount_cny) FROM (
            SELECT golden_id, NULL AS amount_cny FROM fact_sale
            UNION ALL SELECT golden_id, amount_cny FROM fact_service_visit
        ) GROUP BY golden_id
    """).fetchall()
    for golden_id, count, amount in facts:
        events = told[golden_id].rows("events")
        assert len(events) == count
        assert sum(event["amount_cny"] or 0 for event in events) == pytest.approx(
            float(amount or 0)
        )
    owned = con.execute("SELECT golden_id, vehicle_id, owned_from FROM bridge_ownership").fetchall()
    known = {
        (golden_id, car["vehicle_id"], car["owned_from"])
        for golden_id, one in told.items()
        for car in one.rows("cars")
        if car["evidence"] != "brought"
    }
    assert known == set(owned)


def test_values_are_told_with_how_well_records_have_them(
    con: duckdb.DuckDBPyConnection, dossiers: Dossiers
) -> None:
    """By a slow obvious twin, out of the records of the same dossier."""
    several = set()
    for golden_id in everybody(con):
        one = dossiers.seen(golden_id, None)
        best: dict[tuple[str, str], int] = {}
        typed: Counter[tuple[str, str, str]] = Counter()
        for record in one.rows("records"):
            for attribute, (stated, text, status) in record["said"].items():
                for value in filter(None, stated or ()):
                    if status in STATUSES:
                        known = best.get((attribute, value), len(STATUSES))
                        best[attribute, value] = min(known, STATUSES.index(status))
                if text and not any(stated or ()):
                    typed[attribute, text, status] += 1
        for row in one.rows("lineage"):
            assert row["status"] == STATUSES[best.get((row["attribute"], row["value"]), 0)]
            several.add(row["status"])
        unusable = one.rows("unusable")
        assert typed == {
            (row["attribute"], row["value"], row["status"]): row["records"] for row in unusable
        }
        several |= {row["status"] for row in unusable}
    assert len(several) > 3


def test_contacts_are_what_records_tell_of_cars(
    con: duckdb.DuckDBPyConnection, dossiers: Dossiers
) -> None:
    for golden_id in everybody(con):
        one = dossiers.seen(golden_id, None)
        records = one.rows("records")
        told = sorted(
            (repr(car["vehicle_id"]), *map(str, day))
            for car in one.rows("contacts")
            for day in car["days"]
        )
        assert told == sorted(
            (repr(r["vehicle_id"]), str(r["happened_on"]), r["what"], r["source"], r["outlet_code"])
            for r in records
            if r["what"]
        )
        assert one.keys == [record["record_key"] for record in records]
        numbers = {number for r in records for number in r["said"]["phone"][0] or () if number}
        assert one.numbers == sorted(numbers)


def test_some_rows_are_read_without_the_others(
    con: duckdb.DuckDBPyConnection, dossiers: Dossiers
) -> None:
    ((golden_id,),) = con.execute(
        "SELECT golden_id FROM dim_customer ORDER BY records DESC, golden_id LIMIT 1"
    ).fetchall()
    one = dossiers.seen(golden_id, None)
    records = one.rows("records")
    assert one.rows("records", [2, 0]) == [records[2], records[0]]
    assert one.rows("records", []) == []


def test_relations_are_told_from_both_sides(
    con: duckdb.DuckDBPyConnection, dossiers: Dossiers
) -> None:
    rows = con.execute("SELECT golden_id, other_id, kind FROM customer_relation").fetchall()
    assert rows
    for golden_id, other_id, kind in rows:
        mine = {
            (row["other_id"], row["kind"])
            for row in dossiers.seen(golden_id, None).rows("relations")
        }
        his = {row["other_id"] for row in dossiers.seen(other_id, None).rows("relations")}
        assert (other_id, kind) in mine
        assert golden_id in his


def test_days_and_times_are_what_they_were(
    con: duckdb.DuckDBPyConnection, dossiers: Dossiers
) -> None:
    golden_id = everybody(con)[0]
    found = dossiers.seen(golden_id, None)
    ((seen, today),) = con.execute(
        "SELECT last_seen_on, (SELECT day FROM meta.version) FROM dim_customer WHERE golden_id = ?",
        [golden_id],
    ).fetchall()
    assert (found.row["last_seen_on"], found.row["today"]) == (seen, today)
    assert isinstance(found.rows("history")[0]["finished_at"], datetime.datetime)
    assert isinstance(found.rows("lineage")[0]["as_of"], datetime.date)


def test_who_is_out_of_scope_is_not_there(
    con: duckdb.DuckDBPyConnection, dossiers: Dossiers
) -> None:
    golden_id = everybody(con)[0]
    outlets = dossiers.seen(golden_id, None).outlets
    assert dossiers.seen(golden_id.lower(), outlets[:1]).golden_id == golden_id
    assert dossiers.names([golden_id], outlets[:1]).keys() == {golden_id}
    assert not dossiers.names([golden_id], ["S9999"])
    for seen, asked in ((["S9999"], golden_id), ([], golden_id), (None, "C0"), (None, "")):
        with pytest.raises(NotThere):
            dossiers.seen(asked, seen)


def test_an_id_that_was_merged_away_leads_on(
    world: Path, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    copy, file = tmp_path / "copy.duckdb", tmp_path / "made.sqlite"
    copy.write_bytes((world / LINK).resolve().read_bytes())
    kept = everybody(con)[0]
    body = "0" * 8
    gone = f"C{body}{ids.check_character(body)}"
    with duckdb.connect(str(copy)) as changed:
        changed.execute("INSERT INTO golden_id_redirect VALUES (?, ?, 1)", [gone, kept])
    building.build(copy, file, Limits(threads=1))
    dossiers = Dossiers(file)
    assert dossiers.seen(gone, None).golden_id == kept
    dossiers.close()
    assert not list(tmp_path.glob("*.part"))


def test_a_caller_is_looked_up_by_his_whole_number_alone(
    con: duckdb.DuckDBPyConnection, dossiers: Dossiers
) -> None:
    golden_id, phone = con.execute("""
        SELECT golden_id, phone FROM pii.dim_customer
        WHERE phone LIKE '+861%' ORDER BY golden_id LIMIT 1
    """).fetchall()[0]
    bare = phone.removeprefix("+86")
    for typed in (phone, bare, f"{bare[:3]} {bare[3:7]}-{bare[7:]}"):
        hits = {hit.golden_id: hit for hit in look_up(dossiers, typed, None).hits}
        assert hits[golden_id].phone == phone
        assert hits[golden_id].has_number
    assert not look_up(dossiers, bare[-4:], None).hits
    assert not look_up(dossiers, "", None).hits
    assert golden_id not in {hit.golden_id for hit in look_up(dossiers, phone, ["S9999"]).hits}


def test_of_a_number_that_many_hold_those_come_first_who_were_seen_last(
    con: duckdb.DuckDBPyConnection, dossiers: Dossiers
) -> None:
    ((phone, holders),) = con.execute("""
        SELECT value, count(DISTINCT golden_id) AS holders FROM pii.attribute_lineage
        WHERE attribute = 'phone' GROUP BY value ORDER BY holders DESC, value LIMIT 1
    """).fetchall()
    assert holders > 1
    found = look_up(dossiers, phone, None, limit=holders)
    days = [hit.last_contact_on or datetime.date.min for hit in found.hits]
    assert len(days) == holders
    assert days == sorted(days, reverse=True)
    fewer = look_up(dossiers, phone, None, limit=holders - 1)
    assert fewer.hits == found.hits[:-1]
    assert (fewer.has_more, found.has_more) == (True, False)
