"""Every page and route, with every role and a stranger, own and foreign: as the table says.

A new route is tried by itself; a new name of a path's parameter needs its samples in `Samples`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from tests.warehouse.steward.conftest import Console, Person
from warehouse.database import connect
from warehouse.publish import LINK
from warehouse.steward.access.permissions import ROLES, may_do
from warehouse.steward.access.scope import NotThere, Scope
from warehouse.steward.access.visit import May
from warehouse.steward.app import API, API_PREFIX, PAGES

#: What is open to everybody, on purpose.
OPEN = {
    "/health",
    "/sign-in",
    "/link/{secret}",
    "/language/{language}",
    "/oidc/start",
    "/oidc/back",
}
_PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")


@dataclass(frozen=True)
class Door:
    """A route by one method, and the action that it declares."""

    method: str
    path: str
    action: str | None

    @property
    def parameters(self) -> list[str]:
        return _PARAMETER.findall(self.path)

    def of(self, values: dict[str, str]) -> str:
        return _PARAMETER.sub(lambda found: values[found[1]], self.path)


def doors() -> Iterator[Door]:
    for prefix, modules in (("", PAGES), (API_PREFIX, API)):
        for module in modules:
            for route in module.router.routes:
                assert isinstance(route, APIRoute)
                actions = list(declared(route.dependant))
                assert len(actions) <= 1, route.path
                for method in route.methods or ():
                    yield Door(method, prefix + route.path, next(iter(actions), None))


def declared(dependant: Dependant) -> Iterator[str]:
    for inner in dependant.dependencies:
        if isinstance(inner.call, May):
            yield inner.call.action
        yield from declared(inner)


#: A session ends by its last door.
DOORS = sorted(doors(), key=lambda door: (door.path == "/sign-out", door.path, door.method))
CLOSED = [door for door in DOORS if door.action]


@dataclass(frozen=True)
class Samples:
    """For each parameter of a path, a value of the outlet of the scoped user, and a foreign one."""

    outlet: str
    own: dict[str, str]
    foreign: dict[str, str]


@pytest.fixture(scope="module")
def samples(console: Console) -> Samples:
    with connect((console.services.site.home / LINK).resolve(), read_only=True) as con:
        ((outlet, own, like, other, foreign),) = con.execute("""
            WITH first AS (
                -- an outlet with both customers of a pair in doubt
                SELECT a.outlet_code, golden_id_a, golden_id_b
                FROM review_pair JOIN customer_xref a ON a.golden_id = golden_id_a
                JOIN customer_xref b ON b.golden_id = golden_id_b AND b.outlet_code = a.outlet_code
                WHERE a.outlet_code <> '' ORDER BY ALL LIMIT 1)
            SELECT outlet_code, golden_id_a, golden_id_b, (
                SELECT max(outlet_code) FROM dim_outlet
                WHERE outlet_code <> (SELECT outlet_code FROM first)), (
                SELECT golden_id FROM customer_xref GROUP BY golden_id
                HAVING NOT bool_or(outlet_code = (SELECT outlet_code FROM first))
                ORDER BY golden_id LIMIT 1)
            FROM first
        """).fetchall()
    # numbers of nothing: whoever may ask is told that there is no such thing
    plain = {"number": "999999", "run_id": "1"}
    plain |= dict.fromkeys(("pattern", "name", "link_id", "key"), "none")
    return Samples(
        outlet,
        {"golden_id": own, "other_id": like, "outlet": outlet} | plain,
        {"golden_id": foreign, "other_id": own, "outlet": other} | plain,
    )


def knock(person: Person, door: Door, path: str) -> int:
    """What is answered; a form is sent empty, but for what shows that it is ours."""
    if door.method == "GET":
        return person.client.get(path).status_code
    token = {"x-csrf-token": person.csrf()}
    return person.client.request(door.method, path, headers=token).status_code


def test_every_door_declares_its_action_or_is_open_on_purpose() -> None:
    assert {door.path for door in DOORS if not door.action} == OPEN


def test_every_parameter_of_a_path_has_samples(samples: Samples) -> None:
    for door in CLOSED:
        assert set(door.parameters) <= set(samples.own), door
    assert set(samples.own) == set(samples.foreign)


def test_a_stranger_gets_nowhere(console: Console, samples: Samples) -> None:
    client = console.stranger()
    for door in CLOSED:
        answer = client.request(door.method, door.of(samples.own))
        if door.path.startswith("/api/"):
            assert answer.status_code == 401, door
        else:
            assert answer.status_code == 303, door
            assert answer.headers["location"].startswith("/sign-in"), door


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_what_the_table_says_and_nothing_else(
    console: Console, samples: Samples, role: str
) -> None:
    person = console.sign_in(role)
    for door in CLOSED:
        answer = knock(person, door, door.of(samples.own))
        if may_do(role, door.action or ""):
            assert answer < 500, door
            assert answer not in (401, 403), door
        else:
            assert answer == 403, door


@pytest.mark.parametrize("role", ROLES)
def test_who_has_a_scope_is_not_told_of_customers_outside(
    console: Console, samples: Samples, role: str
) -> None:
    person = console.employ(f"scoped-{role}", role, Scope.of([samples.outlet]))
    bound = [
        door
        for door in CLOSED
        if may_do(role, door.action or "")
        and any(samples.own[name] != samples.foreign[name] for name in door.parameters)
    ]
    for door in bound:
        assert knock(person, door, door.of(samples.own)) != 404, door
        assert knock(person, door, door.of(samples.foreign)) == 404, door


def test_scopes_are_of_outlets_and_provinces(console: Console, samples: Samples) -> None:
    mine, other = samples.own["golden_id"], samples.foreign["golden_id"]
    with connect((console.services.site.home / LINK).resolve(), read_only=True) as con:
        Scope().ensure_seen(con, other)
        Scope.of([samples.outlet]).ensure_seen(con, mine)
        for scope, golden_id in ((Scope.of([samples.outlet]), other), (Scope(), "C0000000000"),
                                 (Scope.of(provinces=["?"]), mine)):  # fmt: skip
            with pytest.raises(NotThere):
                scope.ensure_seen(con, golden_id)
        ((province,),) = con.execute(
            "SELECT province FROM dim_outlet WHERE province IS NOT NULL LIMIT 1"
        ).fetchall()
        codes = con.execute("SELECT outlet_code FROM dim_outlet WHERE province = ? ORDER BY 1",
                            [province]).fetchall()  # fmt: skip
        assert Scope.of(provinces=[province]).codes(con) == [code for (code,) in codes]
