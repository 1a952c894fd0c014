"""Exports: no row of one outlet's is another's, values by role, and no half file under a name."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyrage
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from connectors.errors import SettingError
from pipelines import exporting
from pipelines.exporting import Asked, export, exported
from pipelines.occupancy import HomeBusy
from pipelines.settings import FILE
from tests.e2e.homes import ask, ask_store, copy
from tests.pipelines.test_cli import Guiyi, guiyi
from warehouse.database import connect
from warehouse.exports import forms, rules
from warehouse.exports.register import FILE as REGISTER
from warehouse.masking import MASKS
from warehouse.publish import LINK
from warehouse.tables import tables

__all__ = ["guiyi"]  # a fixture
ROLES = list(rules.load().roles)
#: Attribute -> SQL of what a record of the store states.
STATED = {
    "name": "name",
    "sex": "coalesce(id_number_sex, sex, name_sex)",
    "birth_date": "coalesce(id_number_birth_date, birth_date)",
    "id_number": "id_number",
    "email": "email",
    "address": "address",
    "phone": "unnest(phones)",
}
Content = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def home(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy(published, tmp_path_factory.mktemp("exports") / "home")


@pytest.fixture(scope="module")
def written(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Content]:
    """Export outlets for a role, and read the file: table -> rows."""
    folder, numbers = tmp_path_factory.mktemp("written"), count()

    def write(outlets: tuple[str, ...], role: str) -> Content:
        file = folder / f"{next(numbers)}.duckdb"
        export(home, Asked(file, "wang", outlets, role=role))
        return read(file)

    return write


def read(file: Path) -> Content:
    with connect(file, read_only=True) as con:
        names = [row[0] for row in con.execute("SHOW TABLES").fetchall()]
        return {name: dicts(con, f"FROM {name}") for name in names}


def dicts(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    found = con.execute(sql)
    columns = [column[0] for column in found.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def outlets_of(home: Path) -> list[str]:
    return [str(code) for (code,) in ask(home, "SELECT outlet_code FROM dim_outlet ORDER BY 1")]


def busiest(home: Path) -> str:
    sql = "SELECT outlet_code FROM fact_sale GROUP BY ALL ORDER BY count(*) DESC, 1 LIMIT 1"
    return str(ask(home, sql)[0][0])


@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],  # each example writes a file: shrinking takes minutes
)
@given(data=st.data(), role=st.sampled_from(ROLES))
def test_no_row_is_of_another_outlet_and_every_reference_leads_somewhere(
    home: Path, written: Callable[..., Content], data: st.DataObject, role: str
) -> None:
    outlets = data.draw(st.sets(st.sampled_from(outlets_of(home)), min_size=1, max_size=3))
    found = written(tuple(outlets), role)
    pairs = ask(home, "SELECT golden_id, outlet_code FROM customer_xref")
    theirs = {golden_id for golden_id, outlet in pairs if outlet in outlets}
    for rows in found.values():
        for row in rows:
            assert row.get("outlet_code", next(iter(outlets))) in outlets | {None}
            assert row.get("selling_outlet") in outlets | {None}
            assert row.get("golden_id") in theirs | {None}
    assert {row["golden_id"] for row in found["dim_customer"]} == theirs
    for table in tables():
        if table.name not in found:
            continue
        # a masked number is no key
        key = ("golden_id", "rank") if table.name == "customer_phone" else table.key
        keys = [tuple(row[name] for name in key) for row in found[table.name]]
        assert len(keys) == len(set(keys))
        for column, other in table.references.items():
            told = {row.get(column) for row in found[table.name]} - {None}
            assert not told or told <= {row[column] for row in found[other]}, (table.name, column)


@pytest.mark.parametrize("table", ["fact_sale", "fact_service_visit", "customer_xref"])
def test_all_rows_of_an_outlet_are_there(
    home: Path, written: Callable[..., Content], table: str
) -> None:
    for outlet in outlets_of(home)[:4]:
        found = written((outlet,), "brand")
        asked = f"SELECT count(*) FROM {table} WHERE outlet_code = '{outlet}'"
        assert len(found[table]) == ask(home, asked)[0][0]


def test_own_values_are_those_that_the_outlets_own_records_state(
    home: Path, written: Callable[..., Content]
) -> None:
    shown = 0
    for outlet in outlets_of(home)[::3]:
        own = f"FROM record JOIN member USING (record_key) WHERE outlet_code = '{outlet}'"
        stated = {
            attribute: set(ask_store(home, f"SELECT golden_id, {sql} {own}"))
            for attribute, sql in STATED.items()
        }
        for row in written((outlet,), "contact")["dim_customer"]:
            for attribute, told in stated.items():
                if row.get(attribute) is not None:
                    shown += 1
                    assert (row["golden_id"], row[attribute]) in told, attribute
    assert shown > 100


def test_a_value_that_another_outlet_alone_has_told_is_empty_unless_the_role_sees_all(
    home: Path, written: Callable[..., Content]
) -> None:
    for outlet in outlets_of(home):
        own = {row["golden_id"]: row for row in written((outlet,), "contact")["dim_customer"]}
        every = {row["golden_id"]: row for row in written((outlet,), "brand")["dim_customer"]}
        lacking = [one for one, row in own.items() if row["phone"] is None and every[one]["phone"]]
        if lacking:
            return
    pytest.fail("no customer of whom another outlet knows more")


def test_the_default_role_sees_the_same_masked(home: Path, written: Callable[..., Content]) -> None:
    outlet = busiest(home)
    whole = written((outlet,), "contact")["dim_customer"]
    masked = written((outlet,), "outlet")["dim_customer"]
    assert [row["golden_id"] for row in whole] == [row["golden_id"] for row in masked]
    assert not {"id_number", "sex"} & set(masked[0])
    for clear, hidden in zip(whole, masked, strict=True):
        for column in ("phone", "email", "address", "birth_date"):
            value = None if clear[column] is None else str(clear[column])
            assert hidden[column] == MASKS[column].scalar(value)
        kept = clear["kind"] == "company"
        assert hidden["name"] == (clear["name"] if kept else MASKS["name"].scalar(clear["name"]))


def test_nothing_in_clear_is_anywhere_in_a_masked_file(
    home: Path, written: Callable[..., Content]
) -> None:
    personal = {
        str(value)
        for column, table in (("phone", "dim_customer"), ("id_number", "dim_customer"),
                              ("email", "dim_customer"), ("plate", "dim_vehicle"))
        for (value,) in ask(home, f"SELECT {column} FROM pii.{table}")
        if value
    }  # fmt: skip
    for role in ("outlet", "analyst"):
        found = written(tuple(outlets_of(home)), role)
        cells = [str(v) for rows in found.values() for row in rows for v in row.values()]
        assert not [cell for cell in cells if any(value in cell for value in personal)]


def test_a_role_that_does_not_see_vins_gets_numbers_for_cars(
    home: Path, written: Callable[..., Content]
) -> None:
    found = written((busiest(home),), "analyst")
    assert all(row["vehicle_id"].startswith("CAR-") for row in found["dim_vehicle"])
    vins = [row["vin"] for row in found["dim_vehicle"] if row["vin"]]
    assert vins
    assert all(vin.endswith("******") for vin in vins)


def test_companies_are_masked_only_where_a_role_says_so(home: Path, tmp_path: Path) -> None:
    other = copy(home, tmp_path / "home")
    (other / FILE).write_text("exports: mine.yml\n")
    (other / "mine.yml").write_text(
        "default: r\nroles: {r: {values: network, companies: masked}}\n"
        "groups: {all: {kind: [dealer, station]}}\n"
    )
    made = export(other, Asked(tmp_path / "a.duckdb", "wang", group="all"))
    assert (made["group"], made["outlets"]) == ("all", outlets_of(home))
    customers = read(tmp_path / "a.duckdb")["dim_customer"]
    companies = [row["name"] for row in customers if row["kind"] == "company"]
    assert companies
    assert all(name.endswith("***") and len(name) <= 5 for name in companies)


@pytest.fixture
def poisoned(home: Path, tmp_path: Path) -> Path:
    """A home in which names are formulas."""
    other = copy(home, tmp_path / "poisoned")
    with connect((other / LINK).resolve()) as con:
        con.execute("""
            UPDATE pii.dim_customer c SET name = bad.start || '1+1|cmd'
            FROM (SELECT golden_id, ['=', '+', '-', '@', chr(9), ' =', '＝', chr(13)][
                      1 + row_number() OVER (ORDER BY golden_id) % 8] AS start
                  FROM dim_customer) bad
            WHERE bad.golden_id = c.golden_id
        """)
    return other


def test_formulas_are_made_harmless_in_csv(poisoned: Path, tmp_path: Path) -> None:
    outlet = busiest(poisoned)
    export(poisoned, Asked(tmp_path / "out", "wang", (outlet,), role="brand"))
    content = (tmp_path / "out" / "dim_customer.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    for file in (tmp_path / "out").iterdir():
        with file.open(encoding="utf-8-sig", newline="") as lines:
            cells = [cell for row in csv.reader(lines) for cell in row]
        assert not [cell for cell in cells if cell.strip()[:1] in set("=+-@＝＋－＠") - {""}]
        assert not [cell for cell in cells if cell[:1] in ("\t", "\r")]
    assert "'=1+1|cmd" in content.decode()
    assert b"'+86" in content


def test_formulas_are_texts_in_a_workbook(poisoned: Path, tmp_path: Path) -> None:
    outlet = busiest(poisoned)
    made = export(poisoned, Asked(tmp_path / "out.xlsx", "wang", (outlet,), role="brand"))
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert {sheet.title: sheet.max_row - 1 for sheet in book} == made["tables"]
    risky = [
        cell
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.strip()[:1] in tuple("=+-@")
    ]
    assert any(cell.value == "=1+1|cmd" for cell in risky)
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in risky)


def test_of_several_numbers_those_are_left_out_that_others_told(
    home: Path, written: Callable[..., Content]
) -> None:
    left_out = 0
    for outlet in outlets_of(home)[::3]:
        own, every = (
            {(row["golden_id"], row["phone"]) for row in written((outlet,), role)["customer_phone"]}
            for role in ("contact", "brand")
        )
        theirs = f"FROM record JOIN member USING (record_key) WHERE outlet_code = '{outlet}'"
        stated = ask_store(home, f"SELECT golden_id, unnest(phones) {theirs}")
        assert own <= every & set(stated)
        left_out += len(every - own)
    assert left_out


def test_too_many_rows_for_a_sheet_are_told(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "SHEET_ROWS", 3)
    with pytest.raises(
        SettingError, match=r"has [\d,]+ rows, and a sheet of Excel holds 3: write a"
    ):
        export(home, Asked(tmp_path / "out.xlsx", "wang", (busiest(home),)))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"outlets": ("D9999",)}, "no outlet of the published warehouse has outlet_code D9999"),
        ({"outlets": ()}, "name outlets by --outlet, or one group by --group"),
        ({"outlets": ("D0001",), "group": "a"}, "name outlets by --outlet"),
        ({"group": "a"}, "a: no such group of outlets; there are none in the settings yet"),
        ({"outlets": ("D0001",), "role": "x"}, "x: no such role; there are analyst, brand"),
        ({"outlets": ("D0001",), "form": "pdf"}, "--format duckdb, xlsx, csv"),
        ({"outlets": ("D0001",), "output": Path("a.txt")}, r"a\.txt: end it with \.duckdb"),
        ({"outlets": ("D0001",), "output": Path("none/a.xlsx")}, "none: no such folder"),
    ],
)
def test_what_cannot_be_written_is_told(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingError, match=says):
        export(home, Asked(**{"output": tmp_path / "out", "author": "wang", **asked}))
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.duckdb"
    file.touch()
    with pytest.raises(SettingError, match=r"out\.duckdb: is there already"):
        export(home, Asked(file, "wang", (busiest(home),)))
    assert file.stat().st_size == 0


def test_one_unknown_outlet_among_others_is_told(home: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="D9999: no such outlet"):
        export(home, Asked(tmp_path / "out", "wang", (busiest(home), "D9999")))


def test_a_warehouse_of_another_version_is_told(home: Path, tmp_path: Path) -> None:
    other = copy(home, tmp_path / "home")
    with connect((other / LINK).resolve()) as con:
        con.execute("ALTER TABLE fact_sale DROP COLUMN model")
    with pytest.raises(SettingError, match="another version of Guiyi; `guiyi run` publishes"):
        export(other, Asked(tmp_path / "out", "wang", (busiest(home),)))


def test_two_exports_at_once_do_not_meet(home: Path, tmp_path: Path) -> None:
    asked = Asked(tmp_path / "out", "wang", (busiest(home),))
    with exporting.workplace(home), pytest.raises(HomeBusy, match="another export is at work"):
        export(home, asked)


@pytest.fixture
def fresh(home: Path, tmp_path: Path) -> Path:
    """A home from which nothing was exported."""
    other = copy(home, tmp_path / "home")
    (other / REGISTER).unlink(missing_ok=True)
    return other


def test_the_register_tells_who_got_whom_and_nothing_personal(
    fresh: Path, tmp_path: Path, guiyi: Guiyi
) -> None:
    outlet, file = busiest(fresh), tmp_path / "a.duckdb"
    code, out, _ = guiyi("export", "--outlet", outlet, "--output", file, "--author", "wang",
                         "--role", "brand", "--home", fresh, "--json")  # fmt: skip
    assert code == 0
    made = json.loads(out)
    assert (made["asked_by"], made["outlets"], made["file"]) == ("wang", [outlet], str(file))
    _, out, _ = guiyi("export", "--list", "--home", fresh, "--json")
    assert json.loads(out) == [made]
    rows = read(file)
    assert made["tables"] == {name: len(content) for name, content in rows.items()}
    held = rows["dim_customer"][0]["golden_id"]
    others = {one for (one,) in ask(fresh, "SELECT golden_id FROM dim_customer")}
    (other, *_) = sorted(others - {row["golden_id"] for row in rows["dim_customer"]})
    assert [one["number"] for one in exported(fresh, held)] == [1]
    assert exported(fresh, other) == []
    with pytest.raises(SettingError, match="no golden id"):
        exported(fresh, "C00000")
    content = (fresh / REGISTER).read_bytes()
    for row in rows["dim_customer"]:
        for column in ("name", "phone", "id_number", "address"):
            assert not row[column] or row[column].encode() not in content
    code, out, _ = guiyi("export", "--list", "--home", fresh)
    assert code == 0
    assert outlet in out


@pytest.mark.parametrize("name", ["out.xlsx", "out.xlsx.age", "out"])
def test_an_export_for_a_receiver_is_encrypted_and_leaves_nothing_in_clear(
    fresh: Path, tmp_path: Path, name: str
) -> None:
    receiver = pyrage.x25519.Identity.generate()
    key = fresh / "key.pub"
    key.write_text(str(receiver.to_public()))
    asked = Asked(tmp_path / name, "wang", (busiest(fresh),), encrypt_for=key)
    made = export(fresh, asked)
    assert made["encrypted_for"] == [str(receiver.to_public())]
    assert Path(made["file"]).name == ("out" if name == "out" else "out.xlsx.age")
    files = [path for path in tmp_path.rglob("out*") if path.is_file()]
    files += list((tmp_path / "out").glob("*"))
    assert files
    for file in files:
        assert file.suffix == ".age"
        assert pyrage.decrypt(file.read_bytes(), [receiver])
    assert exported(fresh) == [made]
    assert not (fresh / exporting.WORK).exists()


@pytest.fixture
def killed(fresh: Path, tmp_path: Path) -> Callable[[str], None]:
    """Export in a process that is killed when it calls a function for the first time."""

    def run(where: str) -> None:
        module, name = where.rsplit(".", 1)
        code = f"""
import os
from pathlib import Path
from pipelines import exporting
from warehouse.exports import delivery, register
{module}.{name} = lambda *_, **__: os._exit(9)
exporting.export(Path({str(fresh)!r}), exporting.Asked(
    Path({str(tmp_path / "out.duckdb")!r}), "wang", ({busiest(fresh)!r},)))
"""
        done = subprocess.run([sys.executable, "-c", code], check=False)
        assert done.returncode == 9

    return run


@pytest.mark.parametrize(
    ("where", "is_there"),
    [
        ("delivery.bring_beside", False),
        ("delivery.digest_of", False),
        ("register.Register.enter", False),
        ("delivery.put_in_place", False),
        ("register.Register.confirm", True),
    ],
)
def test_a_killed_export_is_there_and_entered_or_neither(
    fresh: Path, tmp_path: Path, killed: Callable[[str], None], where: str, is_there: bool
) -> None:
    file = tmp_path / "out.duckdb"
    killed(where)
    assert file.exists() == is_there
    assert len(exported(fresh)) == is_there
    if is_there:
        assert read(file)["dim_customer"]
        file.unlink()
    export(fresh, Asked(file, "wang", (busiest(fresh),)))
    assert len(exported(fresh)) == is_there + 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "out.duckdb"]
    assert not (fresh / exporting.WORK).exists()
