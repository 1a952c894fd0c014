"""Headers found and mapped; rows that are no records told apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.headers import lookup
from connectors.mapping import Layout, fields_of, map_columns, understand
from connectors.readers.problems import EmptyFile, HalfWritten, NoHeader, NoKeyColumn
from connectors.readers.sheet import Sheet
from connectors.sources import Source, load_sources, shared_headers

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "headers.yml").read_text("utf-8"))
HEAD = ["客户编号", "姓名", "手机"]
ROW = ["A1", "李雷", "13900000001"]


def source(name: str) -> Source:
    found = {str(s.name): s for s in load_sources()}[name]
    by_hand = {"D0012": {"客户": "name"}}
    return found.model_copy(update={"outlets": by_hand}) if name == "dealer" else found


def layout(rows: list[list[str]], name: str = "dealer") -> Layout:
    layouts, _ = understand([Sheet("", rows)], source(name), "")
    assert len(layouts) == 1
    return layouts[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["header"]).strip())
def test_header_cases(case: dict[str, Any]) -> None:
    (column,) = map_columns(
        [case["header"]], source(case.get("source", "dealer")), case.get("outlet", "")
    )
    assert (column.field, column.status) == (case["field"], case["status"])


def test_every_listed_header_maps_to_its_field_exactly() -> None:
    for field, names in shared_headers().fields.items():
        assert {lookup(name) for name in names} == {field}


def test_title_rows_above_the_header_are_passed_over() -> None:
    found = layout([["某某店客户档案", "", ""], ["导出时间：2024-03-05"], [], HEAD, ROW])
    assert (found.header_row, found.numbers, found.rows) == (4, [5], [ROW])


def test_a_header_merged_over_two_rows() -> None:
    top = ["客户编号", "客户信息", "", "车架号"]
    found = layout([top, ["", "姓名", "手机", ""], ["A1", "李雷", "139", "LSV1"]])
    assert fields_of(found.columns) == {
        "source_key": ["客户编号"],
        "name": ["姓名"],
        "phone": ["手机"],
        "vin": ["车架号"],
    }


def test_rows_that_are_no_records_are_counted() -> None:
    rows = [HEAD, ROW, ["", " ", "　"], HEAD, ["小计", "", "1"], ["A2", "合计", ""]]
    found = layout([*rows, ["合 计：2条", "", ""], ["制表人：某某"]])
    assert found.skipped == {"blank": 1, "header": 1, "total": 2, "footer": 1}
    assert found.numbers == [2, 6]  # a person named 合计 is a record


def test_a_second_phone_is_joined_and_a_second_name_is_secondary() -> None:
    found = layout(
        [["联系人", "固定电话", "客户编号", "客户名称", "手机"], ["韩梅", "", "A1", "某公司", "1"]]
    )
    assert {c.header: c.status for c in found.columns} == {
        "联系人": "secondary",
        "固定电话": "joined",
        "客户编号": "mapped",
        "客户名称": "mapped",
        "手机": "mapped",
    }
    assert fields_of(found.columns)["phone"] == ["手机", "固定电话"]


def test_a_guess_never_takes_the_place_of_a_known_header() -> None:
    found = layout([["客户编码", "会员号", "姓名"], ROW])
    assert fields_of(found.columns)["source_key"] == ["会员号"]


def test_a_station_keys_its_rows_by_the_order_and_names_who_came() -> None:
    head = ["客户编号", "工单号", "车主", "送修人"]
    found = layout([head, ["K1", "W1", "某公司", "李雷"]], "station")
    assert fields_of(found.columns) == {"source_key": ["工单号"], "name": ["送修人"]}


def test_same_headers_and_blank_headers_get_names_of_their_own() -> None:
    found = layout([["客户编号", "手机", "手机", "", ""], ["A1", "1", "2", "note", ""]])
    assert [c.name for c in found.columns] == ["客户编号", "手机", "手机 (2)", "column 4"]
    assert fields_of(found.columns)["phone"] == ["手机", "手机 (2)"]


def test_cells_beyond_the_header_are_kept() -> None:
    found = layout([HEAD, [*ROW, "more"]])
    assert [c.name for c in found.columns][-1] == "column 4"


def test_a_sheet_without_header_does_not_break_the_others() -> None:
    sheets = [Sheet("封面", [["某某店"]]), Sheet("空", []), Sheet("数据", [HEAD, ROW])]
    layouts, left = understand(sheets, source("dealer"), "")
    assert [found.sheet for found in layouts] == ["数据"]
    assert left == ["封面"]


@pytest.mark.parametrize(
    ("sheet", "problem"),
    [
        (Sheet("", [["甲", "乙"], ["丙", "丁"]]), NoHeader),
        (Sheet("", [["姓名", "手机"], ["李雷", "1"]]), NoKeyColumn),
        (Sheet("", [HEAD]), EmptyFile),
        (Sheet("", [HEAD, ["合计"]]), EmptyFile),
        (Sheet("", [[], [" "]]), EmptyFile),
        (Sheet("", [HEAD, ROW, ["A2", "韩"]], unfinished=True), HalfWritten),
    ],
)
def test_problems(sheet: Sheet, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        understand([sheet], source("dealer"), "")


@pytest.mark.parametrize(
    "cell",
    [
        "合计",
        "合 计",
        "合计：",
        "总计 12 台",
        "共 12 条记录",
        "记录数：1,200",
        "本页小计",
        "合计金额",
    ],
)
def test_totals(cell: str) -> None:
    assert layout([HEAD, ROW, ["", cell, "3"]]).skipped == {"total": 1}


@pytest.mark.parametrize("cell", ["共青团某某店", "合计划", "总计-1", "小计然"])
def test_no_totals(cell: str) -> None:
    assert layout([HEAD, ROW, [cell, "韩梅", "3"]]).skipped == {}


def test_a_header_in_two_languages() -> None:
    assert layout([HEAD, ["customer_id", "name", "phone"], ROW]).rows == [ROW]


@pytest.mark.parametrize("last", [ROW, ["合计"], ["A2", "韩梅", ""]])
def test_a_last_row_without_line_break_is_fine_when_whole(last: list[str]) -> None:
    layouts, _ = understand([Sheet("", [HEAD, ROW, last], True)], source("dealer"), "")
    assert layouts[0].rows[0] == ROW
