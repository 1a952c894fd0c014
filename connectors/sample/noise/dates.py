"""How dates and amounts are written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

EXCEL_EPOCH = date(1899, 12, 30)
FORMS: dict[str, Callable[[date], str]] = {
    "dash": lambda day: day.isoformat(),
    "slash": lambda day: f"{day.year}/{day.month}/{day.day}",
    "plain": lambda day: f"{day:%Y%m%d}",
    "han": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "dot": lambda day: f"{day:%Y.%m.%d}",
    "time": lambda day: f"{day.isoformat()} 00:00:00",
    "serial": lambda day: str((day - EXCEL_EPOCH).days),
    "short": lambda day: f"{day.year % 100}-{day.month}-{day.day}",
}
PLACEHOLDERS = ("1900-01-01", "0000-00-00", "不详", "1970-01-01", "-", "2000-01-01")


def amount(value: int, style: int) -> str:
    """A sum of yuan in one of five habits."""
    return (f"{value}", f"{value}.00", f"{value}元", f"{value:,}.00", f"￥{value}")[style]
