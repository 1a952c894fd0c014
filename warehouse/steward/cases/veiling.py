"""Values of a case under a veil: what a mask leaves is shown, and of the rest where it differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from warehouse.masking import HIDDEN, MASKS
from warehouse.steward.cases.differences import Piece
from warehouse.steward.cases.sides import Value

_STAR = "*"


def veiled(attribute: str, pieces: Sequence[Piece], kind: str = "person") -> tuple[Piece, ...]:
    """The pieces with a star for each character that is not shown. kind: of the customer.

    >>> veiled("phone", [Piece("+861391234", "same"), Piece("8", "other"), Piece("000", "same")])
    ... # doctest: +NORMALIZE_WHITESPACE
    (Piece(text='+86139****', kind='same'), Piece(text='8', kind='other'),
     Piece(text='000', kind='same'))
    """
    if _is_open(attribute, kind):
        return tuple(pieces)
    return tuple(_starred(pieces, *_hidden(attribute, "".join(piece.text for piece in pieces))))


def _is_open(attribute: str, kind: str) -> bool:
    return attribute == "name" and kind == "company"


def _starred(pieces: Sequence[Piece], begin: int, end: int) -> Iterator[Piece]:
    at = 0
    for piece in pieces:
        places = range(at, at + len(piece.text))
        shown = (
            _STAR if begin <= place < end else c
            for place, c in zip(places, piece.text, strict=True)
        )
        yield Piece("".join(shown), piece.kind)
        at += len(piece.text)


def _hidden(attribute: str, text: str) -> tuple[int, int]:
    """The characters of a value that its mask hides: from the first to before the last."""
    masked = MASKS[attribute].one(text) if attribute in MASKS else HIDDEN
    if _STAR not in masked:
        return 0, 0
    head, tail = masked[: masked.index(_STAR)], masked[masked.rindex(_STAR) + 1 :]
    begin = text.find(head) + len(head) if head else 0  # a mask leaves out +86
    return begin, len(text) - len(tail)


def under_veil(
    values: Mapping[str, Sequence[Sequence[Value]]], kinds: Sequence[str], is_clear: bool
) -> dict[str, tuple[list[Value], ...]]:
    """What `sides.values` gave, as it is shown. kinds: of the customers, in their order.

    is_clear: values that records in scope state are shown; those of other outlets never are.
    """
    return {
        attribute: tuple(
            [
                one
                if (is_clear and one.is_own) or _is_open(attribute, kind)
                else replace(one, pieces=veiled(attribute, one.unlike or one.pieces, kind))
                for one in side
            ]
            for side, kind in zip(told, kinds, strict=True)
        )
        for attribute, told in values.items()
    }
