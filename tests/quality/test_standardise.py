"""Rows become records; hardly any is held, and what was typed is never lost."""

from __future__ import annotations

import datetime
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from quality import contract
from quality.standardise import NO_KEY, NOTHING_IDENTIFYING, standardise
from tests.quality.rows import raw

FIELDS = [field.name for field in contract.FIELDS]
OUTLETS = {"dealer": "D0012", "station": "S0107", "hq": None}


def records(*rows: dict[str, Any], **where: Any) -> list[dict[str, Any]]:
    return standardise(raw(rows, **where)).records.to_pylist()


def held(*rows: dict[str, Any]) -> list[tuple[int, str]]:
    aside = standardise(raw(rows)).held
    return [(row["row_number"], row["reason"]) for row in aside.to_pylist()]


def test_a_row_without_a_key_is_held() -> None:
    keys = [{"source_key": key, "name": "李雷"} for key in (None, "", " \u3000")]
    assert held(*keys) == [(2, NO_KEY), (3, NO_KEY), (4, NO_KEY)]


def test_a_row_that_tells_of_nobody_is_held_and_a_missing_key_comes_first() -> None:
    rows = [
        {"source_key": "K1", "name": "测试", "phone": "无", "address": "苏州市"},
        {"source_key": "K2"},
        {"name": "-"},
    ]
    assert held(*rows) == [(2, NOTHING_IDENTIFYING), (3, NOTHING_IDENTIFYING), (4, NO_KEY)]


def test_one_identifying_value_is_enough() -> None:
    cells = {
        "name": "李雷",
        "phone": "13912345678",
        "id_number": "11010519491231002X",
        "vin": "J2037302",
        "plate": "苏E12345",
        "email": "a@example.cn",
    }
    rows = [{"source_key": f"K{n}", name: cell} for n, (name, cell) in enumerate(cells.items())]
    assert held(*rows) == []


def test_a_bad_phone_makes_the_phone_unusable_and_not_the_row() -> None:
    (record,) = records({"source_key": "K1", "name": "李雷", "phone": "1.38123E+10"})
    assert record["phone"] is None
    assert (record["phone_status"], record["phone_typed"]) == ("invalid", "1.38123E+10")


@settings(max_examples=25)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"source_key": st.sampled_from(["K1", "K2", None, " "])},
            optional=dict.fromkeys(FIELDS, st.text(max_size=12) | st.none()),
        ),
        max_size=6,
    )
)
def test_every_row_is_a_record_or_held_and_every_cell_is_kept(rows: list[dict[str, Any]]) -> None:
    table = raw(rows)
    done = standardise(table)
    assert done.records.schema == contract.schema()
    typed = {row["row_number"]: row for row in table.to_pylist()}
    kept = done.records.to_pylist()
    numbers = [row["row_number"] for row in (*kept, *done.held.to_pylist())]
    assert sorted(numbers) == sorted(typed)
    for record in kept:
        for name in FIELDS:
            assert record[f"{name}_typed"] == typed[record["row_number"]][name]


def test_the_key_names_source_outlet_and_row() -> None:
    keys = [
        records({"source_key": " K1 ", "name": "李雷"}, source=source, folder_outlet=outlet)[0]
        for source, outlet in OUTLETS.items()
    ]
    assert [row["record_key"] for row in keys] == ["dealer/D0012/K1", "station/S0107/K1", "hq//K1"]


def test_a_corrected_dealer_makes_no_other_record_of_a_sale() -> None:
    sale = {"source_key": "HQ1", "name": "李雷"}
    before, after = records(
        sale | {"outlet_code": "D0001"},
        sale | {"outlet_code": " d0002 "},
        source="hq",
        folder_outlet=None,
    )
    assert before["record_key"] == after["record_key"] == "hq//HQ1"
    assert (before["outlet_code"], after["outlet_code"]) == ("D0001", "D0002")


def test_the_folder_and_not_the_row_says_which_outlet_it_is() -> None:
    (record,) = records({"source_key": "K1", "name": "李雷", "outlet_code": "D9999"})
    assert record["outlet_code"] == "D0012"


def test_all_numbers_of_a_row_are_found_each_once_in_order() -> None:
    rows = records(
        {"source_key": "K0", "name": "韩梅"},
        {"source_key": "K1", "name": "李雷13800001234", "phone": "13912345678/0512-68123456"},
        {"source_key": "K2", "name": "李雷13912345678", "phone": "13912345678"},
        {"source_key": "K3", "name": "韩梅", "phone": "13712306789"},
        {"source_key": "K4", "name": "韩梅13698761534", "phone": "无"},
    )
    assert [row["phones"] for row in rows] == [
        [],
        ["+8613912345678", "+8651268123456", "+8613800001234"],
        ["+8613912345678"],
        ["+8613712306789"],
        ["+8613698761534"],
    ]


def test_a_companys_name_is_taken_apart_and_a_persons_is_not() -> None:
    company, person = records(
        {"source_key": "K1", "name": "苏州宏达物流有限公司"}, {"source_key": "K2", "name": "李雷"}
    )
    assert (company["company_core"], company["company_region"]) == ("宏达", "苏州")
    assert (person["company"], person["company_core"]) == (None, None)


def test_files_are_understood_alone_whatever_arrives_with_them() -> None:
    home = [
        {"source_key": f"A{n}", "phone": f"0512-6812345{n}", "plate": f"苏E1234{n}"}
        for n in range(6)
    ]
    incomplete = [
        {"source_key": "X1", "phone": "68123456"},
        {"source_key": "X2", "plate": "E88888"},
    ]
    here = raw([*home, *incomplete], file_id="here")
    there = raw([{"source_key": "Y", "name": "韩梅"}, *incomplete], file_id="there")
    together = standardise(pa.concat_tables([here, there])).records
    alone = [standardise(table).records for table in (here, there)]
    assert together.equals(pa.concat_tables(alone))


def test_a_day_after_its_files_has_not_happened_but_the_next_may_have() -> None:
    days = ["2024-03-01", "2024-03-02", "2024-03-03", "2099-01-01"]
    rows = [
        {"source_key": f"K{n}", "name": "李雷", "visited_on": day, "birth_date": "35-3-5"}
        for n, day in enumerate(days)
    ]
    found = records(*rows, arrived_on=datetime.date(2024, 3, 1))
    assert [row["visited_on_reason"] for row in found] == ["", "", "future_date", "future_date"]
    assert [row["visited_on"] is None for row in found] == [False, False, True, True]
    assert {row["birth_date"] for row in found} == {datetime.date(1935, 3, 5)}


def test_each_file_has_its_own_clock() -> None:
    row = {"source_key": "K", "name": "李雷", "sold_on": "2024-03-05"}
    early, late = (datetime.date(2024, 3, day) for day in (1, 6))
    table = pa.concat_tables([raw([row], arrived_on=early), raw([row], arrived_on=late)])
    reasons = [record["sold_on_reason"] for record in standardise(table).records.to_pylist()]
    assert reasons == ["future_date", ""]


def test_a_number_without_its_area_is_kept_but_links_nobody() -> None:
    (row,) = records({"source_key": "K1", "name": "李雷", "phone": "62345678/13912345678"})
    assert row["phone_others"] == ["62345678"]
    assert row["phones"] == ["+8613912345678"]


def test_nothing_comes_of_nothing() -> None:
    done = standardise(raw([]))
    assert done.records.schema == contract.schema()
    assert (done.records.num_rows, done.held.num_rows) == (0, 0)
