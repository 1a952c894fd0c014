"""Decisions made at the console: once each, noted in the audit, and taken back by an undo."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from connectors.errors import GuiyiError, SettingError
from matching.decisions import Entry
from warehouse.desk import Desk
from warehouse.naming import customer_of
from warehouse.steward.access.scope import NotThere
from warehouse.steward.access.visit import Forbidden, Visit
from warehouse.steward.cases.claims import State, Taken, Work
from warehouse.steward.cases.evidence import Doubt
from warehouse.steward.cases.queue import Case, key_of
from warehouse.steward.learn import judgements, seconds


class Unusable(GuiyiError):
    """What was asked for cannot be decided so."""

    code = "unusable"


def judge(visit: Visit, doubt: Doubt, verdict: str, why: str) -> Entry | None:
    """Decide a case by the two records that are in doubt; None where it is a second opinion.

    The claim names the decision, so that a form that is sent twice decides once. Raises Taken.
    """
    pair = doubt.pair
    ids, records = (pair.left_id, pair.right_id), (pair.left, pair.right)
    return _judge(visit, ids, records, doubt.reason, verdict, why)


def judge_all(visit: Visit, cases: Iterable[Case], verdict: str, why: str) -> list[Entry]:
    """Decide like cases, each by its own decision; those that somebody took meanwhile are left."""
    made = []
    for case in cases:
        ids, records = (case.golden_id_a, case.golden_id_b), (case.record_a, case.record_b)
        with suppress(Taken):
            entry = _judge(visit, ids, records, case.reason, verdict, why)
            made += [entry] if entry else []
    visit.note("review.bulk", "", f"{verdict}, {len(made)} decisions")
    return made


def _judge(
    visit: Visit, ids: tuple[str, str], records: tuple[str, str], reason: str, verdict: str,
    why: str,
) -> Entry | None:  # fmt: skip
    claims, key = visit.services.claims, key_of(*ids)
    board = seconds.board(visit, [key])
    claim = claims.held(visit.user.login, board.name(key))
    state: State = "unsure" if verdict == "unsure" else "decided"
    if key in board.seconds:
        number = board.seconds[key]
        visit.services.judgements.say(number, "answer", visit.user.login, verdict, why)
        claims.settle(visit.user.login, claim.key, state, number)
        visit.note("review.second", key, f"{verdict}, on decision {number}")
        return None
    with visit.warehouse() as con:
        about = judgements.facts(con, key)
    desk = _desk(visit, why, _uid(claim))
    with _understood():
        # of two customers who contradict each other, one record would only change sides
        merges = verdict == "same" and reason.startswith("refused_")
        entry = desk.merge(ids) if merges else desk.pair(*records, verdict)
    claims.settle(visit.user.login, key, state, entry.number)
    if about:
        visit.services.judgements.note(entry.number, key, "queue", visit.user.login, verdict, about)
    visit.note("review.decide", key, f"{verdict}, decision {entry.number}")
    return entry


def decide(visit: Visit, why: str, golden_id: str, make: Callable[[Desk], Entry]) -> Entry:
    """Make another decision on a customer: a split, a value, whether one is generic."""
    with _understood():
        entry = make(_desk(visit, why))
    visit.note("review.decide", golden_id, f"{entry.decision.kind}, decision {entry.number}")
    return entry


def take_back(visit: Visit, number: int) -> Entry:
    """Undo a decision of one's own, or as a lead anybody's. Raises NotThere or Forbidden."""
    office, claims = visit.services.office, visit.services.claims
    made = next((one for one in office.log.entries() if one.number == number), None)
    if made is None:
        raise NotThere(f"{number}: no such decision")
    if made.decision.author != visit.user.login and not visit.may("review.conflict"):
        raise Forbidden(f"{number}: is somebody else's")
    if not visit.scope.is_all:
        with visit.warehouse() as con, _understood():
            for record in made.decision.named:
                visit.scope.ensure_seen(con, customer_of(con, record))
    with _understood():
        entry = _desk(visit, "").undo(number)
    claims.reopen(number)
    visit.note("review.undo", "", f"decision {number}")
    return entry


def withdraw(visit: Visit, number: int) -> None:
    """Take back one's own second opinion on a decision. Raises NotThere."""
    claims, login = visit.services.claims, visit.user.login
    given = [work for work in claims.last(login) if work.is_second and work.number == number]
    if not given:
        raise NotThere(f"{number}: no opinion of yours")
    visit.services.judgements.say(number, "withdrawn", login)
    claims.drop(given[0].key)
    visit.note("review.undo", given[0].case, f"opinion on decision {number}")


def _desk(visit: Visit, why: str, uid: str = "") -> Desk:
    return Desk(visit.services.office, visit.user.login, why, uid)


def _uid(claim: Work) -> str:
    told = f"{claim.key} {claim.login} {claim.at.isoformat()}"
    return hashlib.md5(told.encode(), usedforsecurity=False).hexdigest()


@contextmanager
def _understood() -> Iterator[None]:
    try:
        yield
    except SettingError as error:
        raise Unusable(str(error)) from error
