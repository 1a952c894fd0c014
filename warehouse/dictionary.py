"""The dictionary page: every published table and column, from the headers of their .sql files.

`python -m warehouse.dictionary` writes docs/dictionary.md anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from quality.contract import Sensitivity
from warehouse.tables import Column, Table, tables

PAGE = Path(__file__).parent.parent / "docs" / "dictionary.md"

_HEAD = f"""\
# Dictionary of the warehouse

Every table and column of `warehouse.duckdb`. The same words are comments in the database itself.
This page is generated: after a change in `warehouse/published/`, run
`.venv/bin/python -m warehouse.dictionary`.

A column is *{Sensitivity.PERSONAL}* if it is about a person, *{Sensitivity.SENSITIVE}* if it
identifies one by itself; all others are about cars, outlets, files and runs.
"""


def render() -> str:
    """The whole page as Markdown, tables by name."""
    by_name = sorted(tables(), key=lambda table: table.name)
    contents = "\n".join(f"- [{t.name}](#{t.name}): {t.meaning}" for t in by_name)
    return "\n".join([_HEAD, contents, "", *(line for t in by_name for line in _section(t))])


def _section(table: Table) -> Iterator[str]:
    yield f"## {table.name}\n"
    yield f"{table.meaning}\n"
    yield f"One row for each {_key(table)}.\n"
    yield "| column | meaning | refers to | sensitivity |"
    yield "|---|---|---|---|"
    yield from (_row(table, column) for column in table.columns)
    yield ""


def _key(table: Table) -> str:
    return ", ".join(f"`{column}`" for column in table.key)


def _row(table: Table, column: Column) -> str:
    other = table.references.get(column.name)
    refers = f"[{other}](#{other})" if other else ""
    meaning = column.meaning.replace("|", "\\|")
    marked = "" if column.sensitivity is Sensitivity.INTERNAL else str(column.sensitivity)
    return f"| `{column.name}` | {meaning} | {refers} | {marked} |"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(render(), encoding="utf-8")
