"""The documents say what is there: commands, links, names, numbers and queries."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import duckdb
import pytest
import typer
import yaml
from pydantic import BaseModel

from connectors import mapping
from connectors.errors import FileProblem
from connectors.ledger import FileStatus
from connectors.sources import Source, load_sources
from matching import model
from matching.compare import COMPARATORS
from matching.decisions import KINDS
from matching.standing import State
from pipelines.anytable import match_table
from pipelines.cli import app
from pipelines.settings import TEMPLATE, Settings
from quality import standardise
from tests.conftest import Once
from tests.pipelines.steps import small
from tests.warehouse.dashboard import world
from warehouse import decision_lines, dictionary
from warehouse.dashboard import site
from warehouse.dashboard.disclosure import LEAST
from warehouse.database import connect
from warehouse.exports import rules
from warehouse.exports.rules import Role, Shown
from warehouse.guards import Guards
from warehouse.masking import MASKS
from warehouse.steward.access.permissions import PERMISSIONS, ROLES
from warehouse.steward.site import ConsoleSettings, Oidc
from warehouse.tables import tables

ROOT = Path(__file__).parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh-CN.md"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
CLI = typer.main.get_command(app)


def read(page: str | Path) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return [code for kind, code in BLOCK.findall(text) if kind == language]


def rows(text: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its header."""
    after = text.split(f"{heading}\n", 1)[1]
    lines = re.search(r"(?:^\|.*\|\n)+", after, re.MULTILINE)
    assert lines, f"no table below {heading}"
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines[0].splitlines()[2:]
    ]


def names(cells: Iterator[str] | list[str]) -> list[str]:
    """What stands in backticks in the cells."""
    return [name for cell in cells for name in SPAN.findall(cell)]


def commands(text: str) -> Iterator[str]:
    """Every call of guiyi, from code blocks and from spans within sentences."""
    for kind, code in BLOCK.findall(text):
        if kind in ("sh", "text"):
            yield from re.findall(r"(?:^|[\s/])(guiyi [a-z][^\n|>]*)", code, re.MULTILINE)
    for span in SPAN.findall(BLOCK.sub("", text)):
        if re.match("guiyi [a-z]", span):
            yield span


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_line_is_one_that_the_command_understands(page: Path) -> None:
    for line in commands(read(page)):
        name, *arguments = shlex.split(line.removeprefix("guiyi "))
        command = CLI.commands.get(name)  # type: ignore[attr-defined]
        # an option there is one of the group's own
        while hasattr(command, "commands") and arguments and not arguments[0].startswith("-"):
            command = command.commands.get(arguments.pop(0))
        assert command, f"{line}: no such command"
        if arguments:
            command.make_context(name, arguments, resilient_parsing=False)


def test_a_wrong_command_line_would_be_seen() -> None:
    found = list(commands("Say `guiyi rum` or\n```sh\n.venv/bin/guiyi run --hme x\n```\n"))
    assert sorted(found) == ["guiyi rum", "guiyi run --hme x"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_every_named_file_exists(page: Path) -> None:
    text = BLOCK.sub("", read(page))
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        assert "://" in target or (page.parent / target).exists(), target
    files = re.compile(
        r"(?:\.ci|connectors|docs|matching|pipelines|quality|tests|warehouse)/[\w./*-]*"
    )
    for span in SPAN.findall(text):
        if files.fullmatch(span):
            assert list(ROOT.glob(span.rstrip("/"))), span


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_a_place_that_only_one_machine_has(page: Path) -> None:
    text = read(page)
    assert not re.search(r"(?<![\w.])/(?:home|root|tmp|work|Users)/", text)
    assert not re.search(r"pypi|/simple\b|index-url", text, re.IGNORECASE)


def test_both_readmes_have_the_same_build() -> None:
    english, chinese = read(ENGLISH), read(CHINESE)
    for pattern in (r"^## ", r"^\| ", r"^- ", r"\]\((?!README)[^)]*\)"):
        found = [re.findall(pattern, text, re.MULTILINE) for text in (english, chinese)]
        assert found[0] == found[1], pattern
    assert blocks(english, "sh") == blocks(chinese, "sh")
    assert [kind for kind, _ in BLOCK.findall(english)] == [
        kind for kind, _ in BLOCK.findall(chinese)
    ]
    assert blocks(english, "text")[0] == blocks(chinese, "text")[0]
    assert list(commands(english)) == list(commands(chinese))


@pytest.mark.parametrize(
    ("page", "heading"), [(ENGLISH, "## The command line"), (CHINESE, "## 命令行")]
)
def test_the_readmes_list_every_command(page: Path, heading: str) -> None:
    listed = names([row[0] for row in rows(read(page), heading)])
    assert sorted(listed) == sorted(f"guiyi {name}" for name in CLI.commands)  # type: ignore[attr-defined]


def _codes(kind: type[FileProblem] = FileProblem) -> Iterator[str]:
    for one in kind.__subclasses__():
        if "code" in vars(one):
            yield one.code
        yield from _codes(one)


def test_every_reason_code_is_explained_and_no_other() -> None:
    text = read("docs/run.md")
    files = names([row[0] for row in rows(text, "Files:\n")])
    assert sorted(files) == sorted({*_codes(), "same_content"})
    held = names([row[0] for row in rows(text, "Rows:\n")])
    removed = [standardise.ERASED, standardise.EXPIRED]
    assert sorted(held) == sorted([standardise.NO_KEY, standardise.NOTHING_IDENTIFYING, *removed])
    assert {row[1] for row in rows(text, "Files:\n")} <= {str(status) for status in FileStatus}


@pytest.mark.parametrize(
    ("page", "heading", "described"),
    [
        ("docs/run.md", "## Settings", Settings),
        ("docs/sources.md", "## What a source says", Source),
        ("docs/matching.md", "## What the model file says", model.Model),
        ("docs/exports.md", "## What a role says", Role),
        ("docs/steward.md", "## Settings", ConsoleSettings),
        ("docs/steward.md", "## OpenID Connect", Oidc),
    ],
)
def test_every_key_of_a_yaml_file_is_explained(
    page: str, heading: str, described: type[BaseModel]
) -> None:
    listed = {name for name in names([r[0] for r in rows(read(page), heading)]) if "*" not in name}
    assert listed == set(described.model_fields)


def test_defaults_and_variables_of_settings_are_the_real_ones() -> None:
    for setting, variable, default, _ in rows(read("docs/run.md"), "## Settings"):
        (name,) = names([setting])
        assert names([variable]) == [f"GUIYI_{name.upper()}"]
        if name in ("memory", "threads", "settle_seconds", "keep_versions"):
            assert names([default]) == [str(Settings.model_fields[name].default)]


def test_the_example_of_decisions_is_what_import_takes(tmp_path: Path) -> None:
    text = read("docs/decisions.md")
    (lines,) = blocks(text, "json")
    (tmp_path / "lines.jsonl").write_text(lines, encoding="utf-8")
    decisions = [decision for _, decision in decision_lines.read(tmp_path / "lines.jsonl")]
    assert [decision.kind for decision in decisions] == list(KINDS)
    keys = names([row[0] for row in rows(text, "## JSON lines")])
    told = {key for decision in decisions for key in type(decision).model_fields}
    assert set(keys) | {"golden_id"} == told
    listed = names([row[0] for row in rows(text, "## What can be decided")])
    assert listed == list(KINDS)
    states = names([row[0] for row in rows(text, "what became of each:\n")])
    assert states == [str(state) for state in State]


def test_bounds_of_the_guards_and_their_defaults_are_the_real_ones() -> None:
    table = rows(read("docs/run.md"), "`{growth: 3, shrinkage: null}`.\n")
    told = {names([row[0]])[0]: float(names([row[1]])[0]) for row in table}
    assert told == Guards().model_dump()
    assert Guards.model_validate(yaml.safe_load(TEMPLATE)["guards"]) == Guards()


def test_the_shipped_roles_the_example_and_the_masks_of_exports_are_the_real_ones(
    tmp_path: Path,
) -> None:
    text = read("docs/exports.md")
    shipped = rules.load()
    assert names([row[0] for row in rows(text, "## Roles")]) == list(shipped.roles)
    (example,) = blocks(text, "yaml")
    (tmp_path / "exports.yml").write_text(example, encoding="utf-8")
    assert rules.load(tmp_path / "exports.yml").roles["finance"].columns["vin"] is Shown.MASKED
    for key, default, _ in rows(text, "## What a role says"):
        (name,) = names([key])
        assert names([default]) == [str(said) for said in [getattr(Role(), name)] if said]
    listed = names([row[0] for row in rows(text, "## Masks")])
    assert sorted([*listed, "company"]) == sorted([*MASKS, "name"])
    tables_told = names([row[0] for row in rows(text, "outlets' own:\n")])
    assert sorted(tables_told) == sorted(rules.TABLES)


def test_every_page_of_the_dashboard_is_told_with_marts_that_are_there() -> None:
    listed = rows(read("docs/dashboard.md"), "## The pages")
    with connect() as con:
        world.fill(con, customers=0, dealers=2)
        pages = site.pages(con)
    assert names([row[0] for row in listed]) == [f"{page.name}.html" for page in pages]
    # those of kin are what the others are worked out from
    marts = {t.name for t in tables() if t.name.startswith("mart_") and not t.kin}
    assert set(names([row[2] for row in listed])) == marts
    assert f"1 to {LEAST - 1} customers" in read("docs/dashboard.md")


def test_the_table_of_the_consoles_roles_and_its_settings_are_the_real_ones() -> None:
    text = read("docs/steward.md")
    told = {names([row[0]])[0]: row[1:] for row in rows(text, "## Roles")}
    assert list(told) == list(PERMISSIONS.actions)
    for action, roles in PERMISSIONS.actions.items():
        assert [bool(mark) for mark in told[action]] == [role in roles for role in ROLES], action
    (example,) = blocks(text, "yaml")
    settings = Settings.model_validate(yaml.safe_load(example)).steward
    assert settings.oidc is not None
    assert (settings.idle_minutes, settings.session_hours) == (60, 12)
    assert ConsoleSettings() == ConsoleSettings(idle_minutes=60, session_hours=12)


def test_statuses_of_columns_are_explained() -> None:
    listed = names([row[0] for row in rows(read("docs/sources.md"), 'from file"\n```\n')])
    assert sorted(listed) == sorted(get_args(mapping.Status))


def test_the_example_of_a_mapping_by_hand_works(tmp_path: Path) -> None:
    text = read("docs/sources.md")
    (outlets,) = blocks(text, "yaml")
    for source in load_sources():
        shipped = read(f"connectors/sources/{source.name}.yml")
        more = outlets if source.name == "dealer" else ""
        (tmp_path / f"{source.name}.yml").write_text(shipped + more, encoding="utf-8")
    header = next(b for b in blocks(text, "text") if "卡号" in b).splitlines()[0].split(",")
    before, after = (fields_of(header, s) for s in (load_sources(), load_sources(tmp_path)))
    assert "source_key" not in before.values()
    assert (after["卡号"], after["车主编码"]) == ("source_key", None)


def fields_of(header: list[str], sources: tuple[Source, ...]) -> dict[str, str | None]:
    """What the headers mean at the dealer of the example."""
    dealer = next(source for source in sources if source.name == "dealer")
    return {c.header: c.field for c in mapping.map_columns(header, dealer, "D0421")}


def test_the_worked_pair_has_the_weights_of_the_shipped_model() -> None:
    text, shipped, profiles = read("docs/matching.md"), model.load(), 100_000
    told = {row[0]: float(row[2]) for row in rows(text, "## One pair, worked through")}
    name = shipped.comparisons["name"].levels["same"]
    share = 0.05 * 0.002
    chance = (1 - name.tf) * math.log2(name.chance(profiles)) + name.tf * math.log2(share)
    bits = {
        "prior": shipped.prior(profiles),
        "name": math.log2(name.m) - chance,
        "phone": shipped.comparisons["phone"].levels["same"].bits(profiles),
        "vehicle": shipped.comparisons["vehicle"].levels["different"].bits(profiles),
        "kind": shipped.comparisons["kind"].levels["both_people"].bits(profiles),
    }
    bits["sum"] = sum(bits.values())
    assert told == pytest.approx(bits, abs=0.006)
    apart = shipped.comparisons["phone"].levels["different"].bits(profiles)
    without = bits["sum"] - bits["phone"] + apart
    assert f"({apart:.2f} bits), the sum would be {without:.2f}, below" in text
    assert f"At least {shipped.thresholds.link:g} bits" in text
    assert f"below {shipped.thresholds.review:g} bits" in text
    assert without < shipped.thresholds.review < shipped.thresholds.link < bits["sum"]


def test_the_comparators_are_all_named() -> None:
    sentence = read("docs/matching.md").split("A comparator is one of ")[1].split(". Each")[0]
    assert sorted(names([sentence])) == sorted(COMPARATORS)


def test_the_example_of_any_table_comes_out_as_shown(tmp_path: Path) -> None:
    text = read("docs/matching.md")
    people, says = blocks(text, "text")[-2:]
    file = tmp_path / "people.csv"
    file.write_text(people, encoding="utf-8")
    found = match_table("people", file, "rec_id", tmp_path / "clusters.parquet")
    counts = [int(number) for number in re.findall(r"\d+", says)]
    assert counts == [found.rows, found.clusters, found.links, found.for_review]


@pytest.fixture(scope="session")
def warehouse(once: Once) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect((small(once).home / "warehouse.duckdb").resolve(), read_only=True) as con:
        yield con


QUERIES = blocks(read("docs/warehouse.md"), "sql")


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_the_example_queries_run(warehouse: duckdb.DuckDBPyConnection, query: str) -> None:
    assert warehouse.execute(query).fetchall()


def test_every_published_table_is_in_the_overview() -> None:
    listed = names([row[0] for row in rows(read("docs/warehouse.md"), "to-each-other).\n")])
    assert sorted(listed) == sorted(table.name for table in tables())


def test_the_dictionary_is_up_to_date() -> None:
    told = read("docs/dictionary.md")
    assert told == dictionary.render(), "run: .venv/bin/python -m warehouse.dictionary"
