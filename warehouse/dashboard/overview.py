"""The first page: what matters most, and where more of it is told."""

from __future__ import annotations

from typing import Any

import duckdb

from warehouse.dashboard import retention, stages
from warehouse.dashboard.asking import ask
from warehouse.dashboard.charts import Bar, columns
from warehouse.dashboard.disclosure import rate, told
from warehouse.dashboard.lifecycle import network
from warehouse.dashboard.page import Fact, Figure, Page
from warehouse.dashboard.wording import HIDDEN, STAGES, Text, count, money, percent, same

_KINDS = {
    "person": Text("个人", "people"),
    "company": Text("单位", "companies"),
    "unknown": Text("类型不详", "of unknown kind"),
}


def page(con: duckdb.DuckDBPyConnection) -> Page:
    """The overview."""
    found = stages.read(con)
    return Page(
        "index",
        Text("概览", "Overview"),
        Text(
            "全网客户、用车服务和数据的要点；点数字看详情。",
            "Customers, service and data of the whole network; a figure leads to its page.",
        ),
        [*_customers(con, found), *_stages(found), *_rest(con)],
        [network(found), retention.services(con), _deciles(con)],
    )


def _customers(con: duckdb.DuckDBPyConnection, found: stages.Stages) -> list[Fact]:
    rows = ask(con, "kinds")
    numbers = dict(
        zip((r["kind"] for r in rows), told([r["customers"] for r in rows]), strict=True)
    )
    known = [(label, number) for name, label in _KINDS.items() if (number := numbers.get(name))]
    note = Text(
        "，".join(f"{label.zh} {count(number)}" for label, number in known),
        ", ".join(f"{count(number)} {label.en}" for label, number in known),
    )
    cars = ask(con, "cars")[0]["cars"]
    return [
        Fact(
            "customers", Text("客户", "Customers"), same(count(found.customers)), note, "lifecycle"
        ),
        Fact(
            "cars",
            Text("客户名下车辆", "Cars that they own"),
            same(count(cars)),
            None,
            "replacement",
        ),
    ]


def _stages(found: stages.Stages) -> list[Fact]:
    facts = []
    for name in ("active", "new", "returned", "cooling", "lost"):
        label = STAGES[name][0]
        called = Text(f"{label.zh}客户" if name != "new" else label.zh, label.en.capitalize())
        number = found.network[name]
        note = Text(f"占 {percent(found.share(name))}", f"{percent(found.share(name))} of all")
        facts.append(
            Fact(
                name,
                called,
                same(HIDDEN if number is None else count(number)),
                note if number else None,
                "lost" if name == "lost" else "lifecycle",
            )
        )
    return facts


def _rest(con: duckdb.DuckDBPyConnection) -> list[Fact]:
    facts = []
    first = next((row for row in retention.due(con) if row["service_no"] == 1), None)
    if first:
        came = rate(first["at_outlet"] + first["elsewhere"], first["cars"])
        note = Text("首次保养，近十二个季度所售", "first service, cars of twelve quarters")
        facts.append(
            Fact(
                "retained",
                Text("回网保养", "Came back for service"),
                same(str(came)),
                note,
                "retention",
            )
        )
    late = [row["days_late"] for row in ask(con, "quality") if row["source"] != "hq"]
    if late:
        behind = sum(days is None or days > 7 for days in late)
        facts.append(
            Fact(
                "late",
                Text("数据迟到超过 7 天的网点", "Outlets with data over 7 days late"),
                same(count(behind)),
                Text(f"共 {count(len(late))} 家", f"of {count(len(late))}"),
                "quality",
            )
        )
    return facts


def _deciles(con: duckdb.DuckDBPyConnection) -> Figure:
    rows = ask(con, "deciles")
    title = Text("谁带来服务收入", "Who brings the service revenue")
    total = sum(row["amount"] for row in rows)
    if not total or min(row["customers"] for row in rows) == 0 or _too_few(rows):
        says = Text(
            "还没有足够客户的维修金额，画不出分布。",
            "Too few customers have been invoiced to tell.",
        )
        return Figure("deciles", title, says)
    shares = [float(row["share"]) for row in rows]
    three = percent(sum(shares[:3]))
    nothing = sum(row["amount"] == 0 for row in rows)
    says = Text(
        f"消费最高的一成客户贡献了 {percent(shares[0])} 的服务收入（共 {money(total).zh}），"
        f"前三成合计 {three}" + (f"；最低的 {nothing} 成从未有过维修消费。" if nothing else "。"),
        f"The tenth of customers that spends most brings {percent(shares[0])} of the service"
        f" revenue ({money(total).en} in all), the first three tenths {three}"
        + (f"; the last {nothing} tenths have never been invoiced anything." if nothing else "."),
    )
    drawn = [
        Bar(same(str(row["value_decile"])), round(share, 2))
        for row, share in zip(rows, shares, strict=True)
    ]
    drawing = columns(
        drawn,
        Text(
            "客户按累计消费排序，每组一成（1 为最高）",
            "tenths of customers by what they spent, 1 the highest",
        ),
        Text("占服务收入", "share of service revenue"),
        share=True,
    )
    return Figure("deciles", title, says, drawing)


def _too_few(rows: list[dict[str, Any]]) -> bool:
    return None in told([row["customers"] for row in rows])
