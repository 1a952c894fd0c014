"""Columns of files that were taken in mean what today's rules say; no cell changes."""

from __future__ import annotations

import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from connectors import remapping
from connectors.intake import take_in
from connectors.ledger import Ledger, LedgerRow
from connectors.raw import read_mapped
from connectors.remapping import Remapping, remap
from connectors.sources import Source, load_sources

NOW = datetime.datetime(2024, 3, 6, 2, tzinfo=datetime.UTC)
ONE = "dealers/D0012/customers_20240301.csv"
OTHER = "dealers/D0013/customers_20240301.csv"
ROWS = "客户编号,客户姓名,手机,手机,卡号,积分\nA1,李雷,13900000001,13700000002,7,80\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for path in (ONE, OTHER):
        file = tmp_path / "landing" / path
        file.parent.mkdir(parents=True)
        file.write_text(ROWS + f"A2,{path[8:13]},,,,\n", encoding="utf-8")
    take_in(tmp_path / "landing", tmp_path / "home", now=NOW)
    return tmp_path / "home"


def rules(**by_hand: str) -> list[Source]:
    """The shipped rules, with headers of the one outlet mapped by hand."""
    return [
        source.model_copy(update={"outlets": {"D0012": by_hand}})
        if source.name == "dealer" else source
        for source in load_sources()
    ]  # fmt: skip


def rows(home: Path, path: str) -> list[tuple[str | None, ...]]:
    """Key, name, phone and address as mapped."""
    wanted = ["source_key", "name", "phone", "address"]
    raw = read_mapped([home / row(home, path).raw_path], wanted).select(wanted)
    return [tuple(one.values()) for one in raw.to_pylist()]


def row(home: Path, path: str) -> LedgerRow:
    with Ledger(home) as ledger:
        return next(one for one in ledger.rows() if one.path == path)


def test_a_column_means_what_todays_rules_say(home: Path) -> None:
    before = {file: pq.read_table(file) for file in (home / "raw").rglob("*.parquet")}
    assert rows(home, ONE)[0] == ("A1", "李雷", "13900000001/13700000002", None)
    today = rules(客户编号="ignore", 卡号="source_key", 手机="ignore", 积分="address")
    assert remap(home, today) == Remapping(changed=(ONE,))
    assert rows(home, ONE)[0] == ("7", "李雷", None, "80")
    assert rows(home, OTHER)[0] == ("A1", "李雷", "13900000001/13700000002", None)
    for file, was in before.items():
        assert pq.read_table(file).equals(was)
    (sheet,) = row(home, ONE).report()["sheets"]
    assert [(one["name"], one["field"], one["status"]) for one in sheet["columns"]][4:] == [
        ("卡号", "source_key", "mapped"), ("积分", "address", "mapped")]  # fmt: skip
    assert remap(home, today) == Remapping()
    assert remap(home, rules()) == Remapping(changed=(ONE,))
    assert rows(home, ONE)[0] == ("A1", "李雷", "13900000001/13700000002", None)


def test_a_file_that_could_not_be_used_means_what_it_did(home: Path) -> None:
    assert remap(home, rules(客户编号="ignore")) == Remapping(kept=(ONE,))
    assert rows(home, ONE)[0][0] == "A1"
    assert remap(home, [one for one in rules() if one.name == "hq"]).kept == (ONE, OTHER)


def test_killed_between_raw_file_and_ledger_it_is_done_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(Ledger):
        def remap(self, row: LedgerRow) -> None:
            raise KeyboardInterrupt

    today = rules(积分="address")
    with monkeypatch.context() as patched:
        patched.setattr(remapping, "Ledger", Killed)
        with pytest.raises(KeyboardInterrupt):
            remap(home, today)
    remap(home, today)
    assert rows(home, ONE)[0][3] == "80"
    assert [one["field"] for one in row(home, ONE).report()["sheets"][0]["columns"]][5] == "address"
