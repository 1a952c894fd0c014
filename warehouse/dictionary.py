"""The dictionary page: every published table, view and column, and how they hang together.

All of it comes from the headers of their .sql files. `python -m warehouse.dictionary` writes
docs/dictionary.md anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from quality.contract import Sensitivity
from warehouse import masked
from warehouse.tables import PII, Column, Table, tables

PAGE = Path(__file__).parent.parent / "docs" / "dictionary.md"

_HEAD = f"""\
# Dictionary of the warehouse

Every table and column of `warehouse.duckdb`. The same words are comments in the database itself.
This page is generated: after a change in `warehouse/published/`, `marts/` or `meta/`, run
`.venv/bin/python -m warehouse.dictionary`.

A column is *{Sensitivity.PERSONAL}* if it is about a person, *{Sensitivity.SENSITIVE}* if it
identifies one by itself; all others are about cars, outlets, files and runs. A table that has such
columns lies whole in the schema `{PII}`. In `main` it is a view that masks them: the table below
says what is left of each.
"""


def render() -> str:
    """The whole page as Markdown, tables by name."""
    by_name = sorted(tables(), key=lambda table: table.name)
    contents = "\n".join(f"- [{t.name}](#{_anchor(t.name)}): {t.meaning}" for t in by_name)
    sections = (line for table in by_name for line in _section(table))
    return "\n".join([_HEAD, contents, "", picture(), "", *sections])


def picture() -> str:
    """The tables and what refers to what, as an entity-relationship picture in Mermaid.

    Marts are left out: each refers to what it is about, and all to dim_customer.
    """
    shown = [table for table in tables() if "mart_" not in table.name and "." not in table.name]
    lines = [
        f"    {other} ||--o{{ {table.name} : {column}"
        for table in shown
        for column, other in table.references.items()
    ]
    return "\n".join(
        [
            "## How the tables refer to each other",
            "",
            "```mermaid",
            "erDiagram",
            *sorted(lines),
            "```",
        ]
    )


def _anchor(name: str) -> str:
    """Where a heading of this name is found on the page: without its full stop."""
    return name.replace(".", "")


def _section(table: Table) -> Iterator[str]:
    yield f"## {table.name}\n"
    yield f"{table.meaning}\n"
    yield f"One row for each {_key(table)}.{_where(table)}\n"
    yield "| column | meaning | refers to | sensitivity | in `main` |"
    yield "|---|---|---|---|---|"
    yield from (_row(table, column) for column in table.columns)
    yield ""


def _key(table: Table) -> str:
    return ", ".join(f"`{column}`" for column in table.key)


def _where(table: Table) -> str:
    if table.is_personal:
        return f" Whole in `{table.whole}`, masked in `{table.name}`."
    return " A view." if table.is_view else ""


def _row(table: Table, column: Column) -> str:
    other = table.references.get(column.name)
    refers = f"[{other}](#{_anchor(other)})" if other else ""
    meaning = column.meaning.replace("|", "\\|")
    if column.sensitivity is Sensitivity.INTERNAL:
        return f"| `{column.name}` | {meaning} | {refers} | | |"
    left = masked.left(column)
    return f"| `{column.name}` | {meaning} | {refers} | {column.sensitivity} | {left} |"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(render(), encoding="utf-8")
