"""Rows of raw files: read as they came, or emptied in their places; all others stay."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from connectors.raw import read_about, read_mapped
from connectors.raw_rows import empty_rows, read_rows
from tests.connectors.test_intake import landing, ledger, put, run

__all__ = ["landing"]  # a fixture
HEADER = "客户编号,客户姓名,手机号,备注"
ROWS = ["K1,王芳,13912345678,老客户", "K2,李雷,13712306789,", "K3,韩梅,,"]


@pytest.fixture
def file(landing: Path) -> Path:
    """A raw file of three rows, numbered 2 to 4."""
    put(landing, "dealers/D0012/customers_20240301.csv", "\n".join([HEADER, *ROWS, ""]))
    run(landing)
    row = ledger(landing)[0]
    return landing.parent / "home" / row.raw_path


def test_a_row_is_read_as_it_came_with_unmapped_cells_and_without_empty_ones(file: Path) -> None:
    assert list(read_rows(file, [("", 2), ("", 9)])) == [
        (("", 2), {"客户编号": "K1", "客户姓名": "王芳", "手机号": "13912345678", "备注": "老客户"})
    ]
    ((_, cells),) = read_rows(file, [("", 4)])
    assert cells == {"客户编号": "K3", "客户姓名": "韩梅"}


def test_an_emptied_row_keeps_its_place_alone_and_says_why(file: Path) -> None:
    was, about = pq.read_table(file).to_pylist(), read_about(file)
    assert empty_rows(file, {("", 2): "erased", ("other", 3): "erased"}) == 1
    now = pq.read_table(file).to_pylist()
    assert [row.pop("_removed") for row in now] == ["erased", None, None]
    assert now[1:] == was[1:]
    assert {name for name, cell in now[0].items() if cell is not None} == {"_sheet", "_row"}
    assert (now[0]["_row"], read_about(file)) == (2, about)
    assert "王芳".encode() not in file.read_bytes()
    mapped = read_mapped([file], ["source_key", "name"])
    assert mapped["source_key"].to_pylist() == [None, "K2", "K3"]
    assert mapped["removed"].to_pylist() == ["erased", None, None]


def test_a_row_is_emptied_once_and_for_its_first_reason(file: Path) -> None:
    empty_rows(file, {("", 2): "erased"})
    assert empty_rows(file, {("", 2): "expired"}) == 0
    assert empty_rows(file, {("", 2): "expired", ("", 3): "expired"}) == 1
    assert pq.read_table(file)["_removed"].to_pylist() == ["erased", "expired", None]
