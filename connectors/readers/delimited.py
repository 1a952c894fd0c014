"""Delimited text: comma, tab, semicolon, full-width comma or bar; quotes; line breaks in quotes.

Cells stay as typed, but for ="0512", by which exports keep Excel from eating a zero: it becomes
0512, which is what a person sees there.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter

from connectors.headers import lookup
from connectors.readers.problems import HalfWritten
from connectors.readers.sheet import Sheet

DELIMITERS = ",\t;，|"
HEAD = 1 << 16  # characters in which the header is looked for
HEAD_ROWS = 40
END = "\x1e"  # a cell of its own after the last row, unless a quote is still open
_FORMULA = re.compile(r'\A="([^"]*)"\Z')
FIELD_LIMIT = 1 << 30  # the csv module's own limit of 128 kB would raise instead of telling


def read(text: str) -> list[Sheet]:
    """One sheet of the text's rows; raises HalfWritten if it ends within a quoted cell."""
    text = text.removeprefix("\ufeff").rstrip("\0\x1a")  # \x1a: the end of a file in DOS
    delimiter = _delimiter(text)
    unfinished = not text.endswith(("\n", "\r"))
    rows = _strict(text, delimiter) or _mended(text, delimiter)
    if '="' in text:
        rows = [[_FORMULA.sub(r"\1", cell) for cell in row] for row in rows]
    return [Sheet("", rows, unfinished)]


def _delimiter(text: str) -> str:
    """The one that splits a line into most known headers; else the one that splits most evenly."""
    head = list(itertools.islice(io.StringIO(text[:HEAD]), HEAD_ROWS))
    for line in head:
        known = {d: sum(lookup(c) is not None for c in line.split(d)) for d in DELIMITERS}
        best = max(DELIMITERS, key=lambda d: known[d])
        if known[best] > 1:
            return best
    return max(DELIMITERS, key=lambda d: _evenness(head, d))


def _evenness(head: list[str], delimiter: str) -> tuple[int, int]:
    """How many rows have the most frequent width above 1, and that width."""
    widths = Counter(line.count(delimiter) for line in head if delimiter in line)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))


def _strict(text: str, delimiter: str) -> list[list[str]] | None:
    """The rows; None if a quote is not closed, or closed in the middle of a cell."""
    csv.field_size_limit(FIELD_LIMIT)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return None


def _mended(text: str, delimiter: str) -> list[list[str]]:
    """The rows of a text with stray quotes; raises HalfWritten if it ends within a quoted cell."""
    whole = text.endswith(("\n", "\r"))
    by_line = [_line(line, delimiter) for line in io.StringIO(text, newline=None)]
    if whole and len({len(row) for row in by_line if row}) == 1:
        return by_line
    end = END if whole else "\n" + END
    rows = list(csv.reader(io.StringIO(text + end, newline=""), delimiter=delimiter))
    if rows[-1] != [END]:
        raise HalfWritten("the text ends within a quoted cell")
    return by_line if _swallowed(rows, delimiter) else rows[:-1]


def _line(line: str, delimiter: str) -> list[str]:
    """The cells of one line; where its quotes do not pair they are plain characters."""
    row = _strict(line, delimiter)
    if row is not None:
        return row[0] if row else []
    return [_bare(cell) for cell in line.rstrip("\n").split(delimiter)]


def _swallowed(rows: list[list[str]], delimiter: str) -> bool:
    """Whether a stray quote has drawn a whole line into one cell."""
    width = max(map(len, rows[:HEAD_ROWS]))
    return any("\n" in c and c.count(delimiter) >= width - 1 > 0 for row in rows for c in row)


def _bare(cell: str) -> str:
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1] if quoted else cell
