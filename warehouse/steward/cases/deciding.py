"""Decisions made at the console: once each, noted in the audit, and taken back by an undo."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from connectors.errors import GuiyiError, SettingError
from matching.decisions import Entry
from matching.standing import State
from matching.standing import judge as state_of
from warehouse.desk import Desk
from warehouse.naming import customer_of
from warehouse.steward.access.scope import NotThere
from warehouse.steward.access.visit import Forbidden, Visit
from warehouse.steward.cases.claims import State as CaseState
from warehouse.steward.cases.claims import Taken, Work, second_name
from warehouse.steward.cases.evidence import Doubt
from warehouse.steward.cases.queue import Case, key_of
from warehouse.steward.cases.rulings import Ruling
from warehouse.steward.cases.saying import sayings
from warehouse.steward.learn import judgements, seconds
from warehouse.steward.learn.sample import Link


class Unusable(GuiyiError):
    """What was asked for cannot be decided so."""

    code = "unusable"

    def __init__(self, told: str, fault: str, field: str = "") -> None:
        """fault: key of the phrase below `fault.` that says what to do. field: of the form."""
        super().__init__(told)
        self.fault, self.field = fault, field


class Ruled(GuiyiError):
    """The case is decided: a page that was opened before cannot overrule that unawares."""

    code = "ruled"

    def __init__(self, ruling: Ruling) -> None:
        """ruling: what the log says."""
        entry, said = ruling.entry, ruling.verdict
        super().__init__(f"decision {entry.number} by {entry.decision.author} says {said}")
        self.ruling = ruling


def ruling_on(visit: Visit, key: str) -> Ruling | None:
    """What the log says of a case by now, as far as he may know."""
    return None if _asked_on(visit, key) else _ruling(visit, key)


def may_overrule(visit: Visit, ruling: Ruling) -> bool:
    """Whether he may decide otherwise: he himself said so, or he is a lead."""
    return ruling.entry.decision.author == visit.user.login or visit.may("review.conflict")


def claim(visit: Visit, key: str, anew: bool = False) -> Work:
    """His claim to a case, or to a second opinion on it. anew: he opens it now. Raises Taken."""
    claims, login = visit.services.claims, visit.user.login
    number = _asked_on(visit, key)
    name = second_name(key, number) if number else key
    try:
        return claims.hold(login, name) if anew else claims.held(login, name)
    except Taken as taken:
        if number or taken.work.number is None or ruling_on(visit, key):
            raise
        return claims.retake(login, key)  # the decision was taken back elsewhere


def judge(
    visit: Visit, doubt: Doubt, verdict: str, why: str, over: int | None = None
) -> Entry | None:
    """Decide a case by the two records that are in doubt; None where it is a second opinion.

    over: the decision that he knows of and overrules. The claim names the decision, so that a form
    that is sent twice decides once. Raises Taken, Ruled, or Forbidden.
    """
    pair = doubt.pair
    ids, records = (pair.left_id, pair.right_id), (pair.left, pair.right)
    key = key_of(*ids)
    if _second(visit, key, verdict, why):
        return None
    if ruling := ruling_on(visit, key):
        if ruling.number != over:
            raise Ruled(ruling)
        if not may_overrule(visit, ruling):
            raise Forbidden(f"{over}: is overruled by a lead, or by who made it")
        visit.services.claims.retake(visit.user.login, key)
    return _judge(visit, ids, records, doubt.reason, verdict, why)


def judge_all(
    visit: Visit, cases: Iterable[Case], verdict: str, why: str, name: str
) -> list[Entry]:
    """Decide like cases, each by its own decision; those that somebody took meanwhile are left.

    name: of the set, by which they are taken back together.
    """
    made = []
    for case in cases:
        ids, records = (case.golden_id_a, case.golden_id_b), (case.record_a, case.record_b)
        with suppress(Taken):
            made.append(_judge(visit, ids, records, case.reason, verdict, why, f"{name}-"))
    visit.note("review.bulk", "", f"{verdict}, {len(made)} decisions")
    return made


def judge_link(visit: Visit, link: Link, verdict: str, why: str) -> Entry:
    """Decide on a link of the audit sample, once. Raises Taken."""
    claims, login = visit.services.claims, visit.user.login
    desk = desk_of(visit, why, uid_of(claims.held(login, link.key)))
    with understood():
        entry = desk.pair(link.record_a, link.record_b, verdict)
    claims.settle(login, link.key, _state(verdict), entry.number)
    told = visit.services.judgements
    told.note(entry.number, link.link_id, "audit", login, verdict, link.facts)
    visit.note("review.decide", link.golden_id, f"{verdict} of a link, decision {entry.number}")
    return entry


def _judge(
    visit: Visit, ids: tuple[str, str], records: tuple[str, str], reason: str, verdict: str,
    why: str, named: str = "",
) -> Entry:  # fmt: skip
    claims, key = visit.services.claims, key_of(*ids)
    desk = desk_of(visit, why, named + uid_of(claim(visit, key)))
    with visit.warehouse() as con:
        about = judgements.facts(con, key)
    with understood():
        merges = verdict == "same" and is_merge(reason)
        entry = desk.merge(ids) if merges else desk.pair(*records, verdict, are_known=True)
    claims.settle(visit.user.login, key, _state(verdict), entry.number)
    if about:
        visit.services.judgements.note(entry.number, key, "queue", visit.user.login, verdict, about)
    visit.note("review.decide", key, f"{verdict}, decision {entry.number}")
    return entry


def _second(visit: Visit, key: str, verdict: str, why: str) -> bool:
    """Keep a verdict as a second opinion, where that is what he is asked for; or was just now."""
    login, told = visit.user.login, visit.services.judgements
    ruling = _ruling(visit, key)
    if ruling is None:
        return False
    number = ruling.number
    if not _asked_on(visit, key):
        given = told.opinions().get(number)
        return given is not None and (given.login, given.verdict) == (login, verdict)
    name = claim(visit, key).key
    with visit.warehouse() as con:
        about = judgements.facts(con, key)
    if about:  # the first may have been made elsewhere
        author = ruling.entry.decision.author
        told.note(number, key, "queue", author, ruling.verdict, about)
    told.say(number, "answer", login, verdict, why)
    visit.services.claims.settle(login, name, _state(verdict), number)
    visit.note("review.second", key, f"{verdict}, on decision {number}")
    return True


def _ruling(visit: Visit, key: str) -> Ruling | None:
    with visit.warehouse() as con:
        return visit.services.rulings.on(con).get(key)


def _asked_on(visit: Visit, key: str) -> int | None:
    """The decision on a case about which he is asked without being told of it."""
    ruling = _ruling(visit, key)
    return seconds.asked(visit, {key: ruling}).get(key) if ruling else None


def _state(verdict: str) -> CaseState:
    return "unsure" if verdict == "unsure" else "decided"


def is_merge(reason: str) -> bool:
    """Whether the same of two customers is a merge of both.

    Where they contradict each other, one record would only change sides.
    """
    return reason.startswith("refused_")


def decide(
    visit: Visit, golden_id: str, why: str, once: str, make: Callable[[Desk], Entry]
) -> Entry | None:
    """Make another decision on a customer: a split, a value, whether one is generic.

    once: names the form that was sent, which decides once. None where that is in force already.
    """
    with visit.warehouse() as con:
        (him,) = visit.dossiers(con, golden_id)
        said = sayings(con, visit.services.known.of(con), him.keys, him.numbers)
    known = {one.entry.number: one.entry for one in said if one.is_in_force}
    uid = _digest(f"{visit.user.login} {golden_id} {once}") if once else ""
    with understood():
        entry = make(Desk(visit.services.office, visit.user.login, why, uid, known.values()))
    if entry.number in known:
        return None
    visit.note("review.decide", golden_id, f"{entry.decision.kind}, decision {entry.number}")
    return entry


def take_back(visit: Visit, number: int) -> int:
    """Undo a decision of one's own, or as a lead anybody's; how many that were not undone yet.

    Raises NotThere or Forbidden.
    """
    entries = visit.services.office.log.entries()
    asked = next((one for one in entries if one.number == number), None)
    if asked is None:
        raise NotThere(f"{number}: no such decision")
    return _take_back(visit, [asked], entries)


def take_back_set(visit: Visit, name: str) -> int:
    """As `take_back`, of all decisions of a set."""
    entries = visit.services.office.log.entries()
    asked = [one for one in entries if one.decision.uid.startswith(f"{name}-")]
    if not asked:
        raise NotThere(f"{name}: no such set")
    return _take_back(visit, asked, entries)


def _take_back(visit: Visit, asked: list[Entry], entries: list[Entry]) -> int:
    for made in asked:
        if made.decision.author != visit.user.login and not visit.may("review.conflict"):
            raise Forbidden(f"{made.number}: is somebody else's")
        if not visit.scope.is_all:
            with visit.warehouse() as con, understood():
                for record in made.decision.named:
                    visit.scope.ensure_seen(con, customer_of(con, record))
    standing = state_of(entries).standing
    open_ones = [one for one in asked if standing[one.number].state is not State.UNDONE]
    desk_of(visit, "").take_back(open_ones)
    for made in asked:
        visit.services.claims.reopen(made.number)
    if open_ones:
        numbers = f"decision {asked[0].number}" if len(asked) == 1 else f"{len(asked)} decisions"
        visit.note("review.undo", "", numbers)
    return len(open_ones)


def withdraw(visit: Visit, number: int) -> None:
    """Take back one's own second opinion on a decision. Raises NotThere."""
    claims, login = visit.services.claims, visit.user.login
    given = [work for work in claims.last(login) if work.is_second and work.number == number]
    if not given:
        raise NotThere(f"{number}: no opinion of yours")
    visit.services.judgements.say(number, "withdrawn", login)
    claims.drop(given[0].key)
    visit.note("review.undo", given[0].case, f"opinion on decision {number}")


def desk_of(visit: Visit, why: str, uid: str = "") -> Desk:
    """His desk. uid: what his decision is called, so that it is not made twice."""
    return Desk(visit.services.office, visit.user.login, why, uid)


def uid_of(claim: Work) -> str:
    """By what name a decision is made that ends a claim."""
    return _digest(f"{claim.key} {claim.login} {claim.at.isoformat()}")


def _digest(told: str) -> str:
    return hashlib.md5(told.encode(), usedforsecurity=False).hexdigest()


@contextmanager
def understood() -> Iterator[None]:
    """Around what is decided: what cannot be decided so is told as Unusable."""
    try:
        yield
    except SettingError as error:
        told = str(error)
        is_of_value = told.startswith("value:")
        raise Unusable(
            told, "value" if is_of_value else "cannot", "value" if is_of_value else ""
        ) from error
