"""Rows of a sheet that are no records: blank ones, totals, footers, the header repeated."""

from __future__ import annotations

import re
from functools import cache

from connectors.headers import lookup
from connectors.sources import shared_headers

LEAST_CELLS = 2  # one known word, such as 电话, may also be a value


def is_header(row: list[str]) -> bool:
    """Whether a row right below the header is the same in another language or wording."""
    filled = [cell for cell in row if cell.strip()]
    return len(filled) >= LEAST_CELLS and all(lookup(cell) for cell in filled)


def no_record(row: list[str], header: list[str], names: set[str]) -> str | None:
    """Why a row is no record: blank, header, total or footer; None for a record."""
    first = next((cell for cell in row if cell and not cell.isspace()), None)
    if first is None:
        return "blank"
    if first.strip() in names:
        filled = [cell.strip() for cell in row if cell.strip()]
        return "header" if len(filled) > 1 and names.issuperset(filled) else None
    if _totals().match(first):
        return "total"
    if _footers().match(first):
        return "footer" if 2 * sum(1 for cell in row if cell.strip()) <= len(header) else None
    return None


@cache
def _totals() -> re.Pattern[str]:
    """A cell that is nothing but one of the words, perhaps with a count: 合 计：12 条记录。"""
    words = _any_of(sorted(shared_headers().totals, key=len, reverse=True))
    return re.compile(rf"{words}[\s:：共有]*[\d,.]*\s*[条行户笔元辆台]?(?:记录|数据)?[\s。]*\Z")


@cache
def _footers() -> re.Pattern[str]:
    return re.compile(_any_of(shared_headers().footers))


def _any_of(words: list[str]) -> str:
    spaced = (r"\s*".join(map(re.escape, word)) for word in words)
    return rf"\W*(?:{'|'.join(spaced)})"
