"""The picture of the curve: how often pairs of a weight are one, and where thresholds lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from warehouse.dashboard.charts import BLUE, GREEN, GREY, ORANGE
from warehouse.dashboard.picture import (
    NARROW,
    Drawing,
    Label,
    Line,
    Picture,
    Rect,
    Rule,
    extent,
)  # fmt: skip
from warehouse.dashboard.wording import Text, percent, same

_LEFT, _RIGHT, _TOP, _HIGH = 44, 20, 62, 250
_BITS = Text("匹配权重（比特）", "match weight (bits)")
_SHARE = Text("同一客户的比例", "share that is one customer")
_PRECISION = Text("从此处起关联的正确率", "right of all linked from here on")
_TODAY, _SUGGESTED = Text("现在的阈值", "thresholds today"), Text("建议的阈值", "suggested")


@dataclass(frozen=True, slots=True)
class Point:
    """At a weight: the share that is one, and of all pairs from there on the share that is."""

    bits: float
    share: float
    precision: float


def curve(points: Sequence[Point], today: Sequence[float], suggested: Sequence[float]) -> Drawing:
    """The curve, with thresholds as upright lines."""

    def draw(width: int) -> Picture:
        picture = Picture(width, _TOP + _HIGH + 44)
        first, last = points[0].bits, points[-1].bits
        floor = min(0.9, int(min(point.share for point in points) * 10) / 10)

        def x(bits: float) -> float:
            return _LEFT + (bits - first) / (last - first) * (width - _LEFT - _RIGHT)

        def y(share: float) -> float:
            return _TOP + (1 - share) / (1 - floor) * _HIGH

        _legend(picture)
        gap = 0.1 if floor < 0.8 else 0.05 if floor < 0.9 else 0.02
        for step in range(round((1 - floor) / gap) + 1):
            share = 1 - step * gap
            picture.rules.append(Rule(_LEFT, y(share), width - _RIGHT, y(share)))
            mark = Label(_LEFT - 8, y(share) + 4, same(percent(share)), "tick", "end")
            picture.labels.append(mark)
        for whole in range(ceil(first), int(last) + 1, 1 if width > NARROW else 3):
            mark = Label(x(whole), _TOP + _HIGH + 18, same(str(whole)), "tick", "middle")
            picture.labels.append(mark)
        for thresholds, colour, up in ((today, GREY, 0), (suggested, ORANGE, 14)):
            for bits in {round(one, 1) for one in thresholds}:
                if first <= bits <= last:
                    picture.rects.append(Rect(x(bits) - 1, _TOP - 8, 2, _HIGH + 8, colour))
                    mark = Label(x(bits), _TOP - 12 - up, same(f"{bits:.1f}"), "value", "middle")
                    picture.labels.append(mark)
        for name, colour, dash in (("share", BLUE, ""), ("precision", GREEN, "7 4")):
            line = [(x(point.bits), y(getattr(point, name))) for point in points]
            picture.lines.append(Line(line, colour, dash))
        middle = (_LEFT + width - _RIGHT) / 2
        picture.labels.append(Label(middle, _TOP + _HIGH + 38, _BITS, "title", "middle"))
        return picture

    return draw


def _legend(picture: Picture) -> None:
    x, y = 0.0, 4.0
    for words, colour in (
        (_SHARE, BLUE), (_PRECISION, GREEN), (_TODAY, GREY), (_SUGGESTED, ORANGE),
    ):  # fmt: skip
        wide = 18 + extent(words) + 12
        if x and x + wide > picture.width:
            x, y = 0.0, y + 16
        picture.rects.append(Rect(x, y, 12, 12, colour))
        picture.labels.append(Label(x + 17, y + 10.5, words, "tick"))
        x += wide
