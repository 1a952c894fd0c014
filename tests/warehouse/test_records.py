"""Records under changed keys go on: their versions, their customer, and the decisions on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.keys import KeyTable
from tests.warehouse.nights import Nights, file

WANG = {"name": "王芳", "phone": "13912345678"}
HAN = {"name": "韩梅", "phone": "13712306789"}
OLD, NEW = "dealer/D0012/K1", "dealer/D0012/9001"
KEYS = KeyTable({NEW: OLD})


def first(nights: Nights) -> None:
    nights.night(file("f1", [{"source_key": "K1", **WANG}, {"source_key": "K2", **HAN}]))


def second(nights: Nights) -> dict[str, int]:
    """The outlet sends its records again, under new keys, and corrects one."""
    return nights.night(file("f2", [{"source_key": "9001", **WANG, "sex": "女"}], day=2, seq=2))


def members(nights: Nights) -> dict[str, str]:
    return dict(nights.ask("SELECT record_key, golden_id FROM member"))


def versions(nights: Nights) -> list[tuple[Any, ...]]:
    return nights.ask("""
        SELECT record_key, source_key, file_id, 'now' FROM record
        UNION ALL SELECT record_key, source_key, file_id, 'past' FROM record_version ORDER BY ALL
    """)


def test_the_record_goes_on_and_no_id_is_touched(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    first(nights)
    before = members(nights)
    nights.keys = KEYS
    counts = second(nights)
    assert (counts["new"], counts["changed"]) == (0, 1)
    assert members(nights) == before
    assert versions(nights)[:2] == [(OLD, "9001", "f2", "now"), (OLD, "K1", "f1", "past")]
    assert nights.ask("SELECT count(*) FROM golden_id_event WHERE run_id > 1") == [(0,)]


def test_a_table_that_comes_late_joins_the_two(tmp_path: Path) -> None:
    """Without it the outlet's records came twice; the later id redirects to the first."""
    late, early = Nights(tmp_path / "late"), Nights(tmp_path / "early")
    first(late)
    late.night(file("f2", [{"source_key": "9001", "name": "陈大文"}], day=2, seq=2))
    lost = members(late)[NEW]
    late.keys = KEYS
    late.night()
    early.keys = KEYS
    first(early)
    early.night(file("f2", [{"source_key": "9001", "name": "陈大文"}], day=2, seq=2))
    assert members(late) == members(early)
    assert versions(late) == versions(early)
    assert late.ask("SELECT golden_id, redirect_to FROM golden_id WHERE retired_run = 3") == [
        (lost, members(late)[OLD])
    ]
    assert late.ask("SELECT kind, cause FROM golden_id_event WHERE run_id = 3") == [
        ("merged", "key_migration")
    ]


def test_a_line_that_was_wrong_can_be_taken_out(tmp_path: Path) -> None:
    nights, never = Nights(tmp_path / "taken"), Nights(tmp_path / "never")
    nights.keys = KEYS
    for each in (nights, never):
        first(each)
        second(each)
    nights.keys = KeyTable()
    nights.night()
    assert versions(nights) == versions(never)
    assert members(nights).keys() == members(never).keys()


def test_a_changed_table_is_news_and_an_unchanged_one_is_not(tmp_path: Path) -> None:
    from warehouse import store

    nights = Nights(tmp_path)
    nights.keys = KEYS
    first(nights)
    with store.open_store(tmp_path) as con:
        assert not store.is_news(con, nights.inputs())
        nights.keys = KeyTable({NEW: "dealer/D0012/K2"})
        assert store.is_news(con, nights.inputs())


@pytest.mark.parametrize("keys", [KEYS, KeyTable({"hq//X": "hq//Y"})])
def test_a_table_of_unknown_keys_waits(tmp_path: Path, keys: KeyTable) -> None:
    nights = Nights(tmp_path)
    first(nights)
    before = versions(nights)
    nights.keys = keys
    nights.night()
    assert versions(nights) == before
