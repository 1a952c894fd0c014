"""A second steward is asked blind, and his answer overrules nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.warehouse.steward.conftest import Clock, Console, Person, staffed
from tests.warehouse.steward.test_review import next_case, send
from warehouse.desk import Desk
from warehouse.steward.learn.seconds import is_drawn
from warehouse.steward.learn.twice import Twice, twice
from warehouse.steward.site import ConsoleSettings

ALL = ConsoleSettings(second_reviews=1)


@pytest.fixture(scope="module")
def console(home: Path) -> Iterator[Console]:
    """A console where every decided case is looked at twice."""
    with staffed(home, Clock(), ALL) as found:
        yield found


@pytest.fixture(scope="module")
def wang(console: Console) -> Person:
    return console.employ("wang", "steward")


@pytest.fixture(scope="module")
def li(console: Console) -> Person:
    return console.employ("li", "steward")


@pytest.fixture(scope="module")
def decided(wang: Person) -> str:
    """A case that Wang has decided."""
    case = next_case(wang)
    send(wang, case, verdict="different", why="兄弟")
    return case


def told(page: str) -> list[str]:
    """What a page tells of a decision and of who made it."""
    return [word for word in ("兄弟", "wang", "已判断", "号判断", "只能查看") if word in page]


def test_nobody_gets_his_own_case(wang: Person, decided: str) -> None:
    assert next_case(wang) != decided
    assert "兄弟" in wang.get(decided).text
    assert wang.post(decided, verdict="same").status_code == 409


def test_the_second_is_told_nothing_before_he_has_answered(
    console: Console, wang: Person, li: Person, decided: str
) -> None:
    ids = decided.split("/")[3:]
    (row,) = [row for row in li.get("/review").text.split("<tr>") if decided in row]
    assert not told(row)
    waiting = li.get("/api/v1/cases?limit=1000").json()
    assert ids in [[one["golden_id"], one["other_id"]] for one in waiting]
    assert next_case(li) == decided
    page = li.get(decided)
    assert 'name="verdict"' in page.text
    assert not told(page.text)
    assert not told(li.get(f"{decided}/preview").text)
    for golden_id in ids:
        for path in (f"/customers/{golden_id}", f"/review/customer/{golden_id}"):
            assert not told(li.get(path).text), path
    # who made the decision sees it all along
    assert "兄弟" in wang.get(f"/customers/{ids[0]}").text
    # and another steward who may be asked is told no more than that somebody is at it
    zhao = console.employ("zhao", "steward")
    looked = zhao.get(decided).text
    assert "li 正在处理" in looked
    assert "wang" not in looked
    assert next_case(zhao) != decided


def test_his_answer_is_kept_and_overrules_nothing(
    console: Console, li: Person, decided: str
) -> None:
    before = console.services.office.log.entries()
    assert send(li, decided, verdict="same", why="同一手机") == "/review/next?said=seconded"
    assert console.services.office.log.entries() == before
    (opinion,) = console.services.judgements.opinions().values()
    assert (opinion.login, opinion.verdict, opinion.why) == ("li", "same", "同一手机")
    assert opinion.number == before[-1].number
    assert send(li, decided, verdict="same") == "/review/next?said=seconded"  # sent twice
    assert li.post(decided, verdict="different").status_code == 409
    assert len(console.services.judgements.opinions()) == 1
    assert next_case(li) != decided
    ids = decided.split("/")[3:]
    assert "兄弟" in li.get(f"/customers/{ids[0]}").text


def test_an_answer_is_taken_back_by_whoever_gave_it(
    console: Console, li: Person, decided: str
) -> None:
    number = next(iter(console.services.judgements.opinions()))
    zhao = console.sign_in("zhao")
    assert zhao.post("/review/undo", number=number, second="true").status_code == 404
    page = li.get("/review").text
    assert 'name="second" value="true"' in page
    key = "~".join(decided.split("/")[3:])
    assert send(li, "/review/undo", number=number, second="true", then=key) == (
        f"{decided}?said=undone"
    )
    assert console.services.judgements.opinions() == {}
    assert not told(li.get(decided).text)


def test_an_undone_decision_asks_for_no_second_opinion(
    console: Console, wang: Person, li: Person, decided: str
) -> None:
    send(li, decided, verdict="unsure")
    number = next(iter(console.services.judgements.opinions()))
    key = "~".join(decided.split("/")[3:])
    send(wang, "/review/undo", number=number, then=key)
    assert next_case(wang) == decided
    send(wang, decided, verdict="same")
    assert next_case(li) == decided


def test_leads_and_programs_are_never_asked(console: Console, decided: str) -> None:
    lead = console.sign_in("lead")
    assert next_case(lead) != decided
    assert "wang" in lead.get(decided).text


def test_what_was_decided_on_is_kept_beside_the_decision(console: Console, decided: str) -> None:
    found = console.services.judgements.all()
    assert [one.key for one in found] == ["~".join(decided.split("/")[3:])] * 2
    with console.services.published.reading() as con:
        cases = {case.key: case for case in console.services.queue.waiting(con, None)}
    for one in found:
        case = cases[one.key]
        assert (one.facts.reason, one.facts.pattern) == (case.reason, case.pattern)
        assert one.facts.match_weight == case.match_weight
        assert '"phone"' in one.facts.evidence


def test_the_draw_follows_from_the_name_and_takes_the_share() -> None:
    keys = [f"C{number}~D{number}" for number in range(4000)]
    for share in (0.0, 0.05, 0.5, 1.0):
        drawn = [key for key in keys if is_drawn(key, share)]
        assert len(drawn) == pytest.approx(share * len(keys), abs=80)
        assert drawn == [key for key in keys if is_drawn(key, share)]
        assert set(drawn) >= {key for key in keys if is_drawn(key, share / 2)}


def test_where_the_two_differ_a_lead_settles_it(console: Console, li: Person, decided: str) -> None:
    lead, office = console.sign_in("lead"), console.services.office
    # Wang's second decision on the case said same
    send(li, decided, verdict="different", why="不同住址")
    number = office.log.entries()[-1].number
    path = f"/review/conflicts/{number}"
    assert lead.get("/review/next?kind=conflict").headers["location"].startswith(path)
    page = lead.get(path).text
    assert all(word in page for word in ("不同住址", decided))
    assert li.post(path, verdict="same").status_code == 403
    assert lead.post(path, verdict="unsure").status_code == 400
    assert lead.get("/review/conflicts/999999").status_code == 404
    assert send(lead, path, verdict="different") == "/review/next?said=settled"
    entry = office.log.entries()[-1]
    assert (entry.decision.author, entry.decision.word) == ("lead", "different")
    assert path not in lead.get("/review?kind=conflict").text.split("我刚才的判断")[0]
    made = len(office.log.entries())
    assert send(lead, path, verdict="same") == "/review/next?said=settled_already"
    assert len(office.log.entries()) == made
    # nobody is asked once more what a lead has settled
    zhao = console.sign_in("zhao")
    assert next_case(zhao) != decided
    assert next_case(li) != decided
    (case,) = judged_twice(console)
    assert (case.answers, case.stewards, case.is_settled) == (
        ("same", "different"),
        "li · wang",
        True,
    )


def test_the_first_answer_stands_where_a_lead_says_so(
    console: Console, wang: Person, li: Person
) -> None:
    case = next_case(wang)
    send(wang, case, verdict="unsure")
    assert next_case(li) == case
    send(li, case, verdict="same")
    before = console.services.office.log.entries()
    lead = console.sign_in("lead")
    send(lead, f"/review/conflicts/{before[-1].number}", verdict="unsure")
    assert console.services.office.log.entries() == before
    assert lead.get("/api/v1/cases?kind=conflict").json() == []


def test_a_decision_made_elsewhere_is_looked_at_twice_too(
    console: Console, wang: Person, li: Person
) -> None:
    case = next_case(wang)
    send(wang, case, verdict="skip")
    with console.services.published.reading() as con:
        waiting = {one.key: one for one in console.services.queue.waiting(con, None)}
    found = waiting["~".join(case.split("/")[3:])]
    Desk(console.services.office, "command", "看过").pair(found.record_a, found.record_b, "same")
    assert "command" not in li.get(case).text
    send(li, case, verdict="same")
    newest = judged_twice(console)[0]
    assert (newest.stewards, newest.about.pattern) == ("command · li", found.pattern)


def judged_twice(console: Console) -> list[Twice]:
    with console.services.published.reading() as con:
        return twice(console.services.known.of(con), console.services.judgements)
