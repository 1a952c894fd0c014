"""Progress and summary of a night on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

#: The steps of a night as people call them.
_SAYS = {
    "files": "Taking in files",
    "standard_records": "Understanding every field",
    "expectations": "Checking the night's data",
    "emptying": "Emptying raw rows",
    "load": "Loading new and corrected records",
    "vehicles": "Recognising cars",
    "profiles": "Gathering profiles",
    "edges": "Comparing profiles",
    "entities": "Recognising customers",
    "golden_records": "Choosing golden values",
    "rewriting": "Writing the store anew",
    "warehouse": "Publishing the warehouse",
}


class Steps:
    """A line for each step with its time; the running one turns. Quiet, it only measures."""

    def __init__(self, out: Console, quiet: bool = False) -> None:
        self.out, self.quiet = out, quiet
        self.seconds: dict[str, float] = {}
        self._running, self._detail = "", ""
        self._live = Live(console=out, refresh_per_second=8, transient=True)

    def __enter__(self) -> Self:
        if not self.quiet:
            self._live.start()
            self._show("Starting Dagster")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """While something else is shown, or asked."""
        self._live.stop()
        yield
        if not self.quiet:
            self._live.start()

    def started(self, step: str) -> None:
        """A step begins."""
        self._running, self._detail = _SAYS.get(step, step), ""
        self._show(self._running)

    def detail(self, text: str) -> None:
        """Where the running step is."""
        self._detail = text
        self._show(f"{self._running} [dim]{text}[/dim]")

    def finished(self, step: str, seconds: float) -> None:
        """A step has ended."""
        self.seconds[step] = seconds
        if not self.quiet:
            self.out.print(f"  [green]✓[/green] {_SAYS.get(step, step):<36}{seconds:>7.1f} s")

    def _show(self, text: str) -> None:
        if not self.quiet:
            self._live.update(Spinner("dots", Text.from_markup(f" {text}")))


def show_summary(out: Console, home: Path, summary: dict[str, Any]) -> None:
    """Print what a night, or the home, came to, and what to do next."""
    if summary.get("changed") is False:
        out.print("\nNothing new: the published warehouse stays as it is.\n")
    if held := summary["held_because"]:
        out.print(f"\n[red]Held[/red] {escape(held)}", soft_wrap=True)
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    table.add_column()
    for label, text in _lines(summary):
        table.add_row(label, text)
    out.print()
    out.print(table)
    _show_files(out, "Files set aside", summary["set_aside"])
    lacking, guessed = (summary["columns"][name] for name in ("lacking", "guessed"))
    _show_files(out, "Fields that no header told: map one by hand (docs/sources.md)", [
        {"lacking": ", ".join(one["fields"]), "headers not known": ", ".join(one["headers"]),
         "files": f"{one['files']:,}", "such as": one["path"]} for one in lacking])  # fmt: skip
    _show_files(out, "Headers that were guessed", [
        {"header": one["header"], "taken for": f"{one['field']}, like {one['like']}",
         "files": f"{one['files']:,}", "such as": one["path"]} for one in guessed])  # fmt: skip
    for warning in summary.get("warnings", ()):
        out.print(f"[yellow]Check failed[/yellow] {warning}")
    out.print(_next(home, summary), soft_wrap=True)


def _lines(s: dict[str, Any]) -> list[tuple[str, str]]:
    files, accuracy = s["files"], s.get("accuracy")
    held, reasons = sum(s["rows_held"].values()), s["review_reasons"]
    lines = [
        ("Files", f"{files['taken']:,} taken in, {files['duplicate']} sent twice, "
                  f"{files['waiting']} half-written, {files['broken']} broken"),
        ("Rows", f"{s['rows_read']:,} read, {held:,} held{_because(s['rows_held'])}"),
        ("Vehicles", f"{s['vehicles']:,}"),
        ("Customers", f"{s['records']:,} records in {s['profiles']:,} profiles before, "
                      f"{s['customers']:,} customers after{_because(s['customers_by_kind'])}"),
        ("Duplicates", f"{s['duplicates']:,} records were of a customer already known"),
        ("Stewards", f"{s['for_review']:,} pairs wait{_because(reasons)}"),
    ]  # fmt: skip
    if s["rolled_back"]:
        waiting = f"{s['rolled_back']:,} files wait for `guiyi run --retry`"
        lines.insert(1, ("Rolled back", waiting))
    if accuracy:
        lines.append(
            ("How right", f"pairwise precision {accuracy['precision']:.4f}, "
                          f"recall {accuracy['recall']:.4f}; "
                          f"{accuracy['exact']:.1%} of the true customers exactly, "
                          f"{accuracy['mixed']:.2%} of those found mix two"),
        )  # fmt: skip
    total = sum(s["seconds"].values())
    slowest = sorted(s["seconds"].items(), key=lambda item: -item[1])[:3]
    most = ", ".join(f"{_SAYS.get(n, n).lower()} {t:.1f}" for n, t in slowest)
    return [*lines, ("Time", f"{total:.1f} s in steps (most: {most})")]


def _because(counts: dict[str, int]) -> str:
    if not counts:
        return ""
    return " (" + ", ".join(f"{n:,} {r.replace('_', ' ')}" for r, n in counts.items()) + ")"


def _show_files(out: Console, title: str, files: list[dict[str, str]]) -> None:
    """A table of files, or of kinds of them, where there are any."""
    if not files:
        return
    table = Table(title=title, title_justify="left")
    for name in files[0]:
        table.add_column(name, overflow="fold")
    for file in files:
        table.add_row(*map(escape, file.values()))
    out.print(table)


def _next(home: Path, summary: dict[str, Any]) -> str:
    file, waiting = f"{home}/warehouse.duckdb", f"{summary['for_review']:,} pairs"
    look = (
        f"import duckdb; print(duckdb.connect('{file}', read_only=True)"
        ".sql('FROM dim_customer LIMIT 5'))"
    )
    return f"""
[bold]What next[/bold]
  look at the warehouse   any DuckDB client on {file}, for example
                          [cyan].venv/bin/python -c "{look}"[/cyan]
  open Dagster            [cyan].venv/bin/guiyi ui --home {home}[/cyan]
  review                  [cyan].venv/bin/guiyi review --home {home}[/cyan]   ({waiting})
"""
