"""Key accounts in numbers: how large, how well known, in which stage. Nobody is named."""

from __future__ import annotations

from typing import Any

import duckdb

from warehouse.dashboard.asking import ask
from warehouse.dashboard.charts import Bar, bars
from warehouse.dashboard.disclosure import told
from warehouse.dashboard.page import Cell, Fact, Figure, Page, Table
from warehouse.dashboard.picking import ENDS
from warehouse.dashboard.wording import CARS, STAGES, Text, count, money, outlet, percent, same
from warehouse.rules import load

_ACCOUNTS = Text("大客户数", "key accounts")
_REACH = (
    Text("1 家", "1 outlet"),
    Text("2 至 3 家", "2 or 3"),
    Text("4 至 9 家", "4 to 9"),
    Text("10 家以上", "10 or more"),
)
_BOUNDS = ("4", "5 – 9", "10 – 19", "20+")


def page(con: duckdb.DuckDBPyConnection) -> Page:
    """The page of key accounts."""
    least = load().key_accounts.cars
    title = Text("大客户", "Key accounts")
    lead = Text(
        f"名下有 {least} 辆车以上的客户。这里只有数字；名单在 mart_key_accounts。",
        f"Customers who own {least} cars or more. Numbers only; who they are is in"
        " mart_key_accounts.",
    )
    sizes = ask(con, "account_sizes")
    if not sizes:
        says = Text("还没有大客户。", "There are no key accounts yet.")
        return Page("accounts", title, lead, [], [Figure("sizes", title, says)])
    return Page(
        "accounts",
        title,
        lead,
        _facts(sizes),
        [_sizes(sizes), _reach(con), _stages(con), _outlets(con)],
    )


def _told(rows: list[dict[str, Any]]) -> list[int | None]:
    return told([row["accounts"] for row in rows])


def _facts(sizes: list[dict[str, Any]]) -> list[Fact]:
    if told([sum(row["accounts"] for row in sizes)]) == [None]:
        return []
    return [
        Fact("accounts", _ACCOUNTS, same(count(sum(row["accounts"] for row in sizes)))),
        Fact(
            "account-cars",
            Text("名下车辆", "Cars that they own"),
            same(count(sum(row["cars"] for row in sizes))),
        ),
        Fact(
            "account-amount",
            Text("近十二个月服务金额", "Service in twelve months"),
            money(sum(row["amount"] or 0 for row in sizes)),
        ),
    ]


def _sizes(rows: list[dict[str, Any]]) -> Figure:
    numbers = _told(rows)
    least = load().key_accounts.cars
    labels = [
        same(bound if at else f"{least} – {bound}" if least < 4 else bound)
        for at, bound in enumerate(_BOUNDS)
    ]
    drawn = [Bar(labels[row["class"]], number) for row, number in zip(rows, numbers, strict=True)]
    table = Table(
        Text("按规模", "By size"),
        (
            Text("名下车辆", "cars owned"),
            _ACCOUNTS,
            CARS,
            Text("近十二个月进站", "visits in 12 months"),
            Text("近十二个月金额（元）", "invoiced in 12 months (CNY)"),
        ),
        [
            (Cell(labels[row["class"]], row["class"]), *[Cell.hidden()] * 4)
            if number is None
            else (
                Cell(labels[row["class"]], row["class"]),
                Cell.number(row["accounts"]),
                Cell.number(row["cars"]),
                Cell.number(row["visits"]),
                Cell.number(row["amount"] or 0),
            )
            for row, number in zip(rows, numbers, strict=True)
        ],
    )
    most = max(drawn, key=lambda bar: bar.value or 0)
    share = percent((most.value or 0) / sum(row["accounts"] for row in rows))
    says = Text(
        f"{share} 的大客户有 {most.label.zh} 辆车。" if most.value else "各档数量太少，不予公布。",
        f"{share} of the key accounts own {most.label.en} cars."
        if most.value
        else "Too few of each size to tell.",
    )
    note = (
        Text("· 表示数量太少，不予公布。", "· stands for too few to tell.")
        if None in numbers
        else None
    )
    drawing = bars(drawn, Text("名下车辆", "cars owned"), _ACCOUNTS)
    return Figure("sizes", Text("大客户有多大", "How large they are"), says, drawing, note, table)


def _reach(con: duckdb.DuckDBPyConnection) -> Figure:
    rows = ask(con, "account_reach")
    drawn = [
        Bar(_REACH[row["class"]], number) for row, number in zip(rows, _told(rows), strict=True)
    ]
    title = Text("有几家网点认识他们", "How many outlets know them")
    if any(bar.value is None for bar in drawn):
        says = Text(
            "同一大客户往往由几家网点各管一部分。",
            "Several outlets often know a part of the same account each.",
        )
    else:
        number = sum(row["accounts"] for row in rows if row["class"] > 0)
        share = percent(number / sum(row["accounts"] for row in rows))
        says = Text(
            f"{share}（{count(number)} 位）由不止一家网点服务：报价和联系人需要统一。",
            f"{share} ({count(number)}) are known by more than one outlet: agree on prices and on"
            " who calls.",
        )
    return Figure(
        "reach", title, says, bars(drawn, Text("认识的网点", "outlets that know it"), _ACCOUNTS)
    )


def _stages(con: duckdb.DuckDBPyConnection) -> Figure:
    order = {name: at for at, name in enumerate(STAGES)}
    rows = sorted(ask(con, "account_stages"), key=lambda row: order[row["stage"]])
    numbers = {row["stage"]: number for row, number in zip(rows, _told(rows), strict=True)}
    drawn = [
        Bar(STAGES[name][0], number, colour=STAGES[name][1]) for name, number in numbers.items()
    ]
    gone = [numbers[name] for name in ("cooling", "lost") if name in numbers]
    if not gone or None in gone:
        says = Text("大客户按生命周期阶段。", "Key accounts by stage of the lifecycle.")
    else:
        number = sum(number or 0 for number in gone)
        says = Text(
            f"{count(number)} 位大客户转冷或已流失，应由大客户经理联系。",
            f"{count(number)} key accounts cool off or are lost: their managers should call.",
        )
    return Figure(
        "stages",
        Text("大客户处在哪个阶段", "Their stages"),
        says,
        bars(drawn, Text("阶段", "stage"), _ACCOUNTS),
    )


def _outlets(con: duckdb.DuckDBPyConnection) -> Figure:
    rows = ask(con, "account_outlets")
    numbers = _told(rows)
    drawn = [
        Bar(outlet(row["outlet"]), number)
        for row, number in zip(rows, numbers, strict=True)
        if row["outlet"] and number is not None
    ][:ENDS]
    title = Text("最熟悉他们的网点", "Outlets that know them best")
    main = Text("记录最多的网点", "outlet with most records")
    table = Table(
        Text(f"全部 {count(len(rows))} 个网点", f"All {count(len(rows))} outlets"),
        (main, _ACCOUNTS, CARS),
        [
            (Cell.text(outlet(row["outlet"])), *[Cell.hidden()] * 2)
            if number is None
            else (
                Cell.text(outlet(row["outlet"])),
                Cell.number(row["accounts"]),
                Cell.number(row["cars"]),
            )
            for row, number in zip(rows, numbers, strict=True)
        ],
    )
    if not drawn:
        says = Text("各网点大客户太少，不予公布。", "Too few at each outlet to tell.")
        return Figure("outlets", title, says, None, None, table)
    first = drawn[0]
    says = Text(
        f"{first.label.zh} 最熟悉的大客户最多：{count(first.value or 0)} 位。",
        f"{first.label.en} knows most of them best: {count(first.value or 0)}.",
    )
    return Figure("outlets", title, says, bars(drawn, main, _ACCOUNTS), None, table)
