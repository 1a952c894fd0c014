"""What a page is made of: figures that matter, pictures with their sentence, tables."""

from __future__ import annotations

from dataclasses import dataclass, field

from warehouse.dashboard.picture import Drawing
from warehouse.dashboard.wording import HIDDEN, NONE, Text, count, same


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table. order: what it is sorted by, no more exact than what is shown."""

    shown: Text
    order: float | str | None

    @staticmethod
    def number(value: float | None, shown: str | None = None) -> Cell:
        """A number; None where there is none to tell."""
        if value is None:
            return Cell(same(shown or NONE), None)
        return Cell(same(shown or count(value)), value)

    @staticmethod
    def hidden() -> Cell:
        """A number that would tell of too few people."""
        return Cell(same(HIDDEN), None)

    @staticmethod
    def text(value: Text) -> Cell:
        """Words."""
        return Cell(value, value.en)


@dataclass(frozen=True, slots=True)
class Table:
    """A table that readers sort; its first column is words, the others are numbers."""

    title: Text
    columns: tuple[Text, ...]
    rows: list[tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture, or words in its place. name: unique in its page. says: what one sees in it."""

    name: str
    title: Text
    says: Text
    drawing: Drawing | None = None
    note: Text | None = None
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A number that stands alone. page: where more of it is told."""

    name: str
    label: Text
    value: Text
    note: Text | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page. name: of its file, without the ending."""

    name: str
    title: Text
    lead: Text
    facts: list[Fact] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
