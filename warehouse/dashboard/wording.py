"""How things are said on the pages: in Chinese and in English, with thousands separators."""

from __future__ import annotations

import datetime
from typing import NamedTuple

#: What stands where a number is hidden or there is none.
HIDDEN = "·"
NONE = "–"


class Text(NamedTuple):
    """The same words in both languages."""

    zh: str
    en: str


OUTLET = Text("网点", "outlet")
CUSTOMERS = Text("客户数", "customers")
CARS = Text("车辆数", "cars")
SMALL_OUTLETS = Text("其他小网点", "other small outlets")
LEFT_OUT = Text("⋯", "⋯")
UNNAMED = Text("不详", "not known")

#: Stage of mart_lifecycle -> its name and colour, in the order in which pages show them. The
#: colours are Okabe and Ito's, which people with any kind of colour vision tell apart.
STAGES = {
    "new": (Text("新客户", "new"), "#56b4e9"),
    "active": (Text("活跃", "active"), "#0072b2"),
    "returned": (Text("回流", "returned"), "#009e73"),
    "cooling": (Text("转冷", "cooling"), "#e69f00"),
    "lost": (Text("流失", "lost"), "#d55e00"),
    "unknown": (Text("无接触日期", "no dated contact"), "#8c96a0"),
}


def same(text: str) -> Text:
    """What is the same in both languages, such as an outlet's code."""
    return Text(text, text)


def count(number: float) -> str:
    """A whole number.

    >>> count(1234567)
    '1,234,567'
    """
    return f"{number:,.0f}"


def percent(share: float | None) -> str:
    """A share, in whole per cent.

    >>> percent(0.4994), percent(None)
    ('50%', '–')
    """
    # halves go up, as people do it: 0.125 is 13 %
    return NONE if share is None else f"{int(share * 100 + 0.5)}%"


def money(yuan: float) -> Text:
    """An amount as directors say it.

    >>> money(5657414).zh, money(5657414).en, money(980).zh
    ('565.7 万元', 'CNY 5.66 million', '980 元')
    """
    zh = f"{yuan:,.0f} 元"
    if yuan >= 1e8:
        zh = f"{yuan / 1e8:,.2f} 亿元"
    elif yuan >= 1e4:
        zh = f"{yuan / 1e4:,.1f} 万元"
    return Text(zh, f"CNY {yuan / 1e6:,.2f} million" if yuan >= 1e6 else f"CNY {yuan:,.0f}")


def quarter(first_day: datetime.date) -> str:
    """A quarter by its first day.

    >>> quarter(datetime.date(2023, 4, 1))
    '2023Q2'
    """
    return f"{first_day.year}Q{(first_day.month + 2) // 3}"


def outlet(code: str) -> Text:
    """An outlet's code; the empty one stands for the small ones together."""
    return same(code) if code else SMALL_OUTLETS
