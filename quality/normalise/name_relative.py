"""Somebody named by another person: 王女士的先生, 李总的车, 张伟老婆李娜, 王女士先生."""

from __future__ import annotations

from functools import cache

from quality.normalise import Status
from quality.normalise import surname as surnames
from quality.normalise.name_title import is_nickname, strip_title
from quality.normalise.name_value import NameValue, end_titles, relations

_OF = "的"
_SPOUSES = ("太太", "夫人", "司机", "秘书", "助理")  # whose they are stands before


def relative_of(typed: str | None, text: str, person: str) -> NameValue:
    """Somebody whose own name is not told; person: whose relative, driver or car it is."""
    return NameValue(
        typed, None, text, Status.PARTIAL, "relative_of", "person", others=(person,), script="han"
    )


def whose(simple: str) -> int:
    """Length of the person by whom another one is named, who stays nameless; else 0.

    >>> whose("王女士的先生"), whose("王总的司机"), whose("王女士先生"), whose("张伟先生")
    (3, 2, 3, 0)
    """
    at = simple.find(_OF, 2)
    if at > 0 and _is_called(simple[:at]):
        word = simple[at + 1 :]
        if word in relations() or word in end_titles() or simple[at:] in relations():
            return at
    size, title, sex = strip_title(simple)
    inner = simple[: len(simple) - size]
    inner_size, _, inner_sex = inner_title(inner)
    if not title or not inner_size:
        return 0
    of_another = title in _SPOUSES or relations().get(title) == "relative"
    return len(inner) if of_another or (sex and inner_sex and sex != inner_sex) else 0


def inner_title(named: str) -> tuple[int, str | None, str | None]:
    """As `strip_title`, for what stands before a title: 王主任 of 王主任医生, 王总 of 王总先生.

    >>> inner_title("王主任"), inner_title("王建工")
    ((2, '主任', None), (0, None, None))
    """
    size, title, sex = strip_title(named)
    certain = size > 1 or (title is not None and end_titles()[title][1] == "name")
    return (size, title, sex) if certain else (0, None, None)


def named_relative(simple: str) -> tuple[int, int]:
    """(length of whose relative, where the relative's name begins) in 张伟老婆李娜; else (0, 0).

    >>> named_relative("张伟老婆李娜"), named_relative("张伟的老婆李娜"), named_relative("张伟老婆")
    ((2, 4), (2, 5), (0, 0))
    """
    for word in _relatives():
        at = simple.find(word, 2)
        end = at + len(word)
        person = simple[:at].removesuffix(_OF) if at > 0 else ""
        if person and _is_called(person) and _is_full(simple[end:]):
            return len(person), end
    return 0, 0


def _is_called(simple: str) -> bool:
    """Whether a text names a person: a full name, 小王, or a surname with a title."""
    full = surnames.looks_full(simple) and len(simple) < 4
    return full or is_nickname(simple) or strip_title(simple)[0] > 0


def _is_full(simple: str) -> bool:
    usual = simple[:1] in surnames.usual() or simple[:2] in surnames.compound()
    return usual and surnames.looks_full(simple) and len(simple) < 5


@cache
def _relatives() -> tuple[str, ...]:
    """The words for relatives of two characters and more, the longest first."""
    words = [word for word, kind in relations().items() if kind == "relative" and len(word) > 1]
    return tuple(sorted((w for w in words if not w.startswith(_OF)), key=len, reverse=True))
