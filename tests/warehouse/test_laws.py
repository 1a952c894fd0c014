"""The laws of identity over time, on small worlds: whatever comes in whatever order."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.decisions import Decision
from tests.matching.said import pair
from tests.warehouse.nights import Nights, file

#: Few people, so that corrections and nights join and part them.
PEOPLE = (
    {"name": "王芳", "phone": "13912345678"},
    {"name": "韩梅", "phone": "13712306789"},
    {"name": "陈大文", "phone": "13511112222", "id_number": "11010519491231002X"},
    {"name": "陈大文", "phone": "13698761534"},
)
KEYS = ("K1", "K2", "K3", "K4", "K5")
DAYS = (1, 2, 3, 4)
#: Day -> record -> the person that the outlet's file of that day says it is.
Story = dict[int, dict[str, int]]

stories = st.dictionaries(
    st.sampled_from(DAYS),
    st.dictionaries(st.sampled_from(KEYS), st.integers(0, len(PEOPLE) - 1), min_size=1),
    min_size=2,
)
pairs = st.sampled_from(list(combinations([f"dealer/D0012/{key}" for key in KEYS], 2)))
decisions = st.dictionaries(pairs, st.sampled_from(["same", "different"]), max_size=2).map(
    lambda told: [pair(*two, verdict, minute) for minute, (two, verdict) in enumerate(told.items())]
)
#: How often the deep laws are tried; a night takes half a second.
_law = settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # fmt: skip


def files(story: Story, order: list[int]) -> list[pa.Table]:
    """The files of a story's days, taken in in this order."""
    made = []
    for seq, day in enumerate(order, 1):
        rows = [{"source_key": key, **PEOPLE[who]} for key, who in sorted(story[day].items())]
        made.append(file(f"f{day}", rows, day=day, seq=seq))
    return made


def members(nights: Nights) -> dict[str, str]:
    return dict(nights.ask("SELECT record_key, golden_id FROM member"))


def partition(held: dict[str, str]) -> set[frozenset[str]]:
    return {
        frozenset(key for key, one in held.items() if one == golden_id)
        for golden_id in held.values()
    }


def versions(nights: Nights) -> list[tuple[Any, ...]]:
    """The current versions, and the past ones, by their files."""
    return nights.ask("""
        SELECT record_key, file_id, name, phone, 'now' FROM record
        UNION ALL SELECT record_key, file_id, name, phone, 'past' FROM record_version ORDER BY ALL
    """)


@_law
@given(stories, decisions, st.data())
def test_any_grouping_and_order_of_arrival_comes_to_what_a_rebuild_does(
    story: Story, told: list[Decision], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(sorted(story)))
    with TemporaryDirectory() as folder:
        many, one = Nights(Path(folder, "many")), Nights(Path(folder, "one"))
        waiting = files(story, order)
        while waiting:
            count = data.draw(st.integers(1, len(waiting)))
            many.night(*waiting[:count], decisions=told)
            waiting = waiting[count:]
        one.night(*files(story, sorted(story)), decisions=told)
        assert versions(many) == versions(one)
        assert partition(members(many)) == partition(members(one))
        before, events = members(many), many.ask("SELECT count(*) FROM golden_id_event")
        values = many.ask("FROM customer ORDER BY ALL")
        many.rebuild()
        assert members(many) == before
        assert many.ask("FROM customer ORDER BY ALL") == values
        assert many.ask("SELECT count(*) FROM golden_id_event") == events


@_law
@given(stories, st.data())
def test_ids_last_and_every_past_night_can_be_told_and_gone_back_to(
    story: Story, data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        nights = Nights(Path(folder))
        then: dict[int, dict[str, str]] = {}
        stood: dict[int, list[tuple[Any, ...]]] = {}
        for run, table in enumerate(files(story, sorted(story)), 1):
            nights.night(table)
            then[run], stood[run] = members(nights), versions(nights)
            if run > 1:
                untouched_ids_stay(nights, then[run - 1], then[run], run)
        past_is_remembered(nights, then)
        to = data.draw(st.integers(1, len(then) - 1))
        nights.roll_back(to)
        then[len(then) + 1] = members(nights)
        assert then[len(then)] == then[to]
        assert versions(nights) == stood[to]
        past_is_remembered(nights, then)
        feed_can_be_followed(nights, then, data.draw(st.integers(0, len(then) - 1)))
        every_id_leads_somewhere(nights)


def untouched_ids_stay(
    nights: Nights, before: dict[str, str], after: dict[str, str], run: int
) -> None:
    """A customer none of whose records were sent again, and who has the same records, is he."""
    sent = {key for (key,) in nights.ask(
        "SELECT record_key FROM (SELECT record_key, file_id FROM record"
        " UNION ALL SELECT record_key, file_id FROM record_version)"
        f" JOIN loaded_file USING (file_id) WHERE run_id = {run}")}  # fmt: skip
    for records in partition(before) & partition(after):
        if not records & sent:
            assert {before[key] for key in records} == {after[key] for key in records}


def past_is_remembered(nights: Nights, then: dict[int, dict[str, str]]) -> None:
    for run, held in then.items():
        told = nights.ask(f"""
            SELECT record_key, golden_id FROM member WHERE since_run <= {run}
            UNION ALL SELECT record_key, golden_id FROM member_past
            WHERE from_run <= {run} AND to_run > {run}
        """)
        assert sorted(told) == sorted(held.items())


def feed_can_be_followed(nights: Nights, then: dict[int, dict[str, str]], since: int) -> None:
    """Whoever knows the sizes after a run, and follows the events since, knows them now."""
    held = list(then.get(since, {}).values())
    sizes = {golden_id: held.count(golden_id) for golden_id in held}
    numbers = []
    for number, kind, golden_id, before, after in nights.ask(f"""
        SELECT sequence, kind, golden_id, records_before, records_after FROM golden_id_event
        WHERE run_id > {since} ORDER BY sequence
    """):
        numbers.append(number)
        if kind in ("minted", "revived"):
            assert sizes.get(golden_id, 0) == 0
        if kind != "split":
            assert sizes.get(golden_id, 0) == before
            sizes[golden_id] = after
    now = list(members(nights).values())
    assert {golden_id: n for golden_id, n in sizes.items() if n} == {g: now.count(g) for g in now}
    assert numbers == [numbers[0] + place for place in range(len(numbers))]


def every_id_leads_somewhere(nights: Nights) -> None:
    """An id is in use, redirects to one in use, or its records are gone."""
    living = set(members(nights).values())
    known = set(members(nights))
    for golden_id, retired, redirect in nights.ask(
        "SELECT golden_id, retired_run, redirect_to FROM golden_id"
    ):
        assert (retired is None) == (golden_id in living)
        if retired is not None and redirect is None:
            held = nights.ask(f"SELECT record_key FROM member_past WHERE golden_id = '{golden_id}'")
            assert not {key for (key,) in held} <= known
        elif redirect is not None:
            assert redirect in living
