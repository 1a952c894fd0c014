"""What is said of a case that is no pair in doubt: one word settles it, and is said once."""

from __future__ import annotations

from matching.decisions import Entry, Pair
from warehouse.desk import Desk
from warehouse.held import HeldRun
from warehouse.steward.access.scope import NotThere
from warehouse.steward.access.visit import Visit
from warehouse.steward.cases.claims import SETTLED
from warehouse.steward.cases.conflicts import Conflict
from warehouse.steward.cases.deciding import Unusable, desk_of, is_merge, uid_of, understood
from warehouse.steward.cases.held import HeldFile
from warehouse.steward.cases.matters import Matter
from warehouse.steward.cases.suspects import Suspect
from warehouse.steward.learn.twice import Twice

#: Of a suspicious customer: he is one all the same. Of a contradiction of two decisions, which of
#: them holds. Of a file: there is nothing (more) to do about it. Of a night, as the commands say.
RIGHT, NEWER, OLDER, ASIDE, RELEASE, DROP = "right", "newer", "older", "aside", "release", "drop"


def words(case: Matter) -> tuple[str, ...]:
    """What can be said of a case, but for skipping it."""
    match case.subject:
        case Suspect():
            return (RIGHT,)
        case Conflict():
            return (NEWER, OLDER)
        case Twice() as twice:
            return twice.answers
        case HeldFile():
            return (ASIDE,)
        case HeldRun() as night:
            return (RELEASE, DROP) if night.files else (RELEASE,)
    raise AssertionError(case.kind)


def say(visit: Visit, case: Matter, word: str, why: str) -> Entry | None:
    """Settle a case, or skip it. The decision that it came to, where it did.

    Raises Taken where somebody else has it, Unusable for a word that says nothing of it.
    """
    claims, login = visit.services.claims, visit.user.login
    if word not in (*words(case), "skip"):
        raise Unusable(f"say one of {', '.join(words(case))}, or skip", "verdict", "verdict")
    claim = claims.held(login, case.key)
    if word == "skip":
        claims.settle(login, case.key, "skipped")
        return None
    entry = _settle(visit, case, word, why, uid_of(claim))
    # what a lead settles of two answers is settled for good
    number = entry.number if entry and not isinstance(case.subject, Twice) else None
    claims.settle(login, case.key, "decided", number)
    told = f", decision {entry.number}" if entry else ""
    visit.note("review.settle", _about(case), f"{case.kind}: {word}{told}")
    return entry


def reopen(visit: Visit, key: str) -> None:
    """Take back one's own word on a case that came to no decision. Raises NotThere."""
    work = visit.services.claims.of([key]).get(key)
    is_his = work is not None and work.login == visit.user.login and work.state in SETTLED
    if work is None or not is_his or work.number is not None or not work.can_be_undone:
        raise NotThere(f"{key}: no word of yours")
    visit.services.claims.drop(key)
    visit.note("review.undo", "", key)


def _settle(visit: Visit, case: Matter, word: str, why: str, uid: str) -> Entry | None:
    match case.subject:
        case Suspect() as suspect:
            return _confirm(visit, suspect, why, uid)
        case Conflict() as conflict:
            return _uphold(visit, conflict, why, uid) if word == OLDER else None
        case Twice() as twice:
            return _of_two(visit, twice, word, why, uid)
        case HeldRun() as night:
            _answer(visit, night, word, why)
    return None


def _confirm(visit: Visit, suspect: Suspect, why: str, uid: str) -> Entry:
    """Say of the records that contradict each other that they are one customer's."""
    first, *others = (keys[0] for keys in suspect.sides)
    with understood():
        for place, other in enumerate(others):
            desk = desk_of(visit, why, f"{uid}-{place}")
            entry = desk.pair(first, other, "same", are_known=True)
    return entry


def _uphold(visit: Visit, conflict: Conflict, why: str, uid: str) -> Entry:
    """Take the newer of two decisions back, so that the older is in force again."""
    number = conflict.by.number
    with understood():
        entry = desk_of(visit, why, uid).undo(number)
    visit.services.claims.reopen(number)
    return entry


def _of_two(visit: Visit, case: Twice, verdict: str, why: str, uid: str) -> Entry | None:
    """Say which of two answers holds; the second becomes a decision, which overrules the first."""
    number, login, told = case.entry.number, visit.user.login, visit.services.judgements
    entry: Entry | None = None
    if verdict != case.verdict:
        with understood():
            entry = _instead(desk_of(visit, why, uid), case, verdict)
        told.note(entry.number, case.key, "queue", login, verdict, case.about)
        told.say(entry.number, "settled", login, verdict)
    told.say(number, "settled", login, verdict)
    return entry


def _instead(desk: Desk, case: Twice, verdict: str) -> Entry:
    """Decide a case otherwise than it was."""
    made = case.entry.decision
    if verdict == "unsure" and not isinstance(made, Pair):
        return desk.undo(case.entry.number)
    if verdict == "same" and is_merge(case.about.reason):
        return desk.merge(case.key.split("~"))
    left, right = made.sides[:2] or ([record] for record in made.named)
    return desk.pair(left[0], right[0], verdict)


def _answer(visit: Visit, night: HeldRun, word: str, why: str) -> None:
    """Let a held night pass, or give it up."""
    site = visit.services.site
    do = site.release if word == RELEASE else site.drop
    if do is None:
        raise NotThere("nobody runs nights from here")
    if not why.strip():
        raise Unusable("say why, for whoever looks at it later", "missing", "why")
    do(night.run, why, visit.user.login)


def _about(case: Matter) -> str:
    """Whom the audit tells it of: one customer, or the case."""
    return case.customers[0][0] if len(case.customers) == 1 else case.key
