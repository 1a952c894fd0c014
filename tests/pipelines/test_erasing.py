"""A person is gone from everything that is kept, does not come back, and nobody else is touched."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from connectors.errors import SettingError
from connectors.intake import SHANGHAI
from connectors.ledger import Ledger
from matching.decisions import Generic, Pair, Value
from pipelines import departure, erasing, exporting, person, upkeep
from pipelines import night as steps
from pipelines.deciding import desk
from pipelines.night import Night
from pipelines.occupancy import HomeBusy
from pipelines.people import Named
from pipelines.settings import FILE, read_settings
from pipelines.summary import summarise
from tests.e2e.homes import ask, ask_store, copy
from tests.pipelines.steps import one_night
from tests.pipelines.test_cli import Guiyi, guiyi
from warehouse import decision_lines
from warehouse.database import connect
from warehouse.erasure import log, secret
from warehouse.erasure.log import Erasures
from warehouse.tables import tables

__all__ = ["guiyi"]  # a fixture
PHONE, ID, VIN = "13986427531", "32050819880412376X", "LSVAB4182J2731459"
#: What only she has, in the writings in which it may stand anywhere.
HERS = ("欧阳若溪", "若溪", PHONE, ID, VIN, "苏E7Q9X3", "ruoxi@example.cn", "听枫苑",
        "KH-0731", "WO-8842", "KH-0731-B", "1988-04-12")  # fmt: skip
HEADER = "客户编号,客户姓名,手机号,身份证号,家庭住址,邮箱,车架号,车牌号"
HER = f"欧阳若溪,{PHONE},{ID},江苏省苏州市姑苏区听枫苑3幢201室,ruoxi@example.cn,{VIN},苏E7Q9X3"
OTHERS = [
    "KH-0100,王建军,13712306789,320508199109235182,江苏省苏州市吴中区东吴北路8号,,,苏E12P45",
    "KH-0200,韩梅,13511112222,,,,LSVAB4184J2904417,",
]
DEALER, STATION = "dealer/D0012/KH-0731", "station/S0107/WO-8842"
OTHER, PHONE_IN_FULL = "dealer/D0012/KH-0100", f"+86{PHONE}"
#: Tables that tell of runs, files and counts; all others are of customers or cars.
OF_RUNS = {"run", "run_step", "run_table", "meta.version", "meta.freshness"}


def arrive(landing: Path, name: str, *rows: str, header: str = HEADER) -> None:
    file = landing / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([header, *rows, ""]), encoding="utf-8")


def merge(home: Path) -> None:
    """A night without publishing, which is half of its work."""
    night = Night.begin(home, "test")
    steps.arrive(night)
    steps.understand(night)
    steps.identify(night)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`before`: a home that has her everywhere; `after`: without her; `asked`: what was said."""
    folder = tmp_path_factory.mktemp("erasing")
    home, landing = folder / "before", folder / "landing"
    home.mkdir()
    (home / FILE).write_text("landing: ../landing\n")
    day = "dealers/D0012/customers_202403{}.csv".format
    arrive(landing, day("01"), f"KH-0731,{HER.replace('听枫苑3幢', '听枫苑1幢')}", *OTHERS,
           f",欧阳若溪,{PHONE},,,,,")  # fmt: skip
    orders = "工单号,客户姓名,电话,车架号,车牌号,进厂日期,金额"
    arrive(landing, "stations/S0107/orders_20240301.csv",
           f"WO-8842,欧阳若溪,{PHONE},{VIN},苏E7Q9X3,2024-02-11,880",
           "WO-9000,王建军,13712306789,,苏E12P45,2024-02-12,120", header=orders)  # fmt: skip
    merge(home)
    decisions = read_settings(home).log
    said: dict[str, Any] = {"author": "li", "decided_at": datetime.datetime(2024, 3, 1, 9)}
    said["why"] = f"若溪 rang, {PHONE}"
    decisions.append(Pair(left=DEALER, right=STATION, verdict="same", **said))
    decisions.append(Value(record=DEALER, attribute="address", value="江苏省听枫苑5幢", **said))
    decisions.append(Generic(column="phones", value=PHONE_IN_FULL, generic=False, **said))
    said["why"] = "two men"
    decisions.append(Pair(left=OTHER, right="dealer/D0012/KH-0200", verdict="different", **said))
    arrive(landing, day("02"), f"KH-0731,{HER}", OTHERS[0])
    one_night(home, landing)
    exporting.export(home, exporting.Asked(folder / "d0012", "li", ("D0012",)))
    person.write(home, person.Asked(Named(id_number=ID), folder / "欧阳若溪", "li", "herself"))
    # a file of a night that an operator dropped is in raw/ alone
    arrive(landing, "dealers/D0013/customers_20240303.csv", f"KH-0731-B,{HER}")
    steps.arrive(Night.begin(home, "test"))
    with Ledger(home) as ledger:
        ledger.drop(row.file_id for row in ledger.rows() if row.outlet_code == "D0013")
    # what an export that was killed has left
    (home / exporting.WORK).mkdir()
    (home / exporting.WORK / "person.json").write_text(HER)
    shutil.copytree(home, folder / "after", symlinks=True)
    asked = erasing.Asked(Named(phone=f"+86 {PHONE[:3]} {PHONE[3:]}"), "li", "letter 12")
    told = erasing.erase(folder / "after", asked)
    (folder / "asked").write_text(json.dumps(told, default=str))
    return folder


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made / "landing", tmp_path / "landing")
    return copy(made / "after", tmp_path / "home")


@pytest.fixture
def before(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made / "landing", tmp_path / "landing")
    return copy(made / "before", tmp_path / "home")


def contents(home: Path) -> Iterator[tuple[Path, str]]:
    """Every file of a home as bytes, and what is in Parquet, DuckDB and SQLite as text."""
    for file in sorted(path for path in home.rglob("*") if path.is_file() and path.name != FILE):
        yield file, file.read_bytes().decode("utf-8", "ignore")
        if file.suffix == ".parquet":
            about = str(pq.read_schema(file).metadata)
            yield file, about + json.dumps(pq.read_table(file).to_pylist(), ensure_ascii=False)
        elif file.suffix == ".duckdb" and not file.is_symlink():
            with connect(file, read_only=True) as con:
                for schema, table in con.execute(
                    "SELECT schema_name, table_name FROM duckdb_tables()"
                ).fetchall():
                    yield file, str(con.execute(f'FROM {schema}."{table}"').fetchall())
        elif file.suffix == ".sqlite":
            with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
                yield file, "\n".join(db.iterdump())


def traces(home: Path) -> set[tuple[str, str]]:
    """Which of her values stand in which file."""
    return {
        (file.relative_to(home).parts[0], value)
        for file, text in contents(home)
        for value in HERS
        if value in text
    }


def test_the_search_finds_her_where_she_was(made: Path) -> None:
    found = traces(made / "before")
    assert {value for _, value in found} == set(HERS)
    assert {file.removesuffix("-wal") for file, _ in found} == {
        "decisions.sqlite", exporting.WORK, "exports.sqlite", "identity.duckdb", "raw", "warehouse",
        "warehouse.duckdb"}  # fmt: skip


def test_nothing_of_her_is_left_in_the_home(made: Path) -> None:
    assert traces(made / "after") == set()


def test_nobody_else_is_touched(made: Path) -> None:
    hers = {gid for (gid,) in ask(made / "before", f"SELECT golden_id FROM pii.dim_customer"
                                  f" WHERE id_number = '{ID}'")}  # fmt: skip
    assert len(hers) == 1
    compared = 0
    for table in tables():
        names = [column.name for column in table.columns]
        if "golden_id" in names and table.name not in OF_RUNS | {"golden_id_event"}:
            # shares and ranks among all customers may move
            among_all = {"r", "f", "m", "segment", "value_decile", "decile_share"}
            told = ", ".join(name for name in names if name not in among_all)
            rows = f"SELECT {told} FROM {table.whole} WHERE golden_id <> '{hers.copy().pop()}'"
            rows += " ORDER BY ALL"
            assert ask(made / "after", rows) == ask(made / "before", rows), table.name
            compared += len(ask(made / "after", rows))
    assert compared > 20


def test_other_raw_rows_are_as_they_came_under_their_numbers(made: Path) -> None:
    for file in (made / "before" / "raw").rglob("*.parquet"):
        was = pq.read_table(file).to_pylist()
        now = pq.read_table(made / "after" / file.relative_to(made / "before")).to_pylist()
        assert [row["_row"] for row in now] == [row["_row"] for row in was]
        emptied = [row.pop("_removed", None) for row in now]
        hers = ["若溪" in str(row) for row in was]
        assert [why == "erased" for why in emptied] == hers
        others = [row for row, her in zip(was, hers, strict=True) if not her]
        assert [row for row, why in zip(now, emptied, strict=True) if not why] == others


def test_her_golden_id_leads_to_nobody(made: Path) -> None:
    (golden_id,) = json.loads((made / "asked").read_text())["golden_ids"]
    news = "SELECT kind, other_id, cause FROM golden_id_event WHERE golden_id = '{}'".format
    assert ask(made / "after", f"{news(golden_id)} ORDER BY sequence DESC LIMIT 1") == [
        ("retired", None, "erased")
    ]
    assert ask(made / "after", f"FROM golden_id_redirect WHERE golden_id = '{golden_id}'") == []
    with pytest.raises(SettingError, match="no such golden id"):
        erasing.preview(made / "after", erasing.Asked(Named(golden_id), "li", "again"))


def test_rows_add_up_and_decisions_and_exports_are_still_told(made: Path) -> None:
    home = made / "after"
    rows = "SELECT (SELECT count(*) FROM record) + (SELECT count(*) FROM record_version)" \
           " + (SELECT count(*) FROM held_row)"  # fmt: skip
    assert ask_store(home, rows) == ask_store(made / "before", rows)
    assert ask(home, "SELECT sum(row_count) FROM dq_file WHERE status = 'taken'") == [(8,)]
    assert ask(home, "SELECT reason, count(*) FROM dq_held_row GROUP BY ALL") == [("erased", 4)]
    entries = [entry.decision for entry in read_settings(home).log.entries()]
    assert [(one.kind, one.author) for one in entries] == [
        ("pair", "li"), ("value", "li"), ("generic", "li"), ("pair", "li")]  # fmt: skip
    assert [one.why for one in entries] == ["", "", "", "two men"]
    outlet, hers = exporting.exported(home)
    assert (outlet["outlets"], hers["given_to"]) == (["D0012"], "(erased)")
    assert json.loads((made / "asked").read_text())["exports"] == [1, 2]


def test_an_older_export_of_decisions_does_not_bring_her_back(made: Path, tmp_path: Path) -> None:
    made_before = [entry.decision for entry in read_settings(made / "before").log.entries()]
    file = tmp_path / "decisions.jsonl"
    file.write_text("".join(decision_lines.write(made_before)), encoding="utf-8")
    assert desk(made / "after", "li", "").take_in(file) == (0, 4)
    assert traces(made / "after") == set()


def test_the_marks_tell_nothing_without_their_key(made: Path) -> None:
    file = made / "after" / secret.FILE
    assert file.stat().st_mode & 0o777 == 0o600
    marks = Erasures(made / "after").tombstones(file.read_bytes())
    assert set(marks["kind"].to_pylist()) == {
        "record", "id_number", "name_phone", "name_vin", "name_plate", "name_email"}  # fmt: skip
    expected = hmac.new(file.read_bytes(), f"id_number\0{ID}".encode(), hashlib.sha256).hexdigest()
    assert expected in marks["mark"].to_pylist()
    with pytest.raises(SettingError, match="another key"):
        Erasures(made / "after").tombstones(b"x" * 64)


def test_she_does_not_come_back_in_tonights_files_nor_under_another_key(home: Path) -> None:
    landing = home.parent / "landing"
    arrive(landing, "dealers/D0012/customers_20240304.csv", f"KH-0731,{HER}", *OTHERS,
           f"KH-9999,欧阳若溪,{PHONE},,,,,", f",若溪,,{ID},,,,",
           "KH-0777,若溪之友,13622223333,,,,,")  # fmt: skip
    arrive(
        landing,
        "stations/S0107/orders_20240304.csv",
        f"WO-9999,欧阳若溪,,{VIN},,2024-03-03",
        header="工单号,客户姓名,电话,车架号,车牌号,进厂日期",
    )
    one_night(home, landing)
    assert {key for (key,) in ask(home, "SELECT record_key FROM customer_xref")} == {
        "dealer/D0012/KH-0100", "dealer/D0012/KH-0200", "dealer/D0012/KH-0777",
        "station/S0107/WO-9000"}  # fmt: skip
    assert summarise(home)["rows_held"] == {"erased": 8}
    found = {value for _, value in traces(home)}
    assert found == {"若溪"}  # in her friend's name


def test_who_is_a_customer_again_comes_in_with_what_is_new(
    home: Path, guiyi: Guiyi, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ["--who", "li", "--why", "contract 9", "--home", home]
    assert guiyi("erase", "--lift", 1, "--since", "2024-03-04", *said)[0] == 0
    told = guiyi("erase", "--lift", 1, "--since", "2024-03-02", *said, "--json")[1]  # it counts
    assert (json.loads(told)["number"], json.loads(told)["since"]) == (1, "2024-03-02")
    assert "7: no such erasure" in guiyi("erase", "--lift", 7, *said)[2]
    landing = home.parent / "landing"
    arrive(landing, "dealers/D0012/customers_20240304.csv", f"KH-0731,{HER},2024-03-02",
           f"KH-0732,{HER},2024-03-01", f"KH-0733,{HER},", f",欧阳若溪,{PHONE},,,,,,2024-03-03",
           header=f"{HEADER},更新时间")  # fmt: skip
    one_night(home, landing)
    known = "SELECT record_key FROM customer_xref WHERE record_key LIKE '%/KH-073%'"
    assert ask(home, known) == [(DEALER,)]
    assert summarise(home)["rows_held"] == {"erased": 7}  # four were before
    # she is another customer than the one who was erased
    (erasure,) = erasing.erased(home)
    ((golden_id,),) = ask(home, f"SELECT golden_id FROM pii.dim_customer WHERE id_number = '{ID}'")
    assert golden_id not in erasure["golden_ids"]
    assert [one["since"] for one in erasure["liftings"]] == ["2024-03-04", "2024-03-02"]
    shown = guiyi("erase", "--list", "--home", home)[1]
    assert "lifted" in shown
    assert "2024-03-04" not in shown
    # whoever is erased again is held off again, whatever was lifted before
    monkeypatch.setattr(steps, "publish", lambda *_: None)
    erasing.erase(home, erasing.Asked(Named(golden_id), "li", "letter 13"))
    arrive(landing, "dealers/D0012/customers_20240305.csv", f"KH-0731,{HER},2024-03-05",
           header=f"{HEADER},更新时间")  # fmt: skip
    merge(home)
    assert ask_store(home, "SELECT count(*) FROM record WHERE record_key LIKE '%KH-0731'") == [(0,)]


def test_what_is_past_its_period_leaves_and_does_not_come_in(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "publish", lambda *_: None)
    with pytest.raises(SettingError, match="no period is set"):
        erasing.expired(home)
    (home / FILE).write_text("landing: ../landing\nretention: {station: 400 days, hq: 9 years}\n")
    today = datetime.datetime.now(SHANGHAI).date()
    days = {f"WO-{age}": today - datetime.timedelta(age) for age in (10, 399, 402)}
    rows = (f"{key},王建军,13712306789,,,{day}" for key, day in days.items())
    arrive(home.parent / "landing", "stations/S0107/orders_20240305.csv", *rows,
           header="工单号,客户姓名,电话,车架号,车牌号,进厂日期")  # fmt: skip
    merge(home)
    assert erasing.expired(home) == {"hq": 0, "station": 1}
    done = erasing.expire(home, "li")
    assert done is not None
    assert (done["records"], done["by_source"]["station"]) == (1, 1)
    assert {key for (key,) in ask_store(home, "SELECT record_key FROM record")} == {
        OTHER, "dealer/D0012/KH-0200", "station/S0107/WO-10", "station/S0107/WO-399"}  # fmt: skip
    held = "SELECT count(*) FROM held_row WHERE reason = 'expired'"
    assert ask_store(home, held) == [(2,)]
    assert not {"WO-9000", "WO-402"} & {word for _, text in contents(home / "raw")
                                        for word in text.split("'")}  # fmt: skip
    assert erasing.expire(home, "li") is None
    # the marks of her are there, those of what was past its period are not
    key = (home / secret.FILE).read_bytes()
    assert Erasures(home).marks(key, done["number"]).num_rows == 0
    assert Erasures(home).has_marks()


def test_where_nobody_was_erased_periods_alone_hold(
    before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "publish", lambda *_: None)
    (before / FILE).write_text("landing: ../landing\nretention: {station: 400 days}\n")
    raw = {text for file, text in contents(before / "raw")}
    upkeep.rebuild(before, from_raw=True)  # what was let in leaves when somebody says so
    assert {text for file, text in contents(before / "raw")} == raw
    assert erasing.expire(before, "li") is not None
    arrive(before.parent / "landing", "dealers/D0012/customers_20240309.csv", "KH-0900,韩梅,,,,,,")
    merge(before)
    assert ask_store(before, "SELECT reason, count(*) FROM held_row GROUP BY ALL ORDER BY ALL") == [
        ("expired", 2), ("no_key", 1)]  # fmt: skip


def test_an_erasure_waits_for_an_export(before: Path) -> None:
    asked = erasing.Asked(Named(id_number=ID), "li", "letter 12")
    with exporting.workplace(before), pytest.raises(HomeBusy, match="another export"):
        erasing.erase(before, asked)
    assert Erasures(before).entries() == []


@pytest.mark.parametrize("period", ["3 decades", "years", "0 days", "-1 years", "3"])
def test_a_wrong_period_is_refused(tmp_path: Path, period: str) -> None:
    (tmp_path / FILE).write_text(f"retention: {{station: {period}}}\n")
    with pytest.raises(SettingError, match="retention"):
        read_settings(tmp_path)


def test_understanding_all_raw_rows_anew_comes_to_the_same(
    made: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "publish", lambda *_: None)
    done = upkeep.rebuild(home, from_raw=True)
    assert not any(n["records"] for kind, n in done["partition"].items() if kind != "unchanged")
    for table in ("record", "record_version", "held_row", "member", "golden_value"):
        rows = f"FROM {table} ORDER BY ALL"
        assert ask_store(home, rows) == ask_store(made / "after", rows), table


def test_a_rollback_over_the_erasure_does_not_bring_her_back(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "publish", lambda *_: None)
    upkeep.roll_back(home, 1)
    assert traces(home) == set()
    assert ask_store(home, "SELECT count(*) FROM member") == [(3,)]


def test_an_erasure_that_was_killed_twice_is_finished_by_the_next_run(
    before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    asked = erasing.Asked(Named(DEALER), "li", "letter 12")
    with monkeypatch.context() as patched:
        patched.setattr(departure, "_redact", dies)  # raw rows are gone, all else is there
        with pytest.raises(KeyboardInterrupt):
            erasing.erase(before, asked)
    with monkeypatch.context() as patched:
        patched.setattr(departure, "rewrite", dies)  # the store's run is committed
        with pytest.raises(KeyboardInterrupt):
            departure.take_up(Night.begin(before, "test"))
    assert traces(before)
    assert len(Erasures(before).unfinished()) == 1
    departure.take_up(Night.begin(before, "test"))
    assert Erasures(before).unfinished() == []
    assert traces(before) == set()
    assert ask(before, "SELECT reason, count(*) FROM dq_held_row GROUP BY ALL") == [("erased", 4)]


def test_all_that_is_held_about_her_is_written_for_her_eyes_alone(made: Path) -> None:
    folder = made / "欧阳若溪"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.name for file in folder.iterdir()} == {"person.json", "person.xlsx"}
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    told = json.loads((folder / "person.json").read_text(encoding="utf-8"))
    assert {row["path"] for row in told["raw_cell"]} == {
        "dealers/D0012/customers_20240301.csv", "dealers/D0012/customers_20240302.csv",
        "stations/S0107/orders_20240301.csv"}  # fmt: skip
    came = {(row["path"][-6:-4], row["row_number"]) for row in told["raw_cell"]}
    assert came == {("01", 2), ("02", 2), ("01", 5)}  # the station's second row, too
    assert {row["cell"] for row in told["raw_cell"]} >= {"欧阳若溪", PHONE, ID, VIN, "880"}
    assert {row["record_key"] for row in told["record_value"]} == {DEALER, STATION}
    addresses = [r["value"] for r in told["record_value"] if r["column"] == "address"]
    assert len(addresses) == 2  # the former version, too
    assert [row["kind"] for row in told["decision"]] == ["pair", "value"]
    assert [row["given_to"] for row in told["export"]] == ["D0012"]
    assert [row["vehicle_id"] for row in told["dim_vehicle"]] == [VIN]
    assert "王建军" not in json.dumps(told, ensure_ascii=False)
    (entry,) = exporting.exported(made / "before", told["dim_customer"][0]["golden_id"])[1:]
    assert (entry["given_to"], entry["asked_by"], entry["role"]) == ("herself", "li", "person")


def test_the_command_shows_what_would_go_and_needs_a_yes(guiyi: Guiyi, made: Path) -> None:
    place = ["--home", str(made / "before")]
    said = ["--who", "li", "--why", "letter 12", *place]
    shown = json.loads(guiyi("erase", DEALER, *said, "--json")[1])
    assert (shown["rows"], shown["visits"], shown["decisions"]) == (3, 1, 2)
    assert (shown["remaining"], shown["exports"]) == (0, [1, 2])
    one = json.loads(guiyi("erase", DEALER, *said, "--json", "--record", STATION)[1])
    assert (one["records"], one["remaining"]) == ([STATION], 1)
    for wrong, told in (
        ([DEALER, *said, "--record", OTHER], "no record of this customer"),
        ([DEALER, *said], "say --yes"),
        ([DEALER, *place], "--who"),
        (["--phone", "13900001111", *said], "nobody has it"),
        ([DEALER, "--phone", PHONE, *said], "name one customer"),
    ):
        code, _, error = guiyi("erase", *wrong)
        assert (code, told in error) == (2, True)
    assert not (made / "before" / log.FILE).exists()
    assert "letter 12" in guiyi("erase", "--list", "--home", made / "after")[1]
