"""The kinds of pictures: bars, columns, divided bars, lines, heat maps.

A drawing holds no more than what it shows: hidden values have been left out, rates are rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.dashboard.picture import (
    WIDE,
    Drawing,
    Label,
    Line,
    Picture,
    Rect,
    Rule,
    between,
    extent,
    on,
    ticks,
    widest,
)
from warehouse.dashboard.wording import HIDDEN, Text, count, percent, same

BLUE, ORANGE, YELLOW, GREEN, GREY = "#0072b2", "#d55e00", "#e69f00", "#009e73", "#8c96a0"
_ROW, _GAP, _TOP, _BOTTOM = 24, 6, 26, 46
_HIGH = 300
_HEAT = ("#f1f6fa", "#9ccae4", "#3d8fc0", "#0a3d75")
_DASHES = ("", "7 4", "2 4")


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its label, its length, and what is written at its end. value: None where hidden."""

    label: Text
    value: float | None
    shown: str = ""
    colour: str = BLUE

    def written(self, share: bool) -> str:
        """The number at its end."""
        if self.shown or self.value is None:
            return self.shown or HIDDEN
        return percent(self.value) if share else count(self.value)


@dataclass(frozen=True, slots=True)
class Part:
    """What a colour stands for."""

    name: str
    label: Text
    colour: str


def bars(rows: Sequence[Bar], category: Text, measure: Text, share: bool = False) -> Drawing:
    """Horizontal bars in the order given, each with its number."""

    def draw(width: int) -> Picture:
        picture = Picture(width, _TOP + _ROW * len(rows) + _BOTTOM)
        left, bottom = _left(width, [row.label for row in rows]), _TOP + _ROW * len(rows)
        field = width - left - widest(row.written(share) for row in rows) - 14
        most = max((row.value or 0 for row in rows), default=0)
        scale = field / (most or 1)
        _grid_across(picture, left, scale, _axis(most, share), share, bottom)
        _titles(picture, category, measure, (left + field / 2, bottom + 40))
        for at, row in enumerate(rows):
            y, length = _TOP + at * _ROW, (row.value or 0) * scale
            _tick(picture, left, y, row.label)
            picture.rects.append(
                Rect(
                    left,
                    y + _GAP / 2,
                    length,
                    _ROW - _GAP,
                    row.colour,
                    _says(row.label, row.written(share)),
                )
            )
            picture.labels.append(
                Label(left + length + 6, y + 16, same(row.written(share)), "value")
            )
        return picture

    return draw


def columns(rows: Sequence[Bar], category: Text, measure: Text, share: bool = False) -> Drawing:
    """Upright bars in the order given, such as quarters, each with its number where it fits."""

    def draw(width: int) -> Picture:
        most = max((row.value or 0 for row in rows), default=0)
        marks = _axis(most, share)
        left = widest(_written(mark, share) for mark in marks) + 12
        slot, scale = (width - left) / len(rows), (_HIGH - 50) / (most or 1)
        bottom = _HIGH - 4
        picture = Picture(width, _HIGH + 40)
        for mark in marks:
            y = bottom - mark * scale
            picture.rules.append(Rule(left, y, width, y))
            picture.labels.append(
                Label(left - 8, y + 4, same(_written(mark, share)), "tick", "end")
            )
        _titles(picture, measure, category, (left + (width - left) / 2, _HIGH + 34))
        numbers = slot >= widest(row.written(share) for row in rows) + 4
        name = widest(row.label for row in rows)
        # the last name may have to move to the left, to stay in the picture
        every = -(-(max(name, 1.5 * name - slot / 2) + 8) // slot)
        for at, row in enumerate(rows):
            x, high = left + at * slot, (row.value or 0) * scale
            picture.rects.append(
                Rect(
                    x + slot * 0.12,
                    bottom - high,
                    slot * 0.76,
                    high,
                    row.colour,
                    _says(row.label, row.written(share)),
                )
            )
            if numbers:
                picture.labels.append(
                    Label(
                        x + slot / 2, bottom - high - 6, same(row.written(share)), "value", "middle"
                    )
                )
            if (len(rows) - 1 - at) % every == 0:  # the latest quarter always has its name
                middle = min(x + slot / 2, width - extent(row.label) / 2)
                picture.labels.append(Label(middle, bottom + 17, row.label, "tick", "middle"))
        return picture

    return draw


def stacked(
    rows: Sequence[tuple[Text, dict[str, float]]],
    parts: Sequence[Part],
    category: Text,
    measure: Text,
) -> Drawing:
    """Horizontal bars of a whole, divided into parts: label -> part's name -> share."""

    def draw(width: int) -> Picture:
        picture = Picture(width)
        top = _legend(picture, parts) + _TOP
        left, bottom = _left(width, [label for label, _ in rows]), top + (_ROW + 2) * len(rows)
        field = width - left - 20
        for mark in (0, 0.25, 0.5, 0.75, 1):
            x = left + mark * field
            picture.rules.append(Rule(x, top - 2, x, bottom))
            picture.labels.append(Label(x, bottom + 17, same(percent(mark)), "tick", "middle"))
        _titles(picture, category, measure, (left + field / 2, bottom + 40), top - 10)
        for at, (label, shares) in enumerate(rows):
            y, x, whole = top + at * (_ROW + 2), left, sum(shares.values()) or 1
            _tick(picture, left, y, label)
            for part in parts:
                wide, told = (
                    shares.get(part.name, 0.0) / whole * field,
                    percent(shares.get(part.name, 0.0)),
                )
                picture.rects.append(
                    Rect(x, y + 2, wide, _ROW - 4, part.colour, _says(label, told, part.label))
                )
                if wide > extent(told) + 4:
                    picture.labels.append(
                        Label(
                            x + wide / 2, y + 16.5, same(told), "inside", "middle", on(part.colour)
                        )
                    )
                x += wide
        picture.height = bottom + _BOTTOM
        return picture

    return draw


def lines(
    rows: Sequence[tuple[str, str, float]], parts: Sequence[Part], category: Text, measure: Text
) -> Drawing:
    """A line for each part over ordered categories, such as quarters: (category, part, share)."""

    def draw(width: int) -> Picture:
        picture = Picture(width)
        top = _legend(picture, parts) + _TOP + 8
        left, right, bottom = 44, 46, top + _HIGH - 60
        names = sorted({at for at, _, _ in rows})
        step = (width - left - right) / max(len(names) - 1, 1)
        for mark in (0, 0.25, 0.5, 0.75, 1):
            y = bottom - mark * (bottom - top)
            picture.rules.append(Rule(left, y, width - right + 6, y))
            picture.labels.append(Label(left - 8, y + 4, same(percent(mark)), "tick", "end"))
        _titles(
            picture, measure, category, (left + (width - left - right) / 2, bottom + 42), top - 18
        )
        every = -(-(widest(names) + 10) // step)
        for at, name in enumerate(names):
            if (len(names) - 1 - at) % every == 0:
                picture.labels.append(
                    Label(left + at * step, bottom + 19, same(name), "tick", "middle")
                )
        for part, dash in zip(parts, _DASHES, strict=False):
            points = [(left + names.index(at) * step, bottom - share * (bottom - top))
                      for at, called, share in rows if called == part.name]  # fmt: skip
            if points:
                last = [share for _, called, share in rows if called == part.name][-1]
                picture.lines.append(Line(points, part.colour, dash))
                x, y = points[-1]
                picture.labels.append(Label(x + 9, y + 4, same(percent(last)), "value"))
        picture.height = bottom + _BOTTOM + 2
        return picture

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

    def draw(width: int) -> Picture:
        kept = list(columns if width >= WIDE else columns[-5:])
        left, top = _left(width, order), _scale_of_colours(Picture(width), measure) + 46
        wide = min((width - left) / len(kept), 150)
        picture = Picture(width, top + _ROW * len(order) + 8)
        _scale_of_colours(picture, measure)
        _titles(picture, category, across, (left + wide * len(kept) / 2, top - 26), top - 26)
        for at, name in enumerate(kept):
            picture.labels.append(Label(left + (at + 0.5) * wide, top - 8, name, "tick", "middle"))
        for at, label in enumerate(order):
            _tick(picture, left, top + at * _ROW, label)
        for label, column, share, shown in rows:
            if column in kept:
                x, y = left + kept.index(column) * wide, top + order.index(label) * _ROW
                fill = _shade(share)
                says = Text(
                    f"{label.zh}，{column.zh}：{shown}", f"{label.en}, {column.en}: {shown}"
                )
                picture.rects.append(Rect(x + 0.5, y + 0.5, wide - 1, _ROW - 1, fill, says))
                picture.labels.append(
                    Label(x + wide / 2, y + 16, same(shown), "inside", "middle", on(fill))
                )
        return picture

    return draw


def _left(width: int, labels: Sequence[Text]) -> float:
    """Where bars begin, after their labels."""
    return min(widest(labels) + 12, 0.46 * width)


def _axis(most: float, share: bool) -> list[float]:
    return ticks(most, whole=not share)


def _written(value: float, share: bool) -> str:
    return percent(value) if share else count(value)


def _says(label: Text, told: str, part: Text | None = None) -> Text:
    zh, en = (f"，{part.zh}", f", {part.en}") if part else ("", "")
    return Text(f"{label.zh}{zh}：{told}", f"{label.en}{en}: {told}")


def _tick(picture: Picture, left: float, y: float, label: Text) -> None:
    picture.labels.append(Label(left - 8, y + 16, label, "tick", "end"))


def _titles(
    picture: Picture, upper: Text, lower: Text, place: tuple[float, float], upper_at: float = 14
) -> None:
    """The titles of both axes: one at the upper left, where it is read without turning the head."""
    picture.labels.append(Label(0, upper_at, upper, "title"))
    x, y = place
    half = extent(lower) / 2
    x = max(half, min(x, picture.width - half))
    picture.labels.append(Label(x, y, lower, "title", "middle"))


def _grid_across(
    picture: Picture, left: float, scale: float, marks: list[float], share: bool, bottom: float
) -> None:
    # numbers of a narrow picture would run into one another
    every = -(
        -(widest(_written(mark, share) for mark in marks) + 8)
        // ((marks[-1] * scale or 1) / max(len(marks) - 1, 1))
    )
    for at, mark in enumerate(marks):
        x = left + mark * scale
        picture.rules.append(Rule(x, _TOP - 2, x, bottom))
        if at % every == 0:
            picture.labels.append(
                Label(x, bottom + 17, same(_written(mark, share)), "tick", "middle")
            )


def _legend(picture: Picture, parts: Sequence[Part]) -> float:
    """Draw what the colours stand for, in lines as the width allows; return where it ends."""
    x, y = 0.0, 4.0
    for part in parts:
        wide = 18 + extent(part.label) + 16
        if x and x + wide > picture.width + 16:
            x, y = 0.0, y + 20
        picture.rects.append(Rect(x, y, 12, 12, part.colour))
        picture.labels.append(Label(x + 17, y + 10.5, part.label, "tick"))
        x += wide
    return y + 22


def _scale_of_colours(picture: Picture, measure: Text) -> float:
    """Draw which shade is which share; return where it ends."""
    picture.labels.append(Label(0, 14, measure, "title"))
    for at in range(11):
        picture.rects.append(Rect(at * 26, 22, 26, 12, _shade(at / 10)))
        if at % 5 == 0:
            picture.labels.append(Label(at * 26 + 13, 48, same(percent(at / 10)), "tick", "middle"))
    return 56


def _shade(share: float) -> str:
    place = min(max(share, 0), 1) * (len(_HEAT) - 1)
    lower = min(int(place), len(_HEAT) - 2)
    return between(_HEAT[lower], _HEAT[lower + 1], place - lower)
