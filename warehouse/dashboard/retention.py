"""Who comes back for service: by service, quarter of sale and selling dealer."""

from __future__ import annotations

import statistics
from typing import Any

import duckdb

from warehouse.dashboard.asking import ask
from warehouse.dashboard.charts import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    YELLOW,
    Bar,
    Part,
    bars,
    heat,
    lines,
    stacked,
)
from warehouse.dashboard.disclosure import Rate, rate
from warehouse.dashboard.page import Cell, Figure, Page, Table
from warehouse.dashboard.picking import ends, ends_say, parted
from warehouse.dashboard.wording import CARS, LEFT_OUT, Text, count, outlet, percent, quarter, same

_SERVICES = {
    1: Text("首次保养", "1st service"),
    2: Text("第二次保养", "2nd service"),
    3: Text("第三次保养", "3rd service"),
}
_PLACES = (
    Part("at_outlet", Text("本店或其常去的服务站", "at the dealer's own workshop"), BLUE),
    Part("elsewhere", Text("网内其他站", "elsewhere in the network"), YELLOW),
    Part("nowhere", Text("没有回来", "nowhere"), GREY),
)
_CAME = Text("回网保养的比例", "share of cars that came back")
_SELLER = Text("售车网点", "selling outlet")
_QUARTER = Text("售出季度", "quarter of sale")
_NOTHING = Text(
    "还没有哪个季度售出的车都到了保养时间，所以没有留存率。",
    "There is no quarter yet whose cars are all old enough for a service, so there is no"
    " retention.",
)


def page(con: duckdb.DuckDBPyConnection) -> Page:
    """The page of service retention."""
    return Page(
        "retention",
        Text("保养留存", "Service retention"),
        Text(
            "售出的车有多少回来做第一、二、三次保养，在哪里做。只算车龄已到的季度，"
            "取最近十二个季度。",
            "How many of the cars sold came for their first, second and third service, and where."
            " Only quarters all of whose cars are old enough, the latest twelve of them.",
        ),
        [],
        [services(con), *_by_quarter(con), *_by_outlet(con)],
    )


def due(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The network's cars by service, as the other queries of this page need them, too."""
    ask(con, "retention_due")
    return ask(con, "retention_services")


def services(con: duckdb.DuckDBPyConnection) -> Figure:
    """Where cars of the whole network came for their services."""
    title = Text("三次保养，在哪里做", "Three services, and where")
    rows = [row for row in due(con) if rate(row["nowhere"], row["cars"]).value is not None]
    if not rows:
        return Figure("services", title, _NOTHING)
    shares = [
        (
            _SERVICES[row["service_no"]],
            {part.name: rate(row[part.name], row["cars"]).value or 0.0 for part in _PLACES},
        )
        for row in rows
    ]
    came = {r["service_no"]: rate(r["at_outlet"] + r["elsewhere"], r["cars"]) for r in rows}
    first, last = rows[0], rows[-1]
    says = Text(
        f"每 100 辆车约 {_of_100(came[1])} 辆回来做首次保养"
        + (
            f"，到{_SERVICES[last['service_no']].zh}还剩 {_of_100(came[last['service_no']])} 辆"
            if len(rows) > 1
            else ""
        )
        + f"；首次保养有 {rate(first['elsewhere'], first['cars'])} 去了网内其他站"
        f"（{quarter(first['first_quarter'])} 至 {quarter(first['last_quarter'])} 售出的"
        f" {count(first['cars'])} 辆）。",
        f"Of 100 cars {_of_100(came[1])} came for their first service"
        + (
            f" and {_of_100(came[last['service_no']])} for the"
            f" {_SERVICES[last['service_no']].en.removesuffix(' service')}"
            if len(rows) > 1
            else ""
        )
        + f"; {rate(first['elsewhere'], first['cars'])} had the first one elsewhere in the network"
        f" ({count(first['cars'])} cars sold in {quarter(first['first_quarter'])} to"
        f" {quarter(first['last_quarter'])}).",
    )
    drawing = stacked(
        shares,
        _PLACES,
        Text("保养", "service"),
        Text("占已到期车辆", "share of cars that were due"),
    )
    return Figure("services", title, says, drawing)


def _of_100(came: Rate) -> str:
    return str(came).removesuffix("%")


def _by_quarter(con: duckdb.DuckDBPyConnection) -> list[Figure]:
    told = [(row, rate(row["came"], row["cars"]).value) for row in ask(con, "retention_quarters")]
    points = [
        (quarter(row["sold_in"]), str(row["service_no"]), share)
        for row, share in told
        if share is not None
    ]
    first = [(at, share) for at, service, share in points if service == "1"]
    if len(first) < 2:
        return []
    (start, before), (end, now) = first[max(len(first) - 5, 0)], first[-1]
    change = round(100 * (now - before))
    direction = (
        Text("持平", "no change")
        if not change
        else Text(f"上升 {change} 个百分点", f"{change} points up")
        if change > 0
        else Text(f"下降 {-change} 个百分点", f"{-change} points down")
    )
    says = Text(
        f"{end} 售出的车有 {percent(now)} 回来做首次保养，{start} 售出的是 {percent(before)}："
        f"{direction.zh}。",
        f"Of the cars sold in {end}, {percent(now)} came for their first service, of those sold in"
        f" {start} {percent(before)}: {direction.en}.",
    )
    parts = [
        Part(str(number), _SERVICES[number], colour)
        for number, colour in ((1, BLUE), (2, YELLOW), (3, GREEN))
    ]
    drawing = lines(points, parts, _QUARTER, _CAME)
    return [
        Figure(
            "quarters",
            Text("一批比一批好吗", "Is each quarter's batch better than the last"),
            says,
            drawing,
        )
    ]


def _by_outlet(con: duckdb.DuckDBPyConnection) -> list[Figure]:
    rows = {(row["outlet"], row["service_no"]): row for row in ask(con, "retention_outlets")}
    first = {
        code: rate(row["at_outlet"] + row["elsewhere"], row["cars"])
        for (code, service), row in rows.items()
        if service == 1
    }
    values = {code: share.value for code, share in first.items() if share.value is not None}
    if not values:
        return []
    ordered = sorted(values, key=lambda code: (-values[code], code))
    shown, middle = ends(ordered), statistics.median(values.values())
    best, worst = ordered[0], ordered[-1]
    says = Text(
        f"最好的 {outlet(best).zh} 为 {first[best]}，最弱的 {outlet(worst).zh} 为 {first[worst]}；"
        f"一半网点不低于 {percent(middle)}。" + ends_say(len(ordered)).zh,
        f"{outlet(best).en} is best with {first[best]}, {outlet(worst).en} weakest with"
        f" {first[worst]}; half of the outlets have {percent(middle)} or more. "
        + ends_say(len(ordered)).en,
    )
    drawn = [
        Bar(outlet(code), values[code], str(first[code]), (ORANGE, BLUE)[values[code] >= middle])
        for code in shown
    ]
    drawing = bars(
        parted(drawn, Bar(LEFT_OUT, None, " "), len(ordered)),
        _SELLER,
        _CAME,
        share=True,
    )
    note = Text("橙色：低于中位数。", "Orange: below the median.")
    table = _table(rows, sorted({code for code, _ in rows}))
    figures = [
        Figure(
            "outlets",
            Text("各网点首次保养留存", "First service by selling outlet"),
            says,
            drawing,
            note,
            table,
        )
    ]
    return [*figures, *_cells(con, shown)]


def _cells(con: duckdb.DuckDBPyConnection, shown: list[str]) -> list[Figure]:
    told = [(row, rate(row["came"], row["cars"])) for row in ask(con, "retention_cells")]
    at = {code: place for place, code in enumerate(shown)}
    cells = sorted(
        ((row, share) for row, share in told if share.value is not None and row["outlet"] in at),
        key=lambda one: (at[one[0]["outlet"]], one[0]["sold_in"]),
    )
    if not cells:
        return []
    low, share = min(
        cells, key=lambda one: (one[1].value or 0, one[0]["outlet"], one[0]["sold_in"])
    )
    says = Text(
        f"颜色越深，回来的越多。最低的一格是 {outlet(low['outlet']).zh} 在"
        f" {quarter(low['sold_in'])} 售出的车：{share}。",
        "The darker, the more came back. The lowest cell is the cars that"
        f" {outlet(low['outlet']).en} sold in {quarter(low['sold_in'])}: {share}.",
    )
    note = Text(
        "网点次序与上图相同。空格：不足以公布。手机上只显示最近五个季度。",
        "Outlets in the order of the picture above. Blank: too few to tell. Phones show the last"
        " five quarters.",
    )
    drawing = heat(
        [
            (
                outlet(row["outlet"]),
                same(quarter(row["sold_in"])),
                share.value or 0.0,
                str(share).removesuffix("%"),
            )
            for row, share in cells
        ],
        [same(name) for name in sorted({quarter(row["sold_in"]) for row, _ in cells})],
        _SELLER,
        _QUARTER,
        Text("首次保养回网比例（%）", "came for the first service (%)"),
    )
    return [
        Figure(
            "cells",
            Text("各网点、各批次的首次保养", "First service by outlet and quarter of sale"),
            says,
            drawing,
            note,
        )
    ]


def _table(rows: dict[tuple[str, int], dict[str, Any]], codes: list[str]) -> Table:
    def cells(code: str) -> tuple[Cell, ...]:
        first = rows.get((code, 1))
        told = [Cell.text(outlet(code)), Cell.number(first["cars"] if first else None)]
        for service in _SERVICES:
            row = rows.get((code, service))
            for parts in (("at_outlet", "elsewhere"), ("at_outlet",), ("elsewhere",)):
                if len(parts) == 1 and service > 1:
                    continue
                share = rate(sum(row[part] for part in parts), row["cars"]) if row else Rate(None)
                told.append(Cell.number(share.value, str(share)))
        return tuple(told)

    columns = (
        _SELLER,
        CARS,
        _SERVICES[1],
        Text("其中本店", "… own workshop"),
        Text("其中网内其他站", "… elsewhere"),
        _SERVICES[2],
        _SERVICES[3],
    )
    title = Text(f"全部 {count(len(codes))} 个网点", f"All {count(len(codes))} outlets")
    return Table(title, columns, [cells(code) for code in codes])
