"""Several people who stand in a Han cell without anything between them."""

from __future__ import annotations

from itertools import pairwise

from quality.normalise import surname as surnames
from quality.normalise.name_title import strip_title

_MOST = 12  # characters: four people


def second_person(simple: str) -> int:
    """Where the second of two people with titles begins who stand without a separator; else 0.

    >>> second_person("王先生李女士"), second_person("张伟先生李娜女士"), second_person("张总李总")
    (3, 4, 2)
    >>> second_person("欧阳先生"), second_person("王总经理")
    (0, 0)
    """
    if len(simple) < 4 or not strip_title(simple)[0]:
        return 0
    return next(
        (at for at in range(2, len(simple) - 1) if _titled_whole(simple[:at], simple[at:])), 0
    )


def _titled_whole(*people: str) -> bool:
    """Whether each text is a surname or a full name, and its title."""
    for simple in people:
        size = strip_title(simple)[0]
        name = simple[: len(simple) - size]
        bare = name in surnames.single() or name in surnames.compound()
        if not size or not (bare or (size > 1 and surnames.looks_full(name) and len(name) < 4)):
            return False
    return True


def run_together(simple: str) -> list[tuple[str, ...]]:
    """Every way to read a Han text as several full names; none for what is one name.

    The first surname must be one before all, the others of the hundred most frequent: any
    character of a given name may be some surname.

    >>> run_together("王伟李娜"), run_together("张小明李小红"), run_together("王伟李江红")
    ([('王伟', '李娜')], [('张小明', '李小红')], [('王伟', '李江红'), ('王伟李', '江红')])
    >>> run_together("欧阳娜娜"), run_together("王李伟娜"), run_together("阿依古丽")
    ([], [], [])
    """
    if not 4 <= len(simple) <= _MOST or surnames.split(simple).surname > 1:
        return []
    if any(a == b for a, b in pairwise(simple[:-1])):  # 王王林飞: a character typed twice
        return []
    return [people for people in _readings(simple, surnames.usual()) if len(people) > 1]


def _readings(simple: str, known: frozenset[str]) -> list[tuple[str, ...]]:
    """Every way to divide a text into full names, the first of them with a known surname."""
    if not simple:
        return [()]
    return [
        (simple[:size], *others)
        for size in range(2, min(4, len(simple)) + 1)
        if _is_one(simple[:size], known)
        for others in _readings(simple[size:], surnames.ranked())
    ]


def _is_one(name: str, known: frozenset[str]) -> bool:
    """Whether a text may be one full name: two or three characters, three or four if compound."""
    if name[:2] in surnames.compound():
        return len(name) > 2
    return len(name) < 4 and name[0] in known
