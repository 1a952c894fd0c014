"""The review of a pair in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Literal

import duckdb
from fastapi import APIRouter, Form
from fastapi.responses import Response

from matching import ids as golden_ids
from matching.decisions import VERDICTS
from warehouse.steward.access.scope import NotThere
from warehouse.steward.access.visit import Visit, may
from warehouse.steward.cases import deciding, evidence, preview, settling, sides
from warehouse.steward.cases.ahead import Reading, newest
from warehouse.steward.cases.claims import Taken, Work
from warehouse.steward.cases.deciding import Ruled, Unusable
from warehouse.steward.cases.docket import docket, done_today
from warehouse.steward.cases.evidence import Doubt
from warehouse.steward.cases.queue import key_of
from warehouse.steward.cases.saying import about
from warehouse.steward.cases.veiling import under_veil
from warehouse.steward.pages.asked import ahead_path, case_path, query, with_filters
from warehouse.steward.pages.revealing import CLEAR, MINUTES, eyes_on, reveal

router = APIRouter(prefix="/review")


@router.get("/case/{golden_id}/{other_id}")
def see_case(
    visit: Annotated[Visit, may("review.see")],
    golden_id: str,
    other_id: str,
    records: Literal["newest", "all"] = "newest",
) -> Response:
    """A case with all that tells for and against."""
    ids = [golden_id, other_id]
    key = key_of(golden_id, other_id)
    eyes = eyes_on(visit, key)
    with visit.warehouse() as con:
        told = reading(visit, con, ids)
        known = docket(visit, con)
        if told is None:
            raise NotThere(f"{golden_id}, {other_id}: nobody doubts")
        if records == "all":
            both, seen = visit.dossiers(con, *ids), visit.scope.codes(con)
            told = replace(told, records=newest(both, seen, told.doubt, None), older=0)
    kinds = [one.kind for one in told.customers]
    work: Work | None = None
    ruling = known.rulings.get(key)
    if visit.may("review.decide") and ruling is None:
        try:
            deciding.claim(visit, key, anew=True)
        except Taken as taken:
            work = taken.work
    visit.note("review.see", key)
    return visit.page(
        "review_case.html",
        doubt=told.doubt,
        customers=told.customers,
        kinds=dict(zip(ids, kinds, strict=True)),
        values=under_veil(told.values, kinds, eyes.is_clear),
        line=told.line,
        nearby=known.nearby(ids),
        because=partial(evidence.because, visit.services.site.model()),
        ids=ids,
        eyes=eyes,
        minutes=MINUTES,
        preview=case_path(key, visit, "/preview", CLEAR),
        work=work,
        ruling=ruling,
        overrules=ruling is not None and deciding.may_overrule(visit, ruling),
        last=visit.services.claims.last(visit.user.login, 1),
        done=done_today(visit).get(visit.user.login, 0),
        query=query(visit),
        newest=told.records,
        older=told.older,
        all_records=_all_records(visit, key),
        ahead=ahead_path(visit, key) if visit.may("review.decide") else None,
    )


@router.get("/case/{golden_id}/{other_id}/preview")
def preview_case(
    visit: Annotated[Visit, may("review.see")], golden_id: str, other_id: str
) -> Response:
    """The golden records as they are, and the one that a merge would make."""
    with visit.warehouse() as con:
        _case(visit, con, golden_id, other_id)
        ids, rules = [golden_id, other_id], visit.services.site.rules()
        both = visit.dossiers(con, *ids)
        values = sides.values(both, visit.scope.codes(con))
        customers = sides.customers(both)
        parts = {key: one.golden_id for one in both for key in one.keys}
        said = about(visit.services.decisions.entries(), parts)
        apart = preview.golden_records(con, rules, ids, parts, said)
        merged = preview.golden_records(con, rules, ids, dict.fromkeys(parts, "merged"), said)
    visit.note("review.preview", key_of(golden_id, other_id))
    return visit.page(
        "review_preview.html",
        off=[],
        why="",
        columns=[
            (golden_id, apart[golden_id]),
            (other_id, apart[other_id]),
            ("merged", merged["merged"]),
        ],
        attributes=sides.ATTRIBUTES,
        kind="company" if {one.kind for one in customers} == {"company"} else "person",
        shown=preview.shown(eyes_on(visit, key_of(*ids)), visit.scope.is_all, values),
        back=case_path(key_of(*ids), visit, "", CLEAR),
        query="",
    )


@router.post("/case/{golden_id}/{other_id}/reveal")
def reveal_case(
    visit: Annotated[Visit, may("customer.reveal")], golden_id: str, other_id: str
) -> Response:
    """Show the values of a case in clear for a while."""
    with visit.warehouse() as con:
        _case(visit, con, golden_id, other_id)
    key = key_of(golden_id, other_id)
    return reveal(visit, case_path(key, visit), key)


@router.post("/case/{golden_id}/{other_id}")
def decide(
    visit: Annotated[Visit, may("review.decide")],
    golden_id: str,
    other_id: str,
    verdict: Annotated[str, Form()] = "",
    why: Annotated[str, Form(max_length=1000)] = "",
    over: Annotated[int | None, Form()] = None,
) -> Response:
    """Decide a case, or skip it, and go on to the next. over: the decision that is overruled."""
    with visit.warehouse() as con:
        doubt = _doubt(visit, con, golden_id, other_id)
    if doubt is None:  # a night has been published under the open page
        return visit.go(with_filters("/review/next", visit), "case_gone")
    if verdict not in (*VERDICTS, "skip"):
        told = f"a verdict is one of {', '.join(VERDICTS)}, or skip"
        raise Unusable(told, "verdict", "verdict")
    key = key_of(golden_id, other_id)
    if verdict == "skip":
        if deciding.ruling_on(visit, key) is None:
            claim = deciding.claim(visit, key)
            visit.services.claims.settle(visit.user.login, claim.key, "skipped")
        return visit.go(with_filters("/review/next", visit), "skipped")
    said = f"decided_{verdict}"
    try:
        if deciding.judge(visit, doubt, verdict, why, over) is None:
            said = "seconded"
    except Ruled as ruled:
        ruling, made = ruled.ruling, ruled.ruling.entry.decision
        if (made.author, ruling.verdict) != (visit.user.login, verdict):  # no form sent twice
            return visit.page(
                "review_ruled.html",
                409,
                ruling=ruling,
                overrules=deciding.may_overrule(visit, ruling),
                verdict=verdict,
                why=why,
                path=case_path(key, visit),
                then=with_filters("/review/next", visit),
            )
    return visit.go(with_filters("/review/next", visit), said)


@router.post("/undo")
def undo(
    visit: Annotated[Visit, may("review.decide")],
    number: Annotated[int | None, Form()] = None,
    then: Annotated[str, Form()] = "",
    second: Annotated[bool, Form()] = False,
) -> Response:
    """Take a decision back, or a second opinion on it; its case waits again.

    number: of the decision; none where a word on the case `then` came to none. then: a case or a
    customer to go back to.
    """
    if number is None:
        if "~" not in then:
            raise Unusable("name a decision", "missing", "number")
        settling.reopen(visit, then)
    elif second:
        deciding.withdraw(visit, number)
    else:
        deciding.take_back(visit, number)
    if "~" in then:
        return visit.go(case_path(then, visit), "undone")
    customer = golden_ids.parse(then)
    return visit.go(f"/review/customer/{customer}" if customer else "/review", "undone")


def _doubt(visit: Visit, con: duckdb.DuckDBPyConnection, one: str, other: str) -> Doubt | None:
    """The doubt about two customers, in the order of their ids; None where there is none any more.

    Raises NotThere where one of them, or whom he was merged into, is not seen.
    """
    visit.dossiers(con, one, other)
    return evidence.doubt(con, visit.services.site.model(), one, other)


def reading(visit: Visit, con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> Reading | None:
    """What is known of a case. None where nobody doubts. Raises NotThere of who is not seen."""
    both = visit.dossiers(con, *ids)
    if [one.golden_id for one in both] != list(ids):  # one was merged away
        return None
    model, seen = visit.services.site.model(), visit.scope.codes(con)
    return visit.services.ahead.reading(con, model, both, seen)


def _case(visit: Visit, con: duckdb.DuckDBPyConnection, one: str, other: str) -> Doubt:
    """As `_doubt`, where there must be one. Raises NotThere."""
    found = _doubt(visit, con, one, other)
    if found is None:
        raise NotThere(f"{one}, {other}: nobody doubts")
    return found


def _all_records(visit: Visit, key: str) -> str:
    """The address of a case with every record of both."""
    path = case_path(key, visit, "", CLEAR)
    return f"{path}{'&' if '?' in path else '?'}records=all#records"
