"""Deciding like cases at once, after some of them were seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from matching.decisions import Entry
from matching.standing import State, judge
from warehouse.steward.access.scope import NotThere
from warehouse.steward.access.visit import Forbidden, Visit, may
from warehouse.steward.cases import bulk, deciding, evidence, sides
from warehouse.steward.cases.bulk import Likes
from warehouse.steward.cases.deciding import Unusable
from warehouse.steward.cases.docket import docket
from warehouse.steward.cases.veiling import under_veil
from warehouse.steward.pages.revealing import MINUTES, eyes_on, reveal
from warehouse.steward.rendering import new_token

router = APIRouter(prefix="/review/bulk")
#: So many sets that were decided are listed, to be taken back.
_SETS = 10


@router.get("")
def list_sets(visit: Annotated[Visit, may("review.bulk")]) -> Response:
    """The sets of like cases that wait."""
    model, sets = visit.services.site.model(), _sets(visit)
    with visit.warehouse() as con:
        first = [(likes.cases[0].golden_id_a, likes.cases[0].golden_id_b) for likes in sets]
        told = [evidence.doubt(con, model, *ids) for ids in first]
    return visit.page(
        "review_sets.html",
        sets=list(zip(sets, told, strict=True)),
        because=partial(evidence.because, model),
        made=_made(visit),
    )


@router.get("/{pattern}")
def see_sample(visit: Annotated[Visit, may("review.bulk")], pattern: str) -> Response:
    """A sample of like cases, each with what is known of both sides, and what a decision does."""
    likes = _set(visit, pattern)
    model, eyes = visit.services.site.model(), eyes_on(visit, pattern)
    with visit.warehouse() as con:
        seen = visit.scope.codes(con)
        shown = [
            (
                case,
                under_veil(
                    sides.values(both, seen),
                    [case.kind_a, case.kind_b],
                    eyes.is_clear,
                ),
                evidence.doubt(con, model, case.golden_id_a, case.golden_id_b),
            )
            for case in likes.sample
            for both in [visit.dossiers(con, case.golden_id_a, case.golden_id_b)]
        ]
        effect = bulk.effect(con, likes, docket(visit, con))
    for case in likes.sample:
        visit.note("review.see", case.key)
    return visit.page(
        "review_bulk.html", likes=likes, shown=shown, eyes=eyes, minutes=MINUTES,
        effect=effect, because=partial(evidence.because, model),
    )  # fmt: skip


@router.post("/{pattern}/reveal")
def reveal_sample(visit: Annotated[Visit, may("review.bulk")], pattern: str) -> Response:
    """Show the values of the sample in clear for a while."""
    if not visit.may("customer.reveal"):
        raise Forbidden(f"{visit.role}: may not customer.reveal")
    _set(visit, pattern)
    return reveal(visit, f"/review/bulk/{pattern}", pattern)


@router.post("/{pattern}")
def decide(
    visit: Annotated[Visit, may("review.bulk")],
    pattern: str,
    verdict: Annotated[str, Form()] = "",
    seen: Annotated[list[str] | None, Form()] = None,
    why: Annotated[str, Form(max_length=1000)] = "",
    once: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Decide all that are still alike and open, once each of the sample was checked as seen.

    once: names the form that was sent, which decides once.
    """
    name = bulk.name_of(f"{visit.user.login} {pattern} {once or new_token()}")
    if any(made.name == name for made in _made(visit)):
        return visit.go("/review/bulk", "bulk_decided")
    likes = _set(visit, pattern)
    if verdict not in ("same", "different"):
        raise Unusable("a verdict on many is same or different", "verdict", "verdict")
    if not {case.key for case in likes.sample} <= set(seen or ()):
        raise Unusable("look at each of the sample first", "sample", "seen")
    made = deciding.judge_all(visit, likes.cases, verdict, why, name)
    return visit.go("/review/bulk", "bulk_decided" if made else "nothing_waits")


@router.post("/sets/{name}/undo")
def undo(visit: Annotated[Visit, may("review.bulk")], name: str) -> Response:
    """Take back all that was decided together; its cases wait again."""
    deciding.take_back_set(visit, name)
    return visit.go("/review/bulk", "set_undone")


@dataclass(frozen=True, slots=True)
class Made:
    """A set that was decided. first: one of its decisions; count, in_force: of all."""

    name: str
    first: Entry
    verdict: str
    count: int
    in_force: int


def _made(visit: Visit) -> list[Made]:
    """The sets that were decided last, the newest first."""
    entries = visit.services.decisions.entries()
    sets: dict[str, list[Entry]] = {}
    for entry in entries:
        if name := bulk.set_of(entry.decision):
            sets.setdefault(name, []).append(entry)
    newest = list(sets.items())[: -_SETS - 1 : -1]
    standing = judge(entries).standing if newest else {}
    return [
        Made(
            name,
            some[0],
            str(some[0].decision.word or "same"),
            len(some),
            sum(standing[entry.number].state is State.IN_FORCE for entry in some),
        )
        for name, some in newest
    ]


def _sets(visit: Visit) -> list[Likes]:
    """Sets of cases that are open to him."""
    with visit.warehouse() as con:
        cases = docket(visit, con).waiting()
    return bulk.sets(visit.services.claims.open_to(visit.user.login, cases))


def _set(visit: Visit, pattern: str) -> Likes:
    found = next((likes for likes in _sets(visit) if likes.pattern == pattern), None)
    if found is None:
        raise NotThere(f"{pattern}: no such set of cases waits")
    return found
