"""In which stage customers are: in the network, by outlet, and when they came."""

from __future__ import annotations

import duckdb

from warehouse.dashboard import stages
from warehouse.dashboard.asking import ask
from warehouse.dashboard.charts import Bar, Part, bars, columns, stacked
from warehouse.dashboard.disclosure import told
from warehouse.dashboard.page import Cell, Figure, Page, Table
from warehouse.dashboard.picking import ends, ends_say, parted
from warehouse.dashboard.wording import (
    CUSTOMERS,
    LEFT_OUT,
    OUTLET,
    STAGES,
    Text,
    count,
    outlet,
    percent,
    quarter,
    same,
)
from warehouse.rules import load

_HIDDEN_PART = Part("hidden", Text("不公布", "not told"), "#d5dae0")


def page(con: duckdb.DuckDBPyConnection) -> Page:
    """The page of the lifecycle."""
    rules = load().lifecycle
    found = stages.read(con)
    return Page(
        "lifecycle",
        Text("生命周期", "Lifecycle"),
        Text(
            f"新客户：首次接触在 {rules.new_days} 天内。"
            f"转冷：{rules.active_days} 天没有接触。流失："
            f"{rules.lost_days} 天没有接触。回流：流失后又在 {rules.active_days} 天内回来。"
            "其余为活跃。",
            f"New: first contact within {rules.new_days} days. Cooling: no contact for"
            f" {rules.active_days} days. Lost: none for {rules.lost_days} days. Returned: lost"
            f" before, and back within the last {rules.active_days} days. The others are active.",
        ),
        [],
        [network(found), *_firsts(con), *_outlets(found)],
    )


def network(found: stages.Stages) -> Figure:
    """Stages of the whole network's customers."""
    title = Text("客户处在哪个阶段", "Stages of the customers")
    if not found.customers:
        return Figure("stages", title, Text("还没有客户。", "There are no customers yet."))
    kept, lost, cooling = (
        percent(found.share(*names)) for names in (stages.IN_CONTACT, ("lost",), ("cooling",))
    )
    says = Text(
        f"{count(found.customers)} 位客户中，{kept} 在联系，{lost} 已流失；转冷的 {cooling}"
        " 最值得现在联系。",
        f"Of {count(found.customers)} customers {kept} are in contact and {lost} are lost; the"
        f" {cooling} that cool off are the ones to call now.",
    )
    if None in found.network.values():
        says = Text(
            f"共 {count(found.customers)} 位客户；人数太少的阶段不公布。",
            f"{count(found.customers)} customers in all; stages of too few are not told.",
        )
    drawn = [
        Bar(
            label,
            number,
            f"{count(number)} ({percent(number / found.customers)})" if number else "",
            colour,
        )
        for (label, colour), number in zip(STAGES.values(), found.network.values(), strict=True)
    ]
    return Figure("stages", title, says, bars(drawn, Text("阶段", "stage"), CUSTOMERS))


def _firsts(con: duckdb.DuckDBPyConnection) -> list[Figure]:
    rows = ask(con, "firsts")
    if not rows:
        return []
    all_told = told([row["customers"] for row in rows])
    numbers = [
        (row["first_in"], number)
        for row, number in zip(rows, all_told, strict=True)
        if number is not None
    ]
    if not numbers:
        return []
    at, most = max(numbers, key=lambda one: one[1])
    last, latest = numbers[-1]
    says = Text(
        f"最近一个季度（{quarter(last)}）认识了 {count(latest)} 位新客户；最多的是 {quarter(at)}，"
        f"{count(most)} 位。",
        f"In the latest quarter ({quarter(last)}) {count(latest)} customers were met for the first"
        f" time; most in {quarter(at)}: {count(most)}.",
    )
    drawing = columns(
        [
            Bar(same(quarter(row["first_in"])), number)
            for row, number in zip(rows, all_told, strict=True)
        ],
        Text(
            "首次接触的季度（最后一个可能未满）",
            "quarter of the first contact; the last may be incomplete",
        ),
        CUSTOMERS,
    )
    return [
        Figure(
            "firsts", Text("每季度新认识的客户", "Customers met for the first time"), says, drawing
        )
    ]


def _outlets(found: stages.Stages) -> list[Figure]:
    if not found.outlets:
        return []
    shares: dict[str, dict[str, float]] = {}
    for code, line, hide in zip(found.outlets, found.counts, found.hidden, strict=True):
        parts = {
            group.name: float(round(number / line.sum(), 2))
            for group, number, few in zip(stages.GROUPS, line, hide, strict=True)
            if not few
        }
        shares[code] = parts | {"hidden": 1 - sum(parts.values()) if hide.any() else 0.0}
    title = Text("各网点的客户处在哪个阶段", "Stages by outlet")
    in_contact = {code: told["in_contact"] for code, told in shares.items() if "in_contact" in told}
    ordered = sorted(in_contact, key=lambda code: (-in_contact[code], code))
    if not ordered:
        says = Text("各网点人数太少，只见表。", "Too few at each outlet to draw; see the table.")
        return [Figure("outlets", title, says, None, None, _table(found))]
    best, worst = ordered[0], ordered[-1]
    most, least = percent(in_contact[best]), percent(in_contact[worst])
    says = Text(
        f"按在联系（新、活跃、回流）的比例排序：{outlet(best).zh} 最高，{most}；{outlet(worst).zh}"
        f" 最低，{least}。" + ends_say(len(ordered)).zh,
        f"In the order of those in contact (new, active, returned): {outlet(best).en} has most,"
        f" {most},"
        f" {outlet(worst).en} least, {least}. " + ends_say(len(ordered)).en,
    )
    drawing = stacked(
        parted(
            [(outlet(code), shares[code]) for code in ends(ordered)], (LEFT_OUT, {}), len(ordered)
        ),
        (
            *stages.GROUPS,
            *([_HIDDEN_PART] if any(shares[code]["hidden"] for code in ends(ordered)) else []),
        ),
        Text("最后接触的网点", "outlet of the last contact"),
        Text("占客户", "share of customers"),
    )
    return [Figure("outlets", title, says, drawing, None, _table(found))]


def _table(found: stages.Stages) -> Table:
    rows = [
        (
            Cell.text(outlet(code)),
            Cell.number(int(line.sum())),
            *(
                Cell.hidden() if few else Cell.number(int(number))
                for number, few in zip(line, hide, strict=True)
            ),
        )
        for code, line, hide in zip(found.outlets, found.counts, found.hidden, strict=True)
    ]
    title = Text(f"全部 {count(len(rows))} 个网点", f"All {count(len(rows))} outlets")
    return Table(title, (OUTLET, CUSTOMERS, *(group.label for group in stages.GROUPS)), rows)
