"""An outlet's records as the file that its software writes."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from connectors.sample.outlets import Outlet

Table = list[list[str]]
DATES = ("sold_on", "visited_on", "updated_on")
PADDED = ("name", "phone", "plate", "model")
ZIP_TIME = (2024, 1, 1, 0, 0, 0)
SUFFIX = {"csv": "csv", "xlsx": "xlsx", "xls": "xls", "html": "xls", "tsv": "xls"}


def write_file(stem: Path, outlet: Outlet, rows: Sequence[dict[str, str]]) -> Path:
    """Write the rows (cells by field) in the outlet's form; returns the path with its suffix."""
    path = stem.with_name(f"{stem.name}.{SUFFIX[outlet.form]}")
    path.parent.mkdir(parents=True, exist_ok=True)
    header = [_head(outlet, head) for _, head in outlet.columns]
    body = [_cells(outlet, number, row) for number, row in enumerate(rows, 1)]
    path.write_bytes(FORMS[outlet.form](outlet, header, body))
    return path


def _head(outlet: Outlet, head: str) -> str:
    if outlet.encoding == "big5" and outlet.form in ("csv", "tsv", "html"):
        from connectors.sample.noise.names import to_traditional

        return to_traditional(head)
    return head


def _cells(outlet: Outlet, number: int, row: dict[str, str]) -> list[str]:
    cells = [
        _extra(head, number) if name == "extra" else row.get(name, "")
        for name, head in outlet.columns
    ]
    if "padded" in outlet.traits:  # fields of fixed width, as old systems export them
        return [
            cell.ljust(12) if name in PADDED and cell else cell
            for (name, _), cell in zip(outlet.columns, cells, strict=True)
        ]
    return cells


def _extra(head: str, number: int) -> str:
    """Columns that nobody asked for: a running number, now and then a remark."""
    if head == "序号":
        return str(number)
    return "回访满意" if number % 7 == 3 else ""


def _decorated(outlet: Outlet, header: list[str], body: Table) -> Table:
    """The table with its title, totals, empty rows and repeated header, by the outlet's traits."""
    traits, width = outlet.traits, len(header)
    rows = list(body)
    if "empty_rows" in traits:
        for at in range(len(rows) - 1, 0, -40):
            rows.insert(at, [""] * width)
    if "repeated_header" in traits and len(rows) > 50:
        rows.insert(50, header)
    if "totals_row" in traits:
        rows.append(["合计"] + [""] * (width - 2) + [f"{len(body)}"])
    title = [[f"{outlet.code} 客户资料表"] + [""] * (width - 1)] if "title_row" in traits else []
    return [*title, header, *rows]


class QuoteAll(csv.excel):
    """Every cell in quotes."""

    quoting = csv.QUOTE_ALL


def delimited(outlet: Outlet, header: list[str], body: Table) -> bytes:
    """CSV in the outlet's delimiter, quoting and encoding; a narrow encoding loses characters."""
    stream = io.StringIO()
    delimiter = "\t" if outlet.form == "tsv" else outlet.delimiter
    dialect = QuoteAll if outlet.quote_all else csv.excel
    writer = csv.writer(stream, dialect, delimiter=delimiter)
    writer.writerows(_decorated(outlet, header, body))
    return stream.getvalue().encode(outlet.encoding, "replace")


def page(outlet: Outlet, header: list[str], body: Table) -> bytes:
    """An HTML table that calls itself .xls."""
    charset = outlet.encoding.removesuffix("-sig")
    lines = [f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">']
    lines.append('</head><body><table border="1">')
    for row in _decorated(outlet, header, body):
        cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in row)
        lines.append(f"<tr>{cells}</tr>")
    lines.append("</table></body></html>")
    return "\n".join(lines).encode(outlet.encoding, "replace")


def _sheets(outlet: Outlet, header: list[str], body: Table) -> dict[str, Table]:
    """Sheet name -> rows; some files hold their rows in two sheets, some have a sheet of notes."""
    sheets: dict[str, Table] = {}
    if "notes_sheet" in outlet.traits:
        sheets["说明"] = [["本表由系统导出"], ["请勿修改"]]
    if "two_sheets" in outlet.traits and len(body) > 20:
        half = len(body) // 2
        sheets["客户1"] = _decorated(outlet, header, body[:half])
        sheets["客户2"] = _decorated(outlet, header, body[half:])
    else:
        sheets["Sheet1"] = _decorated(outlet, header, body)
    return sheets


def _value(outlet: Outlet, name: str, text: str) -> str | int | date:
    """A cell as the spreadsheet holds it: some outlets have numbers and real dates in it."""
    if name == "phone" and "numeric_phone" in outlet.traits and re.fullmatch(r"1\d{10}", text):
        return int(text)
    if name in DATES and "real_dates" in outlet.traits and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text) if text > "1900-03-01" else text
    return text


def workbook(outlet: Outlet, header: list[str], body: Table) -> bytes:
    """An .xlsx file; the title is merged over the width, an extra column is hidden."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.worksheets[0])
    names = [name for name, _ in outlet.columns]
    for title, rows in _sheets(outlet, header, body).items():
        sheet = book.create_sheet(title)
        for row in rows:
            known = len(row) == len(names)
            sheet.append(
                [_value(outlet, n, c) or None for n, c in zip(names, row, strict=False)]
                if known
                else row
            )
        if "title_row" in outlet.traits and title != "说明":
            sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(header))
        if "hidden_column" in outlet.traits:
            sheet.column_dimensions[get_column_letter(len(header))].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    return _undated(stream.getvalue())


def _undated(content: bytes) -> bytes:
    """The same zip without the time of its making, so that equal worlds are equal bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2024-01-01T00:00:00Z", data)
            info = zipfile.ZipInfo(name, ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, data)
    return stream.getvalue()


def old_workbook(outlet: Outlet, header: list[str], body: Table) -> bytes:
    """An .xls file of Excel 97."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    dated = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    names = [name for name, _ in outlet.columns]
    for title, rows in _sheets(outlet, header, body).items():
        sheet = book.add_sheet(title)
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                name = names[column] if len(row) == len(names) else "extra"
                value = _value(outlet, name, text)
                if isinstance(value, date):
                    sheet.write(at, column, value, dated)
                elif value != "":
                    sheet.write(at, column, value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


FORMS = {
    "csv": delimited,
    "tsv": delimited,
    "html": page,
    "xlsx": workbook,
    "xls": old_workbook,
}
