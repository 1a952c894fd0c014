"""What stewards decide: a class for each kind of decision, each with who, when and why.

A decision is never edited: it is undone, or overruled, by a further one. `matching.standing` says
which are in force. These classes are also the lines of `guiyi decisions export`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Annotated, Any, Literal, get_args
from uuid import uuid4

from pydantic import AfterValidator, Field, PlainSerializer, TypeAdapter, model_validator

from connectors.config import Config
from connectors.intake import SHANGHAI

Text = Annotated[str, Field(min_length=1)]
Keys = Annotated[tuple[Text, ...], Field(min_length=1)]


_OFFSET = SHANGHAI.utcoffset(None)


def _here(moment: datetime.datetime) -> datetime.datetime:
    """A moment in Shanghai, without a zone; one that comes without is taken as such."""
    offset = moment.utcoffset()
    return moment if offset is None else moment.replace(tzinfo=None) + (_OFFSET - offset)


#: Kept as everywhere in Guiyi, in Shanghai and without a zone; written with its offset.
Moment = Annotated[
    datetime.datetime,
    AfterValidator(_here),
    PlainSerializer(lambda moment: moment.replace(tzinfo=SHANGHAI).isoformat(), when_used="json"),
]


class _Said(Config):
    """uid: names the decision wherever it is carried to. decided_at: Shanghai time."""

    uid: Annotated[str, Field(min_length=1, max_length=64)] = Field(
        default_factory=lambda: uuid4().hex
    )
    decided_at: Moment
    author: Text
    why: str = ""

    @property
    def content(self) -> dict[str, Any]:
        """What it says, whoever says it and when."""
        return self.model_dump(exclude={"uid", "decided_at", "author", "why"})

    @property
    def subject(self) -> tuple[str, ...] | None:
        """What it is about, where only the last word on it counts."""
        return None

    @property
    def word(self) -> str | bool | None:
        """What it says of its subject."""
        return None

    @property
    def sides(self) -> tuple[tuple[str, ...], ...]:
        """The keys of records that it joins or keeps apart; none where it does neither."""
        return ()

    @property
    def joins(self) -> bool:
        """Whether the sides are one customer; they are apart otherwise."""
        return False

    @property
    def named(self) -> Iterable[str]:
        """The keys of the records that it names."""
        return chain.from_iterable(self.sides)


Verdict = Literal["same", "different", "unsure"]
VERDICTS: tuple[str, ...] = get_args(Verdict)


class Pair(_Said):
    """Two records are one customer or not; unsure takes back what was said of them before."""

    kind: Literal["pair"] = "pair"
    left: Text
    right: Text
    verdict: Verdict

    @model_validator(mode="after")
    def of_two(self) -> Pair:
        """A pair has two records."""
        if self.left == self.right:
            raise ValueError("a record cannot be decided on against itself")
        return self

    @property
    def subject(self) -> tuple[str, ...]:
        """The two records, whichever is left."""
        return ("pair", min(self.left, self.right), max(self.left, self.right))

    @property
    def word(self) -> str:
        """The verdict."""
        return self.verdict

    @property
    def sides(self) -> tuple[tuple[str, ...], ...]:
        """Each record by itself, unless nobody can tell."""
        return () if self.verdict == "unsure" else ((self.left,), (self.right,))

    @property
    def joins(self) -> bool:
        """Whether they are one."""
        return self.verdict == "same"

    @property
    def named(self) -> Iterable[str]:
        """Both records, also where nobody can tell."""
        return (self.left, self.right)


class Part(Config):
    """An entity as it stood when it was decided on; its id is only told, its records count."""

    golden_id: Text | None = None
    records: Keys


class Merge(_Said):
    """All records of several entities are one customer."""

    kind: Literal["merge"] = "merge"
    parts: Annotated[tuple[Part, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def disjoint(self) -> Merge:
        """No record is in two parts."""
        _once(self.named)
        return self

    @property
    def sides(self) -> tuple[tuple[str, ...], ...]:
        """The records of each part."""
        return tuple(part.records for part in self.parts)

    @property
    def joins(self) -> bool:
        """They are one."""
        return True


class Split(_Said):
    """Some records of an entity are apart from the rest of it, as it stood.

    The records themselves stay together, or do not, by their own evidence.
    """

    kind: Literal["split"] = "split"
    golden_id: Text | None = None
    records: Keys
    rest: Keys

    @model_validator(mode="after")
    def disjoint(self) -> Split:
        """No record is on both sides."""
        _once(self.named)
        return self

    @property
    def sides(self) -> tuple[tuple[str, ...], ...]:
        """What is taken off first."""
        return (self.records, self.rest)


class Generic(_Said):
    """A value of one of the model's columns is, or is not, one that many hold."""

    kind: Literal["generic"] = "generic"
    column: Text
    value: Text
    generic: bool

    @property
    def subject(self) -> tuple[str, ...]:
        """The value in its column."""
        return ("generic", self.column, self.value)

    @property
    def word(self) -> bool:
        """Whether it is generic."""
        return self.generic


class Value(_Said):
    """An attribute's value, of the customer that most of these records belong to.

    record: one of them; records: the others, such as all that state the value, or where none does,
    all that the customer had. With none, the value goes with the one record.
    """

    kind: Literal["value"] = "value"
    record: Text
    records: tuple[Text, ...] = ()
    attribute: Text
    value: Text

    @property
    def subject(self) -> tuple[str, ...]:
        """The attribute of the record."""
        return ("value", self.record, self.attribute)

    @property
    def word(self) -> str:
        """The value."""
        return self.value

    @property
    def named(self) -> Iterable[str]:
        """The records whose customer is meant, each once."""
        return dict.fromkeys((self.record, *self.records))


class Undo(_Said):
    """Takes back the decision of this uid. Of a merge, the parts are told apart from then on."""

    kind: Literal["undo"] = "undo"
    undoes: Text


Decision = Pair | Merge | Split | Generic | Value | Undo
KINDS: tuple[str, ...] = tuple(one.model_fields["kind"].default for one in get_args(Decision))
#: Reads many decisions from one JSON array.
MANY: TypeAdapter[list[Decision]] = TypeAdapter(
    list[Annotated[Decision, Field(discriminator="kind")]]
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision with its number in the database that holds it."""

    number: int
    decision: Decision


def _once(records: Iterable[str]) -> None:
    seen = list(records)
    if len(seen) != len(set(seen)):
        raise ValueError("a record is named twice")
