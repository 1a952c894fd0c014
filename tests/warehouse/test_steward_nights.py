"""A steward's word over several nights: it holds until it is taken back, and ids come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from matching import model
from matching.decisions import Decision
from matching.steward import SILENT
from tests.matching.said import generic, merge, pair, split, steward, undo, value
from tests.warehouse.nights import Nights, file
from warehouse import membership, rollback, store

A, B, C, D = (f"dealer/D0012/{key}" for key in "ABCD")
PHONE = "13912345678"
#: A and B are one by name and phone; C is another; D is another still.
ROWS = [
    {"source_key": "A", "name": "李雷", "phone": PHONE},
    {"source_key": "B", "name": "李雷", "phone": PHONE},
    {"source_key": "C", "name": "韩梅", "phone": "13712306789"},
    {"source_key": "D", "name": "赵敏", "phone": "13698761534"},
]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    nights = Nights(tmp_path_factory.mktemp("first"))
    nights.night(file("first", ROWS))
    return nights


@pytest.fixture
def nights(first: Nights, tmp_path: Path) -> Nights:
    """A home after its first night."""
    return first.copied(tmp_path / "home")


def ids(nights: Nights, *decisions: Decision) -> dict[str, str]:
    """Record -> golden id after a further night on these decisions."""
    nights.night(decisions=decisions)
    return dict(nights.ask("SELECT record_key, golden_id FROM member"))


def partition(found: dict[str, str]) -> list[str]:
    """The last letters of each customer's records."""
    customers: dict[str, str] = {}
    for record in sorted(found):
        customers[found[record]] = customers.get(found[record], "") + record[-1]
    return sorted(customers.values())


def test_an_undone_merge_gives_both_ids_back(nights: Nights) -> None:
    before = ids(nights)
    assert partition(before) == ["AB", "C", "D"]
    merged = merge(f"{A} {B}", C)
    joined = ids(nights, merged)
    assert partition(joined) == ["ABC", "D"]
    assert ids(nights, merged, undo(merged, 1)) == before
    assert ids(nights, merged, undo(merged, 1)) == before
    gone = before[C]
    assert nights.ask(f"SELECT * FROM golden_id WHERE golden_id = '{gone}'") == [
        (gone, 1, None, None, None)
    ]
    feed = nights.ask(f"SELECT run_id, kind FROM golden_id_event WHERE golden_id = '{gone}'")
    assert feed == [(1, "minted"), (3, "merged"), (4, "revived")]
    assert ids(nights, merged) == joined


def test_an_id_can_come_back_from_a_chain_of_merges(nights: Nights) -> None:
    before = ids(nights)
    first, second = merge(C, D), merge(f"{A} {B}", f"{C} {D}", minute=1)
    for said in ((first,), (first, second)):
        after = ids(nights, *said)
    assert len(set(after.values())) == 1
    after = ids(nights, first, second, undo(second, 2))
    assert partition(after) == ["AB", "CD"]
    away, kept = sorted({before[C], before[D]}, key=lambda one: one == after[C])
    assert (after[A], kept) == (before[A], after[C])
    led = nights.ask("SELECT golden_id, redirect_to FROM golden_id WHERE redirect_to IS NOT NULL")
    assert led == [(away, kept)]


def test_what_was_merged_in_goes_where_most_of_its_records_go(nights: Nights) -> None:
    """C and D were merged into the same customer, and leave it together: only one id comes back."""
    before = ids(nights)
    merged = merge(f"{A} {B}", C, D)
    ids(nights, merged)
    after = ids(nights, merged, undo(merged, 1), merge(C, D, minute=2))
    assert partition(after) == ["AB", "CD"]
    away, back = sorted({before[C], before[D]}, key=lambda one: one == after[C])
    assert after[C] == back
    led = nights.ask("SELECT golden_id, redirect_to FROM golden_id WHERE redirect_to IS NOT NULL")
    assert led == [(away, back)]


def test_an_id_of_records_that_were_away_comes_back_with_them(nights: Nights) -> None:
    """An id without records is no more; a rollback takes them out, a retry brings them again."""
    nights.night(file("late", [{"source_key": "E", "name": "周芷若"}], day=2, seq=2))
    known = dict(nights.ask("SELECT record_key, golden_id FROM member"))
    nights.roll_back(1)
    with store.open_store(nights.home) as con:
        rollback.retry(con)
    nights.night(file("late", [{"source_key": "E", "name": "周芷若"}], day=2, seq=2))
    assert dict(nights.ask("SELECT record_key, golden_id FROM member")) == known


def test_causes_tell_of_decisions_whose_records_are_concerned(nights: Nights) -> None:
    merged = merge(f"{A} {B}", C)
    named = value(D, "name", "赵敏敏")

    def causes(*decisions: Decision) -> set[str]:
        ids(nights, *decisions)
        return {cause for (cause,) in nights.ask(
            "SELECT cause FROM golden_id_event WHERE run_id = (SELECT max(run_id) FROM run)"
        )}  # fmt: skip

    assert causes(merged) == {"decision"}
    assert causes(merged, named) == set()
    assert nights.ask("SELECT count(*) FROM known_decision") == [(3,)]
    assert causes(merged, named, undo(merged, 3)) == {"decision"}


def test_a_word_on_a_value_concerns_the_records_that_tell_it(nights: Nights) -> None:
    word = generic("phones", f"+86{PHONE}", True)
    for said, concerned in ((steward(word), [A, B]), (steward(word), []), (SILENT, [A, B])):
        with store.open_store(nights.home) as con:
            con.execute("CREATE TEMP TABLE touched (record_key VARCHAR, cause VARCHAR)")
            con.execute("CREATE TEMP VIEW subject AS FROM record")
            membership.note_decisions(con, model.load(), said)
            found = con.execute("SELECT record_key, cause FROM touched ORDER BY 1").fetchall()
        assert found == [(record, "decision") for record in concerned]


def test_a_split_holds_night_after_night(nights: Nights) -> None:
    before = ids(nights)
    off = split(B, A)
    apart = ids(nights, off)
    assert partition(apart) == ["A", "B", "C", "D"]
    assert before[A] in (apart[A], apart[B])
    nights.night(file("again", ROWS, day=2, seq=2), decisions=[off])
    assert ids(nights, off) == apart
    assert partition(ids(nights)) == ["AB", "C", "D"]


def test_a_split_of_what_was_merged_leaves_the_rest_of_the_merge(nights: Nights) -> None:
    merged = merge(f"{A} {B}", C, D)
    off = split(D, f"{A} {B} {C}", minute=1)
    assert partition(ids(nights, merged, off)) == ["ABC", "D"]


def golden(nights: Nights, attribute: str, record: str) -> list[tuple[object, ...]]:
    return nights.ask(f"""
        SELECT value, chosen, rule, right(g.record_key, 1), source, records
        FROM golden_value g JOIN member m USING (golden_id)
        WHERE m.record_key = '{record}' AND attribute = '{attribute}' ORDER BY chosen DESC""")


def test_whom_a_steward_has_told_apart_nobody_is_asked_about_again(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    rows = [
        {"source_key": "A", "name": "李明雷", "phone": PHONE},
        {"source_key": "B", "name": "李雷", "phone": PHONE},
    ]
    nights.night(file("first", rows))
    asked = "SELECT least(record_a, record_b), greatest(record_a, record_b) FROM review_pair"
    assert nights.ask(asked) == [(A, B)]
    apart = pair(A, B, "different")
    nights.night(decisions=[apart])
    assert nights.ask(asked) == []
    nights.rebuild()
    assert nights.ask(asked) == []
    nights.night(decisions=[apart, undo(apart, 1)])
    assert nights.ask(asked) == [(A, B)]
    # a link that only the word holds back
    same = pair(A, B, "same", 2)
    nights.night(decisions=[apart, undo(apart, 1), same, pair(A, B, "different", 3)])
    assert nights.ask(asked) == []


def test_a_value_that_a_steward_calls_generic_is_nobodys(nights: Nights) -> None:
    word = generic("phones", f"+86{PHONE}", True)
    ids(nights, word)
    assert nights.ask("SELECT * FROM generic_value") == [("phones", f"+86{PHONE}", 1, "generic")]
    assert golden(nights, "phone", A) == []
    ids(nights, word, undo(word, 1))
    assert nights.ask("SELECT * FROM generic_value") == []
    assert [row[0] for row in golden(nights, "phone", A)] == [f"+86{PHONE}"]


def test_a_steward_chooses_a_value_and_the_lineage_says_so(nights: Nights) -> None:
    named = value(B, "name", "李磊")
    ids(nights, named)
    assert golden(nights, "name", A) == [
        ("李磊", True, "steward", "B", "steward", 0),
        ("李雷", False, None, "B", "dealer", 2),
    ]
    # a value that records state, too, is theirs
    ids(nights, named, value(A, "name", "李雷", minute=1))
    assert golden(nights, "name", A) == [("李雷", True, "steward", "B", "dealer", 2)]


def test_of_two_choices_for_one_customer_the_newer_wins(nights: Nights) -> None:
    one, other = value(A, "email", "a@example.cn", minute=2), value(B, "email", "b@example.cn")
    ids(nights, one, other)
    assert [row[0] for row in golden(nights, "email", A)] == ["a@example.cn"]


def emails(nights: Nights) -> dict[str, str]:
    """The last letters of a customer's records -> the e-mail address that was chosen for him."""
    rows = nights.ask("""
        SELECT (SELECT string_agg(right(record_key, 1), '' ORDER BY record_key) FROM member m
                WHERE m.golden_id = g.golden_id), value
        FROM golden_value g WHERE attribute = 'email' AND chosen""")
    return dict(rows)


def test_a_choice_stays_with_most_of_the_records_that_it_is_about(nights: Nights) -> None:
    address = "a@example.cn"
    joined, chosen = merge(f"{A} {B}", C), value(A, "email", address, 1, records=(B, C))
    ids(nights, joined, chosen)
    assert emails(nights) == {"ABC": address}
    ids(nights, joined, chosen, split(A, f"{B} {C}", 2))
    assert emails(nights) == {"BC": address}
    ids(nights, joined, value(A, "email", address, 1), split(A, f"{B} {C}", 2))
    assert emails(nights) == {"A": address}


def test_a_choice_may_go_to_a_customer_who_does_not_change(nights: Nights) -> None:
    """An increment tells the same as a rebuild."""
    joined, chosen = merge(C, D), value(D, "email", "a@example.cn", 1, records=(B, C))
    ids(nights, joined, chosen)
    assert set(emails(nights)) == {"CD"}
    ids(nights, joined, chosen, undo(joined, 2))
    assert set(emails(nights)) == {"AB"}


def test_decisions_wait_for_records_that_are_not_there_yet(nights: Nights) -> None:
    word = pair(A, "dealer/D0012/E", "same")
    assert partition(ids(nights, word)) == ["AB", "C", "D"]
    late = [{"source_key": "E", "name": "周芷若", "phone": "13598761111"}]
    nights.night(file("late", late, day=2, seq=2), decisions=[word])
    assert partition(ids(nights, word)) == ["ABE", "C", "D"]
