"""Every way in which files are written, and every way in which they are bad."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Sequence

import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.readers import read_content
from connectors.readers.problems import EmptyFile, HalfWritten, Undecodable, Unreadable

HEAD = ["客户编号", "姓名", "手机"]
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
CELL = st.text(st.sampled_from("李雷韩梅䶮𠮷 ·0123456789AX*?,;\t，|\"'\n"), max_size=8)


def text_of(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def xlsx(rows: Sequence[Sequence[object]], title: str = "数据") -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows: Sequence[Sequence[object]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("数据")
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            sheet.write(r, c, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", list(",\t;，|"))
@settings(deadline=None, max_examples=8)
@given(rows=st.lists(st.tuples(CELL, CELL, CELL).map(list), min_size=1, max_size=4))
def test_delimited_round_trip(encoding: str, delimiter: str, rows: list[list[str]]) -> None:
    table = [HEAD, *rows]
    (sheet,) = read_content(text_of(table, delimiter).encode(encoding))
    assert sheet.rows == table


def test_big5_is_told_by_its_headers() -> None:
    table = [["客戶編號", "客戶名稱", "手機號碼"], ["A1", "劉峯", "13900000001"]]
    (sheet,) = read_content(text_of(table).encode("big5hkscs"))
    assert sheet.rows == table


def test_line_breaks_in_cells_and_ragged_rows_are_kept() -> None:
    (sheet,) = read_content('客户编号,姓名,手机\r\nA1,"李\n雷",1\r\nA2\r\n\r\nA3,b,c,d'.encode())
    assert sheet.rows == [HEAD, ["A1", "李\n雷", "1"], ["A2"], [], ["A3", "b", "c", "d"]]
    assert sheet.unfinished


def test_a_stray_quote_costs_no_rows() -> None:
    (sheet,) = read_content('客户编号,姓名,手机\nA1,"李雷,1\nA2,韩梅,2\nA3,"王五",3\n'.encode())
    assert [row[0] for row in sheet.rows] == ["客户编号", "A1", "A2", "A3"]
    assert sheet.rows[3] == ["A3", "王五", "3"]


def test_excel_text_formulas_and_the_dos_end_of_file() -> None:
    (sheet,) = read_content('客户编号,手机\r\n="01","=""0512"""\r\n\x1a'.encode())
    assert sheet.rows[1:] == [["01", "0512"]]
    assert not sheet.unfinished


def test_commas_in_cells_do_not_hide_the_delimiter() -> None:
    (sheet,) = read_content("客户编号;姓名;手机\nA,1,2;b,3,4;c,5,6\n".encode())
    assert sheet.rows[1] == ["A,1,2", "b,3,4", "c,5,6"]


def test_xlsx_cells_become_text_without_loss() -> None:
    day = datetime.datetime(2024, 3, 5)
    cells: list[object] = [13812345678.0, 1.38123e10, 1.1010519491231e17, "000001", day, True, 0.5]
    (sheet,) = read_content(xlsx([["标题"], [], cells, [day.replace(hour=9), None, " 李 "]]))
    assert sheet.name == "数据"
    assert sheet.rows[2] == [
        "13812345678",
        "13812300000",
        "1.1010519491231e+17",
        "000001",
        "2024-03-05",
        "TRUE",
        "0.5",
    ]
    assert sheet.rows[3][:3] == ["2024-03-05 09:00:00", "", " 李 "]


def test_xls_and_blank_rows_above_keep_row_numbers() -> None:
    (sheet,) = read_content(xls([[], [], ["客户编号", "姓名"], ["A1", "李雷"]]))
    assert [row[0] for row in sheet.rows] == ["", "", "客户编号", "A1"]


def test_hidden_sheets_and_columns_are_read() -> None:
    book = openpyxl.Workbook()
    hidden = book.create_sheet("隐藏")
    hidden.append(["客户编号", "姓名"])
    hidden.sheet_state = "hidden"
    hidden.column_dimensions["B"].hidden = True
    out = io.BytesIO()
    book.save(out)
    sheets = read_content(out.getvalue())
    assert sheets[1].name == "隐藏"
    assert sheets[1].rows == [["客户编号", "姓名"]]


def test_html_named_xls() -> None:
    page = """<html><meta charset=gb2312><table><tr><td colspan=3>客户档案</td></tr>
    <tr><th>客户编号</th><th>姓 名</th><th>手机</th></tr>
    <tr><td rowspan=2>A1</td><td>李<br>雷</td><td>&nbsp;</td></tr>
    <tr><td>韩梅</td><td>139</td></tr></table></html>"""
    (sheet,) = read_content(page.encode("gb18030"))
    assert sheet.rows == [
        ["客户档案", "", ""],
        ["客户编号", "姓 名", "手机"],
        ["A1", "李\n雷", ""],
        ["", "韩梅", "139"],
    ]


def test_excel_2003_xml() -> None:
    page = """<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>
    <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
     xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="数据"><Table>
    <Row><Cell><Data ss:Type="String">客户编号</Data></Cell></Row>
    <Row ss:Index="3"><Cell ss:Index="2"><Data ss:Type="String">李</Data></Cell></Row>
    </Table></Worksheet></Workbook>"""
    (sheet,) = read_content(page.encode())
    assert (sheet.name, sheet.rows) == ("数据", [["客户编号"], [], ["", "李"]])


def zipped(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "客户编号,姓名\n")
    return out.getvalue()


WORKBOOK = xlsx([HEAD, ["A1", "李雷", "1"]])
OLD = xls([HEAD, ["A1", "李雷", "1"]])
GB = text_of([HEAD, ["A1", "李雷", "韩梅"]]).encode("gb18030").rstrip()
UTF8 = text_of([HEAD, ["A1", "李雷", "韩梅"]]).encode().rstrip()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", EmptyFile),
        (b"\xef\xbb\xbf\r\n \n", EmptyFile),
        (bytes(64), HalfWritten),
        *[(WORKBOOK[:cut], HalfWritten) for cut in (2, 100, len(WORKBOOK) // 2, -5)],
        *[(OLD[:cut], HalfWritten) for cut in (4, 300, 600, len(OLD) // 2, -10)],
        (GB[:-1], HalfWritten),
        (UTF8[:-1], HalfWritten),
        (UTF8.decode().encode("utf-16")[:-1], HalfWritten),
        ('客户编号,姓名,手机\nA1,b,c\nA2,"李'.encode(), HalfWritten),
        ("<table><tr><td>客户编号</td></tr><tr><td>A".encode(), HalfWritten),
        (zipped("customers.csv"), Unreadable),
        (zipped("xl/workbook.xml"), Unreadable),
        (b"%PDF-1.7 ...", Unreadable),
        ("姓名,手机\n".encode("gb18030") + b"\xff\xff,1\n", Undecodable),
        ("姓名".encode("utf-8-sig") + b"\xc0\xc0", Undecodable),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "file",
)
def test_bad_files(data: bytes, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        read_content(data)
