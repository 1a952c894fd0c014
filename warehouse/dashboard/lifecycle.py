"""In which stage customers are: in the network, by outlet, and when they came."""

from __future__ import annotations

import duckdb
import numpy as np

from warehouse.dashboard import stages
from warehouse.dashboard.asking import ask
from warehouse.dashboard.charts import Bar, Part, bars, columns, stacked
from warehouse.dashboard.disclosure import hidden
from warehouse.dashboard.page import Cell, Figure, Page, Table
from warehouse.dashboard.picking import ends, ends_say
from warehouse.dashboard.wording import (
    CUSTOMERS,
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
_KEPT = ("new", "active", "returned")


def page(con: duckdb.DuckDBPyConnection) -> Page:
    """The page of the lifecycle."""
    rules = load().lifecycle
    found = stages.read(con)
    return Page(
        "lifecycle",
        Text("生命周期", "Lifecycle"),
        Text(
            f"新客户：首次接触在 {rules.new_days} 天内。转冷：{rules.active_days} 天没有接触。流失："
            f"{rules.lost_days} 天没有接触。回流：流失后又在 {rules.active_days} 天内回来。其余为活跃。",
            f"New: first contact within {rules.new_days} days. Cooling: no contact for {rules.active_days} days."
            f" Lost: none for {rules.lost_days} days. Returned: lost before, and back within the last"
            f" {rules.active_days} days. The others are active.",
        ),
        [],
        [network(found), *_firsts(con), *_outlets(found)],
    )


def network(found: stages.Stages) -> Figure:
    """Stages of the whole network's customers."""
    title = Text("客户处在哪个阶段", "Stages of the customers")
    if not found.customers:
        return Figure("stages", title, Text("还没有客户。", "There are no customers yet."))
    kept = sum(found.network.get(name, 0) for name in _KEPT)
    lost = "lost" in found.network
    says = Text(
        f"{count(found.customers)} 位客户中，{percent(kept / found.customers)} 仍在接触"
        + (f"，{percent(found.share('lost'))} 已流失" if lost else "")
        + f"；转冷的 {percent(found.share('cooling'))} 最值得现在联系。",
        f"Of {count(found.customers)} customers {percent(kept / found.customers)} are in contact"
        + (f" and {percent(found.share('lost'))} are lost" if lost else "")
        + f"; the {percent(found.share('cooling'))} that cool off are the ones to call now.",
    )
    drawn = [
        Bar(_label(name), number, f"{count(number)} ({percent(number / found.customers)})", _colour(name))
        for name, number in found.network.items()
    ]
    return Figure("stages", title, says, bars(drawn, Text("阶段", "stage"), CUSTOMERS))


def _label(name: str) -> Text:
    return STAGES[name][0] if name in STAGES else stages.FEW_LABEL


def _colour(name: str) -> str:
    return STAGES[name][1] if name in STAGES else stages.FEW_COLOUR


def _firsts(con: duckdb.DuckDBPyConnection) -> list[Figure]:
    rows = ask(con, "firsts")
    if not rows:
        return []
    few = hidden(np.array([[row["customers"] for row in rows]], np.int64))[0]
    told = [(row["first_in"], None if hide else row["customers"]) for row, hide in zip(rows, few, strict=True)]
    numbers = [(at, number) for at, number in told if number is not None]
    if not numbers:
        return []
    at, most = max(numbers, key=lambda one: one[1])
    last, latest = numbers[-1]
    says = Text(
        f"最近一个季度（{quarter(last)}）认识了 {count(latest)} 位新客户；最多的是 {quarter(at)}，{count(most)} 位。",
        f"In the latest quarter ({quarter(last)}) {count(latest)} customers were met for the first time;"
        f" most in {quarter(at)}: {count(most)}.",
    )
    drawing = columns(
        [Bar(same(quarter(first)), number) for first, number in told],
        Text("首次接触的季度（最后一个可能未满）", "quarter of the first contact; the last may be incomplete"),
        CUSTOMERS,
    )
    return [Figure("firsts", Text("每季度新认识的客户", "Customers met for the first time"), says, drawing)]


def _outlets(found: stages.Stages) -> list[Figure]:
    if not found.outlets:
        return []
    totals = found.counts.sum(axis=1)
    shares: dict[str, dict[str, float]] = {}
    for at, code in enumerate(found.outlets):
        told = {
            name: float(round(found.counts[at, number] / totals[at], 2))
            for number, name in enumerate(found.stages)
            if not found.hidden[at, number]
        }
        shares[code] = told | {"hidden": max(1 - sum(told.values()), 0.0) if found.hidden[at].any() else 0.0}

    def kept(code: str) -> float:
        return sum(shares[code].get(name, 0.0) for name in _KEPT)

    ordered = sorted(found.outlets, key=lambda code: (-kept(code), code))
    best, worst = ordered[0], ordered[-1]
    says = Text(
        f"按仍在接触（新、活跃、回流）的比例排序：{outlet(best).zh} 最高，{percent(kept(best))}；"
        f"{outlet(worst).zh} 最低，{percent(kept(worst))}。" + ends_say(len(ordered)).zh,
        f"In the order of those in contact (new, active, returned): {outlet(best).en} has most,"
        f" {percent(kept(best))}, {outlet(worst).en} least, {percent(kept(worst))}. " + ends_say(len(ordered)).en,
    )
    parts = [Part(name, _label(name), _colour(name)) for name in found.stages]
    if found.hidden.any():
        parts.append(_HIDDEN_PART)
    drawing = stacked(
        [(outlet(code), shares[code]) for code in ends(ordered)],
        parts,
        Text("最后接触的网点", "outlet of the last contact"),
        Text("占客户", "share of customers"),
    )
    title = Text("各网点的客户处在哪个阶段", "Stages by outlet")
    return [Figure("outlets", title, says, drawing, None, _table(found))]


def _table(found: stages.Stages) -> Table:
    rows = [
        (
            Cell.text(outlet(code)),
            Cell.number(int(found.counts[at].sum())),
            *(
                Cell.hidden() if found.hidden[at, number] else Cell.number(int(found.counts[at, number]))
                for number in range(len(found.stages))
            ),
        )
        for at, code in enumerate(found.outlets)
    ]
    title = Text(f"全部 {count(len(rows))} 个网点", f"All {count(len(rows))} outlets")
    return Table(title, (OUTLET, CUSTOMERS, *(_label(name) for name in found.stages)), rows)
