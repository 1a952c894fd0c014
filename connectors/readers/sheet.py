"""What every reader gives: a named grid of text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sheet:
    """A grid of cells as text, rows possibly of different lengths; row i is number i + 1.

    name: the sheet's name, "" for text.
    unfinished: the last row ends without a line break, so it may have been cut off.
    """

    name: str
    rows: list[list[str]]
    unfinished: bool = False
