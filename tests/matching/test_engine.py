"""The matcher from raw rows to entities, on a village that one can survey."""

from __future__ import annotations

import random
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from connectors.raw import PROVENANCE
from matching import engine, model, vehicles
from matching.decisions import Decision
from quality import contract
from quality.standardise import standardise
from tests.matching.said import pair, steward

CUSTOMERS = model.load()
ID, OTHER_ID = "110105199001011232", "110105199202022341"


def _row(key: str, **cells: str) -> dict[str, Any]:
    return {"source": "dealer", "folder_outlet": "D0001", "file_id": "f", "source_key": key} | cells


#: Records by who they really are; every key begins with the letter of its person.
VILLAGE = [
    # one man, five spellings
    _row("a1", name="刘志强", phone="13986273601", id_number=ID, address="江苏省苏州市人民路1号"),
    _row("a2", name="劉志強先生", phone="139 8627 3601"),
    _row("a3", name="刘智强", phone="13986273601", folder_outlet="D0002"),
    _row("a4", name="刘先生", phone="+8613986273601"),
    _row("a5", name="刘志强", id_number=ID, folder_outlet="D0003"),
    # his brother on the same phone
    _row("b1", name="刘志刚", phone="13986273601"),
    # a namesake elsewhere
    _row("c1", name="刘志强", phone="13886273602", folder_outlet="D0004"),
    # a couple on one phone
    _row("d1", name="王建国", phone="13786273603"),
    _row("e1", name="李秀英", phone="13786273603"),
    # a company and the man who answers for it
    _row("f1", name="苏州宏达物流有限公司", phone="13686273604"),
    _row("f2", name="苏州市宏达物流有限公司", phone="13686273604", folder_outlet="D0002"),
    _row("g1", name="陈晓东", phone="13686273604"),
    # two sales of one car
    _row("h1", name="赵敏", phone="13586273605", vin="LSVHH2BR9J2123456"),
    _row("i1", name="周芷若", phone="13486273606", vin="LSVHH2BR9J2123456"),
]
_SURNAMES, _GIVEN = (
    "孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭",
    "丹佳嘉宁宇岚彤昊晨欣泽涛琳睿磊萌雪鹏",
)
#: Neighbours with nothing in common, so that names and phones are as rare as in life.
NEIGHBOURS = [
    _row(f"z{n}", name=_SURNAMES[n % 20] + _GIVEN[n * 7 % 18] + _GIVEN[n // 18], phone=f"158{n:08}")
    for n in range(1, 200)
]


def standard(rows: list[dict[str, Any]]) -> pa.Table:
    """Standard records of raw rows; cells that a row does not give are empty."""
    kinds = dict.fromkeys(contract.TYPED_FIELDS, pa.string()) | dict(PROVENANCE)
    schema = pa.schema([(name, kind) for name, kind in kinds.items()])
    return standardise(pa.Table.from_pylist(rows, schema=schema)).records


@pytest.fixture(scope="module")
def village() -> pa.Table:
    return standard(VILLAGE + NEIGHBOURS)


def resolve(
    con: duckdb.DuckDBPyConnection, records: pa.Table, *decisions: Decision
) -> tuple[engine.Resolution, set[str]]:
    """What the matcher counted, and each entity as its records' keys in one string."""
    con.register("incoming_records", records)
    con.execute("CREATE OR REPLACE TABLE record AS SELECT * FROM incoming_records")
    con.unregister("incoming_records")
    vehicles.resolve(con)
    con.execute("""
        CREATE OR REPLACE TEMP VIEW subject AS
        SELECT r.*, v.vehicle_id FROM record r LEFT JOIN record_vehicle v USING (record_key)
    """)
    found = engine.resolve(con, CUSTOMERS, "subject", steward(*decisions))
    rows = con.execute("""
        SELECT string_agg(split_part(record_key, '/', -1), ' ' ORDER BY record_key)
        FROM entity JOIN record_profile USING (profile_id) GROUP BY entity_no
    """).fetchall()
    assert found.entities == len(rows)
    entities = {" ".join(sorted(str(row[0]).split())) for row in rows}
    assert sum(entity.startswith("z") for entity in entities) in (0, len(NEIGHBOURS))
    return found, {entity for entity in entities if not entity.startswith("z")}


def _same(left: str, right: str) -> Decision:
    return pair(_key(left), _key(right), "same")


def _different(left: str, right: str) -> Decision:
    return pair(_key(left), _key(right), "different")


def _key(key: str) -> str:
    row = next(row for row in VILLAGE if row["source_key"] == key)
    return f"dealer/{row['folder_outlet']}/{key}"


EXPECTED = {"a1 a2 a3 a5", "a4", "b1", "c1", "d1", "e1", "f1 f2", "g1", "h1", "i1"}


def test_everyone_is_known_and_nobody_confused(
    con: duckdb.DuckDBPyConnection, village: pa.Table
) -> None:
    found, entities = resolve(con, village)
    assert entities == EXPECTED
    # 苏州 and 苏州市 are one region: of one company with one phone there is one profile
    assert found.profiles == len(village) - 1
    assert found.links >= 4
    # 刘先生 on the brothers' one phone may be either of them: a steward is asked about both
    reasons = con.execute("SELECT reason FROM review_candidate").fetchall()
    # but not about the brothers themselves: one character apart, and no car in common
    assert sorted(reasons) == [("ambiguous",), ("ambiguous",)]
    assert (found.refused, found.for_review) == (0, 2)


@pytest.mark.parametrize("other", ["刘志刚", "刘强"])
def test_a_title_goes_with_the_one_of_a_family_whose_car_it_is_in(
    con: duckdb.DuckDBPyConnection, other: str
) -> None:
    """And waits where it is in neither's: it joins no two who would not be linked without it."""
    phone = "13986273601"
    rows = [
        _row("a1", name="刘志强", phone=phone, vin="LSVHH2BR9J2123456"),
        _row("b1", name=other, phone=phone, vin="LSVHH2BR7J2123455"),
    ]
    title = _row("a2", name="刘先生", phone=phone, vin="LSVHH2BR9J2123456")
    found, entities = resolve(con, standard([*rows, title, *NEIGHBOURS]))
    assert (entities, found.for_review) == ({"a1 a2", "b1"}, 0)
    left = con.execute("SELECT band::VARCHAR, rule FROM edge WHERE rule = 'outweighed'").fetchall()
    assert left == [("leave", "outweighed")]
    title = _row("c1", name="刘先生", phone=phone)
    found, entities = resolve(con, standard([*rows, title, *NEIGHBOURS]))
    assert (entities, found.for_review) == ({"a1", "b1", "c1"}, 2)


@pytest.mark.parametrize(("shared", "asked"), [
    ({"phone": "13986273601"}, [("refused_id_number",)]), ({}, []),
])  # fmt: skip
def test_two_id_numbers_are_shown_only_where_more_than_the_name_agrees(
    con: duckdb.DuckDBPyConnection, shared: dict[str, str], asked: list[tuple[str]]
) -> None:
    rows = [
        _row("a1", name="鲜于彤昊", id_number=ID, phone="13986273601"),
        _row("a2", name="鲜于彤昊", phone="13986273601"),
        _row("b1", name="鲜于彤昊", id_number=OTHER_ID, **shared),
    ]
    found, entities = resolve(con, standard(rows + NEIGHBOURS))
    assert entities == {"a1 a2", "b1"}
    assert found.refused > 0
    assert con.execute("SELECT reason FROM review_candidate").fetchall() == asked


def test_nobody_without_a_name_is_a_company(con: duckdb.DuckDBPyConnection) -> None:
    told = {"phone": "13686273604", "vin": "LSVHH2BR9J2123456"}
    rows = [_row("a1", name="苏州宏达物流有限公司", **told), _row("b1", **told)]
    found, entities = resolve(con, standard(rows + NEIGHBOURS))
    assert (entities, found.for_review) == ({"a1", "b1"}, 0)


@pytest.mark.parametrize(("times", "asked"), [(1, [("sibling_name",)]), (2, [("sibling_name",)]),
                                              (3, [])])  # fmt: skip
def test_a_relative_who_is_told_again_and_again_is_not_asked_about(
    con: duckdb.DuckDBPyConnection, times: int, asked: list[tuple[str]]
) -> None:
    car = {"phone": "13986273601", "vin": "LSVHH2BR9J2123456"}
    rows = [_row(f"a{n}", name="刘志强", **car) for n in range(5)]
    rows += [_row(f"b{n}", name="刘强", **car) for n in range(times)]
    resolve(con, standard(rows + NEIGHBOURS))
    assert con.execute("SELECT reason FROM review_candidate").fetchall() == asked


def test_order_of_arrival_does_not_matter(
    con: duckdb.DuckDBPyConnection, village: pa.Table
) -> None:
    decisions = [_same("c1", "a1"), _different("a3", "a1"), _same("d1", "e1")]
    seen = []
    for seed in range(2):
        order = list(range(len(village)))
        random.Random(seed).shuffle(order)
        random.Random(seed).shuffle(decisions)
        counts, entities = resolve(con, village.take(order), *decisions)
        tables = [
            con.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall()
            for table in ("profile", "edge", "entity", "refused_link", "review_candidate")
        ]
        seen.append((counts, entities, tables))
    assert seen[0] == seen[1]


def test_the_same_records_twice_are_the_same_profiles(
    con: duckdb.DuckDBPyConnection, village: pa.Table
) -> None:
    again = standard([row | {"source_key": f"{row['source_key']}'"} for row in VILLAGE])
    once, _ = resolve(con, village)
    twice, entities = resolve(con, pa.concat_tables([village, again]))
    assert (twice.profiles, twice.candidates, twice.entities) == (
        once.profiles, once.candidates, once.entities,
    )  # fmt: skip
    assert "d1 d1'" in entities


def test_a_must_link_joins(con: duckdb.DuckDBPyConnection, village: pa.Table) -> None:
    _, entities = resolve(con, village, _same("h1", "i1"), _same("a1", "b1"))
    assert "h1 i1" in entities
    assert any({"a1", "b1"} <= set(entity.split()) for entity in entities)


def test_a_cannot_link_keeps_apart_through_any_third(
    con: duckdb.DuckDBPyConnection, village: pa.Table
) -> None:
    found, entities = resolve(con, village, _different("f1", "f2"), _different("a3", "a5"))
    assert {"f1", "f2"} <= entities
    assert not any({"a3", "a5"} <= set(entity.split()) for entity in entities)
    assert found.refused > 0


def test_unsure_and_unknown_records_decide_nothing(
    con: duckdb.DuckDBPyConnection, village: pa.Table
) -> None:
    unsure = pair(_key("d1"), _key("e1"), "unsure")
    gone = pair(_key("d1"), "dealer/D0001/gone", "same")
    assert resolve(con, village, unsure, gone)[1] == EXPECTED


def test_two_id_numbers_are_two_people(con: duckdb.DuckDBPyConnection, village: pa.Table) -> None:
    twin = standard([_row("x1", name="刘志强", phone="13986273601", id_number=OTHER_ID)])
    _, entities = resolve(con, pa.concat_tables([village, twin]), _same("a1", "b1"))
    holders = [entity for entity in entities if {"a1", "x1"} & set(entity.split())]
    assert len(holders) == 2


def test_no_records(con: duckdb.DuckDBPyConnection) -> None:
    found, entities = resolve(con, standard([]))
    assert entities == set()
    assert set(vars_of(found).values()) == {0}


def vars_of(found: engine.Resolution) -> dict[str, int]:
    return {name: getattr(found, name) for name in found.__slots__}


def test_a_single_record(con: duckdb.DuckDBPyConnection) -> None:
    found, entities = resolve(con, standard(VILLAGE[:1]))
    assert entities == {"a1"}
    assert (found.profiles, found.candidates, found.for_review) == (1, 0, 0)


def test_columns_without_any_value(con: duckdb.DuckDBPyConnection) -> None:
    rows = [_row("a1", phone="13986273601"), _row("a2", phone="13986273601")]
    nameless = [row | {"folder_outlet": f"D000{n}"} for n, row in enumerate(rows)]
    found, entities = resolve(con, standard(nameless))
    assert (entities, found.candidates) == ({"a1", "a2"}, 1)
    names = [_row("a1", name="刘志强"), _row("a2", name="刘志强", folder_outlet="D0002")]
    assert resolve(con, standard(names))[1] == {"a1", "a2"}
