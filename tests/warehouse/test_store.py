"""The identity store: the newest version wins, nothing is lost, and a run is all or nothing."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from connectors.ledger import FileStatus
from matching import golden
from matching.model import Model
from tests.matching.said import entries, pair
from tests.warehouse.nights import NOW, Nights, file
from warehouse import records, store
from warehouse.database import transaction

PHONES = ("13912345678", "13712306789", "13698761534")


def version(number: int, day: int, seq: int) -> pa.Table:
    """A file with the number-th version of record K1, and a record of its own."""
    rows = [
        {"source_key": "K1", "name": "李雷", "phone": PHONES[number]},
        {"source_key": f"own{number}", "name": "韩梅", "phone": PHONES[number]},
    ]
    return file(f"f{number}", rows, day=day, seq=seq)


def current(nights: Nights) -> list[tuple[Any, ...]]:
    return nights.ask("SELECT record_key, phone_typed FROM record ORDER BY ALL")


def told(counts: dict[str, int]) -> tuple[int, int, int]:
    return counts["new"], counts["changed"], counts["older"]


EXPECTED = [
    ("dealer/D0012/K1", PHONES[2]),
    *((f"dealer/D0012/own{number}", phone) for number, phone in enumerate(PHONES)),
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_later_file_wins_in_whatever_order_files_come(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    nights = Nights(tmp_path)
    for seq, number in enumerate(order, 1):
        nights.load(version(number, day=number + 1, seq=seq))
    assert current(nights) == EXPECTED
    older = nights.ask("SELECT record_key, phone_typed FROM record_version ORDER BY phone_typed")
    assert older == [("dealer/D0012/K1", phone) for phone in sorted(PHONES[:2])]


def test_of_two_files_of_a_day_the_one_taken_later_wins(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.load(*(version(number, day=1, seq=number + 1) for number in range(3)))
    assert current(nights) == EXPECTED


def test_of_two_rows_of_a_file_the_later_wins(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    rows = [{"source_key": "K1", "name": "李雷", "phone": phone} for phone in PHONES]
    counts = nights.load(file("f", rows))
    assert current(nights) == EXPECTED[:1]
    assert told(counts) == (1, 0, 2)


def test_counts_say_what_was_new_changed_and_late(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    counts = [nights.load(version(n, day=n + 1, seq=s)) for s, n in enumerate((1, 2, 0), 1)]
    assert [told(found) for found in counts] == [(2, 0, 0), (1, 1, 0), (1, 0, 1)]


def test_held_rows_and_files_are_kept_with_their_run(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night(file("f", [{"source_key": "K1", "name": "李雷"}, {"name": "韩梅"}]))
    assert nights.ask("SELECT file_id, row_number, reason, run_id FROM held_row") == [
        ("f", 3, "no_key", 1)
    ]
    assert nights.ask("SELECT file_id, row_count, loaded_run FROM file") == [("f", 2, 1)]
    with store.open_store(tmp_path) as con:
        assert store.loaded_files(con) == {"f": True}


def contents(nights: Nights) -> dict[str, Any]:
    """Everything in the store."""
    names = nights.ask(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = 'main' AND table_type = 'BASE TABLE' ORDER BY ALL"
    )
    return {name: sorted(map(repr, nights.ask(f"FROM {name}"))) for (name,) in names}


@pytest.mark.parametrize("after", ["load", "edges", "golden_records"])
def test_a_run_that_dies_midway_leaves_no_trace(tmp_path: Path, after: str) -> None:
    nights = Nights(tmp_path)
    nights.load(version(0, day=1, seq=1))
    before = contents(nights)
    staged = nights.stage(version(1, day=2, seq=2))
    inputs = nights.inputs()
    with store.open_store(tmp_path) as con, pytest.raises(KeyError), transaction(con):  # noqa: PT012
        run_id = store.begin_run(con, inputs, "test", NOW)
        records.load(con, run_id, *staged)
        store.load_ledger(con, inputs.ledger)
        steps = store.identify(con, inputs, run_id)
        for name in store.STEPS if after != "load" else ():
            next(steps)
            if name == after:
                break
        raise KeyError
    assert contents(nights) == before
    assert told(nights.load(version(1, day=2, seq=2))) == (1, 1, 0)


def test_what_is_news(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.load(version(0, day=1, seq=1))
    known = nights.inputs()
    (row,) = known.ledger
    rules = known.rules
    other_rules = golden.Survivorship(
        trust={**rules.trust, "hq": rules.trust["hq"] + 1}, attributes=rules.attributes
    )
    other_model = Model.model_validate(known.model.model_dump() | {"version": 99})
    with store.open_store(tmp_path) as con:
        assert not store.is_news(con, known)
        for other in (
            replace(known, decisions=tuple(entries(pair("a", "b", "same")))),
            replace(known, rules=other_rules),
            replace(known, model=other_model),
            replace(known, ledger=()),
            replace(known, ledger=(row, replace(row, path="again", status=FileStatus.DUPLICATE))),
        ):
            assert store.is_news(con, other)


def test_the_order_of_decisions_and_files_is_no_news(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.stage(version(0, day=1, seq=1), version(1, day=2, seq=2))
    words = pair("a", "b", "same"), pair("c", "d", "different")
    known = nights.inputs(words)
    turned = replace(known, ledger=known.ledger[::-1], decisions=known.decisions[::-1])
    assert turned.digests() == known.digests()


def test_a_night_of_decisions_alone_runs(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night(version(0, day=1, seq=1))
    word = pair("dealer/D0012/K1", "dealer/D0012/own0", "same")
    customers = "SELECT count(DISTINCT golden_id) FROM member"
    assert nights.ask(customers) == [(2,)]
    assert told(nights.night(decisions=[word])) == (0, 0, 0)
    assert nights.ask(customers) == [(1,)]


def test_an_empty_store_has_no_run_and_everything_is_news(tmp_path: Path) -> None:
    with store.open_store(tmp_path) as con:
        assert store.last_run(con) is None
        assert store.is_news(con, Nights(tmp_path).inputs())
