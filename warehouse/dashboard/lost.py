"""Who has been lost: how many, since when, where, and what they were worth."""

from __future__ import annotations

from typing import Any

import duckdb

from warehouse.dashboard import stages
from warehouse.dashboard.asking import ask
from warehouse.dashboard.charts import ORANGE, Bar, bars, columns
from warehouse.dashboard.disclosure import told
from warehouse.dashboard.page import Cell, Fact, Figure, Page, Table
from warehouse.dashboard.picking import ENDS
from warehouse.dashboard.wording import (
    CUSTOMERS,
    OUTLET,
    STAGES,
    Text,
    count,
    money,
    outlet,
    percent,
    quarter,
    same,
)
from warehouse.rules import load

_CLASSES = (
    Text("从未消费", "nothing"),
    Text("不足 1,000 元", "below CNY 1,000"),
    Text("1,000 至 5,000 元", "CNY 1,000 to 5,000"),
    Text("5,000 元以上", "CNY 5,000 or more"),
)
_LOST = Text("流失客户", "lost customers")


def page(con: duckdb.DuckDBPyConnection) -> Page:
    """The page of lost customers."""
    days = load().lifecycle.lost_days
    lead = Text(
        f"流失：{days} 天没有任何接触（购车、进站，或名下车辆进站）。",
        f"Lost: no contact for {days} days, neither a purchase nor a visit of theirs or of a car of"
        " theirs.",
    )
    title, found = Text("流失客户", "Lost customers"), stages.read(con)
    if not found.network["lost"]:
        says = (
            Text("没有流失的客户。", "No customer has been lost.")
            if found.network["lost"] == 0
            else Text(
                "流失客户太少，不予公布。", "Too few customers have been lost to tell of them."
            )
        )
        return Page("lost", title, lead, [], [Figure("since", title, says)])
    values = ask(con, "lost_value")
    return Page(
        "lost", title, lead, _facts(found, values), [_since(con), _outlets(found), _value(values)]
    )


def _facts(found: stages.Stages, values: list[dict[str, Any]]) -> list[Fact]:
    share = percent(found.share("lost"))
    return [
        Fact(
            "lost",
            _LOST,
            same(count(found.network["lost"] or 0)),
            Text(f"占客户 {share}", f"{share} of all"),
        ),
        Fact(
            "lost-cars",
            Text("名下仍有车辆", "cars that they still own"),
            same(count(sum(row["cars"] for row in values))),
        ),
        Fact(
            "lost-amount",
            Text("流失前累计消费", "what they had spent on service"),
            money(sum(row["amount"] for row in values)),
        ),
    ]


def _since(con: duckdb.DuckDBPyConnection) -> Figure:
    rows = ask(con, "lost_since")
    earlier = Text("更早", "earlier")
    drawn = [
        Bar(same(quarter(row["last_in"])) if row["last_in"] else earlier, number, colour=ORANGE)
        for row, number in zip(rows, told([row["customers"] for row in rows]), strict=True)
    ]
    title = Text("什么时候最后一次见到", "When they were last seen")
    recent = [bar for bar in drawn[-4:] if bar.value is not None]
    if not recent:
        return Figure(
            "since", title, Text("各季度人数太少，不予公布。", "Too few in each quarter to tell.")
        )
    number = sum(bar.value or 0 for bar in recent)
    share = percent(number / sum(row["customers"] for row in rows))
    says = Text(
        f"最后接触在 {recent[0].label.zh} 至 {recent[-1].label.zh} 的有 {count(number)} 位（"
        f"{share}），离开不久，最容易请回。",
        f"{count(number)} of them ({share}) were last seen from {recent[0].label.en} to"
        f" {recent[-1].label.en}: gone not long ago, they are the easiest to win back.",
    )
    return Figure(
        "since",
        title,
        says,
        columns(drawn, Text("最后接触的季度", "quarter of the last contact"), _LOST),
    )


def _outlets(found: stages.Stages) -> Figure:
    lost, totals = len(stages.GROUPS) - 1, found.counts.sum(axis=1)
    told = [at for at in range(len(found.outlets)) if not found.hidden[at, lost]]
    title = Text("哪些网点流失最多", "Which outlets lost most")
    table = _table(found, lost)
    if not told:
        says = Text("各网点流失人数太少，不予公布。", "Too few at each outlet to tell.")
        return Figure("outlets", title, says, None, None, table)
    share = {at: float(round(found.counts[at, lost] / totals[at], 2)) for at in told}
    ordered = sorted(told, key=lambda at: (-share[at], found.outlets[at]))[:ENDS]
    first, most = ordered[0], max(told, key=lambda at: (found.counts[at, lost], found.outlets[at]))
    says = Text(
        f"{outlet(found.outlets[first]).zh} 流失比例最高：{percent(share[first])}；人数最多的是"
        f" {outlet(found.outlets[most]).zh}：{count(found.counts[most, lost])} 位。",
        f"{outlet(found.outlets[first]).en} lost the largest share, {percent(share[first])}; the"
        f" largest number, {count(found.counts[most, lost])}, was lost by"
        f" {outlet(found.outlets[most]).en}.",
    )
    drawn = [
        Bar(
            outlet(found.outlets[at]),
            share[at],
            f"{percent(share[at])} ({count(found.counts[at, lost])})",
            ORANGE,
        )
        for at in ordered
    ]
    drawing = bars(
        drawn,
        Text("最后接触的网点", "outlet of the last contact"),
        Text("流失占其客户的比例（人数）", "lost, of its customers (number)"),
        share=True,
    )
    note = Text(f"比例最高的 {len(ordered)} 家。", f"The {len(ordered)} with the largest shares.")
    return Figure("outlets", title, says, drawing, note, table)


def _table(found: stages.Stages, lost: int) -> Table:
    def cells(at: int) -> tuple[Cell, ...]:
        total = int(found.counts[at].sum())
        if found.hidden[at, lost]:
            return (Cell.text(outlet(found.outlets[at])), Cell.number(total), *[Cell.hidden()] * 4)
        number = int(found.counts[at, lost])
        share = round(number / total, 2)
        return (
            Cell.text(outlet(found.outlets[at])),
            Cell.number(total),
            Cell.number(number),
            Cell.number(share, percent(share)),
            Cell.number(int(found.cars[at, lost])),
            Cell.number(int(found.amounts[at, lost])),
        )

    title = Text(
        f"全部 {count(len(found.outlets))} 个网点", f"All {count(len(found.outlets))} outlets"
    )
    columns = (
        OUTLET,
        CUSTOMERS,
        STAGES["lost"][0],
        Text("流失比例", "share lost"),
        Text("名下仍有车辆", "cars still owned"),
        Text("累计消费（元）", "spent (CNY)"),
    )
    return Table(title, columns, [cells(at) for at in range(len(found.outlets))])


def _value(rows: list[dict[str, Any]]) -> Figure:
    numbers = told([row["customers"] for row in rows])
    drawn = [
        Bar(_CLASSES[row["class"]], number, colour=ORANGE)
        for row, number in zip(rows, numbers, strict=True)
    ]
    total, last = sum(row["amount"] for row in rows), rows[-1]
    title = Text("流失的客户值多少", "What the lost customers were worth")
    if not total or last["class"] < 3 or numbers[-1] is None:
        says = Text(
            "流失客户按累计维修消费分组。", "Lost customers by what they had spent on service."
        )
    else:
        share = percent(last["amount"] / total)
        says = Text(
            f"消费满 5,000 元的 {count(numbers[-1])} 位占流失客户消费的 {share}：先请他们回来。",
            f"The {count(numbers[-1])} who had spent CNY 5,000 or more make {share} of what all of"
            " them had spent: win these back first.",
        )
    return Figure("value", title, says, bars(drawn, Text("累计消费", "spent in all"), CUSTOMERS))
