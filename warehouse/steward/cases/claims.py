"""Who works on which case, so that two stewards never get the same, and none is decided twice."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, TypeVar

from sqlalchemy import Connection, delete, func, insert, select

from connectors.errors import GuiyiError
from warehouse.log_database import LogDatabase
from warehouse.steward.cases.matters import Waiting
from warehouse.steward.cases.queue import kind_of, path_of
from warehouse.steward.tables import CASE_WORK

#: A case that is left open that long is given to somebody else.
HOLD = datetime.timedelta(minutes=20)
#: Whoever skips a case does not get it again on the same day.
SKIP = datetime.timedelta(hours=12)
_AT_ONCE = 500
#: Among so many somebody nearly always finds one that is open.
_SOON = 100

T = TypeVar("T", bound=Waiting)
State = Literal["claimed", "skipped", "decided", "unsure"]
SETTLED: tuple[State, ...] = ("decided", "unsure")


class Taken(GuiyiError):
    """Somebody else has the case, or it is decided; `work` tells."""

    code = "taken"

    def __init__(self, work: Work) -> None:
        super().__init__(f"{work.key}: {work.state} by {work.login}")
        self.work = work


@dataclass(frozen=True, slots=True)
class Work:
    """What is being done about a case. number: of the decision; none where a word settles it."""

    key: str
    login: str
    state: State
    at: datetime.datetime
    number: int | None = None

    @property
    def case(self) -> str:
        """The case, whether it is claimed for a decision or for a second opinion."""
        return case_of(self.key)

    @property
    def kind(self) -> str:
        """pair, links of a link of the audit sample, or a kind of the queue."""
        return kind_of(self.key)

    @property
    def is_link(self) -> bool:
        """Whether it is on a link of the audit sample."""
        return self.kind == "links"

    @property
    def path(self) -> str:
        """Where the case is, or the link."""
        return path_of(self.case)

    @property
    def is_second(self) -> bool:
        """Whether it is a second opinion on the decision of its number."""
        return self.key != self.case

    @property
    def can_be_undone(self) -> bool:
        """Whether it came to a decision, or to a word that can be taken back."""
        is_word = self.kind == "held" or (self.kind == "conflict" and "-" in self.key)
        return self.number is not None or is_word

    def is_open_to(self, login: str, now: datetime.datetime) -> bool:
        """Whether the case may be given to somebody."""
        if self.state == "claimed":
            return self.login == login or now - self.at > HOLD
        return self.state == "skipped" and (self.login != login or now - self.at > SKIP)


def case_of(name: str) -> str:
    """The case that is claimed by a name, for a decision or for a second opinion."""
    return "~".join(name.split("~")[:2])


def second_name(key: str, number: int) -> str:
    """By what name a second opinion on a decision on a case is claimed."""
    return f"{key}~{number}"


class Claims:
    """The work on cases, in the decisions database."""

    def __init__(self, database: LogDatabase, clock: Callable[[], datetime.datetime]) -> None:
        """clock: tells when a case was claimed."""
        self._database, self._clock = database, clock

    def take(self, login: str, keys: Iterable[str]) -> str | None:
        """Claim the first of these cases that is open to somebody; None where none is."""
        now = self._clock()
        with self._database.open(writes=True) as db:
            key = _first_open(db, login, keys, now)
            if key is not None:
                _put(db, Work(key, login, "claimed", now))
            return key

    def likely(self, login: str, keys: Iterable[str]) -> str | None:
        """The case that `take` would claim now."""
        with self._database.open() as db:
            return _first_open(db, login, keys, self._clock())

    def hold(self, login: str, key: str) -> Work:
        """Claim a case that somebody opens by himself. Raises Taken where it is not open to him."""
        return self._hold(login, key, anew=True)

    def held(self, login: str, key: str) -> Work:
        """Somebody's claim to a case, as it stands; a new one where it ran out. Raises Taken."""
        return self._hold(login, key, anew=False)

    def retake(self, login: str, key: str) -> Work:
        """Claim a case that is decided, to decide it otherwise, whoever was at it."""
        mine = Work(key, login, "claimed", self._clock())
        with self._database.open(writes=True) as db:
            _put(db, mine)
        return mine

    def _hold(self, login: str, key: str, anew: bool) -> Work:
        now = self._clock()
        with self._database.open(writes=True) as db:
            work = _works(db, [key]).get(key)
            if work and work.state != "skipped" and not work.is_open_to(login, now):
                raise Taken(work)
            if work and not anew and (work.login, work.state) == (login, "claimed"):
                return work
            mine = Work(key, login, "claimed", now)
            _put(db, mine)
        return mine

    def settle(self, login: str, key: str, state: State, number: int | None = None) -> None:
        """Say what became of a case that somebody holds. number: of the decision."""
        with self._database.open(writes=True) as db:
            _put(db, Work(key, login, state, self._clock(), number))

    def reopen(self, number: int) -> None:
        """Give the case of a decision that was taken back to the queue; opinions on it, too."""
        with self._database.open(writes=True) as db:
            db.execute(delete(CASE_WORK).where(CASE_WORK.c.number == number))

    def drop(self, key: str) -> None:
        """Forget the work on a case."""
        with self._database.open(writes=True) as db:
            db.execute(delete(CASE_WORK).where(CASE_WORK.c.case_key == key))

    def of(self, keys: Sequence[str]) -> dict[str, Work]:
        """Case -> its work, of those that somebody has touched; claims that ran out are none."""
        now = self._clock()
        with self._database.open() as db:
            found = [work for some in _slices(keys) for work in _works(db, some).values()]
        return {w.key: w for w in found if w.state != "claimed" or now - w.at <= HOLD}

    def open_to(
        self, login: str, cases: Sequence[T], work: dict[str, Work] | None = None
    ) -> list[T]:
        """Those of the cases that may be given to somebody. work: on them, as he may know of it."""
        now = self._clock()
        work = self.of([case.key for case in cases]) if work is None else work
        return [c for c in cases if c.key not in work or work[c.key].is_open_to(login, now)]

    def last(self, login: str, count: int = 5) -> list[Work]:
        """What somebody settled last, the newest first; a case may have been opened again since."""
        with self._database.open() as db:
            mine = select(CASE_WORK).where(
                CASE_WORK.c.login == login, CASE_WORK.c.state.in_(SETTLED)
            )
            rows = db.execute(mine.order_by(CASE_WORK.c.at.desc()).limit(count)).all()
        return [Work(*row) for row in rows]

    def settled_since(self, moment: datetime.datetime) -> dict[str, int]:
        """Login -> cases settled since a moment."""
        wanted = (CASE_WORK.c.at >= moment) & CASE_WORK.c.state.in_(SETTLED)
        counted = select(CASE_WORK.c.login, func.count()).where(wanted).group_by(CASE_WORK.c.login)
        with self._database.open() as db:
            return {str(login): int(count) for login, count in db.execute(counted)}


def _first_open(
    db: Connection, login: str, keys: Iterable[str], now: datetime.datetime
) -> str | None:
    left = iter(keys)
    while some := list(islice(left, _SOON)):
        work = _works(db, some)
        for key in some:
            if key not in work or work[key].is_open_to(login, now):
                return key
    return None


def _slices(keys: Sequence[str]) -> list[Sequence[str]]:
    return [keys[at : at + _AT_ONCE] for at in range(0, len(keys), _AT_ONCE)]


def _works(db: Connection, keys: Iterable[str]) -> dict[str, Work]:
    rows = db.execute(select(CASE_WORK).where(CASE_WORK.c.case_key.in_(list(keys)))).all()
    return {row[0]: Work(*row) for row in rows}


def _put(db: Connection, work: Work) -> None:
    db.execute(delete(CASE_WORK).where(CASE_WORK.c.case_key == work.key))
    db.execute(
        insert(CASE_WORK).values(
            case_key=work.key, login=work.login, state=work.state, at=work.at, number=work.number
        )
    )
