"""What somebody with a scope is told of his customers: nothing that other outlets alone tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.homes import ask
from tests.warehouse.steward.conftest import Console, Person
from warehouse.steward.access.permissions import ROLES, may_do
from warehouse.steward.access.scope import Scope
from warehouse.steward.app import API_PREFIX

#: An outlet's customer of whom other outlets tell most.
_SHARED = """
    SELECT golden_id, a.outlet_code FROM customer_xref a JOIN customer_xref b USING (golden_id)
    JOIN dim_customer c USING (golden_id)
    WHERE c.kind = 'person' AND a.outlet_code <> '' AND b.outlet_code <> a.outlet_code
    GROUP BY ALL ORDER BY count(DISTINCT b.outlet_code) DESC, count(*) DESC, golden_id, 2 LIMIT 1
"""
_VALUES = """
    WITH said AS (
        SELECT outlet_code, unnest([name, address, id_number, email, plate] || phones) AS value
        FROM pii.customer_record WHERE golden_id = '{golden_id}'
    )
    SELECT value FROM said WHERE length(value) > 1 GROUP BY value
    HAVING bool_or(outlet_code = '{outlet}') = {is_own}
"""


@dataclass(frozen=True)
class Shared:
    """A customer of an outlet, and what is told of him there, and elsewhere alone."""

    golden_id: str
    outlet: str
    own: list[str]
    foreign: list[str]
    own_records: list[str]
    records: list[str]


@pytest.fixture(scope="module")
def shared(console: Console) -> Shared:
    home = console.services.site.home
    ((golden_id, outlet),) = ask(home, _SHARED)

    def told(is_own: bool) -> list[str]:
        asked = _VALUES.format(golden_id=golden_id, outlet=outlet, is_own=is_own)
        return [value for (value,) in ask(home, asked)]

    own = told(is_own=True)
    # a part of a value that he may see tells nothing
    foreign = [value for value in told(is_own=False) if not any(value in one for one in own)]
    records = ask(home, f"""SELECT record_key, outlet_code = '{outlet}' FROM customer_xref
                            WHERE golden_id = '{golden_id}'""")  # fmt: skip
    mine = [key for key, is_own in records if is_own]
    assert own
    assert foreign
    assert 0 < len(mine) < len(records)
    return Shared(golden_id, outlet, own, foreign, mine, [key for key, _ in records])


def pages(person: Person, role: str, shared: Shared) -> dict[str, str]:
    """What he is told of the customer by pages and programs, in clear where he may."""
    path = f"/customers/{shared.golden_id}"
    clear = "?clear=true" if may_do(role, "customer.reveal") else ""
    shown = person.post(f"{path}/reveal").headers["location"] if clear else path
    search = f"/customers?q={shared.golden_id}{clear.replace('?', '&')}"
    asked = [path, shown, f"{API_PREFIX}{path}{clear}", API_PREFIX + search]
    asked += [f"{API_PREFIX}/phones/{one}{clear}" for one in shared.own if one.startswith("+861")]
    return {one: person.get(one).text for one in asked}


@pytest.mark.parametrize("role", ROLES)
def test_no_role_with_a_scope_is_told_what_others_tell(
    console: Console, shared: Shared, role: str
) -> None:
    person = console.employ(f"own-{role}", role, Scope.of([shared.outlet]))
    outlets = {
        code for (code,) in ask(console.services.site.home, "SELECT outlet_code FROM dim_outlet")
    }
    hidden = {*shared.foreign, *outlets.difference([shared.outlet])}
    hidden |= {key for key in shared.records if key not in shared.own_records}
    for path, page in pages(person, role, shared).items():
        plain = page.replace(" ", "")
        assert shared.golden_id in page, path
        assert not [one for one in hidden if one in page], path
        assert not [one for one in shared.foreign if one.removeprefix("+86") in plain], path


def test_what_his_outlet_tells_he_sees_in_clear(console: Console, shared: Shared) -> None:
    person = console.employ("near", "steward", Scope.of([shared.outlet]))
    told = pages(person, "steward", shared)
    page = next(
        text for path, text in told.items() if path.startswith("/customers/") and "clear=" in path
    )
    plain = page.replace(" ", "")
    stated = [one.removeprefix("+86") for one in shared.own]
    assert [one for one in stated if one in plain]
    assert "网络内其他网点" in page
    whole: dict[str, Any] = person.get(f"{API_PREFIX}/customers/{shared.golden_id}").json()
    assert sorted(whole["records"]) == sorted(shared.own_records)
    assert whole["elsewhere"] == len(shared.records) - len(shared.own_records)
    assert whole["stage"] is None
    assert {event["outlet_code"] for event in whole["events"]} <= {shared.outlet}


def test_whom_only_his_outlets_know_he_sees_whole(console: Console, shared: Shared) -> None:
    home = console.services.site.home
    ((golden_id, outlet),) = ask(home, """
        SELECT golden_id, min(outlet_code) FROM customer_xref GROUP BY golden_id
        HAVING count(DISTINCT outlet_code) = 1 AND min(outlet_code) <> '' AND count(*) > 1
        ORDER BY golden_id LIMIT 1""")  # fmt: skip
    near = console.employ("only", "steward", Scope.of([outlet]))
    path = f"{API_PREFIX}/customers/{golden_id}"
    assert near.get(path).json() == console.sign_in("steward").get(path).json()


def test_nobody_is_found_by_what_others_alone_tell(console: Console) -> None:
    home = console.services.site.home
    ((golden_id, outlet, foreign, own),) = ask(home, """
        WITH said AS (SELECT golden_id, outlet_code, unnest(phones) AS phone
                      FROM pii.customer_record WHERE outlet_code <> '')
        SELECT a.golden_id, a.outlet_code, min(b.phone), min(a.phone)
        FROM said a JOIN said b USING (golden_id)
        WHERE starts_with(a.phone, '+861') AND starts_with(b.phone, '+861') AND NOT EXISTS (
            FROM said c WHERE c.golden_id = a.golden_id AND c.outlet_code = a.outlet_code
                AND c.phone = b.phone)
        GROUP BY ALL ORDER BY ALL LIMIT 1""")  # fmt: skip
    everybody = console.sign_in("lead")
    near = console.employ("seeks", "lead", Scope.of([outlet]))
    for number in (own, foreign):
        for path in (f"/customers?q={number.removeprefix('+86')}", f"/phones/{number}"):
            seen = [
                [card["golden_id"] for card in who.get(API_PREFIX + path).json()["customers"]]
                for who in (everybody, near)
            ]
            assert golden_id in seen[0], path
            assert (golden_id in seen[1]) == (number == own), path
