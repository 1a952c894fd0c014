"""A picture of a customer's cars over the years: whose they were when, and when they were seen."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from warehouse.dashboard.charts import BLUE, ORANGE
from warehouse.dashboard.picture import Drawing, Label, Line, Picture, Rect, Rule, extent, widest
from warehouse.dashboard.wording import Text, same

_ROW, _TOP, _BAR = 30, 8, 12
_PALE = "#9ccae4"
_OWNED = Text("拥有期间", "owned")
_SALE = Text("购车", "bought")
_VISIT = Text("进店", "visit")


@dataclass(frozen=True, slots=True)
class Lane:
    """A car. owned: from when to when, the latter None until now; None where it is not his."""

    label: str
    owned: tuple[datetime.date, datetime.date | None] | None
    sales: tuple[datetime.date, ...] = ()
    visits: tuple[datetime.date, ...] = ()

    @property
    def days(self) -> list[datetime.date]:
        """All days that it tells of."""
        owned = [day for day in self.owned or () if day]
        return [*owned, *self.sales, *self.visits]


def timeline(lanes: Sequence[Lane], today: datetime.date) -> Drawing | None:
    """Draw the cars, one below the other; None where no day is known."""
    days = [day for lane in lanes for day in lane.days]
    if not days:
        return None
    first, last = min(days).year, max(today, *days).year + 1
    begin = datetime.date(first, 1, 1)
    span = (datetime.date(last, 1, 1) - begin).days

    def draw(width: int) -> Picture:
        picture = Picture(width)
        top = _legend(picture) + _TOP
        left = min(widest(lane.label for lane in lanes) + 12, 0.4 * width)
        scale, bottom = (width - left - 8) / span, top + _ROW * len(lanes)

        def x(day: datetime.date) -> float:
            return left + (day - begin).days * scale

        every = -(-(extent("2024") + 10) // ((width - left) / (last - first)))
        for year in range(first, last + 1):
            at = x(datetime.date(year, 1, 1))
            picture.rules.append(Rule(at, top - 4, at, bottom))
            if (year - first) % every == 0 and at + extent("2024") < width:
                picture.labels.append(Label(at, bottom + 17, same(str(year)), "tick"))
        for row, lane in enumerate(lanes):
            _lane(picture, lane, top + row * _ROW + _ROW / 2, x, left, today)
        picture.height = bottom + 26
        return picture

    return draw


def _lane(
    picture: Picture,
    lane: Lane,
    y: float,
    x: Callable[[datetime.date], float],
    left: float,
    today: datetime.date,
) -> None:
    picture.labels.append(Label(left - 8, y + 4, same(lane.label), "tick", "end"))
    if lane.owned:
        begun, ended = lane.owned[0], lane.owned[1] or today
        says = Text(f"{lane.label}：{begun} – {lane.owned[1] or '今'}",
                    f"{lane.label}: {begun} – {lane.owned[1] or 'now'}")  # fmt: skip
        wide = max(x(ended) - x(begun), 2)
        picture.rects.append(Rect(x(begun), y - _BAR / 2, wide, _BAR, _PALE, says))
    for days, colour in ((lane.visits, BLUE), (lane.sales, ORANGE)):
        # a line of one point is a dot
        picture.lines += [Line([(x(day), y)], colour, "") for day in days]


def _legend(picture: Picture) -> float:
    """Draw what the colours stand for; return where it ends."""
    at = 0.0
    for words, colour in ((_OWNED, _PALE), (_SALE, ORANGE), (_VISIT, BLUE)):
        if colour == _PALE:
            picture.rects.append(Rect(at, 4, 18, 10, colour))
        else:
            picture.lines.append(Line([(at + 9, 9)], colour, ""))
        picture.labels.append(Label(at + 23, 13.5, words, "tick"))
        at += 23 + extent(words) + 16
    return 26
