"""An export for a role that sees pseudonyms: the key's holder can tie them, nobody else can."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import SettingError
from pipelines.exporting import Asked, export
from pipelines.settings import FILE
from tests.e2e.homes import ask, copy
from warehouse.database import connect

KEY = "a key of 32 characters or more..."


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Path:
    """A home with a role that sees phones as pseudonyms."""
    home = copy(published, tmp_path / "home")
    (home / "rules.yml").write_text(
        "default: r\nroles: {r: {values: network, columns: {phone: keyed}}}\n"
    )
    (home / FILE).write_text("exports: rules.yml\n")
    return home


def exported(home: Path, file: Path, sql: str) -> list[tuple[Any, ...]]:
    outlets = tuple(code for (code,) in ask(home, "SELECT outlet_code FROM dim_outlet"))
    export(home, Asked(file, "wang", outlets))
    with connect(file, read_only=True) as con:
        return con.execute(sql).fetchall()


def test_a_value_is_shown_as_its_keyed_hash(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIYI_PSEUDONYM_KEY", KEY)
    told = "SELECT golden_id, phone FROM dim_customer ORDER BY golden_id"
    shown = dict(exported(home, tmp_path / "a.duckdb", told))
    whole = told.replace("dim_customer", "pii.dim_customer")
    phones: dict[str, str | None] = dict(ask(home, whole))
    assert len(set(phones.values())) > 10
    assert shown == {
        golden_id: phone and hmac.new(KEY.encode(), phone.encode(), hashlib.sha256).hexdigest()
        for golden_id, phone in phones.items()
    }
    monkeypatch.setenv("GUIYI_PSEUDONYM_KEY", KEY[::-1])
    others = dict(exported(home, tmp_path / "b.duckdb", told))
    assert not {*shown.values()} & {*others.values()} - {None}


def test_the_file_says_which_columns_are_keyed(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIYI_PSEUDONYM_KEY", KEY)
    comments = exported(
        home, tmp_path / "a.duckdb",
        "SELECT DISTINCT column_name FROM duckdb_columns() WHERE comment LIKE '%keyed%'",
    )  # fmt: skip
    assert comments == [("phone",)]


@pytest.mark.parametrize("key", [None, KEY[:31]])
def test_without_a_key_nothing_is_written(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    if key is not None:
        monkeypatch.setenv("GUIYI_PSEUDONYM_KEY", key)
    with pytest.raises(SettingError, match=r"role r .* 32 .* GUIYI_PSEUDONYM_KEY"):
        exported(home, tmp_path / "a.duckdb", "SELECT 1")
    assert not (tmp_path / "a.duckdb").exists()
