"""How good the data are that outlets send: usable, entered twice, late."""

from __future__ import annotations

import statistics
from typing import Any

import duckdb

from warehouse.dashboard.asking import ask
from warehouse.dashboard.charts import ORANGE, Bar, bars, columns, heat
from warehouse.dashboard.disclosure import LEAST
from warehouse.dashboard.page import Cell, Fact, Figure, Page, Table
from warehouse.dashboard.picking import ENDS
from warehouse.dashboard.wording import OUTLET, Text, count, percent, same

_SOURCES = {
    "hq": Text("总部", "HQ"),
    "dealer": Text("经销商", "dealers"),
    "station": Text("服务站", "stations"),
}
_FIELDS = {
    "name_usable": Text("姓名", "name"),
    "phone_usable": Text("电话", "phone"),
    "id_number_usable": Text("证件号", "id number"),
    "vin_usable": Text("车架号", "VIN"),
    "plate_usable": Text("车牌", "plate"),
}
#: Upper bound in days -> what it is called.
_LATE = (
    (1, Text("0 – 1 天", "0 – 1 days")),
    (3, Text("2 – 3 天", "2 – 3 days")),
    (7, Text("4 – 7 天", "4 – 7 days")),
    (30, Text("8 – 30 天", "8 – 30 days")),
    (None, Text("30 天以上", "over 30 days")),
)
_NEVER = Text("没有文件", "no file")
_SENDER = Text("网点", "outlet")

#: An outlet with fewer records than this is in the table, and in no picture: of few, one record is
#: many per cent, and the smallest outlets would lead every list.
_ENOUGH = 30

Row = dict[str, Any]


def page(con: duckdb.DuckDBPyConnection) -> Page:
    """The page of data quality."""
    return page_of(ask(con, "quality"))


def page_of(rows: list[Row]) -> Page:
    """The page of these rows of `queries/quality.sql`."""
    title = Text("数据质量", "Data quality")
    lead = Text(
        "各网点报来的数据填了多少、有多少能用、重复录入多少、迟到几天。",
        "Of the data that outlets send: how much is filled and usable, how much is entered twice,"
        " how late.",
    )
    if not rows:
        says = Text("还没有收到数据。", "No data have come in yet.")
        return Page("quality", title, lead, [], [Figure("fields", title, says)])
    enough = [row for row in rows if row["records"] >= _ENOUGH]
    figures = [_fields(enough), *_worst_phone(enough), *_duplicates(enough), _lateness(rows)]
    return Page("quality", title, lead, _facts(rows), [*figures, _all(rows)])


def _facts(rows: list[Row]) -> list[Fact]:
    return [
        Fact("records", Text("记录", "Records"), same(count(sum(row["records"] for row in rows)))),
        Fact(
            "held",
            Text("不能用的行", "Rows that could not be used"),
            same(count(sum(row["held_rows"] for row in rows))),
        ),
        Fact(
            "bad-files",
            Text("坏文件", "Files set aside"),
            same(count(sum(row["bad_files"] for row in rows))),
        ),
    ]


def _fields(rows: list[Row]) -> Figure:
    title = Text("关键字段有多少能用", "How much of the key fields is usable")
    cells = []
    for source, label in _SOURCES.items():
        of = [row for row in rows if row["source"] == source]
        records = sum(row["records"] for row in of)
        for name, field in _FIELDS.items():
            usable = sum((row[name] or 0) * row["records"] for row in of)
            if usable:
                cells.append((label, field, round(usable / records, 2), percent(usable / records)))
    if not cells:
        return Figure("fields", title, Text("记录太少，不予公布。", "Too few records to tell."))
    low = min(cells, key=lambda cell: cell[2])
    says = Text(
        f"最弱的是{low[0].zh}的{low[1].zh}：只有 {low[3]} 的记录能用。",
        f"Weakest is the {low[1].en} at {low[0].en}: usable in only {low[3]} of the records.",
    )
    note = Text("空格：该来源没有这个字段。", "Blank: the source does not have the field.")
    drawing = heat(
        cells,
        list(_FIELDS.values()),
        Text("来源", "source"),
        Text("字段", "field"),
        Text("能用的记录", "records with a usable value"),
    )
    return Figure("fields", title, says, drawing, note)


def _worst_phone(rows: list[Row]) -> list[Figure]:
    of = [row for row in rows if row["source"] != "hq" and row["phone_usable"]]
    if not of:
        return []
    of.sort(key=lambda row: (row["phone_usable"], row["outlet"]))
    middle = statistics.median(row["phone_usable"] for row in of)
    says = Text(
        f"{of[0]['outlet']} 只有 {percent(of[0]['phone_usable'])} 的记录有能用的电话；中位数是"
        f" {percent(middle)}。",
        f"At {of[0]['outlet']} only {percent(of[0]['phone_usable'])} of the records have a usable"
        f" phone; the median is {percent(middle)}.",
    )
    drawn = [
        Bar(same(row["outlet"]), round(row["phone_usable"], 2), colour=ORANGE) for row in of[:ENDS]
    ]
    drawing = bars(
        drawn, _SENDER, Text("有可用电话的记录", "records with a usable phone"), share=True
    )
    note = Text(f"最低的 {len(drawn)} 家。", f"The lowest {len(drawn)}.")
    return [
        Figure(
            "phones", Text("哪些网点的电话最不能用", "Where phones are worst"), says, drawing, note
        )
    ]


def _duplicates(rows: list[Row]) -> list[Figure]:
    of = [row for row in rows if row["duplicate_share"] is not None]
    if not of:
        return []
    of.sort(key=lambda row: (-row["duplicate_share"], row["outlet"]))
    share = percent(sum(row["duplicates"] for row in of) / sum(row["records"] for row in of))
    says = Text(
        f"经销商的记录有 {share} 是同一客户的重复建档；最多的是 {of[0]['outlet']}："
        f"{percent(of[0]['duplicate_share'])}。",
        f"{share} of the dealers' records are second files on a customer whom they had already;"
        f" {of[0]['outlet']} has most, {percent(of[0]['duplicate_share'])}.",
    )
    drawn = [
        Bar(same(row["outlet"]), round(row["duplicate_share"], 2), colour=ORANGE)
        for row in of[:ENDS]
    ]
    drawing = bars(
        drawn,
        Text("经销商", "dealer"),
        Text("重复建档占其记录", "second files, of its records"),
        share=True,
    )
    note = Text(f"最高的 {len(drawn)} 家。", f"The highest {len(drawn)}.")
    return [
        Figure(
            "duplicates", Text("谁重复建档最多", "Who enters customers twice"), says, drawing, note
        )
    ]


def _lateness(rows: list[Row]) -> Figure:
    days = [row["days_late"] for row in rows if row["source"] != "hq"]
    title = Text("数据迟到几天", "How late the data are")
    if not days:
        return Figure(
            "lateness", title, Text("还没有网点报来数据。", "No outlet has sent data yet.")
        )
    numbers, above = [], -1
    for most, _ in _LATE:
        numbers.append(
            sum(d is not None and d > above and (most is None or d <= most) for d in days)
        )
        above = most if most is not None else above
    drawn = [Bar(label, number) for (_, label), number in zip(_LATE, numbers, strict=True)]
    drawn.append(Bar(_NEVER, sum(d is None for d in days), colour=ORANGE))
    late = len(days) - sum(numbers[:3])
    says = Text(
        f"{count(len(days))} 家网点中 {count(numbers[0])} 家的最新文件不超过一天，{count(late)}"
        " 家迟了一周以上或没有文件。",
        f"Of {count(len(days))} outlets {count(numbers[0])} have a file of the last day,"
        f" {count(late)} are more than a week late or have none.",
    )
    drawing = columns(
        drawn, Text("最新文件距今", "age of the latest file"), Text("网点数", "outlets")
    )
    return Figure("lateness", title, says, drawing)


def _all(rows: list[Row]) -> Figure:
    def cells(row: Row) -> tuple[Cell, ...]:
        enough = row["records"] >= LEAST
        shares = [
            row["filled"],
            row["usable"],
            *(row[name] for name in _FIELDS),
            row["duplicate_share"],
        ]
        return (
            Cell.text(same(row["outlet"]) if row["outlet"] else _SOURCES["hq"]),
            Cell.number(row["records"]) if enough else Cell.hidden(),
            *(_share(value) if enough else Cell.hidden() for value in shares),
            Cell.number(row["held_rows"]),
            Cell.number(row["bad_files"]),
            Cell.number(row["days_late"]),
        )

    names = (
        OUTLET,
        Text("记录", "records"),
        Text("填写", "filled"),
        Text("能用", "usable"),
        *_FIELDS.values(),
        Text("重复", "entered twice"),
        Text("不能用的行", "unusable rows"),
        Text("坏文件", "bad files"),
        Text("迟到天数", "days late"),
    )
    title = Text(f"全部 {count(len(rows))} 个来源", f"All {count(len(rows))} senders")
    says = Text(
        "姓名到车牌：有可用值的记录占全部记录；“能用”占已填写的。",
        "From name to plate: records with a usable value, of all records; 'usable' is of what is"
        " filled.",
    )
    table = Table(title, names, [cells(row) for row in rows])
    return Figure("all", Text("每个网点的数据", "The data of each outlet"), says, None, None, table)


def _share(value: float | None) -> Cell:
    return Cell.number(None if value is None else round(value, 2), percent(value))
