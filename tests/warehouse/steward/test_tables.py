"""Quarantine, outlets, data quality and runs: what the tables hold, of one's outlets alone."""

from __future__ import annotations

import re

import pytest

from connectors.errors import FileProblem
from connectors.readers import problems
from tests.warehouse.steward.conftest import Console, Person
from tests.warehouse.steward.test_customers import ask
from warehouse.steward.access.scope import Scope
from warehouse.steward.wording import phrases


@pytest.fixture(scope="module")
def outlets(console: Console) -> list[str]:
    return [code for (code,) in ask(console, "SELECT outlet_code FROM dim_outlet ORDER BY 1")]


@pytest.fixture(scope="module")
def dealer(console: Console, outlets: list[str]) -> Person:
    return console.employ("one-outlet", "viewer", Scope.of([outlets[0]]))


def linked(page: str) -> set[str]:
    return set(re.findall(r'href="/outlets/(\w+)"', page))


def test_outlets_are_all_or_ones_own(console: Console, dealer: Person, outlets: list[str]) -> None:
    assert linked(console.sign_in("viewer").get("/outlets").text) == set(outlets)
    assert linked(dealer.get("/outlets").text) == {outlets[0]}
    assert linked(console.sign_in("viewer").get("/outlets?kind=station").text) == {
        code for code in outlets if code.startswith("S")
    }
    assert dealer.get("/outlets?kind=nonesuch").status_code == 200


def test_each_outlet_has_a_page(console: Console, outlets: list[str]) -> None:
    person = console.sign_in("viewer")
    pages = [person.get(f"/outlets/{code}") for code in outlets]
    assert {page.status_code for page in pages} == {200}
    assert all("<svg" in page.text for page in pages)


def test_the_quarantine_has_every_held_row_and_no_other(console: Console, dealer: Person) -> None:
    counted = ask(console, "SELECT outlet_code, count(*) FROM dq_held_row GROUP BY 1")
    assert counted
    for person, rows in ((console.sign_in("viewer"), sum(n for _, n in counted)),
                         (dealer, 0)):  # fmt: skip
        page = person.get("/quarantine").text
        assert page.split('id="files"')[0].count('<td class="number">') == rows
    first = counted[0][0]
    assert (
        f'href="/outlets/{first}"'
        in console.sign_in("lead").get(f"/quarantine?outlet={first}").text
    )
    assert console.sign_in("lead").get("/quarantine?page=0").status_code == 400


def test_every_reason_to_set_a_file_aside_has_its_phrase() -> None:
    assert problems.Waits in FileProblem.__subclasses__()
    found, codes = [FileProblem], set[str]()
    while found:
        kinds = found.pop().__subclasses__()
        found += kinds
        codes |= {kind.code for kind in kinds}
    assert len(codes - {FileProblem.code}) > 8
    assert [c for c in codes - {FileProblem.code} if f"aside.{c}" not in phrases()] == []


def test_quality_is_told_of_ones_own_outlets(
    console: Console, dealer: Person, outlets: list[str]
) -> None:
    page = console.sign_in("viewer").get("/quality").text
    assert all(code in page for code in outlets if code in page)
    own = dealer.get("/quality").text
    assert outlets[0] in own
    assert not [code for code in outlets[1:] if code in own]


def test_runs_tell_steps_ids_and_tables(console: Console) -> None:
    person = console.sign_in("viewer")
    assert 'href="/runs/1"' in person.get("/runs").text
    page = person.get("/runs/1").text
    for (table,) in ask(console, "SELECT table_name FROM run_table WHERE run_id = 1"):
        assert table in page
    assert person.get("/runs/99").status_code == 404
    assert person.get("/runs/x").status_code == 400
