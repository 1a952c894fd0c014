"""Where two values differ, character by character."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Levenshtein

from matching.compare.name_sounds import fuzzy, looks, readings_of

#: same; sound or shape: another character that sounds or looks alike; other; extra: the other value
#: has none there.
Kind = Literal["same", "sound", "shape", "other", "extra"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a value, and how it stands to the other value's."""

    text: str
    kind: Kind


def differences(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    """Both values in pieces.

    >>> left, right = differences("王未红", "王末宏")
    >>> [(piece.text, piece.kind) for piece in right]
    [('王', 'same'), ('末', 'shape'), ('宏', 'sound')]
    """
    one, other = list[Piece](), list[Piece]()
    for step in Levenshtein.opcodes(left, right):
        a, b = left[step.src_start : step.src_end], right[step.dest_start : step.dest_end]
        if step.tag == "replace":
            kinds = [_kind(*pair) for pair in zip(a, b, strict=True)]
            one += map(Piece, a, kinds)
            other += map(Piece, b, kinds)
        else:
            kind: Kind = "same" if step.tag == "equal" else "extra"
            one += [Piece(a, kind)] if a else []
            other += [Piece(b, kind)] if b else []
    return one, other


def _kind(one: str, other: str) -> Kind:
    if looks(one) & looks(other):
        return "shape"
    heard, meant = ({fuzzy(sound) for sound in readings_of(c)} for c in (one, other))
    return "sound" if one.isalpha() and other.isalpha() and heard & meant else "other"
