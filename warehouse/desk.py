"""A steward's desk: a decision made out of what he typed; ids resolved, values understood."""

from __future__ import annotations

import datetime
from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from pydantic import ValidationError

from connectors.config import faults
from connectors.errors import SettingError
from connectors.intake import SHANGHAI
from matching.decisions import (
    Decision,
    Entry,
    Generic,
    Merge,
    Pair,
    Part,
    Split,
    Undo,
    Value,
)
from matching.golden import Survivorship
from matching.model import Model
from matching.standing import State, judge
from quality.normalise import Near
from quality.normalise.registry import MODULES
from warehouse import decision_lines
from warehouse.decisions import DecisionLog
from warehouse.erasure.redaction import is_redacted
from warehouse.naming import customer_of, records, stating

#: What reads a value of this column of the model, or of this attribute of a golden record.
_NORMALISERS = {
    "name": "name",
    "sex": "sex",
    "birth_date": "date",
    "id_number": "identity",
    "phone": "phone",
    "phones": "phone",
    "email": "email",
    "address": "address",
}


@dataclass(frozen=True, slots=True)
class Office:
    """What desks share. published: the published warehouse, opened anew or lent, for reading.

    model, rules: those in force, asked for where they are needed, as a run may change them.
    """

    log: DecisionLog
    published: Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]
    model: Callable[[], Model]
    rules: Callable[[], Survivorship]


class Desk:
    """Where a steward decides: an office, who he is, and why he decides so."""

    def __init__(
        self, office: Office, author: str, why: str, uid: str = "", known: Iterable[Entry] = ()
    ) -> None:
        """uid: what the decision is to be called, so that it is not made twice.

        known: decisions in force; one of them that says the same stands for the new one.
        """
        self.office, self.known = office, tuple(known)
        now = datetime.datetime.now(SHANGHAI).replace(tzinfo=None, microsecond=0)
        self.said: dict[str, Any] = {"author": author, "decided_at": now, "why": why}
        self.said |= {"uid": uid} if uid else {}

    def pair(self, left: str, right: str, verdict: str) -> Entry:
        """Whether two records are one customer: same, different or unsure."""
        with self.office.published() as con:
            for record in (left, right):
                customer_of(con, record)
        told = {"left": left, "right": right, "verdict": verdict}
        return self._write(lambda: Pair.model_validate(self.said | told))

    def merge(self, names: Iterable[str]) -> Entry:
        """The customers of these golden ids or record keys are one."""
        parts: dict[str, Part] = {}
        with self.office.published() as con:
            for name in names:
                golden_id = customer_of(con, name)
                if golden_id in parts:
                    raise SettingError(f"{name}: is {golden_id}, which is named already")
                parts[golden_id] = Part(golden_id=golden_id, records=records(con, golden_id))
        return self._write(lambda: Merge(parts=tuple(parts.values()), **self.said))

    def split(self, keys: Iterable[str]) -> Entry:
        """These records are apart from the rest of their customer."""
        off = tuple(sorted(set(keys)))
        with self.office.published() as con:
            customers = {customer_of(con, key) for key in off}
            if len(customers) > 1:
                raise SettingError(f"the records are of several customers: {', '.join(customers)}")
            (golden_id,) = customers
            rest = tuple(key for key in records(con, golden_id) if key not in off)
        if not rest:
            raise SettingError(f"{golden_id}: has no other records to be apart from")
        return self._write(lambda: Split(golden_id=golden_id, records=off, rest=rest, **self.said))

    def generic(self, column: str, value: str, verdict: bool) -> Entry:
        """Whether a value is one that many hold."""
        told = {"column": column, "value": value, "generic": verdict}
        return self._write(lambda: self._understood(Generic(**self.said | told)))

    def value(self, name: str, attribute: str, value: str) -> Entry:
        """What an attribute is of the customer who has most of the records that state it.

        Where none states it, of who has most of all his records; where a record is named, of its.
        """
        with self.office.published() as con:
            golden_id = customer_of(con, name)
            meant = (name,) if "/" in name else self._meant(con, golden_id, attribute, value)
        told = {"record": meant[0], "records": meant[1:], "attribute": attribute, "value": value}
        return self._write(lambda: self._understood(Value(**self.said | told)))

    def _meant(
        self, con: duckdb.DuckDBPyConnection, golden_id: str, attribute: str, value: str
    ) -> tuple[str, ...]:
        """The records by which a customer is meant, of whom a value is chosen."""
        try:
            stated = stating(con, golden_id, attribute, self._read(attribute, value))
        except ValueError:  # which is told when it is written
            stated = ()
        return stated or records(con, golden_id)

    def undo(self, number: int) -> Entry:
        """Take back the decision of this number."""
        log = self.office.log.entries()
        entry = next((entry for entry in log if entry.number == number), None)
        if entry is None:
            raise SettingError(f"{number}: no such decision; `guiyi decisions list` shows them")
        standing = judge(log).standing[number]
        if standing.state is State.UNDONE:
            raise SettingError(f"{number}: is undone already, by decision {standing.by}")
        return self._write(lambda: Undo(undoes=entry.decision.uid, **self.said))

    def take_back(self, entries: Iterable[Entry]) -> list[Entry]:
        """Take back decisions of which it is known that they are not undone."""
        undone = (Undo(undoes=e.decision.uid, **self.said) for e in entries)
        return [self.office.log.append(one) for one in undone]

    def take_in(self, path: Path, dry_run: bool = False) -> tuple[int, int]:
        """Import a file of decisions; return how many are new, and how many were known.

        Raises SettingError with file, line and field of whatever is wrong; then none is taken.
        """
        lines = decision_lines.read(path)
        known = {entry.decision.uid: entry.decision for entry in self.office.log.entries()}
        new: dict[str, Decision] = {}
        wrong = []
        for line, decision in lines:
            uid = decision.uid
            # an erasure took personal data out of it, which an older export still has
            if uid in known and is_redacted(known[uid]):
                continue
            try:
                if known.get(uid) != decision:
                    decision = self._acceptable(decision, ChainMap(new, known))
                if (known.get(uid) or new.setdefault(uid, decision)) != decision:
                    raise ValueError("uid: names another decision already")
            except ValueError as error:
                wrong.append((line, str(error)))
        decision_lines.refuse(path, wrong)
        if not dry_run:
            self.office.log.take_in(new.values())
        return len(new), len(lines) - len(new)

    def _acceptable(self, decision: Decision, known: Mapping[str, Decision]) -> Decision:
        """The decision as it is kept. Raises ValueError with the field that is wrong."""
        if decision.decided_at > self.said["decided_at"]:
            raise ValueError("decided_at: lies in the future")
        if isinstance(decision, Undo):
            undone = known.get(decision.undoes)
            if undone is None:
                raise ValueError("undoes: no decision has this uid, here or in an earlier line")
            if undone.decided_at > decision.decided_at:
                raise ValueError("decided_at: is before that of the decision which it undoes")
        return self._understood(decision)

    def _understood(self, decision: Decision) -> Decision:
        """The decision with its value as records have it. Raises ValueError with the field."""
        if isinstance(decision, Generic):
            _one_of(self.office.model().behaviours, "column", decision.column)
            value = self._read(decision.column, decision.value)
        elif isinstance(decision, Value):
            _one_of(self.office.rules().attributes, "attribute", decision.attribute)
            value = self._read(decision.attribute, decision.value)
        else:
            return decision
        return decision.model_copy(update={"value": value})

    def _read(self, field: str, typed: str) -> str:
        """What was typed for a field, as records have it. Raises ValueError with the field."""
        normaliser = _NORMALISERS.get(field)
        if normaliser is None:
            return typed
        found = MODULES[normaliser].scalar(typed, Near(latest=self.said["decided_at"].date()))
        if found.value is None:
            raise ValueError(f"value: is no {field.replace('_', ' ')} ({found.reason})")
        return str(found.value)

    def _write(self, make: Callable[[], Decision]) -> Entry:
        """Write what `make` gives, and tell in a sentence what is wrong about it."""
        try:
            made = make()
            same = (entry for entry in self.known if entry.decision.content == made.content)
            return next(same, None) or self.office.log.append(made)
        except ValidationError as error:
            raise SettingError(faults(error)) from None
        except ValueError as error:
            raise SettingError(str(error)) from None


def _one_of(known: Iterable[str], field: str, name: str) -> None:
    """Raises ValueError for a name that is not known."""
    names = tuple(known)
    if name not in names:
        raise ValueError(f"{field}: is one of {', '.join(names)}")
