"""The table of changed keys: what it says, and every way in which it cannot be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.errors import SettingError
from connectors.keys import KeyTable, read_keys
from connectors.sources import load_sources

HEAD = "source,outlet_code,old_key,new_key\n"


def read(folder: Path, *lines: str, head: str = HEAD) -> KeyTable:
    file = folder / "keys.csv"
    file.write_text(head + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return read_keys(file, load_sources())


def test_new_keys_lead_to_old_ones(tmp_path: Path) -> None:
    table = read(tmp_path, "dealer,d0012, K-1 ,9001", "hq,,HQ1,HQ2", "station,S0107,甲/1,甲/2")
    assert table.first == {
        "dealer/D0012/9001": "dealer/D0012/K-1",
        "hq//HQ2": "hq//HQ1",
        "station/S0107/甲/2": "station/S0107/甲/1",
    }
    assert (table.name("hq//HQ2"), table.name("hq//HQ9")) == ("hq//HQ1", "hq//HQ9")


def test_a_key_that_changed_twice_leads_to_the_first(tmp_path: Path) -> None:
    lines = ["hq,,B,C", "hq,,A,B", "hq,,C,D"]
    assert read(tmp_path, *lines).first == dict.fromkeys(("hq//B", "hq//C", "hq//D"), "hq//A")


def test_the_order_of_lines_and_of_columns_tells_nothing(tmp_path: Path) -> None:
    one = read(tmp_path, "hq,,A,B", "hq,,X,Y")
    two = read(tmp_path, "Y,X,hq,", "B,A,hq,", head="new_key,old_key,source,outlet_code\n")
    assert one.digest == two.digest != ""


def test_no_table_and_an_empty_one_are_one(tmp_path: Path) -> None:
    assert read_keys(None, load_sources()).digest == read(tmp_path).digest == ""


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("shop,,A,B", "line 2, source: is none of dealer, hq, station"),
        ("hq,D0012,A,B", "line 2, outlet_code: must be empty"),
        ("dealer,,A,B", "line 2, outlet_code: is no code"),
        ("dealer,S0107,A,B", "line 2, outlet_code: is no code"),
        ("hq,,,B", "line 2, old_key: is empty"),
        ("hq,,A, ", "line 2, new_key: is empty"),
        ("hq,,A,A", "line 2, new_key: is the old one"),
        ("hq,,A", "line 2: 3 cells in place of 4"),
        ('hq,,"A"x,B', "cannot be read"),
        ("hq,,A,B\nhq,,A,C", "line 3, old_key: stands in line 2 already"),
        ("hq,,A,C\nhq,,B,C", "line 3, new_key: stands in line 2 already"),
        ("hq,,A,B\nhq,,B,A", "line 2, new_key: leads back"),
        ("hq,,A,B\nhq,,B,C\nhq,,C,A\nhq,,X,Y", "line 4, new_key: leads back"),
    ],
)
def test_what_cannot_be_right_is_told_by_file_line_and_column(
    tmp_path: Path, line: str, says: str
) -> None:
    with pytest.raises(SettingError, match=says) as told:
        read(tmp_path, line)
    assert str(tmp_path / "keys.csv") in str(told.value)


def test_many_faults_are_told_at_once_but_not_all(tmp_path: Path) -> None:
    with pytest.raises(SettingError) as told:
        read(tmp_path, *["hq,,,"] * 20)
    assert str(told.value).count("is empty") == 10
    assert "and 30 more" in str(told.value)


@pytest.mark.parametrize("head", ["", "source,outlet_code,old_key\n", HEAD.replace("new", "next")])
def test_a_wrong_header_is_told(tmp_path: Path, head: str) -> None:
    with pytest.raises(SettingError, match="line 1: the columns are"):
        read(tmp_path, head=head)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="no such file"):
        read_keys(tmp_path / "none.csv", load_sources())
