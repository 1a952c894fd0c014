"""`guiyi explain`: why two records are one customer, or not, and why a customer holds together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pipelines.cli.options import (
    DEFAULT_HOME,
    HomeOption,
    JsonOption,
    console,
    example,
    print_json,
)

if TYPE_CHECKING:
    from matching.explain import Entity, Pair
    from matching.explain.phrases import Phrase
    from matching.explain.reach import SetAside, SharedKey
    from matching.explain.shapes import Doubt, Tie, Word
    from matching.explain.waterfall import Bar, Scale

HtmlOption = Annotated[
    Path | None, typer.Option("--html", help="Write a page with the picture to this file instead.")
]
_COLOURS = {"prior": "bright_black", "for": "green", "against": "red", "total": "blue"}
#: Characters that a waterfall is wide on the terminal.
_WIDTH = 24


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=example("guiyi explain hq//HQ000376 dealer/D0012/000089"))(explain)


def explain(
    one: Annotated[str, typer.Argument(help="A record key (source/outlet/key) or a golden id.")],
    other: Annotated[
        str | None, typer.Argument(help="Another one; without it, the customer of the first.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    html: HtmlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell why two records are one customer, or why not; of one alone, why its customer is one.

    Shows personal data: names, phones, id numbers.
    """
    from matching.explain import Pair
    from pipelines.explanation import explain as explain_in

    found, typed = explain_in(home, one, other)
    if html is not None:
        from pipelines.cli.pages import write_explanation

        write_explanation(html, found, typed)
    if as_json:
        print_json(_plain(found) | ({"records": typed} if typed else {}))
    elif html is not None:
        console().print(f"Written to {html}.")
    elif isinstance(found, Pair):
        _show_pair(console(), found, typed)
    else:
        _show_entity(console(), found)


def _plain(found: Pair | Entity) -> dict[str, Any]:
    from pydantic import TypeAdapter

    plain: dict[str, Any] = TypeAdapter(type(found)).dump_python(found, mode="json")
    return plain


def both(phrase: Phrase | None) -> str:
    """A phrase in both languages on one line."""
    return f"{phrase.zh}  {phrase.en}" if phrase else ""


def _show_pair(out: Console, pair: Pair, typed: list[Any]) -> None:
    colour = "green" if pair.together else "yellow" if pair.band == "review" else "red"
    says = Text(f"{pair.says.zh}\n{pair.says.en}")
    title = Text(f"{pair.left} ({pair.left_id})  –  {pair.right} ({pair.right_id})")
    out.print(Panel(says, title=title, title_align="left", border_style=colour))
    if pair.weight is not None:
        out.print(_waterfall(pair))
        silent = [both(e.called) for e in pair.evidence if e.level is None]
        if silent:
            out.print(Text("Says nothing: " + ", ".join(silent), style="dim"))
        if pair.rule_says:
            out.print(Text(f"Rule {pair.rule}: {both(pair.rule_says)}", style="yellow"))
    out.print(_records(pair, typed))
    _list(out, "How they find each other", [_key(key) for key in pair.keys])
    _list(out, "In common, but counts for nothing", [_set_aside(one) for one in pair.set_aside])
    _list(out, "How they are held together", [_tie(t) for t in pair.chain])
    _list(out, "Also between the two customers", [_doubt(d) for d in pair.between])
    _list(out, "Decisions", [_word(w) for w in pair.decisions])


def _waterfall(pair: Pair) -> Table:
    from matching.explain import telling
    from matching.explain.waterfall import bars, scale

    drawn = bars(pair)
    line = scale(pair, drawn, _WIDTH)
    table = Table(
        caption=f"link from {pair.link:g} bits, review from {pair.review:g} bits",
        caption_justify="left", box=None, pad_edge=False,
    )  # fmt: skip
    table.add_column(no_wrap=True)
    table.add_column("bits", justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for bar in drawn:
        shown = Text(telling.signed(bar.bits), style=_COLOURS[bar.kind])
        table.add_row(Text(both(bar.called)), shown, _drawn(bar, line, pair), Text(both(bar.says)))
    return table


def _drawn(bar: Bar, line: Scale, pair: Pair) -> Text:
    """The bar in characters, with the two thresholds as thin lines."""
    begin, end = sorted((round(line.at(bar.start)), round(line.at(bar.end))))
    cells = [" "] * (_WIDTH + 1)
    for threshold in (pair.review, pair.link):
        cells[round(line.at(threshold))] = "│"
    cells[begin : max(end, begin + 1)] = "█" * max(end - begin, 1)
    text = Text("".join(cells), style="dim")
    text.stylize(f"not dim {_COLOURS[bar.kind]}", begin, max(end, begin + 1))
    return text


def _records(pair: Pair, typed: list[Any]) -> Table:
    """What was typed, side by side; what it was understood as beneath, where it differs."""
    table = Table(title="What was typed", title_justify="left")
    for name in ("", pair.left, pair.right):
        table.add_column(Text(name), overflow="fold")
    for field in dict.fromkeys([*typed[0], *typed[1]]):
        table.add_row(field.replace("_", " "), *(_cell(side.get(field)) for side in typed))
    return table


def _cell(value: tuple[str | None, str | None] | None) -> Text:
    if value is None:
        return Text("-", style="dim")
    typed, understood = value
    text = Text(typed or "")
    same = (typed or "").strip() == understood
    return text if same else text.append(f"\n{understood or '?'}", style="dim")


def _show_entity(out: Console, entity: Entity) -> None:
    out.print(Panel(Text(f"{entity.says.zh}\n{entity.says.en}"), title=entity.golden_id))
    table = Table(title="What it holds", title_justify="left")
    for name in ("record", "records", "values"):
        table.add_column(name, overflow="fold")
    for member in entity.members:
        values = ", ".join(dict.fromkeys(value for _, value in member.values))
        table.add_row(Text(member.record), str(len(member.records)), Text(values))
    out.print(table)
    _list(out, "Links that hold it together, strongest first", [_tie(t) for t in entity.links])
    if entity.weakest:
        _list(out, "Weakest link", [_tie(entity.weakest)])
    _list(out, "Refused", [_doubt(d) for d in entity.refused])
    _list(out, "Waits for a steward", [_doubt(d) for d in entity.waiting])
    _list(out, "Decisions", [_word(w) for w in entity.decisions])


def _list(out: Console, title: str, lines: list[str]) -> None:
    if lines:
        out.print(Group(Text(f"\n{title}", style="bold"), *(Text(f"  {line}") for line in lines)))


def _key(key: SharedKey) -> str:
    above = "" if key.compared else f", above the cap of {key.cap}: not compared"
    return f"{key.key}, {key.block:,} profiles{above}"


def _set_aside(one: SetAside) -> str:
    return f"{one.value}, held under {one.holders:,} different {one.by}, generic from {one.limit}"


def _tie(tie: Tie) -> str:
    from matching.explain.telling import weight

    return (
        f"{weight(tie.weight).en}  {tie.left}  –  {tie.right}\n    {tie.says.zh}\n    {tie.says.en}"
    )


def _doubt(doubt: Doubt) -> str:
    from matching.explain.telling import weight

    values = [", ".join(side) for side in (doubt.left_values, doubt.right_values) if side]
    told = f" ({' / '.join(values)})" if values else ""
    return (
        f"{weight(doubt.weight).en}  {doubt.left}  –  {doubt.right} ({doubt.other})\n"
        f"    {doubt.reason}: {both(doubt.says)}{told}"
    )


def _word(word: Word) -> str:
    told = f"{word.when}  {word.who}: {word.left}  –  {word.right} {word.verdict}"
    told += f" ({word.note})" if word.note else ""
    return told + (", from the next run on" if word.pending else "")
