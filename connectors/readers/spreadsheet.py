"""Workbooks: .xlsx (a zip) and .xls (OLE2), all sheets, hidden ones included.

Cells become text as follows. Text stays. An integer-valued number below 2**53, which a double
holds exactly, is written without `.0` (13812345678.0 -> "13812345678"). Any other number is
Python's shortest form that gives the same double ("1.1010519491231e+17", "0.3"): digits that the
workbook has lost stay visibly lost. Dates are ISO 8601, without the time at midnight; booleans
are TRUE and FALSE; error cells such as #N/A are empty.
"""

from __future__ import annotations

import datetime
import io
import struct
import zipfile
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from connectors.readers.problems import HalfWritten, PasswordProtected, Unreadable
from connectors.readers.sheet import Sheet

EXACT = 2**53  # above it neighbouring integers share a double
OLE2_HEADER = 512  # bytes ([MS-CFB] 2.2)
NO_SECTOR = 0xFFFFFFFA  # this and above mark special sectors ([MS-CFB] 2.1)


def read(data: bytes) -> list[Sheet]:
    """The sheets of a workbook; raises HalfWritten, PasswordProtected or Unreadable."""
    if data[:2] == b"PK":
        _check_zip(data)
    else:
        _check_ole2(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        grids = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in book.sheet_names
        ]
    except PasswordError:
        raise PasswordProtected("the workbook asks for a password") from None
    except CalamineError as error:
        raise Unreadable(f"the workbook is damaged ({type(error).__name__})") from None
    except BaseException as error:  # a fault inside the reader's compiled code is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise Unreadable("the workbook is damaged") from None
    return [Sheet(name, [[_text(cell) for cell in row] for row in grid]) for name, grid in grids]


def _text(cell: Any) -> str:
    if type(cell) is str:
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ") if cell.time() != datetime.time() else cell.date().isoformat()
    return str(cell)  # int, date and time (ISO 8601), timedelta


def _check_zip(data: bytes) -> None:
    """Raise HalfWritten for a zip without its end, Unreadable for one that is no workbook."""
    if b"PK\x05\x06" not in data[-65_557:]:  # end record and its longest comment
        raise HalfWritten("the workbook ends before its end record")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.replace("\\", "/").lower() for name in archive.namelist()}
    except zipfile.BadZipFile:
        raise HalfWritten("the workbook ends within its end record") from None
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise Unreadable("the file is a zip archive, not a workbook")


def _check_ole2(data: bytes) -> None:
    """Raise HalfWritten if the file is shorter than the sectors that its table has in use."""
    if len(data) < OLE2_HEADER:
        raise HalfWritten("the workbook ends within its header")
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    if size not in (512, 4096):
        raise Unreadable("the workbook's header is damaged")
    tables = [t for t in struct.unpack_from("<109I", data, 76) if t < NO_SECTOR]
    per_table = size // 4
    for number, table in enumerate(tables):
        start = (table + 1) * size
        if start + size > len(data):
            raise HalfWritten("the workbook ends before its sector table")
        entries = struct.unpack_from(f"<{per_table}I", data, start)
        used = [i for i, entry in enumerate(entries) if entry != 0xFFFFFFFF]
        if used and (number * per_table + used[-1] + 2) * size > len(data):
            raise HalfWritten("the workbook ends before its last sector")
