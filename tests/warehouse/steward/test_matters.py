"""What waits in the queue beside pairs: suspects, contradictions, held files, held nights."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from matching.standing import State
from tests.e2e.homes import ask
from tests.warehouse.steward.conftest import Clock, Console, Person, staffed
from tests.warehouse.steward.test_review import customer, decisions, send
from warehouse import held
from warehouse.database import connect
from warehouse.desk import Desk
from warehouse.guards import Guards, Measures
from warehouse.held import HeldRun
from warehouse.publish import LINK
from warehouse.steward.access.scope import Scope

Word = tuple[str, int, str, str]
#: Gives two records of each of two customers an id number of its own.
_CONTRADICT = """
    UPDATE pii.customer_record r SET id_number = t.id_number, id_number_status = 'ok'
    FROM (
        SELECT record_key, '11010519491231' || row_number() OVER (ORDER BY record_key) AS id_number
        FROM customer_xref SEMI JOIN (
            SELECT x.golden_id FROM customer_xref x JOIN dim_customer c USING (golden_id)
            WHERE c.kind = 'person' AND x.golden_id NOT IN (SELECT golden_id FROM mart_key_accounts)
            GROUP BY x.golden_id HAVING count(*) > 4 ORDER BY x.golden_id DESC LIMIT 2)
        USING (golden_id)
        QUALIFY row_number() OVER (PARTITION BY golden_id ORDER BY record_key) <= 2
    ) t WHERE t.record_key = r.record_key
"""


@pytest.fixture(scope="module")
def words() -> list[Word]:
    """What the rim was told of held nights."""
    return []


@pytest.fixture(scope="module")
def console(home: Path, words: list[Word]) -> Iterator[Console]:
    """A console that may release and drop nights, with customers who state two id numbers."""
    with connect((home / LINK).resolve()) as con:
        con.execute(_CONTRADICT)
    release = partial(_tell, words, "release")
    with staffed(home, Clock(), release=release, drop=partial(_tell, words, "drop")) as found:
        yield found


def _tell(words: list[Word], what: str, run: int, why: str, author: str) -> None:
    words.append((what, run, why, author))


def listed(person: Person, kind: str) -> list[dict[str, Any]]:
    """The cases of a kind, as a program is told of them."""
    found: list[dict[str, Any]] = person.get(f"/api/v1/cases?limit=1000&kind={kind}").json()
    return found


def following(person: Person, kind: str) -> str:
    """The address of the next case of a kind."""
    return person.get(f"/review/next?kind={kind}").headers["location"].split("?")[0]


@pytest.fixture
def suspect(console: Console) -> str:
    """The page of the first suspicious customer; an admin, who skips nothing, is told of him."""
    return str(listed(console.sign_in("admin"), "suspect")[0]["path"])


def test_the_queue_has_all_kinds_in_one_order(console: Console) -> None:
    lead = console.sign_in("lead")
    every = lead.get(
        "/api/v1/cases?limit=1000&kind=pair&kind=suspect&kind=conflict&kind=held"
    ).json()
    worth = [case["worth"] for case in every]
    assert worth == sorted(worth, reverse=True)
    assert {"pair", "suspect", "held"} <= {case["kind"] for case in every}
    page = lead.get("/review").text
    for case in every[:100]:
        assert f'href="{case["path"]}"' in page
    only = lead.get("/review?reason=held_file").text
    assert "/review/held/" in only
    assert "/review/case/" not in only
    assert lead.get("/api/v1/cases?limit=1000").json() == listed(lead, "pair")
    for old, reason in (
        ("conflicts", "contradicting_decisions"),
        ("suspects", "suspicious_customer"),
    ):
        assert lead.get(f"/review/{old}").headers["location"] == f"/review?reason={reason}"


def test_a_refused_merge_is_asked_for_whatever_refused_it(console: Console) -> None:
    lead = console.sign_in("lead")
    found = lead.get("/api/v1/cases?limit=1000&reason=refused").json()
    assert found
    assert all(case["reason"].startswith("refused_") for case in found)


def test_two_stewards_never_get_the_same_suspect(console: Console, suspect: str) -> None:
    steward, lead = console.sign_in("steward"), console.sign_in("lead")
    assert following(steward, "suspect") == suspect
    page = steward.get(suspect).text
    assert 'value="right"' in page
    assert "可疑客户" in page
    looked = lead.get(suspect).text
    assert "只能查看" in looked
    assert 'value="right"' not in looked
    assert lead.post(f"{suspect}/suspicion", verdict="right").status_code == 409
    assert send(steward, f"{suspect}/suspicion", verdict="skip") == "/review/next?said=skipped"
    assert following(lead, "suspect") == suspect
    send(lead, f"{suspect}/suspicion", verdict="skip")


def test_who_is_one_all_the_same_is_suspicious_no_more(console: Console, suspect: str) -> None:
    steward = console.employ("zhou", "steward")
    before = len(decisions(console))
    assert following(steward, "suspect") == suspect
    assert steward.post(f"{suspect}/suspicion", verdict="perhaps").status_code == 400
    path = f"{suspect}/suspicion"
    assert send(steward, path, verdict="right", why="更正过证件号") == "/review/next?said=settled"
    made = console.services.office.log.entries()[before:]
    assert {(entry.decision.kind, entry.decision.word) for entry in made} == {("pair", "same")}
    assert {entry.decision.why for entry in made} == {"更正过证件号"}
    # sent once more, as by a double click
    assert send(steward, path, verdict="right") == "/review/next?said=settled_already"
    assert len(decisions(console)) == before + len(made)
    assert suspect not in [case["path"] for case in listed(steward, "suspect")]
    send(steward, "/review/undo", number=made[-1].number)
    assert suspect in [case["path"] for case in listed(steward, "suspect")]


def test_a_split_settles_the_suspicion_and_its_undo_brings_it_back(
    console: Console, suspect: str
) -> None:
    steward = console.employ("wu", "steward")
    assert following(steward, "suspect") == suspect
    with console.services.published.reading() as con:
        found = console.services.suspects.of(con, None)
    sides = next(case.subject.sides for case in found if case.path == suspect)
    form = {"record": sides[0], "confirmed": "true"}
    assert send(steward, f"{suspect}/split", **form) == "/review/next?said=split"
    assert suspect not in [case["path"] for case in listed(steward, "suspect")]
    page = steward.get("/review").text
    assert suspect in page.split("我刚才的判断")[1]
    send(steward, "/review/undo", number=len(decisions(console)))
    assert suspect in [case["path"] for case in listed(steward, "suspect")]


@pytest.fixture
def conflict(console: Console) -> str:
    """The page of an older and a newer decision that contradict each other."""
    office = console.services.office
    one, other, third = customer(console, "NOT IN")[1][:3]
    made = [
        Desk(office, "zhao", "").pair(left, right, verdict).number
        for left, right, verdict in (
            (one, other, "different"), (one, third, "same"), (other, third, "same"),
        )
    ]  # fmt: skip
    return f"/review/conflicts/{made[0]}-{made[2]}"


def test_of_two_decisions_a_lead_says_which_holds(console: Console, conflict: str) -> None:
    lead, steward = console.sign_in("lead"), console.sign_in("steward")
    older, newer = map(int, conflict.rpartition("/")[2].split("-"))
    assert following(lead, "conflict") == conflict
    page = lead.get(conflict)
    assert page.status_code == 200
    assert page.text.count("zhao") == 2
    assert listed(steward, "conflict") == []
    assert steward.get(conflict).status_code == 403
    before = decisions(console)
    # the newer is in force already: nothing is decided
    assert send(lead, conflict, verdict="newer") == "/review/next?said=settled"
    assert send(lead, conflict, verdict="newer") == "/review/next?said=settled_already"
    assert decisions(console) == before
    assert listed(lead, "conflict") == []
    key = f"conflict~{older}-{newer}"
    assert f'name="then" value="{key}"' in lead.get("/review").text
    assert console.sign_in("admin").post("/review/undo", then=key).status_code == 404
    assert send(lead, "/review/undo", then=key) == f"{conflict}?said=undone"
    assert send(lead, conflict, verdict="older") == "/review/next?said=settled"
    undone = console.services.office.log.entries()[-1]
    assert undone.decision.kind == "undo"
    with console.services.published.reading() as con:
        standing = console.services.known.of(con).standing
    assert standing[older].state is State.IN_FORCE
    assert standing[newer].state is State.UNDONE
    send(lead, "/review/undo", number=undone.number)
    assert following(lead, "conflict") == conflict


def test_a_held_file_is_its_outlets_and_one_word_settles_it(console: Console) -> None:
    steward, viewer = console.sign_in("steward"), console.sign_in("viewer")
    of_outlets = [case for case in listed(steward, "held") if case["outlets"]]
    path, outlet = str(of_outlets[0]["path"]), of_outlets[0]["outlets"][0]
    mine, others = (
        console.employ(name, "steward", Scope.of([code]))
        for name, code in (("mine", outlet), ("others", "D9999"))
    )
    assert [case["path"] for case in listed(mine, "held")] == [
        case["path"] for case in of_outlets if case["outlets"] == [outlet]
    ]
    assert listed(others, "held") == []
    assert viewer.get(path).status_code == 403
    assert others.get(path).status_code == 404
    page = mine.get(path).text
    assert outlet in page
    assert 'value="aside"' in page
    assert steward.post(path, verdict="aside").status_code == 409
    assert send(mine, path, verdict="aside") == "/review/next?said=settled"
    assert path not in [case["path"] for case in listed(steward, "held")]
    key = f"held~{path.rpartition('/')[2]}"
    assert send(mine, "/review/undo", then=key) == f"{path}?said=undone"
    assert path in [case["path"] for case in listed(mine, "held")]


def test_what_waits_is_counted_and_filtered_by_outlet(console: Console) -> None:
    steward = console.sign_in("steward")
    held_files = [case for case in listed(steward, "held") if case["outlets"]]
    outlet = held_files[0]["outlets"][0]
    found = steward.get(f"/api/v1/cases?kind=pair&kind=held&limit=1000&outlet={outlet}").json()
    assert held_files[0] in found
    assert all(outlet in case["outlets"] for case in found)
    page = steward.get("/review").text
    (count,) = re.findall(r'value="held_file">[^(]+\((\d+)\)', page)
    assert int(count) == len(listed(steward, "held"))


def test_a_program_settles_what_is_no_pair(console: Console) -> None:
    lead = console.sign_in("lead")
    token = {"x-csrf-token": lead.csrf()}
    (case, *_) = listed(lead, "suspect")
    assert case["words"] == ["right"]
    path = f"/api/v1/cases/{case['key']}"
    for wrong, status in (("left", 400), ("", 400)):
        assert lead.client.post(path, json={"word": wrong}, headers=token).status_code == status
    made = lead.client.post(path, json={"word": "right"}, headers=token)
    assert (made.status_code, made.json()["number"]) == (201, len(decisions(console)))
    assert lead.client.post(path, json={"word": "right"}, headers=token).status_code == 404
    (file, *_) = listed(lead, "held")
    settled = lead.client.post(
        f"/api/v1/cases/{file['key']}", json={"word": "aside"}, headers=token
    )
    assert settled.json() == {"number": None, "uid": None, "applies": None}


def test_a_held_night_is_released_or_dropped_by_who_answers_for_all(
    console: Console, words: list[Word]
) -> None:
    home, lead, steward = (
        console.services.site.home,
        console.sign_in("lead"),
        console.sign_in("steward"),
    )
    ((last,),) = ask(home, "SELECT run_id FROM meta.version")
    measures = Measures(changed=7000, merged=900, merged_into_one=3, largest_new_person=4,
                        profiles=9, candidates=9, looked_at=9, generic=0, rows={})  # fmt: skip
    night = HeldRun(run=last + 1, held_at=datetime.datetime(2024, 3, 2), cause="nightly",
                    inputs="x", bounds=Guards(), reasons=("900 customers were merged away",),
                    measures=measures, files=("a", "b"))  # fmt: skip
    held.write(home, night)
    path = f"/review/nights/{night.run}"
    assert following(lead, "night") == path
    page = lead.get(path).text
    assert "900 customers were merged away" in page
    assert steward.get(path).status_code == 403
    local = console.employ("local", "lead", Scope.of(["D0001"]))
    assert listed(local, "night") == []
    assert local.get(path).status_code == 404
    assert lead.post(path, verdict="drop").status_code == 400  # without a reason
    assert words == []
    assert send(lead, path, verdict="drop", why="测试系统") == "/review/next?said=settled"
    assert send(lead, path, verdict="release", why="再想想") == "/review/next?said=settled_already"
    assert words == [("drop", night.run, "测试系统", "lead")]
    held.write(home, night.model_copy(update={"state": "dropped"}))
    assert listed(lead, "night") == []


def test_who_overrules_knowingly_makes_no_conflict(console: Console) -> None:
    """A lead, or whoever changes his mind; somebody else does it unawares."""
    office, lead = console.services.office, console.sign_in("lead")
    one, other = customer(console, "IN")[1][:2]
    before = listed(lead, "conflict")
    for author, verdict in (("wang", "same"), ("wang", "different"), ("lead", "same")):
        last = Desk(office, author, "").pair(one, other, verdict)
    assert listed(lead, "conflict") == before
    new = Desk(office, "zhao", "").pair(one, other, "different")
    keys = {case["key"] for case in listed(lead, "conflict")}
    assert f"conflict~{last.number}-{new.number}" in keys
