"""Cases for programs: what waits, and a decision on a pair of records or another case."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field

from matching.decisions import Verdict
from warehouse.steward.access.scope import NotThere
from warehouse.steward.access.visit import Visit, may
from warehouse.steward.cases import deciding, evidence, settling
from warehouse.steward.cases.backlog import backlog, find
from warehouse.steward.cases.evidence import Doubt
from warehouse.steward.cases.matters import Matter
from warehouse.steward.cases.matters import Waiting as Case
from warehouse.steward.cases.queue import Filters, Kind

router = APIRouter()
_GoldenId = Annotated[str, Path(max_length=40)]
_Key = Annotated[str, Path(max_length=64)]
_PAIRS: list[Kind] = ["pair"]


class Waiting(BaseModel):
    """A case of the queue. worth: by which it is ordered.

    kind: pair of two customers in doubt; suspect of a customer who may be several people; conflict
    of decisions that contradict each other; held of a file that was set aside; night of a run that
    is held. golden_id, other_id: of whom it is, as far as it is of one or two customers.
    match_weight: of pairs. path: its page. words: what `POST /cases/{key}` takes; none of pairs.
    """

    kind: Kind
    key: str
    golden_id: str | None
    other_id: str | None
    reason: str
    match_weight: float | None
    records: int
    cars: int
    outlets: list[str]
    provinces: list[str]
    is_key_account: bool
    since: datetime.date | None
    worth: float
    path: str
    words: list[str]

    @classmethod
    def of(cls, case: Case) -> Waiting:
        """A case as a program is told of it."""
        ids: list[str | None] = [golden_id for golden_id, _ in case.customers]
        one, other = [*ids, None, None][:2] if len(ids) <= 2 else (None, None)
        same = ("kind", "key", "reason", "match_weight", "records", "cars", "outlets", "provinces",
                "is_key_account", "since", "path")  # fmt: skip
        return cls(
            golden_id=one,
            other_id=other,
            worth=round(case.worth, 3),
            words=list(settling.words(case)) if isinstance(case, Matter) else [],
            **{name: getattr(case, name) for name in same},
        )


class Word(BaseModel):
    """What settles a case that is no pair: one of its words. why: of a decision that it makes."""

    word: str = Field(max_length=32)
    why: str = Field(default="", max_length=1000)


class Said(BaseModel):
    """A verdict on a case. why: a note for whoever looks at it later.

    over: number of the decision on it that this one overrules; a lead's, or one's own.
    """

    verdict: Verdict
    why: str = Field(default="", max_length=1000)
    over: int | None = None


class Made(BaseModel):
    """A decision by its number. applies: at the next run.

    Without a number it is kept as a second opinion on a case that was decided before, and does not
    apply.
    """

    number: int | None
    uid: str | None
    applies: Literal["next_run"] | None = "next_run"


@router.get("/cases")
def waiting(
    visit: Annotated[Visit, may("review.see")],
    kind: Annotated[list[Kind], Query(max_length=5)] = _PAIRS,
    reason: Annotated[str | None, Query(max_length=64)] = None,
    outlet: Annotated[str | None, Query(max_length=64)] = None,
    province: Annotated[str | None, Query(max_length=8)] = None,
    days: Annotated[int | None, Query(ge=0, le=100_000)] = None,
    order: Literal["worth", "teaches"] = "worth",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[Waiting]:
    """The cases that are open: the most valuable first, or those whose decision teaches most.

    Of pairs, unless other kinds are asked for; `kind` may be repeated.
    """
    filters = Filters(frozenset(kind), reason, outlet, province, days=days)
    with visit.warehouse() as con:
        known = backlog(visit, con)
    is_by_worth = order == "worth"
    waiting = known.waiting(filters) if is_by_worth else known.telling(visit, filters)
    claims = visit.services.claims
    found = claims.open_to(visit.user.login, waiting, known.work(claims, waiting))[:limit]
    return [Waiting.of(case) for case in found]


@dataclass(frozen=True, slots=True)
class _Case:
    """A case, and who asks for it."""

    visit: Visit
    doubt: Doubt


def _case(
    visit: Annotated[Visit, may("review.decide")], golden_id: _GoldenId, other_id: _GoldenId
) -> _Case:
    """The case of two customers, found before what is said of it is read. Raises NotThere."""
    with visit.warehouse() as con:
        for one in (golden_id, other_id):
            visit.scope.ensure_seen(con, one)
        doubt = evidence.doubt(con, visit.services.site.model(), golden_id, other_id)
    if doubt is None:
        raise NotThere(f"{golden_id}, {other_id}: nobody doubts")
    return _Case(visit, doubt)


@router.post("/cases/{golden_id}/{other_id}", status_code=201)
def decide(case: Annotated[_Case, Depends(_case)], said: Said) -> Made:
    """Decide a case; 409 where somebody else is at it, or `over` leaves out what is decided."""
    entry = deciding.judge(case.visit, case.doubt, said.verdict, said.why, said.over)
    if entry is None:
        return Made(number=None, uid=None, applies=None)
    return Made(number=entry.number, uid=entry.decision.uid)


@dataclass(frozen=True, slots=True)
class _Matter:
    """A case that is no pair, and who asks for it."""

    visit: Visit
    case: Matter


def _matter(visit: Annotated[Visit, may("review.decide")], key: _Key) -> _Matter:
    """The case of a key, found before what is said of it is read. Raises NotThere."""
    with visit.warehouse() as con:
        case = find(visit, con, key)
    if case is None:
        raise NotThere(f"{key}: does not wait")
    return _Matter(visit, case)


@router.post("/cases/{key}", status_code=201)
def settle(matter: Annotated[_Matter, Depends(_matter)], said: Word) -> Made:
    """Settle a case that is no pair by one of its words; 409 where somebody else is at it.

    Without a number it came to no decision: the word itself settles it.
    """
    entry = settling.say(matter.visit, matter.case, said.word, said.why)
    if entry is None:
        return Made(number=None, uid=None, applies=None)
    return Made(number=entry.number, uid=entry.decision.uid)
