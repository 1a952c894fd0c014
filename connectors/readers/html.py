"""HTML tables and Excel 2003 XML, which dealer software names .xls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from connectors.readers.problems import HalfWritten, Unreadable
from connectors.readers.sheet import Sheet

HEAD = 4096  # characters in which a table or a page announces itself
WIDEST = 1000  # columns; what a colspan may claim at most
SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"  # Excel 2003 XML
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SPACES = re.compile(r"[ \t\r\f\v]*\n[ \t\r\f\v]*")


def looks_like(text: str) -> bool:
    """Whether the text is a page or an Excel 2003 XML workbook."""
    head = text[:HEAD].lstrip("\ufeff \t\r\n").casefold()
    return head.startswith("<") and any(
        tag in head for tag in ("<html", "<table", "<!doctype html", "<workbook", "<meta")
    )


def read(text: str) -> list[Sheet]:
    """A sheet for each table; raises HalfWritten if the last one has no end."""
    bare = _DECLARATION.sub("", text.removeprefix("\ufeff"))
    if "urn:schemas-microsoft-com:office:spreadsheet" in bare[:HEAD] and "<Workbook" in bare[:HEAD]:
        return _workbook(bare)
    tail = bare[-HEAD:].casefold()
    if "</table" not in tail and "</html" not in tail:
        raise HalfWritten("the page ends within a table")
    try:
        tables = list(lxml_html.fromstring(bare).iter("table"))
    except etree.ParserError:
        raise Unreadable("the page cannot be parsed") from None
    return [Sheet(f"table {i}", _rows(table)) for i, table in enumerate(tables, 1)]


def _rows(table: Any) -> list[list[str]]:
    """The rows of a table itself, not of those nested in it; spanned cells are blank."""
    below: dict[int, int] = {}  # column -> how many more rows a cell from above covers it
    own = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    return [_row(row, below) for row in own]


def _row(row: Any, below: dict[int, int]) -> list[str]:
    cells: list[str] = []

    def skip_covered() -> None:
        while below.get(len(cells), 0) > 0:
            below[len(cells)] -= 1
            cells.append("")

    for cell in row.iterchildren("td", "th"):
        skip_covered()
        wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
        for column in range(len(cells), len(cells) + wide):
            below[column] = high - 1
        cells += [_cell_text(cell)] + [""] * (wide - 1)
    skip_covered()
    return cells


def _span(cell: Any, name: str) -> int:
    digits = re.match(r"\d{1,6}", cell.get(name, "1").strip())
    return min(max(int(digits[0]), 1), WIDEST) if digits else 1


def _cell_text(cell: Any) -> str:
    for line_break in cell.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    return _SPACES.sub("\n", "".join(cell.itertext())).strip(" \t\r\n\xa0")


def _workbook(text: str) -> list[Sheet]:
    try:
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        if "</Workbook>" in text[-HEAD:]:
            raise Unreadable("the XML workbook is damaged") from None
        raise HalfWritten("the XML workbook has no end") from None
    name = f"{SPREADSHEET}Name"
    return [
        Sheet(sheet.get(name, ""), list(_xml_rows(sheet)))
        for sheet in root.iter(f"{SPREADSHEET}Worksheet")
    ]


def _xml_rows(sheet: Any) -> Iterator[list[str]]:
    """Rows of Excel 2003 XML, where an Index skips blank rows and cells."""
    number = 0
    for row in sheet.iter(f"{SPREADSHEET}Row"):
        index = int(row.get(f"{SPREADSHEET}Index", number + 1))
        yield from ([] for _ in range(number + 1, index))
        number = index
        cells: list[str] = []
        for cell in row.iterchildren(f"{SPREADSHEET}Cell"):
            column = int(cell.get(f"{SPREADSHEET}Index", len(cells) + 1))
            cells += [""] * (column - 1 - len(cells))
            data = cell.find(f"{SPREADSHEET}Data")
            cells.append("" if data is None else "".join(data.itertext()))
            cells += [""] * int(cell.get(f"{SPREADSHEET}MergeAcross", 0))
        yield cells
