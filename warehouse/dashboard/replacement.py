"""Cars that their owners may soon replace: why, how old, which models, where."""

from __future__ import annotations

import duckdb
import numpy as np

from warehouse.dashboard.asking import ask
from warehouse.dashboard.charts import Bar, bars, columns
from warehouse.dashboard.disclosure import hidden, told
from warehouse.dashboard.page import Cell, Fact, Figure, Page, Table
from warehouse.dashboard.picking import ENDS
from warehouse.dashboard.wording import (
    CARS,
    HIDDEN,
    SMALL_OUTLETS,
    UNNAMED,
    Text,
    count,
    outlet,
    percent,
    same,
)
from warehouse.rules import load

_REASONS = {
    "by_age": Text("车龄到了", "old enough"),
    "by_mileage": Text("里程到了", "driven enough"),
    "by_rhythm": Text("按车主换车节奏到了", "its owner's usual time is over"),
}


def page(con: duckdb.DuckDBPyConnection) -> Page:
    """The page of replacement candidates."""
    rules = load().replacement
    title = Text("换购机会", "Replacement candidates")
    lead = Text(
        f"车龄满 {rules.age_years} 年，或里程满 {count(rules.mileage_km)} 公里，"
        "或车主通常换车的间隔已过。",
        f"Cars of {rules.age_years} years or more, or of {count(rules.mileage_km)} km or more, or"
        " whose owner's usual time between two purchases is over.",
    )
    (found,) = ask(con, "replacement_reasons")
    if not found["cars"]:
        says = Text("现在没有可能换购的车辆。", "No car is a candidate now.")
        return Page("replacement", title, lead, [], [Figure("reasons", title, says)])
    facts = [
        Fact("candidates", Text("可能换购的车辆", "Candidates"), same(_told(found["cars"]))),
        Fact("owners", Text("车主", "Their owners"), same(_told(found["owners"]))),
    ]
    return Page(
        "replacement",
        title,
        lead,
        facts,
        [_reasons(found), _ages(con), _models(con), _outlets(con)],
    )


def _told(number: int) -> str:
    return HIDDEN if told([number]) == [None] else count(number)


def _reasons(found: dict[str, int]) -> Figure:
    # a car may have several reasons: nothing adds up, so each number is hidden for itself
    drawn = [
        Bar(label, None if _told(found[name]) == HIDDEN else found[name])
        for name, label in _REASONS.items()
    ]
    drawn.sort(key=lambda bar: -(bar.value or 0))
    first = drawn[0]
    share = percent((first.value or 0) / found["cars"])
    says = Text(
        f"最常见的理由是“{first.label.zh}”，占 {share}；{_told(found['several'])} 辆有多个理由，"
        "可先联系。",
        f"The most frequent reason: {first.label.en} ({share}); {_told(found['several'])} cars"
        " have more than one, and come first.",
    )
    note = Text("一辆车可以有几个理由。", "A car may have several reasons.")
    return Figure(
        "reasons",
        Text("为什么可能换车", "Why they may be replaced"),
        says,
        bars(drawn, Text("理由", "reason"), CARS),
        note,
    )


def _ages(con: duckdb.DuckDBPyConnection) -> Figure:
    rows = ask(con, "replacement_ages")
    numbers = told([row["cars"] for row in rows])
    drawn = [Bar(_age(row["age"]), number) for row, number in zip(rows, numbers, strict=True)]
    known = {row["age"]: number for row, number in zip(rows, numbers, strict=True) if number}
    known.pop(None, None)
    says = Text("可能换购的车辆按车龄。", "Candidates by age.")
    if known:
        most = max(known, key=lambda age: (known[age], age))
        says = Text(
            f"最大的一组车龄为 {_age(most).zh} 年：{count(known[most])} 辆。",
            f"The largest group, {count(known[most])} cars, is {_age(most).en} years old.",
        )
    return Figure(
        "ages",
        Text("这些车多大年纪", "How old they are"),
        says,
        columns(drawn, Text("车龄（整年）", "age in full years"), CARS),
    )


def _age(years: int | None) -> Text:
    if years is None:
        return UNNAMED
    return Text("12 及以上", "12 or more") if years >= 12 else same(str(years))


def _models(con: duckdb.DuckDBPyConnection) -> Figure:
    rows = ask(con, "replacement_models")
    drawn = [
        Bar(same(row["model"]), number)
        for row, number in zip(rows, told([row["cars"] for row in rows]), strict=True)
        if row["model"] and number is not None
    ][:ENDS]
    title = Text("哪些车型", "Which models")
    if not drawn:
        return Figure(
            "models", title, Text("各车型数量太少，不予公布。", "Too few of each model to tell.")
        )
    first = drawn[0]
    says = Text(
        f"最多的是 {first.label.zh}：{count(first.value or 0)} 辆。",
        f"{first.label.en} is first with {count(first.value or 0)} cars.",
    )
    note = Text(
        f"车型按多数网点的写法；最多的 {len(drawn)} 种。",
        f"Models as most outlets write them; the {len(drawn)} most frequent.",
    )
    return Figure("models", title, says, bars(drawn, Text("车型", "model"), CARS), note)


def _outlets(con: duckdb.DuckDBPyConnection) -> Figure:
    rows = ask(con, "replacement_outlets")
    # each column adds up to a number of the network that is told, too
    counts = np.array([[row[name] for name in ("cars", *_REASONS)] for row in rows], np.int64)
    few = hidden(counts[:, :1].T).T
    masks = np.hstack([few, *(hidden(column[None], few.T).T for column in counts.T[1:])])
    drawn = [
        Bar(outlet(row["outlet"]), row["cars"])
        for row, hide in zip(rows, few, strict=True)
        if row["outlet"] and not hide
    ][:ENDS]
    title = Text("在哪些网点", "At which outlets")
    table_rows = [
        (
            Cell.text(outlet(row["outlet"])),
            *(
                Cell.hidden() if hide else Cell.number(int(number))
                for number, hide in zip(line, mask, strict=True)
            ),
        )
        for row, line, mask in zip(rows, counts, masks, strict=True)
    ]
    table = Table(
        Text(f"全部 {count(len(rows))} 个网点", f"All {count(len(rows))} outlets"),
        (Text("车主最后接触的网点", "outlet that saw the owner last"), CARS, *_REASONS.values()),
        table_rows,
    )
    if not drawn:
        says = Text("各网点数量太少，不予公布。", "Too few at each outlet to tell.")
        return Figure("outlets", title, says, None, None, table)
    first = drawn[0]
    says = Text(
        f"机会最多的是 {first.label.zh}：{count(first.value or 0)} 辆。",
        f"{first.label.en} has most, {count(first.value or 0)} cars.",
    )
    note = Text(
        f"最多的 {len(drawn)} 家；“{SMALL_OUTLETS.zh}”合并，只在表中。",
        f"The first {len(drawn)}; the {SMALL_OUTLETS.en} are together, in the table.",
    )
    axis = Text("车主最后接触的网点", "outlet that saw the owner last")
    return Figure("outlets", title, says, bars(drawn, axis, CARS), note, table)
