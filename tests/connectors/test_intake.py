"""Files go in once, bad ones cost only themselves, and a run twice equals a run once."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from connectors.errors import SettingError
from connectors.intake import IntakeReport, take_in
from connectors.ledger import FileStatus, Ledger, LedgerRow
from connectors.raw import read_about, read_mapped
from connectors.sources import Source, load_sources

NOW = datetime.datetime(2024, 3, 6, 2, tzinfo=datetime.UTC)
A = "客户编号,客户姓名,手机,固定电话,积分\nA1,李雷,13900000001,,7\nA2,韩梅,,0512-60000001,8\n"
B = "工单号,送修人,手机,进厂日期\nW1,李雷,13900000001,2024-03-05\n"
FIELDS = ["source_key", "name", "phone", "visited_on"]


def put(landing: Path, path: str, content: str | bytes) -> Path:
    file = landing / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    put(tmp_path / "landing", "dealers/D0012/customers_20240301.csv", A)
    put(tmp_path / "landing", "stations/S0107/orders_20240305.csv", B)
    return tmp_path / "landing"


def run(landing: Path, sources: tuple[Source, ...] | None = None) -> IntakeReport:
    return take_in(landing, landing.parent / "home", sources, now=NOW)


def ledger(landing: Path) -> list[LedgerRow]:
    with Ledger(landing.parent / "home") as book:
        return book.rows()


def snapshot(landing: Path) -> object:
    home = landing.parent / "home"
    files = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in (home / "raw").rglob("*.parquet")}
    return ledger(landing), files


def test_files_are_taken_in_order_and_kept_raw(landing: Path) -> None:
    report = run(landing)
    assert [(r.path, r.source, r.outlet_code, r.file_seq, r.rows) for r in report.taken] == [
        ("dealers/D0012/customers_20240301.csv", "dealer", "D0012", 1, 2),
        ("stations/S0107/orders_20240305.csv", "station", "S0107", 2, 1),
    ]
    assert report.rows == 3
    first = report.taken[0]
    assert first.raw_path == f"raw/dealer/D0012/20240301-{first.file_id[:16]}.parquet"
    table = pq.read_table(landing.parent / "home" / first.raw_path)
    assert table.to_pylist()[1] == {
        "_sheet": "",
        "_row": 3,
        "客户编号": "A2",
        "客户姓名": "韩梅",
        "手机": "",
        "固定电话": "0512-60000001",
        "积分": "8",
    }
    statuses = [(c["header"], c["status"]) for c in first.report()["sheets"][0]["columns"]]
    assert statuses[-2:] == [("固定电话", "joined"), ("积分", "unknown")]


def test_mapped_rows_of_many_files(landing: Path) -> None:
    put(landing, "hq/hq_customers_20240301.csv", "客户编号,客户名称\nH1,李雷\n")
    home = landing.parent / "home"
    table = read_mapped([home / row.raw_path for row in run(landing).taken], FIELDS)
    rows = table.to_pylist()
    assert [[row[field] for field in FIELDS] for row in rows] == [
        ["A1", "李雷", "13900000001", None],
        ["A2", "韩梅", "0512-60000001", None],
        ["H1", "李雷", None, None],
        ["W1", "李雷", "13900000001", "2024-03-05"],
    ]
    assert rows[0]["folder_outlet"] == "D0012"
    assert rows[2]["folder_outlet"] is None
    assert rows[3]["file_date"] == datetime.date(2024, 3, 5)
    assert [row["row_number"] for row in rows] == [2, 3, 2, 2]
    assert read_mapped([], FIELDS).schema.equals(table.schema)


def test_the_outlet_that_a_row_names_stands_beside_that_of_the_folder(landing: Path) -> None:
    put(landing, "hq/a_20240301.csv", "客户编号,客户名称,经销商代码\nH1,李雷,D0099\n")
    home = landing.parent / "home"
    rows = read_mapped([home / r.raw_path for r in run(landing).taken], ["outlet_code"]).to_pylist()
    assert [(r["outlet_code"], r["folder_outlet"]) for r in rows] == [
        (None, "D0012"),
        (None, "D0012"),
        ("D0099", None),
        (None, "S0107"),
    ]


def test_a_second_column_speaks_where_the_first_is_empty(landing: Path) -> None:
    head = "单位地址,客户编号,统一社会信用代码,证件号码,住址\n"
    put(landing, "hq/a_20240301.csv", head + "x,H1,C1,,\n,H2,,P2,\ny,H3,C3,P3,z\n")
    home = landing.parent / "home"
    paths = [home / row.raw_path for row in run(landing).taken if row.source == "hq"]
    rows = read_mapped(paths, ["id_number", "address"]).to_pylist()
    assert [(r["id_number"], r["address"]) for r in rows] == [("C1", "x"), ("P2", ""), ("P3", "z")]


def test_two_sheets_with_other_columns_are_mapped_each_by_its_own_header(landing: Path) -> None:
    page = "<table><tr><td>{}</td></tr><tr><td>{}</td></tr></table>"
    one = page.format("客户编号</td><td>联系人", "A1</td><td>李雷")
    two = page.format("客户名称</td><td>联系人</td><td>客户编号", "某公司</td><td>韩梅</td><td>A2")
    put(landing, "dealers/D0013/customers_20240301.xls", one + two)
    home = landing.parent / "home"
    paths = [home / row.raw_path for row in run(landing).taken if row.outlet_code == "D0013"]
    rows = read_mapped(paths, ["source_key", "name"]).to_pylist()
    assert [(r["source_key"], r["name"], r["sheet"]) for r in rows] == [
        ("A1", "李雷", "table 1"),
        ("A2", "某公司", "table 2"),
    ]


def test_twice_is_once(landing: Path) -> None:
    put(landing, "dealers/D0012/empty_20240302.csv", "")
    run(landing)
    before = snapshot(landing)
    again = run(landing)
    assert (again.taken, again.broken, again.unchanged) == ((), (), 3)
    for file in landing.rglob("*.csv"):
        os.utime(file, (1, 1))  # touched, and the same content
    assert run(landing).unchanged == 3
    assert snapshot(landing) == before


def test_the_same_content_under_another_name_is_a_duplicate(landing: Path) -> None:
    run(landing)
    put(landing, "dealers/D0012/customers_20240302.csv", A)
    (row,) = run(landing).duplicates
    assert row.duplicate_of == "dealers/D0012/customers_20240301.csv"
    assert run(landing).duplicates == ()


def test_a_correction_under_the_same_name_is_taken_beside_the_first(landing: Path) -> None:
    run(landing)
    put(landing, "dealers/D0012/customers_20240301.csv", A.replace("李雷", "李蕾"))
    (row,) = run(landing).taken
    assert row.file_seq == 3
    assert [r.status for r in ledger(landing)] == [FileStatus.TAKEN] * 3
    assert len(list((landing.parent / "home" / "raw" / "dealer").rglob("*.parquet"))) == 2


@pytest.mark.parametrize(
    ("path", "content", "status", "reason"),
    [
        ("dealers/D0001/a.csv", "", "broken", "empty_file"),
        ("dealers/D0001/a.csv", "客户编号,姓名\n", "broken", "empty_file"),
        ("dealers/D0001/a.csv", "甲,乙\n丙,丁\n", "broken", "no_header"),
        ("dealers/D0001/a.csv", "姓名,手机\n李雷,1\n", "broken", "no_key_column"),
        ("dealers/D0001/a.csv", "姓名".encode("gb18030") + b"\xff\xff\n", "broken", "undecodable"),
        ("dealers/D0001/a.xlsx", b"\x89PNG....", "broken", "unreadable"),
        ("dealers/D0001/a.xlsx", b"PK\x03\x04....", "waiting", "half_written"),
        ("dealers/D0001/a.csv", A[:-9], "waiting", "half_written"),
        ("dealers/D0001/a.csv.part", A + "A3,,,,\n", "waiting", "half_written"),
        ("dealers/新店/a.csv", A + "A3,,,,\n", "broken", "unknown_place"),
        ("readme.txt", "hello", "broken", "unknown_place"),
    ],
)
def test_a_bad_file_costs_only_itself(
    landing: Path, path: str, content: str | bytes, status: str, reason: str
) -> None:
    put(landing, path, content)
    report = run(landing)
    (row,) = report.broken + report.waiting
    assert (row.path, row.status, row.reason) == (path, status, reason)
    assert row.detail
    assert len(report.taken) == 2
    assert len(run(landing).waiting) == (status == "waiting")  # looked at again each night


def test_a_half_written_file_is_taken_when_complete(landing: Path) -> None:
    put(landing, "dealers/D0001/a_20240301.csv", "客户编号,姓名,手机\nA1,b,c\nA2")
    put(landing, "dealers/D0002/a_20240301.csv.part", "客户编号,姓名,手机\nB1,b,c\n")
    assert len(run(landing).waiting) == 2
    put(landing, "dealers/D0001/a_20240301.csv", "客户编号,姓名,手机\nA1,b,c\nA2,d,e")
    part = landing / "dealers/D0002/a_20240301.csv.part"
    part.rename(part.with_suffix(""))
    assert [row.rows for row in run(landing).taken] == [2, 1]
    assert all(row.status is FileStatus.TAKEN for row in ledger(landing))


def test_a_broken_file_comes_back_when_corrected_or_when_the_rules_change(landing: Path) -> None:
    file = put(landing, "dealers/D0012/c_20240302.csv", "卡号,客户\nA9,李雷\n")
    assert [row.reason for row in run(landing).broken] == ["no_header"]
    sources = tuple(
        s.model_copy(update={"outlets": {"D0012": {"卡号": "source_key", "客户": "name"}}})
        if s.name == "dealer"
        else s
        for s in load_sources()
    )
    (row,) = run(landing, sources).taken
    fields = read_about(landing.parent / "home" / row.raw_path)["layouts"][0]["fields"]
    assert fields == {"source_key": ["卡号"], "name": ["客户"]}
    assert run(landing, sources).taken == ()  # what is taken in stays as it was understood
    bad = put(landing, "dealers/D0012/d_20240302.csv", "")
    run(landing)
    bad.write_text("客户编号,姓名\nA8,韩梅\n", "utf-8")
    assert len(run(landing).taken) == 1
    assert [r.status for r in ledger(landing) if r.path.endswith("d_20240302.csv")] == [
        "replaced",
        "taken",
    ]
    assert file.exists()


def test_a_file_that_cannot_be_opened_waits(landing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(str(self))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refuse)
        assert [row.reason for row in run(landing).waiting] == ["cannot_open"] * 2
    assert len(run(landing).taken) == 2


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("customers_20240301.csv", "2024-03-01"),
        ("customers_20240301(1).csv", "2024-03-01"),
        ("副本2024-03-01客户.csv", "2024-03-01"),
        ("customers_20240301023000.csv", "2024-03-01"),
        ("customers_20240231.csv", "2024-03-06"),
        ("customers.csv", "2024-03-06"),
    ],
)
def test_the_date_is_told_by_the_name_or_the_arrival(tmp_path: Path, name: str, day: str) -> None:
    put(tmp_path / "landing", f"hq/{name}", A)
    (row,) = run(tmp_path / "landing").taken
    assert row.file_date.isoformat() == day


def test_litter_is_ignored_and_counted(landing: Path) -> None:
    for name in ("~$customers.xlsx", ".DS_Store", "Thumbs.db"):
        put(landing, f"dealers/D0012/{name}", "x")
    assert run(landing).ignored == 3


def test_a_file_that_changed_just_now_waits_to_settle(landing: Path) -> None:
    for file in landing.rglob("*.csv"):
        os.utime(file, (NOW.timestamp() - 5, NOW.timestamp() - 5))
    home = landing.parent / "home"
    assert len(take_in(landing, home, settle_seconds=60, now=NOW).waiting) == 2
    assert len(take_in(landing, home, settle_seconds=4, now=NOW).taken) == 2


def test_killed_between_raw_and_ledger_it_starts_again(
    landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "put", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run(landing)
    assert [row.file_seq for row in run(landing).taken] == [1, 2]
    assert len(list((landing.parent / "home" / "raw").rglob("*"))) == 6  # no temporary file left


def test_an_unexpected_error_is_told_by_its_class_only(
    landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(data: bytes) -> None:
        raise ValueError("13900000001")

    monkeypatch.setattr("connectors.intake.read_content", fail)
    details = [row.detail for row in run(landing).broken]
    assert details == ["the file cannot be read (ValueError)"] * 2


def test_a_missing_landing_folder_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="nowhere"):
        take_in(tmp_path / "nowhere", tmp_path / "home")


def test_progress_and_ledger_json(landing: Path) -> None:
    calls: list[tuple[int, int]] = []
    take_in(landing, landing.parent / "home", report=lambda *c: calls.append(c), now=NOW)
    assert calls == [(1, 2), (2, 2)]
    assert json.loads(ledger(landing)[0].columns)["left"] == []
