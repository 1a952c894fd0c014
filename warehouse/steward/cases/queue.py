"""The queue: what waits, in the order of what a decision is worth."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

import duckdb

from warehouse.steward.cases.memo import Memo
from warehouse.steward.published import version_of

if TYPE_CHECKING:
    from warehouse.steward.cases.matters import Waiting

_QUEUE = (Path(__file__).parent / "queue.sql").read_text(encoding="utf-8")

Kind = Literal["pair", "suspect", "conflict", "held", "night"]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: How a case's key begins that is no pair -> the folder of its page.
_PAGES = {
    "links": "/review/links",
    "suspect": "/review/customer",
    "conflict": "/review/conflicts",
    "held": "/review/held",
    "night": "/review/nights",
}
#: Stands in a filter for all reasons for which a merge was refused, and begins each.
REFUSED = "refused"


def path_of(key: str) -> str:
    """The page of a case by its key.

    >>> path_of("C1~C2"), path_of("suspect~C1-0a1b2c3d4e5f"), path_of("conflict~12-15")
    ('/review/case/C1/C2', '/review/customer/C1', '/review/conflicts/12-15')
    """
    kind, _, name = key.partition("~")
    if kind == "suspect":
        name = name.partition("-")[0]  # what follows tells what contradicts
    return f"{_PAGES[kind]}/{name}" if kind in _PAGES else f"/review/case/{kind}/{name}"


def kind_of(key: str) -> str:
    """The kind of a case by its key; links of a link of the audit sample."""
    kind = key.partition("~")[0]
    return kind if kind in _PAGES else "pair"


@dataclass(frozen=True, slots=True)
class Case:
    """A pair of customers in doubt. Names are masked.

    key: as `key_of` names it. pattern: the same for like cases.
    outlets, provinces: those in scope of whoever asks; reach: how many outlets there are in all.
    since: day of the run that made the younger of the two, days ago.
    """

    kind: ClassVar[Kind] = "pair"

    key: str
    golden_id_a: str
    golden_id_b: str
    record_a: str
    record_b: str
    reason: str
    match_weight: float
    pattern: str
    name_a: str | None
    name_b: str | None
    kind_a: str
    kind_b: str
    records: int
    cars: int
    outlets: list[str]
    reach: int
    provinces: list[str]
    is_key_account: bool
    since: datetime.date | None
    days: int | None
    worth: float

    @property
    def path(self) -> str:
        """Its page."""
        return path_of(self.key)

    @property
    def customers(self) -> tuple[tuple[str, str | None], ...]:
        """Golden id and name of both."""
        return (self.golden_id_a, self.name_a), (self.golden_id_b, self.name_b)


def key_of(one: str, other: str) -> str:
    """The name of the case of two golden ids, whichever comes first."""
    return "~".join(sorted((one, other)))


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cases are meant; None: whichever. least, most: match weight in bits. days: waiting.

    reason: of a case, or `REFUSED`. kinds: none for all.
    """

    kinds: frozenset[Kind] = frozenset()
    reason: str | None = None
    outlet: str | None = None
    province: str | None = None
    least: float | None = None
    most: float | None = None
    days: int | None = None
    pattern: str | None = None

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return self != Filters()

    def fit(self, case: Waiting) -> bool:
        """Whether a case is meant; by its weight, pairs alone are."""
        weight = case.match_weight
        return (
            (not self.kinds or case.kind in self.kinds)
            and (
                self.reason in (None, case.reason)
                or (self.reason == REFUSED and case.reason.startswith(f"{REFUSED}_"))
            )
            and (self.outlet is None or self.outlet in case.outlets)
            and (self.province is None or self.province in case.provinces)
            and (self.least is None or (weight is not None and weight >= self.least))
            and (self.most is None or (weight is not None and weight < self.most))
            and (self.days is None or (case.days or 0) >= self.days)
            and self.pattern in (None, case.pattern)
        )


class Queue:
    """What waits, asked of each published version once for each scope."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._found = Memo[list[Case]]()

    def waiting(
        self, con: duckdb.DuckDBPyConnection, seen: list[str] | None, filters: Filters | None = None
    ) -> list[Case]:
        """The cases, the most valuable first. seen: outlets, as `Scope.codes` gives them."""

        def find() -> list[Case]:
            return [Case(*row) for row in con.execute(_QUEUE, {"seen": seen}).fetchall()]

        cases = self._found.of(version_of(con), seen, find)
        return [case for case in cases if filters.fit(case)] if filters else cases


def reasons(cases: Iterable[Waiting]) -> dict[str, int]:
    """Reason -> cases, the most frequent first."""
    return dict(Counter(map(attrgetter("reason"), cases)).most_common())
