"""The pages in a real browser: the marts' numbers, sorting, both languages, a phone, paper."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.browser import Browser, browser
from tests.warehouse.dashboard import world
from warehouse.dashboard import site
from warehouse.database import connect


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as con:
        world.fill(con, customers=9_000, dealers=60)
        yield con


@pytest.fixture(scope="module")
def out(con: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dashboard")
    site.write(con, folder)
    return folder


@pytest.fixture(scope="module")
def address(out: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=out))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


def numbers(con: duckdb.DuckDBPyConnection, query: str) -> list[Any]:
    return [value for (value,) in con.execute(query).fetchall()]


def values(tab: Browser, section: str) -> list[str]:
    return tab.texts(f"#{section} svg text.value")


def test_every_page_loads_without_a_fault_and_from_its_own_host_alone(
    tab: Browser, address: str, out: Path
) -> None:
    for file in sorted(out.glob("*.html")):
        for width in (1280, 400):
            tab.open(f"{address}/{file.name}", width)
            assert tab.ask("document.documentElement.scrollWidth") <= width, (file.name, width)
            drawn = tab.ask(
                "[...document.querySelectorAll('section svg')].filter(e => e.checkVisibility())"
                ".map(e => [e.getBoundingClientRect().width, e.querySelectorAll('text').length])"
            )
            assert drawn
            assert all(0 < wide <= width and texts for wide, texts in drawn)
    assert tab.faults == []
    assert all(one.startswith((address, "about:")) for one in tab.requested)


def test_files_opened_without_a_server_work_as_well(tab: Browser, out: Path) -> None:
    tab.open((out / "index.html").as_uri())
    assert tab.ask("getComputedStyle(document.querySelector('nav')).display") == "flex"
    assert tab.ask("document.getElementById('language').hidden") is False
    assert tab.faults == []


def test_the_overview_has_the_marts_numbers(
    tab: Browser, address: str, con: duckdb.DuckDBPyConnection
) -> None:
    tab.open(f"{address}/index.html")
    stages = dict(
        con.execute("SELECT stage, sum(customers) FROM mart_lifecycle GROUP BY stage").fetchall()
    )
    total = sum(stages.values())
    assert tab.texts("#fact-customers .value") == [f"{total:,}"]
    for stage in ("active", "cooling", "lost"):
        assert tab.texts(f"#fact-{stage} .value") == [f"{stages[stage]:,}"]
        share = f"{int(100 * stages[stage] / total + 0.5)}%"
        assert f"{stages[stage]:,} ({share})" in values(tab, "stages")
    deciles = numbers(
        con,
        "SELECT CAST(floor(100 * any_value(decile_share) + 0.5) AS INTEGER) FROM mart_segments"
        " GROUP BY value_decile ORDER BY value_decile",
    )
    assert values(tab, "deciles") == [f"{share}%" for share in deciles]


def test_retention_lost_and_quality_are_drawn_with_the_marts_numbers(
    tab: Browser, address: str, con: duckdb.DuckDBPyConnection
) -> None:
    tab.open(f"{address}/retention.html")
    (came,) = numbers(
        con,
        "SELECT sum(at_outlet) / sum(cars) FROM mart_service_retention WHERE service_no = 1"
        " AND sold_in BETWEEN DATE '2020-01-01' AND DATE '2022-10-01'",
    )
    assert tab.texts("#services svg text.inside")[0] == f"{int(100 * came + 0.5)}%"
    shown = values(tab, "outlets")
    shares = [int(value.strip("≥≤%")) for value in shown if value]
    assert len(shares) == 40  # of 59 dealers the best and the weakest 20
    assert shares == sorted(shares, reverse=True)
    tab.open(f"{address}/lost.html")
    lost = numbers(
        con,
        "SELECT count(*) FROM mart_lost_customers GROUP BY date_trunc('quarter', last_contact_on)"
        " ORDER BY date_trunc('quarter', last_contact_on)",
    )
    titles = tab.ask("[...document.querySelectorAll('#since svg.wide rect title')]"
                     ".map(e => e.textContent.split('：')[1].split(' ')[0])")  # fmt: skip
    assert [value for value in titles if value != "·"] == [f"{n:,}" for n in lost if n >= 5]
    tab.open(f"{address}/quality.html")
    worst = numbers(
        con,
        "SELECT CAST(floor(100 * phone_usable + 0.5) AS INTEGER) FROM mart_data_quality"
        " WHERE source <> 'hq' AND records >= 30 ORDER BY phone_usable, outlet_code LIMIT 20",
    )
    assert values(tab, "phones") == [f"{share}%" for share in worst]


def test_the_language_switch_is_remembered_from_page_to_page(tab: Browser, address: str) -> None:
    tab.open(f"{address}/lost.html")
    assert tab.texts("h1") == ["流失客户"]
    tab.click("#language")
    assert tab.texts("h1") == ["Lost customers"]
    assert tab.texts("#since svg text.title")[0] == "lost customers"
    tab.open(f"{address}/quality.html")
    assert (tab.texts("h1"), tab.ask("document.documentElement.lang")) == (["Data quality"], "en")
    tab.click("#language")
    assert tab.texts("h1") == ["数据质量"]


def test_tables_are_sorted_by_number_and_by_name(tab: Browser, address: str) -> None:
    tab.open(f"{address}/lifecycle.html")
    tab.click("#outlets summary")

    def column(number: int) -> list[str]:
        return tab.texts(f"#outlets tbody td:nth-child({number})")

    names = column(1)
    tab.click("#outlets th:nth-child(2) button")
    customers = [int(cell.replace(",", "")) for cell in column(2)]
    assert len(customers) > 40
    assert customers == sorted(customers, reverse=True) != sorted(customers)
    tab.click("#outlets th:nth-child(2) button")
    assert [int(cell.replace(",", "")) for cell in column(2)] == sorted(customers)
    assert tab.ask("document.querySelector('#outlets th:nth-child(2)').ariaSort") == "ascending"
    tab.click("#outlets th:nth-child(1) button")
    assert sorted(column(1)) == sorted(names)
    assert column(1)[0] == "D0002"


def test_on_paper_the_tables_are_unfolded(tab: Browser, address: str) -> None:
    tab.open(f"{address}/lost.html")
    assert tab.ask("document.querySelector('details').open") is False
    pdf = tab.call("Page.printToPDF", printBackground=True)["data"]
    assert tab.ask("document.querySelector('details').open") is True
    assert len(pdf) > 10_000
