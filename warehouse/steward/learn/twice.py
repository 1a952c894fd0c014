"""Cases that two people have judged: what each said, and where a lead has to settle it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import duckdb

from matching.decisions import Entry
from matching.evaluate.agreement import Agreement, agreement
from matching.standing import State
from warehouse.steward.access.visit import Visit
from warehouse.steward.cases.conflicts import are_seen, customers_of
from warehouse.steward.cases.known import Known
from warehouse.steward.cases.matters import Matter, dated, matter
from warehouse.steward.cases.rulings import Ruling
from warehouse.steward.learn.judgements import Facts, Judgements, Opinion


@dataclass(frozen=True, slots=True)
class Twice:
    """A decision and the second opinion on it. key: of the case; about: what is known of it."""

    entry: Entry
    second: Opinion
    key: str
    about: Facts
    is_settled: bool

    @property
    def case_key(self) -> str:
        """Of the case of the two answers."""
        return f"conflict~{self.entry.number}"

    @property
    def verdict(self) -> str:
        """What the first said."""
        return Ruling(self.entry).verdict

    @property
    def answers(self) -> tuple[str, str]:
        """First and second."""
        return self.verdict, self.second.verdict

    @property
    def stewards(self) -> str:
        """Both, whoever was first."""
        return " · ".join(sorted((self.entry.decision.author, self.second.login)))


def twice(known: Known, kept: Judgements) -> list[Twice]:
    """The cases judged twice, the newest first; but for decisions that their author took back."""
    answers = kept.opinions()
    if not answers:
        return []
    by_number, settled = {entry.number: entry for entry in known.entries}, kept.opinions("settled")
    about = {one.number: one for one in kept.all(answers)}
    return [
        Twice(by_number[number], second, about[number].key, about[number].facts, number in settled)
        for number, second in sorted(answers.items(), reverse=True)
        if number in by_number
        and number in about
        and (number in settled or known.standing[number].state is not State.UNDONE)
    ]


def by(cases: Iterable[Twice], part: Callable[[Twice], str]) -> Mapping[str, Agreement]:
    """The agreement on the cases of each part, the largest first; '' is no part."""
    parts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for case in cases:
        parts[part(case)].append(case.answers)
    found = {name: agreement(answers) for name, answers in parts.items() if name}
    told = {name: one for name, one in found.items() if one is not None}
    return dict(sorted(told.items(), key=lambda item: (-item[1].cases, item[0])))


def differing(visit: Visit, con: duckdb.DuckDBPyConnection, known: Known) -> list[Matter]:
    """What a lead has to settle: first and second differ; the newest first.

    Of cases of which the visitor sees every customer.
    """
    found = [
        case
        for case in twice(known, visit.services.judgements)
        if len(set(case.answers)) == 2 and not case.is_settled
    ]
    seen = visit.scope.codes(con)
    about = customers_of(con, seen, [case.entry for case in found])
    return [
        dated(matter("conflict", case.case_key, case, customers), case.second.at.date(), con)
        for case, customers in zip(found, about, strict=True)
        if are_seen(customers, seen)
    ]
