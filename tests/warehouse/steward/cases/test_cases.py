"""What a case is about, out of the published warehouse."""

from __future__ import annotations

import datetime
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import duckdb
import pytest

from matching import golden, model
from matching.clusters import CERTAIN
from matching.decisions import Entry
from tests.matching import said
from tests.matching.said import pair
from warehouse.steward.cases import bulk, evidence, pictures, preview, queue, sides
from warehouse.steward.cases.differences import differences
from warehouse.steward.cases.docket import Docket
from warehouse.steward.cases.memo import Memo
from warehouse.steward.cases.queue import Filters, Queue
from warehouse.steward.cases.rulings import Ruling
from warehouse.steward.cases.sides import Record
from warehouse.steward.dossiers.reading import Dossiers


def records_of(dossiers: Dossiers, *golden_ids: str) -> list[Record]:
    return sides.records([dossiers.seen(one, None) for one in golden_ids], None)


def test_the_queue_begins_with_what_a_decision_is_worth_most(
    con: duckdb.DuckDBPyConnection,
) -> None:
    cases = Queue().waiting(con, None)
    assert len(cases) == len(con.execute("FROM review_pair").fetchall()) > 5
    assert [case.worth for case in cases] == sorted((c.worth for c in cases), reverse=True)
    grey = [case for case in cases if case.reason == "grey_zone"]
    assert all(0 < c.worth <= 3 * (c.records + c.cars + len(c.outlets)) for c in grey)
    assert sum(queue.reasons(cases).values()) == len(cases)


def test_a_filter_leaves_what_it_names(con: duckdb.DuckDBPyConnection) -> None:
    cases = Queue().waiting(con, None)
    one = cases[0]
    for filters, fits in (
        (Filters(reason=one.reason), lambda c: c.reason == one.reason),
        (Filters(outlet=one.outlets[0]), lambda c: one.outlets[0] in c.outlets),
        (Filters(province=one.provinces[0]), lambda c: one.provinces[0] in c.provinces),
        (Filters(least=6.0, most=12.0), lambda c: 6 <= c.match_weight < 12),
        (Filters(pattern=one.pattern), lambda c: c.pattern == one.pattern),
        (Filters(days=1), lambda c: False),
    ):
        assert Queue().waiting(con, None, filters) == [case for case in cases if fits(case)]


def test_a_case_is_seen_by_whoever_sees_both_customers(con: duckdb.DuckDBPyConnection) -> None:
    everyone = {outlet for case in Queue().waiting(con, None) for outlet in case.outlets}
    for outlet in sorted(everyone):
        own = {
            golden_id
            for (golden_id,) in con.execute(
                "SELECT golden_id FROM customer_xref WHERE outlet_code = ?", [outlet]
            ).fetchall()
        }
        for case in Queue().waiting(con, [outlet]):
            assert {case.golden_id_a, case.golden_id_b} <= own


def test_the_waterfall_ends_at_the_weight(con: duckdb.DuckDBPyConnection) -> None:
    for case in Queue().waiting(con, None):
        found = evidence.doubt(con, model.load(), case.golden_id_a, case.golden_id_b)
        assert found is not None
        assert found.drawn[-2].end == pytest.approx(case.match_weight, abs=0.01)
        assert "None" not in found.pair.says.zh + found.pair.says.en
    assert evidence.doubt(con, model.load(), "C0", "C1") is None


def test_values_are_marked_where_they_are_nearly_the_others() -> None:
    left, right = differences("王未红", "王末宏")
    assert [(p.text, p.kind) for p in left] == [("王", "same"), ("未", "shape"), ("红", "sound")]
    assert [p.kind for p in right] == ["same", "shape", "sound"]
    assert [p.kind for p in differences("刘梅", "刘红梅")[1]] == ["same", "extra", "same"]
    assert [p.kind for p in differences("138", "139")[1]] == ["same", "other"]


def test_values_that_have_little_in_common_are_not_marked(
    con: duckdb.DuckDBPyConnection, dossiers: Dossiers
) -> None:
    for case in Queue().waiting(con, None):
        both = [dossiers.seen(one, None) for one in (case.golden_id_a, case.golden_id_b)]
        for told in sides.values(both, None).values():
            for one in (value for side in told for value in side):
                marked = sum(len(p.text) for p in one.pieces if p.kind in ("other", "extra"))
                assert "".join(piece.text for piece in one.pieces) == one.value
                assert 3 * marked <= len(one.value)


def test_a_preview_of_what_is_is_what_is(
    con: duckdb.DuckDBPyConnection, dossiers: Dossiers
) -> None:
    """Its values are chosen by the run's own code, from what is published of the records."""
    ids = [row[0] for row in con.execute("SELECT golden_id FROM dim_customer").fetchall()]
    records = records_of(dossiers, *ids)
    with con.cursor() as own:
        parts = {record.record_key: record.golden_id for record in records}
        found = preview.golden_records(own, golden.load(), ids, parts, [])
    published: dict[str, dict[str, str]] = {golden_id: {} for golden_id in ids}
    for golden_id, attribute, value in con.execute(
        "SELECT golden_id, attribute, value FROM pii.attribute_lineage WHERE chosen"
    ).fetchall():
        published[golden_id][attribute] = value
    assert found == published


def test_the_graph_has_the_links_that_reach_every_record(
    con: duckdb.DuckDBPyConnection, dossiers: Dossiers
) -> None:
    ((golden_id,),) = con.execute(
        "SELECT golden_id FROM customer_link GROUP BY golden_id ORDER BY count(*) DESC LIMIT 1"
    ).fetchall()
    found = pictures.graph(con, golden_id, records_of(dossiers, golden_id))
    assert len(found.edges) == len(found.nodes) - 1 <= 13
    assert sum(len(node.records) for node in found.nodes) == found.contents > 1
    assert found.weakest is not None
    assert found.weakest.weight == min(edge.weight for edge in found.edges) < CERTAIN
    assert 0 < len(found.parts) <= found.contents / 2
    # the weakest link has its two sides in different nodes
    assert {found.is_off(found.weakest.start), found.is_off(found.weakest.end)} == {True, False}
    off = [r.record_key for node in found.nodes if found.is_off(node) for r in node.records]
    assert sorted(off) == sorted(found.parts)


def test_the_time_line_shows_cars_of_both_first(
    con: duckdb.DuckDBPyConnection, dossiers: Dossiers
) -> None:
    for case in Queue().waiting(con, None):
        ids = [case.golden_id_a, case.golden_id_b]
        both = [dossiers.seen(one, None) for one in ids]
        line = pictures.time_line(sides.contacts(both, None), ids)
        assert line is not None
        shared = [lane.is_shared for lane in line.lanes if lane.vehicle_id]
        assert shared == sorted(shared, reverse=True)
        assert all(0 <= mark.at <= 1 for lane in line.lanes for mark in lane.marks)
    assert pictures.time_line([], ids) is None


def test_a_version_is_asked_once_for_each_scope(con: duckdb.DuckDBPyConnection) -> None:
    waits = Queue()
    first = waits.waiting(con, None)
    assert waits.waiting(con, None) is first
    assert waits.waiting(con, []) == []
    assert waits.waiting(con, None) is first


def test_of_a_fleet_the_cars_of_both_and_the_newest_of_each_are_drawn() -> None:
    day = datetime.date(2020, 1, 1)
    ids = ["C1", "C2"]
    contacts = [
        sides.Contact("C1", f"V{car:02}", day + datetime.timedelta(car), "visit", "station", "S1")
        for car in range(30)
    ]
    contacts.insert(1, sides.Contact("C2", "V00", day, "visit", "station", "S1"))
    contacts.append(sides.Contact("C2", "W", day, "visit", "station", "S1"))
    line = pictures.time_line(contacts, ids)
    assert line
    drawn = [lane.vehicle_id for lane in line.lanes]
    assert drawn[0] == "V00"
    assert drawn[1:] == ["W", *(f"V{car}" for car in range(16, 30))]
    assert line.left_out == 15


def test_of_many_records_the_newest_of_each_side_come_first(
    con: duckdb.DuckDBPyConnection, dossiers: Dossiers
) -> None:
    ids = _largest(con)
    both = [dossiers.seen(one, None) for one in ids]
    records = records_of(dossiers, *ids)
    assert [record.record_key for record in records] == both[0].keys + both[1].keys
    oldest = [record for record in records if record.golden_id == ids[0]][-1]
    shown = sides.newest(both, None, 2, (oldest.record_key,))
    assert shown[0] == oldest
    assert [record.golden_id for record in shown] == [ids[0], ids[0], ids[1], ids[1]]
    rest = [record for record in records if record.golden_id == ids[0] and record != oldest]
    assert shown[1] == rest[0]
    everything = sides.newest(both, None, None, (oldest.record_key,))
    assert sorted(map(repr, everything)) == sorted(map(repr, records))


def _largest(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Two customers with many records."""
    found = con.execute(
        "SELECT golden_id FROM dim_customer ORDER BY records DESC, golden_id LIMIT 2"
    )
    return [str(golden_id) for (golden_id,) in found.fetchall()]


def test_the_effect_of_a_set_counts_each_once_and_what_was_answered_before(
    con: duckdb.DuckDBPyConnection,
) -> None:
    like = [replace(case, pattern="p") for case in Queue().waiting(con, None)]
    rulings = {
        case.key: Ruling(Entry(number, pair(case.record_a, case.record_b, verdict)))
        for number, (case, verdict) in enumerate(zip(like, ("same", "unsure"), strict=False))
    }
    (likes,) = bulk.sets(like[2:])
    found = bulk.effect(con, likes, Docket(like, rulings, {}))
    ids = {one for case in likes.cases for one in (case.golden_id_a, case.golden_id_b)}
    ((records,),) = con.execute(
        "SELECT sum(records) FROM dim_customer WHERE golden_id IN (SELECT unnest(?))", [list(ids)]
    ).fetchall()
    assert (found.pairs, found.customers, found.records) == (len(likes.cases), len(ids), records)
    assert found.outlets == len({outlet for case in likes.cases for outlet in case.outlets})
    assert found.answered == {"same": 1, "unsure": 1}


def test_a_preview_shows_where_a_locked_value_will_be(
    con: duckdb.DuckDBPyConnection, dossiers: Dossiers
) -> None:
    """Also one that no run has applied yet, and that another customer will have."""
    one, other = _largest(con)
    off, *rest = [record.record_key for record in records_of(dossiers, one)]
    (stranger, *_) = [record.record_key for record in records_of(dossiers, other)]
    parts = {off: "off"} | dict.fromkeys(rest, "rest")
    for records, expected in (
        ((off,), {"off"}), ((off, *rest), {"rest"}), ((off, rest[0], rest[1]), {"rest"}),
        ((stranger,), set()),
    ):  # fmt: skip
        locked = said.value(records[0], "email", "locked@example.cn", records=records[1:])
        with con.cursor() as own:
            found = preview.golden_records(own, golden.load(), [one], parts, [Entry(1, locked)])
        having = {part for part, told in found.items() if told.get("email") == locked.value}
        assert having == expected


def test_what_many_ask_for_at_once_is_found_out_once() -> None:
    asked = list[int]()

    def find() -> int:
        time.sleep(0.05)
        asked.append(1)
        return len(asked)

    memo = Memo[int]()
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: memo.of("version", None, find), range(8)))
    assert (told, asked) == ([1] * 8, [1])
    assert memo.of("version", ["S1"], find) == 2
    assert memo.of("next", None, find) == 3
