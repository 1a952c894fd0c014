"""The queue, and the review of a pair in doubt."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

import duckdb
from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import Response

from matching import ids as golden_ids
from matching.decisions import VERDICTS
from warehouse.naming import present
from warehouse.steward.access.scope import NotThere
from warehouse.steward.access.visit import Visit, may
from warehouse.steward.cases import deciding, evidence, pictures, preview, queue, sides
from warehouse.steward.cases.claims import Taken, Work
from warehouse.steward.cases.conflicts import conflicts
from warehouse.steward.cases.deciding import Ruled, Unusable
from warehouse.steward.cases.docket import docket
from warehouse.steward.cases.evidence import Doubt
from warehouse.steward.cases.queue import Case, Filters, key_of
from warehouse.steward.cases.saying import about
from warehouse.steward.cases.suspects import files_aside
from warehouse.steward.cases.veiling import under_veil
from warehouse.steward.learn.telling import most_telling_first
from warehouse.steward.learn.twice import differing
from warehouse.steward.pages.revealing import CLEAR, MINUTES, eyes_on, reveal

router = APIRouter(prefix="/review")
#: So many cases are listed; whoever works takes one after the other.
_LISTED = 100
#: Records of each customer that are shown at once; a fleet has hundreds.
_NEWEST = 12
#: Score bands of the filter, in bits: each from its bound to the next.
BANDS = (4.0, 6.0, 8.0, 12.0, 20.0)


def _filters(
    reason: str = "", outlet: str = "", province: str = "", band: str = "", days: str = "",
    pattern: str = "",
) -> Filters:  # fmt: skip
    """What the form of the queue asks for; an empty field asks for nothing."""
    place = int(band) if band.isdecimal() and int(band) <= len(BANDS) else None
    return Filters(
        reason=reason or None,
        outlet=outlet or None,
        province=province or None,
        least=BANDS[place - 1] if place else None,
        most=BANDS[place] if place is not None and place < len(BANDS) else None,
        days=int(days) if days.isdecimal() and len(days) < 6 else None,
        pattern=pattern or None,
    )


Asked = Annotated[Filters, Depends(_filters)]


@router.get("")
def list_cases(
    visit: Annotated[Visit, may("review.see")],
    filters: Asked,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """What waits, and how far today's work has come."""
    with visit.warehouse() as con:
        found = docket(visit, con)
        others = _others(visit, con)
    waiting = _in_order(visit, found.waiting())
    listed = [case for case in waiting if filters.fit(case)]
    shown = listed[(page - 1) * _LISTED : page * _LISTED]
    return visit.page(
        "review_queue.html",
        cases=shown,
        page=page,
        pages=-(-len(listed) // _LISTED),
        listed=len(listed),
        others=others,
        work=found.work(visit.services.claims, shown),
        reasons=queue.reasons(waiting),
        outlets=sorted({outlet for case in waiting for outlet in case.outlets}),
        provinces=sorted({province for case in waiting for province in case.provinces}),
        bands=BANDS,
        because=partial(evidence.because, visit.services.site.model()),
        waiting=len(waiting),
        settled=found.settled,
        done=_done_today(visit),
        last=visit.services.claims.last(visit.user.login),
        query=_query(visit),
        saved=visit.services.saved.of(visit.user.login),
    )


@router.post("/filters")
def keep_filters(
    visit: Annotated[Visit, may("review.see")],
    name: Annotated[str, Form(min_length=1, max_length=64)],
    forget: Annotated[bool, Form()] = False,
) -> Response:
    """Keep the filters of the address by a name, or forget those of the name."""
    query = "" if forget else _query(visit)
    visit.services.saved.keep(visit.user.login, name, query)
    return visit.go(f"/review{query}", "saved")


@router.get("/conflicts")
def see_conflicts(visit: Annotated[Visit, may("review.conflict")]) -> Response:
    """Decisions that newer ones contradict."""
    with visit.warehouse() as con:
        found = conflicts(con, visit.scope, visit.services.decisions.entries())
        seconds = differing(visit, con)
    return visit.page("review_conflicts.html", conflicts=found, seconds=seconds)


@router.get("/suspects")
def see_suspects(visit: Annotated[Visit, may("review.see")]) -> Response:
    """Customers whose records contradict each other, each to be looked at as a whole."""
    with visit.warehouse() as con:
        found = visit.services.suspects.of(con, visit.scope.codes(con))
    return visit.page("review_suspects.html", suspects=found)


@router.get("/next")
def next_case(visit: Annotated[Visit, may("review.decide")], filters: Asked) -> Response:
    """Claim the most valuable case that nobody has, and go there."""
    with visit.warehouse() as con:
        found = docket(visit, con)
    cases = _in_order(visit, found.waiting(filters))
    names = {found.name(case.key): case.key for case in cases}
    name = visit.services.claims.take(visit.user.login, list(names))
    if name is None:
        return visit.go(_asked("/review", visit), "nothing_waits")
    return visit.go(_path(names[name], visit), visit.request.query_params.get("said", ""))


@router.get("/case/{golden_id}/{other_id}")
def see_case(visit: Annotated[Visit, may("review.see")], golden_id: str, other_id: str) -> Response:
    """A case with all that tells for and against."""
    ids = [golden_id, other_id]
    key = key_of(golden_id, other_id)
    eyes = eyes_on(visit, key)
    with visit.warehouse() as con:
        doubt, seen = _case(visit, con, golden_id, other_id), visit.scope.codes(con)
        customers, records = sides.customers(con, ids), sides.records(con, ids, seen)
        kinds = [customer.kind for customer in customers]
        shown: dict[str, Any] = {
            "customers": customers,
            "kinds": dict(zip(ids, kinds, strict=True)),
            "values": under_veil(sides.values(con, ids, records), kinds, eyes.is_clear),
            "line": pictures.time_line(sides.contacts(records), ids),
            "nearby": _nearby(docket(visit, con).waiting(), ids),
        }
    first = (doubt.pair.left, doubt.pair.right)
    newest, older = sides.newest(records, ids, _NEWEST, first)
    work: Work | None = None
    ruling = deciding.ruling_on(visit, key)
    if visit.may("review.decide") and ruling is None:
        try:
            deciding.claim(visit, key, anew=True)
        except Taken as taken:
            work = taken.work
    visit.note("review.see", key)
    return visit.page(
        "review_case.html",
        doubt=doubt,
        because=partial(evidence.because, visit.services.site.model()),
        ids=ids,
        eyes=eyes,
        minutes=MINUTES,
        preview=_path(key, visit, "/preview", CLEAR),
        work=work,
        ruling=ruling,
        overrules=ruling is not None and deciding.may_overrule(visit, ruling),
        last=visit.services.claims.last(visit.user.login, 1),
        done=_done_today(visit).get(visit.user.login, 0),
        query=_query(visit),
        newest=newest,
        older=older,
        **shown,
    )


@router.get("/case/{golden_id}/{other_id}/preview")
def preview_case(
    visit: Annotated[Visit, may("review.see")], golden_id: str, other_id: str
) -> Response:
    """The golden records as they are, and the one that a merge would make."""
    with visit.warehouse() as con:
        _case(visit, con, golden_id, other_id)
        rules = visit.services.site.rules()
        ids, seen = [golden_id, other_id], visit.scope.codes(con)
        records = sides.records(con, ids, seen)
        values = sides.values(con, ids, records)
        customers = sides.customers(con, ids)
        said = about(visit.services.decisions.entries(), {r.record_key for r in records})
        apart = preview.golden_records(
            con, rules, ids, {r.record_key: r.golden_id for r in records}, said
        )
        merged = preview.golden_records(
            con, rules, ids, {r.record_key: "merged" for r in records}, said
        )
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
        back=_path(key_of(*ids), visit, "", CLEAR),
    )


@router.post("/case/{golden_id}/{other_id}/reveal")
def reveal_case(
    visit: Annotated[Visit, may("customer.reveal")], golden_id: str, other_id: str
) -> Response:
    """Show the values of a case in clear for a while."""
    with visit.warehouse() as con:
        _case(visit, con, golden_id, other_id)
    key = key_of(golden_id, other_id)
    return reveal(visit, _path(key, visit), key)


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
        return visit.go(_asked("/review/next", visit), "case_gone")
    if verdict not in (*VERDICTS, "skip"):
        told = f"a verdict is one of {', '.join(VERDICTS)}, or skip"
        raise Unusable(told, "verdict", "verdict")
    key = key_of(golden_id, other_id)
    if verdict == "skip":
        if deciding.ruling_on(visit, key) is None:
            claim = deciding.claim(visit, key)
            visit.services.claims.settle(visit.user.login, claim.key, "skipped")
        return visit.go(_asked("/review/next", visit), "skipped")
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
                path=_path(key, visit),
                then=_asked("/review/next", visit),
            )
    return visit.go(_asked("/review/next", visit), said)


@router.post("/undo")
def undo(
    visit: Annotated[Visit, may("review.decide")],
    number: Annotated[int, Form()],
    then: Annotated[str, Form()] = "",
    second: Annotated[bool, Form()] = False,
) -> Response:
    """Take a decision back, or a second opinion on it; its case waits again.

    then: a case or a customer to go back to.
    """
    if second:
        deciding.withdraw(visit, number)
    else:
        deciding.take_back(visit, number)
    if "~" in then:
        return visit.go(_path(then, visit), "undone")
    customer = golden_ids.parse(then)
    return visit.go(f"/review/customer/{customer}" if customer else "/review", "undone")


@router.post("/apply")
def apply_now(visit: Annotated[Visit, may("review.apply")]) -> Response:
    """Begin a run that applies what was decided."""
    begin = visit.services.site.apply
    if begin is None:
        raise NotThere("nobody runs nights from here")
    begin()
    visit.note("review.apply")
    return visit.go("/review", "applying")


def _doubt(visit: Visit, con: duckdb.DuckDBPyConnection, one: str, other: str) -> Doubt | None:
    """The doubt about two customers, in the order of their ids; None where there is none any more.

    Raises NotThere where one of them, or whom he was merged into, is not seen.
    """
    for golden_id in (one, other):
        visit.scope.ensure_seen(con, present(con, golden_id))
    return evidence.doubt(con, visit.services.site.model(), one, other)


def _case(visit: Visit, con: duckdb.DuckDBPyConnection, one: str, other: str) -> Doubt:
    """As `_doubt`, where there must be one. Raises NotThere."""
    found = _doubt(visit, con, one, other)
    if found is None:
        raise NotThere(f"{one}, {other}: nobody doubts")
    return found


def _others(visit: Visit, con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, int]]:
    """What else waits for somebody: key of a phrase -> page, and how many. Nothing of none."""
    found = {"others.aside": ("/quarantine#files", files_aside(con, visit.scope.codes(con)))}
    suspects = visit.services.suspects.of(con, visit.scope.codes(con))
    found["others.suspects"] = ("/review/suspects", len(suspects))
    return {words: told for words, told in found.items() if told[1]}


def _nearby(cases: list[Case], ids: list[str]) -> list[Case]:
    """Other cases of the same customers."""
    own = set(ids)
    return [case for case in cases if len(own & {case.golden_id_a, case.golden_id_b}) == 1]


def _in_order(visit: Visit, cases: list[Case]) -> list[Case]:
    """The cases by what a decision is worth, or, where that is asked for, by what it teaches."""
    if visit.request.query_params.get("order") != "teaches":
        return cases
    known = visit.services.judgements.patterns()
    return most_telling_first(cases, visit.services.site.model().thresholds, known)


def _done_today(visit: Visit) -> dict[str, int]:
    """Login -> cases settled today."""
    today = visit.services.site.clock().replace(hour=0, minute=0, second=0, microsecond=0)
    return visit.services.claims.settled_since(today)


def _query(visit: Visit, *more: str) -> str:
    """The filters that the request brought along, for the end of an address. more: names."""
    known = ("reason", "outlet", "province", "band", "days", "pattern", "order", *more)
    asked = visit.request.query_params
    query = urlencode({name: asked[name] for name in known if asked.get(name)})
    return f"?{query}" if query else ""


def _asked(path: str, visit: Visit) -> str:
    """A page, with the same filters."""
    return path + _query(visit)


def _path(key: str, visit: Visit, part: str = "", *more: str) -> str:
    """The address of a case, or of a part of it, with the same filters; or of a link."""
    if key.startswith("links~"):
        return f"/review/{key.replace('~', '/')}"
    return f"/review/case/{key.replace('~', '/')}{part}{_query(visit, *more)}"
