"""The pages say what the marts hold, and nothing of few people or of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from connectors.errors import SettingError
from tests.warehouse.dashboard import world
from warehouse.dashboard import asking, retention, site, stages
from warehouse.dashboard.page import Page
from warehouse.database import connect
from warehouse.tables import tables


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as con:
        world.fill(con, customers=2000, dealers=12)
        yield con


def pages(con: duckdb.DuckDBPyConnection) -> dict[str, Page]:
    return {page.name: page for page in site.pages(con)}


def test_every_query_reads_marts_and_the_version_alone_and_no_personal_column() -> None:
    marts = {table.name for table in tables() if table.name.startswith("mart_")}
    personal = {
        column.name
        for table in tables()
        for column in table.columns
        if column.sensitivity != "internal"
    } - {"value"}  # of anything
    assert {"name", "phone"} <= personal
    queries = list((Path(asking.__file__).parent / "queries").glob("*.sql"))
    assert queries
    for query in queries:
        sql = re.sub(r"--.*", "", query.read_text(encoding="utf-8"))
        own = set(re.findall(r"(\w+) AS \(", sql)) | {"retention_due"}
        read = set(re.findall(r"(?:FROM|JOIN)\s+([\w.]+)", sql))
        assert read <= marts | own | {"meta.version"}, query.name
        assert not personal & set(re.findall(r"\w+", sql)), query.name


def test_every_figure_has_a_sentence_in_both_languages(con: duckdb.DuckDBPyConnection) -> None:
    for page in pages(con).values():
        assert page.figures
        for figure in page.figures:
            assert all((*figure.says, *figure.title)), figure.name
            assert figure.says.zh != figure.says.en


def test_stages_of_outlets_add_up_to_the_mart(con: duckdb.DuckDBPyConnection) -> None:
    found = stages.read(con)
    row = con.execute(
        "SELECT count(*), count(*) FILTER (WHERE stage = 'lost'),"
        " count(*) FILTER (WHERE stage <> 'unknown') FROM mart_customer_360"
    ).fetchone()
    assert row == (found.customers, found.network["lost"], found.counts.sum())
    assert (found.counts.sum(axis=1) >= 5).all() or "" in found.outlets
    assert "D0001" not in found.outlets  # it has two customers


def test_only_quarters_count_that_are_old_enough(con: duckdb.DuckDBPyConnection) -> None:
    for row in retention.due(con):
        expected = con.execute(
            "SELECT sum(cars), sum(at_outlet), sum(elsewhere), sum(nowhere), sum(too_early)"
            " FROM mart_service_retention WHERE service_no = $1 AND sold_in BETWEEN $2 AND $3",
            [row["service_no"], row["first_quarter"], row["last_quarter"]],
        ).fetchone()
        assert expected == (row["cars"], row["at_outlet"], row["elsewhere"], row["nowhere"], 0)


class Markup(HTMLParser):
    """Addresses, styles and scripts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags = list[tuple[str, dict[str, str | None]]]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_a_page_loads_its_own_files_only_and_reads_no_markup_from_data(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for file in site.write(con, tmp_path / "out"):
        text = file.read_text(encoding="utf-8")
        assert "://" not in text
        markup = Markup()
        markup.feed(text)
        for tag, attributes in markup.tags:
            assert tag not in ("style", "b")
            assert not {"style", "onclick", "onload"} & set(attributes)
            for name in ("href", "src"):
                if name in attributes:
                    assert (tmp_path / "out" / str(attributes[name])).is_file()
    assert "&lt;b&gt;逸行" in (tmp_path / "out" / "replacement.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("customers", [0, 1, 4, 9, 60])
def test_a_small_or_empty_world_gives_pages(customers: int, tmp_path: Path) -> None:
    with connect() as con:
        world.fill(con, customers, dealers=3)
        written = site.write(con, tmp_path)
        assert len(written) == len(site.PAGES)
        if not customers:
            told = pages(con)
            assert not any(figure.drawing for page in told.values() for figure in page.figures)
            assert told["quality"].figures[0].says.zh == "还没有收到数据。"


def test_a_second_dashboard_takes_the_place_of_the_first(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    before = {file.name: file.read_bytes() for file in site.write(con, tmp_path)}
    after = {file.name: file.read_bytes() for file in site.write(con, tmp_path)}
    assert before == after
    assert not list(tmp_path.glob("*.part"))


def test_a_folder_of_other_files_is_left_alone(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(SettingError, match="other files"):
        site.write(con, tmp_path)
    with pytest.raises(SettingError, match="no folder"):
        site.write(con, tmp_path / "letter.txt")
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_a_warehouse_of_another_version_is_told() -> None:
    with connect() as con, pytest.raises(SettingError, match="another version"):
        site.pages(con)
