"""Finding customers and seeing one: of one's outlets, and masked until revealed by who may."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, get_args

import pytest

from matching.decisions import Value
from matching.golden import _WRITING, Criterion
from tests.warehouse.steward.conftest import Console, Person
from warehouse.database import connect
from warehouse.publish import LINK
from warehouse.steward.access.scope import Scope
from warehouse.steward.audit import Wanted
from warehouse.steward.search.finding import HOW
from warehouse.steward.showing import REVEALED, is_pass, pass_for
from warehouse.steward.wording import phrases


@dataclass(frozen=True)
class Somebody:
    """A customer of the world with much to tell of, and an outlet that does not know him."""

    golden_id: str
    name: str
    phone: str
    outlet: str
    stranger: str
    record: str

    @property
    def mobile(self) -> str:
        return self.phone.removeprefix("+86")


def ask(console: Console, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connect((console.services.site.home / LINK).resolve(), read_only=True) as con:
        return con.execute(sql, list(values)).fetchall()


@pytest.fixture(scope="module")
def him(console: Console) -> Somebody:
    ((golden_id, name, phone),) = ask(
        console,
        """SELECT golden_id, c.name, c.phone FROM pii.dim_customer c
           JOIN mart_customer_360 USING (golden_id)
           WHERE c.kind = 'person' AND length(c.name) = 3 AND visits > 1 AND cars_owned > 0
             AND c.phone LIKE '+861%' AND c.id_number IS NOT NULL AND c.address IS NOT NULL
           ORDER BY golden_id LIMIT 1""",
    )
    ((record, outlet),) = ask(
        console,
        "SELECT record_key, outlet_code FROM customer_xref"
        " WHERE golden_id = ? AND outlet_code <> '' ORDER BY record_key LIMIT 1",
        golden_id,
    )
    ((stranger,),) = ask(
        console,
        "SELECT outlet_code FROM dim_outlet WHERE outlet_code NOT IN"
        " (SELECT outlet_code FROM customer_xref WHERE golden_id = ?) ORDER BY 1 LIMIT 1",
        golden_id,
    )
    return Somebody(golden_id, name, phone, outlet, stranger, record)


@pytest.fixture(scope="module")
def people(console: Console, him: Somebody) -> dict[str, Person]:
    """One who sees all, one who sees his outlet, one who does not."""
    return {
        "all": console.sign_in("steward"),
        "own": console.employ("own-outlet", "steward", Scope.of([him.outlet])),
        "foreign": console.employ("other-outlet", "steward", Scope.of([him.stranger])),
    }


def noted(console: Console, what: str) -> list[Any]:
    return console.services.audit.entries(Wanted(what=what), None, 1000)


def test_he_is_found_masked_by_whoever_sees_him(
    people: dict[str, Person], him: Somebody, console: Console
) -> None:
    for typed in (him.name, f"{him.name[0]} {him.mobile[-4:]}", him.mobile[-5:]):
        page = people["own"].get("/customers", params={"q": typed}).text
        assert f"/customers/{him.golden_id}" in page
        assert him.name not in page.replace(f'value="{typed}"', "")
        page = people["foreign"].get("/customers", params={"q": typed}).text
        assert f"/customers/{him.golden_id}" not in page
    newest = noted(console, "customer.search")
    assert not [one for one in newest if him.name in one.detail or him.mobile in one.detail]


def test_who_is_named_by_a_number_of_his_own_is_shown_at_once(
    people: dict[str, Person], him: Somebody
) -> None:
    for typed in (him.golden_id, f" {him.golden_id.lower()}"):
        answer = people["own"].get("/customers", params={"q": typed})
        assert answer.headers["location"] == f"/customers/{him.golden_id}"
        assert people["foreign"].get("/customers", params={"q": typed}).status_code == 200


@pytest.mark.parametrize("typed", ["1", "<script>alert(1)</script>", "不存在的人名", "' OR 1=1 --"])
def test_a_search_without_a_result_says_what_to_do(people: dict[str, Person], typed: str) -> None:
    page = people["all"].get("/customers", params={"q": typed})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "没有找到" in page.text or "太短了" in page.text


def test_his_page_is_masked_until_revealed(
    people: dict[str, Person], him: Somebody, console: Console
) -> None:
    path, person = f"/customers/{him.golden_id}", people["all"]
    hidden = [
        him.name,
        him.mobile,
        *(value for (value,) in ask(
            console,
            "SELECT value FROM pii.attribute_lineage WHERE golden_id = ?"
            " AND attribute IN ('id_number', 'address', 'birth_date', 'email')",
            him.golden_id,
        )),
        *(plate for (plate,) in ask(
            console,
            "SELECT plate FROM pii.dim_vehicle JOIN bridge_ownership USING (vehicle_id)"
            " WHERE golden_id = ? AND plate IS NOT NULL",
            him.golden_id,
        )),
    ]  # fmt: skip
    page = person.get(path).text
    assert [value for value in hidden if value in page] == []
    assert len(noted(console, "customer.reveal")) == 0
    answer = person.post(f"{path}/reveal", page=path)
    assert answer.status_code == 303
    clear = answer.headers["location"]
    page = person.get(clear).text
    shown = [value for value in hidden if value != him.mobile]
    assert [value for value in shown if value not in page] == []
    (deed,) = noted(console, "customer.reveal")
    assert (deed.who, deed.about) == ("steward", him.golden_id)
    # the address shows him to this session alone, and for a while
    assert him.name not in people["own"].get(clear).text
    console.clock.forward(seconds=REVEALED.total_seconds() + 1)
    assert him.name not in person.get(clear).text


def test_a_pass_is_of_one_session_one_customer_and_its_time() -> None:
    now = datetime.datetime(2024, 3, 1, 9)
    given = pass_for("session", "C1", now + REVEALED)
    assert is_pass(given, "session", "C1", now)
    assert not is_pass(given, "another", "C1", now)
    assert not is_pass(given, "session", "C2", now)
    assert not is_pass(given, "session", "C1", now + 2 * REVEALED)
    longer = given.replace("20240301", "20250301", 1)
    assert not is_pass(longer, "session", "C1", now)
    assert not is_pass(pass_for("", "C1", now + REVEALED), "", "C1", now)
    assert not is_pass("", "session", "C1", now)


def test_who_may_not_reveal_is_shown_masks_whatever_he_asks_for(
    console: Console, him: Somebody
) -> None:
    viewer, path = console.sign_in("viewer"), f"/customers/{him.golden_id}"
    assert viewer.post(f"{path}/reveal").status_code == 403
    until = console.clock() + REVEALED
    forged = pass_for(viewer.csrf(), him.golden_id, until)
    assert him.name not in viewer.get(path, params={"clear": forged}).text
    assert viewer.get(f"/api/v1{path}?clear=true").status_code == 403


def test_foreign_and_unknown_customers_are_answered_alike(
    people: dict[str, Person], him: Somebody
) -> None:
    for path in ("/customers/{}", "/api/v1/customers/{}"):
        answers = [people["foreign"].get(path.format(one)) for one in
                   (him.golden_id, "C000000000", "x")]  # fmt: skip
        assert {answer.status_code for answer in answers} == {404}
    assert people["own"].get(f"/customers/{him.golden_id.lower()}").status_code == 303


def test_a_decision_on_him_is_told_with_its_state(
    people: dict[str, Person], him: Somebody, console: Console
) -> None:
    made = Value(
        decided_at=console.clock(), author="wang", why="seen his papers",
        record=him.record, attribute="birth_date", value="1990-01-02",
    )  # fmt: skip
    console.services.decisions.append(made)
    page = people["own"].get(f"/customers/{him.golden_id}").text
    assert "seen his papers" in page
    assert "今晚生效" in page
    assert "1990-01-02" not in page


def test_programs_get_the_same(people: dict[str, Person], him: Somebody, console: Console) -> None:
    found = people["own"].get("/api/v1/customers", params={"q": him.mobile}).json()
    (card,) = [one for one in found["customers"] if one["golden_id"] == him.golden_id]
    assert card["name"] == f"{him.name[0]}*"
    assert {"kind": "phone", "how": "whole"} in card["found_by"]
    by_phone = f"/api/v1/phones/{him.phone}"
    assert him.golden_id in people["own"].get(by_phone).text
    assert people["foreign"].get(by_phone).json() == {"customers": [], "has_more": False}
    before = len(noted(console, "customer.reveal"))
    whole = people["own"].get(f"/api/v1/customers/{him.golden_id}?clear=true").json()
    assert whole["values"]
    assert whole["cars"]
    assert him.record in whole["records"]
    assert len(noted(console, "customer.reveal")) == before + 1
    assert people["own"].get("/api/v1/customers?q=").status_code == 400


def test_every_customer_of_the_world_has_a_page(console: Console) -> None:
    person = console.sign_in("lead")
    ids = ask(console, "SELECT golden_id FROM dim_customer ORDER BY hash(golden_id) LIMIT 40")
    assert {person.get(f"/customers/{one}").status_code for (one,) in ids} == {200}


def test_every_code_of_the_warehouse_has_its_phrase() -> None:
    rules = {"steward", "only_value", "tie", *get_args(Criterion), *_WRITING}
    wanted = [f"rule.{rule}" for rule in rules] + [f"how.{how}" for how in HOW]
    assert [key for key in wanted if key not in phrases()] == []
