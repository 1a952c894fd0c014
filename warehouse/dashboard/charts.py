"""The kinds of pictures: Altair charts, drawn as SVG in a language and for a width.

A drawing holds no more than what it shows: hidden values have been left out, rates are rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import vl_convert

from warehouse.dashboard.wording import HIDDEN, Text, count, percent

Language = Literal["zh", "en"]
#: Draws for a language and a width in pixels.
Drawing = Callable[[Language, int], alt.TopLevelMixin]

#: Width in pixels on screens and paper, and on phones.
WIDE, NARROW = 940, 330
BLUE, ORANGE, GREY, INK = "#0072b2", "#d55e00", "#8c96a0", "#1c2733"
_FONT = "Noto Sans CJK SC, PingFang SC, Microsoft YaHei, Source Han Sans SC, sans-serif"
_ROW = 22
_AXES = 64
_LEGEND = 34


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its label, its length, and what is written at its end. value: None where hidden."""

    label: Text
    value: float | None
    shown: str = ""
    colour: str = BLUE


@dataclass(frozen=True, slots=True)
class Part:
    """What a colour stands for."""

    name: str
    label: Text
    colour: str


def svg(drawing: Drawing, language: Language, width: int) -> str:
    """The picture as SVG markup, which needs no script, no style and no address."""
    chart = drawing(language, width).to_dict()
    drawn: str = vl_convert.vegalite_to_svg(chart, show_warnings=False)
    return drawn


def bars(rows: Sequence[Bar], category: Text, measure: Text, share: bool = False) -> Drawing:
    """Horizontal bars in the order given, each with its number."""

    def draw(language: Language, width: int) -> alt.TopLevelMixin:
        base = alt.Chart(_data(_bar_rows(rows, language, share))).encode(
            y=_categories(category, language), x=_measure(alt.X, rows, measure, language, share)
        )
        field = base.mark_bar().encode(color=alt.Color("colour:N", scale=None))
        label = base.mark_text(align="left", dx=5, color=INK).encode(text="shown:N")
        return _framed(field + label, width, _ROW * len(rows) + _AXES)

    return draw


def columns(rows: Sequence[Bar], category: Text, measure: Text, share: bool = False) -> Drawing:
    """Upright bars in the order given, such as quarters, each with its number where it fits."""

    def draw(language: Language, width: int) -> alt.TopLevelMixin:
        base = alt.Chart(_data(_bar_rows(rows, language, share))).encode(
            x=_ordinal("label", category, language, turned=len(rows) * 64 > width),
            y=_measure(alt.Y, rows, measure, language, share),
        )
        chart: Any = base.mark_bar().encode(color=alt.Color("colour:N", scale=None))
        if len(rows) * 38 <= width:
            chart += base.mark_text(dy=-8, color=INK).encode(text="shown:N")
        return _framed(chart, width, 300)

    return draw


def stacked(
    rows: Sequence[tuple[Text, dict[str, float]]], parts: Sequence[Part], category: Text, measure: Text
) -> Drawing:
    """Horizontal bars of a whole, divided into parts: label -> part's name -> share."""

    def draw(language: Language, width: int) -> alt.TopLevelMixin:
        values = [
            {
                "label": getattr(label, language), "part": getattr(part.label, language),
                "share": round(shares[part.name], 2), "order": at,
                "shown": percent(shares[part.name]) if shares[part.name] * width > 66 else "",
            }
            for label, shares in rows
            for at, part in enumerate(parts)
            if shares.get(part.name)
        ]  # fmt: skip
        share = alt.X("share:Q", stack="normalize", title=getattr(measure, language))
        base = alt.Chart(_data(values)).encode(
            y=_categories(category, language),
            x=share.axis(format="%"),
            order=alt.Order("order:Q"),
        )
        field = base.mark_bar().encode(color=_legend(parts, language, width))
        # a number in the middle of its part: the stack's start plus half of it
        label = base.mark_text(color="white", fontWeight="bold").encode(
            x=share.axis(format="%").bandPosition(0.5), text="shown:N", detail="part:N"
        )
        lines = 1 if width >= WIDE else (len(parts) + 2) // 3
        return _framed(field + label, width, (_ROW + 4) * len(rows) + _AXES + _LEGEND * lines)

    return draw


def lines(
    rows: Sequence[tuple[str, str, float]], parts: Sequence[Part], category: Text, measure: Text
) -> Drawing:
    """A line for each part over ordered categories, such as quarters: (category, part, share)."""

    def draw(language: Language, width: int) -> alt.TopLevelMixin:
        called = {part.name: getattr(part.label, language) for part in parts}
        values = [{"label": at, "part": called[name], "share": s} for at, name, s in rows]
        ticks = len({at for at, _, _ in rows})
        base = alt.Chart(_data(values)).encode(
            x=_ordinal("label", category, language, turned=ticks * 64 > width),
            y=alt.Y("share:Q", title=getattr(measure, language), scale=alt.Scale(domain=[0, 1]))
            .axis(format="%"),
            color=_legend(parts, language, width),
            shape=alt.Shape("part:N", sort=list(called.values()), legend=None),
        )  # fmt: skip
        return _framed(base.mark_line() + base.mark_point(filled=True, size=60), width, 330)

    return draw


def heat(
    rows: Sequence[tuple[Text, Text, float, str]],
    columns: Sequence[Text],
    category: Text,
    across: Text,
    measure: Text,
) -> Drawing:
    """Shares by two categories, the darker the higher: (row, column, share, what is written).

    columns: in order; a narrow picture has the last five.
    """
    order = list(dict.fromkeys(label for label, *_ in rows))

    def draw(language: Language, width: int) -> alt.TopLevelMixin:
        kept = columns if width >= WIDE else columns[-5:]
        values = [
            {"label": getattr(label, language), "column": getattr(column, language), "share": share, "shown": shown}
            for label, column, share, shown in rows
            if column in kept
        ]
        base = alt.Chart(_data(values)).encode(
            x=alt.X("column:N", sort=[getattr(one, language) for one in kept], title=getattr(across, language))
            .axis(orient="top", labelAngle=0, labelOverlap=False),
            y=_categories(category, language),
        )  # fmt: skip
        colour = alt.Color(
            "share:Q", title=getattr(measure, language),
            scale=alt.Scale(domain=[0, 1], range=["#f2f6fa", "#9ccae4", "#3d8fc0", "#08306b"]),
            legend=alt.Legend(format="%", orient="bottom", gradientLength=min(300, width - 60)),
        )  # fmt: skip
        field = base.mark_rect(stroke="white").encode(color=colour)
        label = base.mark_text(fontSize=11).encode(
            text="shown:N",
            color=alt.when(alt.datum.share > 0.55).then(alt.value("white")).otherwise(alt.value(INK)),
        )
        return _framed(field + label, width, _ROW * len(order) + _AXES + 2 * _LEGEND)

    return draw


def _data(values: list[dict[str, Any]]) -> alt.Data:
    return alt.Data(values=values)


def _bar_rows(rows: Sequence[Bar], language: Language, share: bool) -> list[dict[str, Any]]:
    written = percent if share else count
    return [
        {
            "label": getattr(row.label, language),
            "value": row.value or 0,
            "shown": row.shown or (HIDDEN if row.value is None else written(row.value)),
            "colour": row.colour,
        }
        for row in rows
    ]


def _categories(title: Text, language: Language) -> alt.Y:
    return alt.Y("label:N", sort=None, title=getattr(title, language)).axis(
        labelOverlap=False, labelLimit=150
    )


def _ordinal(field: str, title: Text, language: Language, turned: bool) -> alt.X:
    return alt.X(f"{field}:N", sort=None, title=getattr(title, language)).axis(
        labelAngle=-60 if turned else 0, labelOverlap="greedy"
    )


def _measure(channel: Any, rows: Sequence[Bar], title: Text, language: Language, share: bool) -> Any:
    # room beyond the longest bar for its number
    most = max((row.value or 0 for row in rows), default=0) or 1
    axis: dict[str, Any] = {"tickCount": 5, "format": "%" if share else ",.0f"}
    if share:
        axis |= {"values": [tick / 100 for tick in range(0, int(100 * most) + 1, 20 if most > 0.4 else 5)]}
    elif most < 5:
        axis |= {"values": list(range(int(most) + 1))}
    scale = alt.Scale(domain=[0, most * 1.16], nice=False)
    return channel("value:Q", title=getattr(title, language), scale=scale).axis(**axis)


def _legend(parts: Sequence[Part], language: Language, width: int) -> alt.Color:
    return alt.Color(
        "part:N",
        sort=None,
        title=None,
        scale=alt.Scale(
            domain=[getattr(part.label, language) for part in parts],
            range=[part.colour for part in parts],
        ),
        legend=alt.Legend(orient="top", columns=0 if width >= WIDE else 3),
    )


def _framed(chart: Any, width: int, height: int) -> alt.TopLevelMixin:
    framed: alt.TopLevelMixin = (
        chart.properties(
            width=width, height=height, autosize=alt.AutoSizeParams(type="fit", contains="padding")
        )
        .configure(font=_FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=12, titleFontSize=12, titleFontWeight="normal", titleColor="#4d5965",
            labelColor=INK, gridColor="#e6eaef", domainColor="#c3cad2", tickColor="#c3cad2",
        )
        .configure_legend(labelFontSize=12, titleFontSize=12, labelColor=INK, labelLimit=260)
        .configure_text(fontSize=12)
    )  # fmt: skip
    return framed
