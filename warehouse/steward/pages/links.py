"""The audit sample: links that the merge made without asking, looked at by stewards."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from matching.decisions import VERDICTS
from warehouse.steward.access.visit import Forbidden, Visit, may
from warehouse.steward.cases import deciding, pictures, sides
from warehouse.steward.cases.claims import SETTLED, Taken, Work
from warehouse.steward.cases.deciding import Unusable
from warehouse.steward.cases.veiling import under_veil
from warehouse.steward.learn import links
from warehouse.steward.pages.revealing import MINUTES, eyes_on, reveal

router = APIRouter(prefix="/review/links")


@router.get("")
def overview(visit: Annotated[Visit, may("review.audit")]) -> Response:
    """How many were drawn, and how many are still to be looked at."""
    with visit.warehouse() as con:
        mine = links.seen_by(visit, con)
    work = visit.services.claims.of([link.key for link in mine])
    done = sum(one.state in SETTLED for one in work.values())
    return visit.page("review_links.html", drawn=len(mine), done=done, last=_last(visit))


@router.get("/next")
def next_link(visit: Annotated[Visit, may("review.audit")]) -> Response:
    """Claim the next in the order of the lot, and go there."""
    with visit.warehouse() as con:
        keys = [link.key for link in links.seen_by(visit, con)]
    key = visit.services.claims.take(visit.user.login, keys)
    if key is None:
        return visit.go("/review/links", "nothing_waits")
    said = visit.request.query_params.get("said", "")
    return visit.go(f"/review/links/{key.removeprefix('links~')}", said)


@router.get("/{link_id}")
def see(visit: Annotated[Visit, may("review.audit")], link_id: str) -> Response:
    """A link: its two records side by side, without its weight, which would answer for the eye."""
    with visit.warehouse() as con:
        link = links.find(visit, con, link_id)
        seen, eyes = visit.scope.codes(con), eyes_on(visit, link.key)
        (him,) = visit.dossiers(con, link.golden_id)
        (customer,) = sides.customers([him])
        kinds = [customer.kind] * 2
        values = under_veil(links.values(con, link, seen), kinds, eyes.is_clear)
        both, others = links.records(him, link, seen)
        line = pictures.time_line(sides.contacts([him], seen), [link.golden_id])
    work: Work | None = None
    try:
        visit.services.claims.hold(visit.user.login, link.key)
    except Taken as taken:
        work = taken.work
    visit.note("review.see", link.golden_id, f"link {link_id}")
    return visit.page(
        "review_link.html",
        link=link,
        customer=customer,
        values=values,
        eyes=eyes,
        minutes=MINUTES,
        kinds={one.record_key: customer.kind for one in (*both, *others)},
        both=both,
        others=others,
        line=line,
        work=work,
        last=_last(visit),
    )


@router.post("/{link_id}/reveal")
def reveal_link(visit: Annotated[Visit, may("review.audit")], link_id: str) -> Response:
    """Show the values of its records in clear for a while."""
    if not visit.may("customer.reveal"):
        raise Forbidden(f"{visit.role}: may not customer.reveal")
    with visit.warehouse() as con:
        link = links.find(visit, con, link_id)
    return reveal(visit, f"/review/links/{link_id}", link.key)


@router.post("/{link_id}")
def decide(
    visit: Annotated[Visit, may("review.audit")],
    link_id: str,
    verdict: Annotated[str, Form()] = "",
    why: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Say whether the two records are one customer, which is a decision; and go on to the next."""
    with visit.warehouse() as con:
        link = links.find(visit, con, link_id)
    if verdict == "skip":
        visit.services.claims.held(visit.user.login, link.key)
        visit.services.claims.settle(visit.user.login, link.key, "skipped")
        return visit.go("/review/links/next", "skipped")
    if verdict not in VERDICTS:
        told = f"a verdict is one of {', '.join(VERDICTS)}, or skip"
        raise Unusable(told, "verdict", "verdict")
    deciding.judge_link(visit, link, verdict, why)
    return visit.go("/review/links/next", f"decided_{verdict}")


def _last(visit: Visit) -> list[Work]:
    """What he settled last among the links, to take back."""
    return [work for work in visit.services.claims.last(visit.user.login) if work.is_link]
