"""Tables of counts on the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table


def show_table(
    out: Console, title: str, head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]
) -> None:
    """A table of words and counts; nothing where there are no rows."""
    table = Table(title=title, title_justify="left")
    for name in head:
        table.add_column(name)
    for row in rows:
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else cell for cell in row))
    if table.row_count:
        out.print(table)


def show_values(
    out: Console, counts: Iterable[dict[str, Any]], examples: Iterable[dict[str, Any]]
) -> None:
    """Golden values that change: how many by attribute, and examples."""
    show_table(out, "Golden values", ("", "changed", "gained", "lost"),
               (tuple(one.values()) for one in counts))  # fmt: skip
    for number, value in enumerate(examples):
        if number == 0:
            out.print("\n[bold]golden values[/bold], for example")
        moved = f": {value['before']} → {value['after']}" if "before" in value else ""
        out.print(f"  {escape(value['attribute'])} of {value['golden_id']}{escape(moved)}")
