"""Rules of the house that import-linter cannot see, because they are about attributes."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("connectors", "quality", "matching", "warehouse", "pipelines")

CONNECT = frozenset({"duckdb.connect"})
ENVIRONMENT = frozenset({
    "os.environ", "os.environb", "os.getenv", "os.getenvb", "pydantic_settings.BaseSettings",
})  # fmt: skip


def uses(source: str, names: frozenset[str]) -> list[int]:
    """Line numbers at which a dotted name such as `duckdb.connect` is reached, under any alias."""
    tree = ast.parse(source)
    alias = {
        name.asname or name.name: name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
    }
    return [line for line, name in _reached(tree, alias) if name in names]


def _reached(tree: ast.AST, alias: dict[str, str]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.lineno, f"{alias.get(node.value.id, node.value.id)}.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for name in node.names:
                yield node.lineno, f"{node.module}.{name.name}"


def modules_using(names: frozenset[str]) -> set[str]:
    """Paths of the modules of the five packages that reach one of the names."""
    return {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if uses(path.read_text(encoding="utf-8"), names)
    }


@pytest.mark.parametrize(
    "source",
    [
        "import duckdb\nduckdb.connect('x')",
        "import duckdb as d\nd.connect('x')",
        "from duckdb import connect",
        "from duckdb import connect as open_it",
        "def f():\n    import duckdb\n    return duckdb.connect",
    ],
)
def test_every_way_to_reach_a_name_is_seen(source: str) -> None:
    assert uses(source, CONNECT)


@pytest.mark.parametrize(
    "source",
    ["import sqlite3\nsqlite3.connect('x')", "# duckdb.connect", "'duckdb.connect'"],
)
def test_other_names_and_mere_words_are_not(source: str) -> None:
    assert not uses(source, CONNECT)


def test_duckdb_is_opened_in_one_module() -> None:
    assert modules_using(CONNECT) == {"warehouse/database.py"}


def test_the_environment_is_read_in_one_module() -> None:
    assert modules_using(ENVIRONMENT) <= {"pipelines/settings.py"}
