"""Quarantine, outlets, data quality and runs: what the tables hold, of one's outlets alone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.errors import FileProblem
from connectors.readers import problems
from tests.warehouse.steward.conftest import Console, Person
from tests.warehouse.steward.test_customers import ask
from warehouse.database import connect
from warehouse.publish import LINK
from warehouse.steward.access.scope import Scope
from warehouse.steward.app import create_app
from warehouse.steward.site import ConsoleSettings
from warehouse.steward.wording import phrases

#: Held rows: 150 of the first outlet, and three of the last.
_HELD = """
    INSERT INTO dq_held_row BY NAME
    SELECT 'f' AS file_id, outlet_code || '.csv' AS path, 'dealer' AS source, outlet_code,
           DATE '2024-03-01' AS file_date, outlet_code AS sheet, n AS row_number,
           'no_key' AS reason, 1 AS run_id
    FROM (SELECT unnest([min(outlet_code), max(outlet_code)]) AS outlet_code FROM dim_outlet),
         range(1, 151) t (n)
    WHERE n <= 3 OR outlet_code = (SELECT min(outlet_code) FROM dim_outlet)
"""


@pytest.fixture(scope="module")
def home(home: Path) -> Path:
    with connect((home / LINK).resolve()) as con:
        con.execute("DELETE FROM dq_held_row")
        con.execute(_HELD)
    return home


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


def held(person: Person, **asked: str | int) -> tuple[int, set[str]]:
    """How many rows a page of the quarantine has, and whose."""
    rows = person.get("/quarantine", params=asked).text.split('id="files"')[0]
    return rows.count('<td class="number">'), linked(rows)


def test_the_quarantine_has_every_held_row_of_ones_own_outlets(
    console: Console, dealer: Person, outlets: list[str]
) -> None:
    person, first, last = console.sign_in("viewer"), outlets[0], outlets[-1]
    assert held(person) == (100, {first})
    assert held(person, page=2) == (53, {first, last})
    assert held(person, outlet=last, reason="no_key") == (3, {last})
    assert held(person, outlet=last, reason="expired") == (0, set())
    assert held(dealer, page=2) == (50, {first})
    assert held(dealer, outlet=last) == (0, set())
    assert person.get("/quarantine?page=0").status_code == 400


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


def test_quality_links_to_the_report_where_it_is_served(console: Console) -> None:
    settings = ConsoleSettings(dashboard="https://bi.example.cn/guiyi/")
    app = create_app(replace(console.services.site, settings=settings))
    linked = Console(app, app.state.services, console.clock)
    href = 'href="https://bi.example.cn/guiyi/quality.html"'
    assert href in linked.sign_in("viewer").get("/quality").text
    assert href not in console.sign_in("viewer").get("/quality").text
    linked.services.published.close()


def test_runs_tell_steps_ids_and_tables(console: Console) -> None:
    person = console.sign_in("viewer")
    assert 'href="/runs/1"' in person.get("/runs").text
    page = person.get("/runs/1").text
    for (table,) in ask(console, "SELECT table_name FROM run_table WHERE run_id = 1"):
        assert table in page
    assert person.get("/runs/99").status_code == 404
    assert person.get("/runs/x").status_code == 400
