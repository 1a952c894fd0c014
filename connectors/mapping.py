"""Which row of a sheet is its header, and what each of its columns means.

Every source column is accounted for: mapped, guessed, joined, fallback, secondary, ignored,
unlisted (a field that the source does not have) or unknown. Rows that are no records are told
apart: blank ones, totals, footers, and the header repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from connectors.headers import Guess, fold, guess, lookup, rank
from connectors.readers.problems import EmptyFile, HalfWritten, NoHeader, NoKeyColumn
from connectors.readers.sheet import Sheet
from connectors.records import is_header, no_record
from connectors.sources import IGNORE, Source, shared_headers

HEAD_ROWS = 40  # a header below a longer title page has not been met
LEAST_KNOWN = 2  # headers; one word such as 电话 may also stand in a title or in a cell
SURE_KNOWN = 3  # headers that make up half of a row: no need to look further down

Status = Literal[
    "mapped", "guessed", "joined", "fallback", "secondary", "ignored", "unlisted", "unknown"
]
# The statuses of columns that are read, the primary ones first.
USED: dict[Status, int] = {"mapped": 0, "guessed": 0, "joined": 1, "fallback": 1}
REPORTED = ("header", "name", "field", "status", "like")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet.

    name: its header made unique. like: the known spelling by which it was guessed.
    order: its place among the columns of the same field.
    """

    position: int
    header: str
    name: str
    field: str | None
    status: Status
    like: str = ""
    order: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet understood. rows: (row number as a person sees it, cells), records only."""

    sheet: str
    header_row: int
    columns: tuple[Column, ...]
    numbers: list[int]
    rows: list[list[str]]
    skipped: dict[str, int]

    def report(self) -> dict[str, Any]:
        """For the ledger: what became of every column and of the rows that are no records."""
        return {
            "sheet": self.sheet,
            "header_row": self.header_row,
            "rows": len(self.rows),
            "skipped": self.skipped,
            "columns": reported(self.columns),
        }


def fields_of(columns: Iterable[Column]) -> dict[str, list[str]]:
    """field -> names of its columns, the primary one first, then those that complete it."""
    used: dict[str, list[str]] = {}
    read = [column for column in columns if column.status in USED]
    for column in sorted(read, key=lambda c: (USED[c.status], c.order, c.position)):
        if column.field is not None:
            used.setdefault(column.field, []).append(column.name)
    return used


def reported(columns: Iterable[Column]) -> list[dict[str, Any]]:
    """What became of each column, for the ledger."""
    return [{name: getattr(column, name) for name in REPORTED} for column in columns]


def lacking(columns: Iterable[Column], source: Source) -> set[str]:
    """The fields without a column of their own of those that the source cannot do without."""
    return set(source.required) - {c.field for c in columns if c.status in ("mapped", "guessed")}


def understand(
    sheets: Iterable[Sheet], source: Source, outlet: str
) -> tuple[list[Layout], list[str]]:
    """The layouts of the sheets with known headers, and the names of the other filled sheets.

    Raises EmptyFile, NoHeader, NoKeyColumn or HalfWritten when no sheet can be used.
    """
    layouts: list[Layout] = []
    left: list[str] = []
    no_key = filled = False
    for sheet in sheets:
        header = find_header(sheet.rows, source, outlet)
        if header is None:
            if any(cell.strip() for row in sheet.rows for cell in row):
                filled = True
                left.append(sheet.name)
            continue
        columns = map_columns(_header_cells(sheet.rows, header), source, outlet)
        if lacking(columns, source):
            no_key = True
            left.append(sheet.name)
            continue
        layouts.append(_layout(sheet, header, columns))
    if layouts and any(layout.rows for layout in layouts):
        return layouts, left
    if layouts:
        raise EmptyFile("the file has a header but no rows")
    if no_key:
        raise NoKeyColumn(f"the header has no column for {', '.join(source.required)}")
    if filled:
        raise NoHeader("no row has known headers")
    raise EmptyFile("the file has no filled cells")


def find_header(rows: list[list[str]], source: Source, outlet: str) -> int | None:
    """The index of the row with most known headers among the first ones; None without any.

    A row counts with the headers above its blank cells, so that of a header merged over two rows
    the lower one is found.
    """
    by_hand = _by_hand(source, outlet)
    best, best_score, sure = None, 0, False
    for index, row in enumerate(rows[:HEAD_ROWS]):
        score, exact = _likeness(row, rows[index - 1] if index else [], by_hand)
        if score > best_score:
            best, best_score = index, score
        if sure:
            break
        sure = exact >= SURE_KNOWN and 2 * exact >= sum(1 for cell in row if cell)
    return best


def _likeness(row: list[str], above: list[str], by_hand: dict[str, str]) -> tuple[int, int]:
    """How much a row looks like a header (0: not), and how many known headers are in itself."""
    cells = [cell for cell in row if cell and not cell.isspace()]
    exact = sum(fold(c) in by_hand or lookup(c) is not None for c in cells)
    if not exact:
        return 0, 0
    guessed = sum(fold(c) not in by_hand and not lookup(c) and bool(guess(c)) for c in cells)
    if exact + guessed < min(LEAST_KNOWN, len(cells)):
        return 0, exact
    over = sum(lookup(up) is not None for up, c in zip(above, row, strict=False) if not c.strip())
    return 2 * (exact + over) + guessed, exact


def map_columns(cells: list[str], source: Source, outlet: str) -> tuple[Column, ...]:
    """What each header cell means at this outlet."""
    return map_named(zip(cells, _unique_names(cells), strict=True), source, outlet)


def map_named(
    headers: Iterable[tuple[str, str]], source: Source, outlet: str
) -> tuple[Column, ...]:
    """What columns mean at this outlet. headers: each one's header, and its name."""
    columns = [
        _column(position, header, name, source, outlet)
        for position, (header, name) in enumerate(headers)
    ]
    of_field: dict[str, list[Column]] = {}
    for column in sorted(columns, key=lambda c: _preference(c, source)):
        if column.field and column.status in USED:
            of_field.setdefault(column.field, []).append(column)
    further = {
        column.position: replace(column, status=_further(field), order=order)
        for field, same in of_field.items()
        for order, column in enumerate(same)
        if order
    }
    return tuple(further.get(column.position, column) for column in columns)


def _further(field: str) -> Status:
    """What a second column of a field is good for."""
    if field in shared_headers().joined:
        return "joined"
    return "fallback" if field in shared_headers().fallback else "secondary"


def _column(position: int, cell: str, name: str, source: Source, outlet: str) -> Column:
    by_hand = _by_hand(source, outlet).get(fold(cell))
    field = by_hand or lookup(cell)
    if field == IGNORE or fold(cell) in {fold(h) for h in source.ignored}:
        return Column(position, cell, name, None, "ignored")
    guessed: Guess | None = None
    if field is None and cell.strip():
        guessed = guess(cell)
        field = guessed.field if guessed else None
    if field is None:
        return Column(position, cell, name, None, "unknown")
    if field not in source.fields:
        return Column(position, cell, name, field, "unlisted")
    if guessed:
        return Column(position, cell, name, field, "guessed", guessed.like)
    return Column(position, cell, name, field, "mapped")


def _preference(column: Column, source: Source) -> tuple[int, int, int]:
    """Sort key: known before guessed, the source's own order, the shared order, from the left."""
    if column.field is None:
        return (2, 0, column.position)
    own = [fold(h) for h in source.prefer.get(column.field, [])]
    spelling = column.like or column.header
    place = own.index(fold(spelling)) - len(own) if fold(spelling) in own else None
    order = rank(spelling, column.field) if place is None else place
    return (int(column.status == "guessed"), order, column.position)


def _by_hand(source: Source, outlet: str) -> dict[str, str]:
    return {fold(h): field for h, field in source.outlets.get(outlet, {}).items()}


def _header_cells(rows: list[list[str]], header: int) -> list[str]:
    """The header row; a blank cell under a known header takes it (cells merged over two rows)."""
    above = rows[header - 1] if header else []
    cells = list(rows[header])
    cells += [""] * (max((len(row) for row in rows[header:]), default=0) - len(cells))
    for position, cell in enumerate(above[: len(cells)]):
        if not cells[position].strip() and lookup(cell) is not None:
            cells[position] = cell
    return cells


def _unique_names(cells: list[str]) -> list[str]:
    """Headers as column names: blank ones by their position, repeated ones numbered."""
    seen: Counter[str] = Counter({"_sheet": 1, "_row": 1})
    names = []
    for position, cell in enumerate(cells, 1):
        wanted = " ".join(cell.split()) or f"column {position}"
        name = wanted
        while seen[name.casefold()]:  # SQL does not tell VIN from vin
            seen[wanted.casefold()] += 1
            name = f"{wanted} ({seen[wanted.casefold()]})"
        seen[name.casefold()] += 1
        names.append(name)
    return names


def _layout(sheet: Sheet, header: int, columns: tuple[Column, ...]) -> Layout:
    numbers: list[int] = []
    rows: list[list[str]] = []
    skipped: Counter[str] = Counter()
    head = sheet.rows[header]
    names = {cell.strip() for cell in head if cell.strip()}
    for number, row in enumerate(sheet.rows[header + 1 :], header + 2):
        why = no_record(row, head, names)
        if why is None and number == header + 2 and is_header(row):
            why = "header"
        if why:
            skipped[why] += 1
        else:
            numbers.append(number)
            rows.append(row)
    if sheet.unfinished and rows and numbers[-1] == len(sheet.rows):
        _check_last(rows, len(head))
    return Layout(
        sheet.name,
        header + 1,
        _without_blank(columns, rows),
        numbers,
        rows,
        dict(skipped),
    )


def _check_last(rows: list[list[str]], width: int) -> None:
    """Raise HalfWritten if the last row, without a line break, is shorter than all others."""
    shortest = min((len(row) for row in rows[:-1]), default=width)
    if len(rows[-1]) < min(width, shortest):
        raise HalfWritten("the last row ends before its last cell")


def _without_blank(columns: tuple[Column, ...], rows: list[list[str]]) -> tuple[Column, ...]:
    """Columns without a header are kept only where some row has a value in them."""
    bare = {c.position for c in columns if not c.header.strip()}
    if not bare:
        return columns
    filled = {p for row in rows for p in bare if p < len(row) and row[p].strip()}
    return tuple(c for c in columns if c.position not in bare or c.position in filled)
