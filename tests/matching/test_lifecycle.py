"""A golden id outlives everything that can happen to its records."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import lifecycle
from matching.ids import mint, parse
from matching.relations import put
from warehouse.database import connect

#: kind, id, other id, records before, after and moved
Change = tuple[str, str, str | None, int, int, int]
OLD, NEW = mint("old", ()), mint("new", ())
#: Ids with the run that minted them.
KNOWN = {OLD: 1, NEW: 2}


def assign(
    con: duckdb.DuckDBPyConnection,
    now: dict[str, int],
    before: dict[str, str],
    known: dict[str, int] = KNOWN,
    merged: dict[str, str] | None = None,
) -> tuple[dict[int, str], list[Change]]:
    """Entity -> golden id, and what happened. now: record -> entity. before: record -> id.

    merged: record -> id, as it was before run 3 merged the first of two ids away.
    """
    text, number = pa.string(), pa.int64()
    put(con, "belongs", _table(now, ("record_key", text), ("entity_no", number)))
    put(con, "belonged", _table(before, ("record_key", text), ("golden_id", text)))
    put(con, "merged", _table(merged or {}, ("record_key", text), ("golden_id", text)))
    con.execute("""
        CREATE OR REPLACE TEMP TABLE belonged AS
        SELECT b.*, CASE WHEN m.golden_id = b.golden_id THEN 1 ELSE 3 END AS since_run
        FROM temp.belonged b LEFT JOIN merged m USING (record_key)
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE former AS
        SELECT m.golden_id, m.record_key, b.golden_id AS redirect_to, 3 AS retired_run
        FROM merged m JOIN belonged b USING (record_key) WHERE m.golden_id <> b.golden_id
    """)
    put(con, "known_id", _table(known, ("golden_id", text), ("minted_run", number)))
    lifecycle.assign(con)
    ids = dict(con.execute("SELECT entity_no, golden_id FROM entity_id").fetchall())
    after = {record: ids[entity] for record, entity in now.items()}
    put(con, "before", _table(before, ("record_key", text), ("golden_id", text)))
    put(con, "after", _table(after, ("record_key", text), ("golden_id", text)))
    counts = lifecycle.changes(con)
    assert [*counts] == sorted(counts)  # a run's digest tells them
    changes = con.execute("SELECT * EXCLUDE number FROM id_change ORDER BY number").fetchall()
    assert counts == {k: sum(c[0] == k for c in changes) for k in {c[0] for c in changes}}
    return ids, changes


def _table(content: dict, *columns: tuple[str, pa.DataType]) -> pa.Table:
    arrays = (list(content.keys()), list(content.values()))
    return pa.table({name: pa.array(v, t) for (name, t), v in zip(columns, arrays, strict=True)})


def test_first_night_mints(con: duckdb.DuckDBPyConnection) -> None:
    ids, changes = assign(con, {"a": 0, "b": 0, "c": 2}, {}, {})
    # by the founding record: the lowest key of the entity
    assert ids == {0: mint("a", ()), 2: mint("c", ())}
    assert sorted(changes) == sorted(
        [("minted", ids[0], None, 0, 2, 2), ("minted", ids[2], None, 0, 1, 1)]
    )
    assert all(parse(golden_id) == golden_id for golden_id in ids.values())


def test_a_minted_id_is_none_that_was_ever_known(con: duckdb.DuckDBPyConnection) -> None:
    ids, _ = assign(con, {"a": 0}, {}, {mint("a", ()): 1})
    assert ids[0] not in (mint("a", ()),)


def test_nothing_new_changes_nothing(con: duckdb.DuckDBPyConnection) -> None:
    assert assign(con, {"a": 5, "b": 7}, {"a": OLD, "b": NEW}) == ({5: OLD, 7: NEW}, [])


def test_growth_keeps_the_id(con: duckdb.DuckDBPyConnection) -> None:
    ids, changes = assign(con, {"a": 0, "b": 0, "c": 0}, {"a": OLD})
    assert (ids, changes) == ({0: OLD}, [("grew", OLD, None, 1, 3, 2)])


def test_on_a_merge_the_larger_survives(con: duckdb.DuckDBPyConnection) -> None:
    before = {"a": OLD, "b": NEW, "c": NEW}
    ids, changes = assign(con, dict.fromkeys(before, 0), before)
    assert ids == {0: NEW}
    assert changes == [("merged", OLD, NEW, 1, 0, 1), ("grew", NEW, None, 2, 3, 1)]


@pytest.mark.parametrize("first", [OLD, NEW])
def test_of_two_of_one_size_the_older_survives(con: duckdb.DuckDBPyConnection, first: str) -> None:
    second = NEW if first == OLD else OLD
    ids, changes = assign(con, {"a": 0, "b": 0}, {"a": first, "b": second})
    assert ids == {0: OLD}
    assert ("merged", NEW, OLD, 1, 0, 1) in changes


def test_on_a_split_the_part_with_most_records_keeps_it(con: duckdb.DuckDBPyConnection) -> None:
    now = {"a": 0, "b": 1, "c": 1}
    ids, changes = assign(con, now, dict.fromkeys(now, OLD))
    assert ids == {0: mint("a", ()), 1: OLD}
    assert changes == [
        ("minted", ids[0], None, 0, 1, 1),
        ("split", OLD, ids[0], 3, 2, 1),
        ("shrank", OLD, None, 3, 2, 1),
    ]


def test_of_two_halves_the_one_with_the_lowest_key_keeps_it(con: duckdb.DuckDBPyConnection) -> None:
    now = {"a": 9, "z": 9, "b": 1, "c": 1}
    assert assign(con, now, dict.fromkeys(now, OLD))[0][9] == OLD


def test_an_id_whose_records_are_gone_is_retired(con: duckdb.DuckDBPyConnection) -> None:
    ids, changes = assign(con, {"a": 0}, {"a": OLD, "b": NEW})
    assert ids == {0: OLD}
    assert changes == [("retired", NEW, None, 1, 0, 1)]


def test_records_that_change_places(con: duckdb.DuckDBPyConnection) -> None:
    """One leaves the larger for the smaller: both ids live on."""
    before = {"a": OLD, "b": OLD, "c": OLD, "d": NEW}
    ids, changes = assign(con, {"a": 0, "b": 0, "c": 3, "d": 3}, before)
    assert ids == {0: OLD, 3: NEW}
    assert changes == [
        ("split", OLD, NEW, 3, 2, 1),
        ("grew", NEW, None, 1, 2, 1),
        ("shrank", OLD, None, 3, 2, 1),
    ]


WERE = {"a": NEW, "b": NEW, "x": OLD, "y": OLD}


@pytest.mark.parametrize("since", [{}, {"c": 0, "d": 0, "e": 0}, {"c": 1, "d": 1, "e": 1}])
def test_what_was_merged_away_comes_back(
    con: duckdb.DuckDBPyConnection, since: dict[str, int]
) -> None:
    """Whichever part has the lowest key, and whatever records either part has got since."""
    now = {"a": 0, "b": 0, "x": 1, "y": 1} | since
    ids, changes = assign(con, now, dict.fromkeys(now, OLD), merged=WERE)
    assert ids == {0: NEW, 1: OLD}
    back, all_ = sum(entity == 0 for entity in now.values()), len(now)
    assert changes == [
        ("revived", NEW, None, 0, back, back),
        ("split", OLD, NEW, all_, all_ - back, back),
        ("shrank", OLD, None, all_, all_ - back, back),
    ]


def test_an_id_comes_back_with_most_of_its_records(con: duckdb.DuckDBPyConnection) -> None:
    were = dict.fromkeys("abc", NEW) | {"x": OLD}
    now = {"a": 0, "b": 2, "c": 2, "x": 1}
    ids, changes = assign(con, now, dict.fromkeys(now, OLD), merged=were)
    assert ids == {0: mint("a", ()), 1: OLD, 2: NEW}
    assert [change[0] for change in changes] == ["minted", "revived", "split", "split", "shrank"]


def test_a_part_that_keeps_records_of_both_is_no_undone_merge(
    con: duckdb.DuckDBPyConnection,
) -> None:
    now = {"a": 0, "b": 0, "x": 0, "y": 1}
    ids, _ = assign(con, now, dict.fromkeys(now, OLD), merged=WERE)
    assert ids == {0: OLD, 1: mint("y", ())}


_keys = st.sampled_from("abcdefg")
_now = st.dictionaries(_keys, st.integers(0, 3), min_size=1)
_before = st.dictionaries(_keys, st.sampled_from([OLD, NEW]))


@settings(max_examples=8)
@given(_now, _before)
def test_laws(now: dict[str, int], before: dict[str, str]) -> None:
    with connect() as con:
        ids, changes = assign(con, now, before)
        backwards = dict(reversed(now.items())), dict(reversed(before.items()))
        assert assign(con, *backwards) == (ids, changes)
        held = {key: ids[entity] for key, entity in now.items()}
        settled, quiet = assign(con, now, held, KNOWN | dict.fromkeys(ids.values(), 3))
    assert set(ids) == set(now.values())
    assert len(set(ids.values())) == len(ids)
    # every old id lives on, or points to one that does, or is retired
    gone = {golden_id for kind, golden_id, *_ in changes if kind in ("merged", "retired")}
    assert set(before.values()) - gone <= set(ids.values())
    assert not gone & set(ids.values())
    assert {other for kind, _, other, *_ in changes if kind == "merged"} <= set(ids.values())
    assert _followed(before, changes) == {g: list(held.values()).count(g) for g in held.values()}
    assert (settled, quiet) == (ids, [])


def _followed(before: dict[str, str], changes: list[Change]) -> dict[str, int]:
    """Id -> records, for one who knows those of before and follows the events."""
    sizes = {golden_id: list(before.values()).count(golden_id) for golden_id in before.values()}
    for kind, golden_id, _, was, is_, _ in changes:
        assert sizes.get(golden_id, was) == was
        if kind != "split":
            sizes[golden_id] = is_
    return {golden_id: records for golden_id, records in sizes.items() if records}


def test_an_id_that_has_records_again_is_revived(con: duckdb.DuckDBPyConnection) -> None:
    """As a rollback does, where the ids of an earlier night live on."""
    text = pa.string()
    for name, of in (("before", {"a": OLD, "b": OLD}), ("after", {"a": OLD, "b": NEW})):
        put(con, name, _table(of, ("record_key", text), ("golden_id", text)))
    put(con, "known_id", _table(KNOWN, ("golden_id", text), ("minted_run", pa.int64())))
    assert lifecycle.changes(con) == {"revived": 1, "split": 1, "shrank": 1}
    assert con.execute("FROM id_change").fetchall()[0] == (1, "revived", NEW, None, 0, 1, 1)
