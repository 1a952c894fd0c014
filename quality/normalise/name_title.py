"""Titles and roles beside a Han name: behind it (刘先生), before it (经理王强), cut off (叶先)."""

from __future__ import annotations

from functools import cache

from quality.normalise import surname as surnames
from quality.normalise.name_value import cut_titles, end_titles, placeholders, relations
from quality.normalise.text import is_han, simplify

NICKNAME = "小老大阿"
_LONGEST = 5  # characters of a title


def strip_title(simple: str) -> tuple[int, str | None, str | None]:
    """Length, title and sex of the longest title at the end that leaves a name; (0, None, None).

    >>> strip_title("刘先生"), strip_title("王总经理"), strip_title("王建工")
    ((2, '先生', 'M'), (3, '总经理', None), (0, None, None))
    """
    if simple[-1:] not in _title_ends():
        return 0, None, None
    for size in range(min(_LONGEST, len(simple) - 1), 0, -1):
        found = end_titles().get(simple[-size:])
        if found is None:
            continue
        rest = simple[:-size]
        sex, after = found
        bare = rest in surnames.single() or rest in surnames.compound()
        if bare or (after == "name" and _may_carry_title(rest, size)):
            return size, simple[-size:], sex or None
    return 0, None, None


def _may_carry_title(rest: str, size: int) -> bool:
    """Whether what is left may be a name: a nickname or a surname with a given name before it."""
    if is_nickname(rest):
        return size > 1
    return len(rest) >= 2 and (rest[0] in surnames.single() or size > 1)


def is_nickname(simple: str) -> bool:
    """Whether the text is 小, 老, 大 or 阿 and a surname of one character."""
    return len(simple) == 2 and simple[0] in NICKNAME and simple[1] in surnames.single()


def is_mention(text: str) -> bool:
    """Whether a Han text may stand for a person by itself: 张伟, 小王, 李先生."""
    simple = simplify(text)
    called = is_nickname(simple) or strip_title(simple)[0] > 1
    return surnames.looks_full(text) or (is_han(text) and called)


def is_familiar(simple: str) -> bool:
    """Whether the text is a character that is hardly a surname, and a title: 丽姐, 强哥."""
    sex, _ = end_titles().get(simple[1:], ("", ""))
    first = simple[0]
    hardly = first not in surnames.single() or first in surnames.as_given()
    return len(simple) == 2 and bool(sex) and first not in NICKNAME and hardly


def may_be_cut(simple: str) -> bool:
    """Whether a usual surname is followed by what may be the beginning of a title.

    >>> may_be_cut("叶先"), may_be_cut("高太"), may_be_cut("欧阳先"), may_be_cut("王建生")
    (True, True, True, False)
    """
    rest = simple[:-1]
    known = rest in surnames.usual() or rest in surnames.compound()
    return known and simple[-1] in cut_titles()


def strip_role(simple: str) -> int:
    """Length of a title or role before a name: 2 of 经理王强, 3 of 联系人李娜; else 0.

    >>> strip_role("客户张伟"), strip_role("司机老王"), strip_role("客户王"), strip_role("司机师傅")
    (2, 2, 2, 0)
    """
    if simple[:2] not in _role_starts():
        return 0
    for size in range(min(_LONGEST, len(simple) - 1), 1, -1):
        rest = simple[size:]
        if simple[:size] not in before_names() or rest in placeholders():
            continue
        # a surname alone only where the whole is no name: 客户王, but 司机王 may be 司 机王
        alone = rest in surnames.usual() and simple[0] not in surnames.single()
        if alone or is_nickname(rest) or _is_usual(rest):
            return size
    return 0


def _is_usual(name: str) -> bool:
    """Whether a text can stand as a full name with a surname that is one before all."""
    usual = name[:1] in surnames.usual() or name[:2] in surnames.compound()
    return usual and surnames.looks_full(name)


@cache
def _title_ends() -> frozenset[str]:
    return frozenset(title[-1] for title in end_titles())


@cache
def before_names() -> frozenset[str]:
    """Words of two characters and more that stand before names: titles, roles, placeholders."""
    words = (word for word, how in placeholders().items() if how == "whole")
    return frozenset(word for word in words if len(word) > 1 and relations().get(word) != "party")


@cache
def _role_starts() -> frozenset[str]:
    return frozenset(word[:2] for word in before_names())
