"""The telephone numbers of a cell: where its text is cut.

Some signs always part two numbers (/ 、 ; and the word 或); spaces, hyphens, dots and notes may
stand within one or between two. So a piece is cut into runs of digits, and those runs are joined
to numbers in the way that makes the most of its digits understood, mobiles before all.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from quality.normalise import Near, Status
from quality.normalise.phone_number import LETTERS, MASKS, NUMERALS, Number, foreign, one_number

_BETWEEN = re.compile(
    r"(?:[/\\、,;|\n\r\t&]+|或者?|以?及|和|与|兼)(?!\s*(?:转|分机|内线|EXT))", re.IGNORECASE
)
_THOUSANDS = re.compile(r"\d{1,2},\d{3},\d{3},\d{3}(?:\.0+)?")
_LIKE_DIGITS = f"\\d{LETTERS}{NUMERALS}"
_RUN = re.compile(
    rf"(?:(?<!\d)\+)?[{LETTERS}]*[\d{NUMERALS}][{_LIKE_DIGITS}]*|[{re.escape(MASKS)}]{{3,}}"
)
_MOBILES = re.compile(r"(?:1[3-9]\d{9}){2,}")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
_ABROAD = {"香港": "852", "澳门": "853", "台湾": "886"}
_APART = re.compile(r"[^\s.·\-—–−)]")
_PLACE = re.compile("|".join(_ABROAD))
#: Runs that one number may be written in, and a cell at most: 1 3 8 1 2 3 4 5 6 7 8 is whole.
_LONGEST, _MOST = 8, 40
_TOO_SHORT = 7  # fewer digits beside a number are a note: a floor, a year


def numbers(text: str, near: Near) -> list[Number]:
    """The numbers of a cell in their order; one that says why when there is none."""
    if _THOUSANDS.fullmatch(text):
        plain = one_number(text.replace(",", ""), near)
        status = Status.REPAIRED if plain.value else plain.status
        return [replace(plain, status=status, reason="thousands_separators")]
    pieces = [piece.strip() for piece in _BETWEEN.split(text)]
    found = [number for piece in pieces if piece for number in _of_piece(piece, near)]
    return _with_area_of_cell(found) or [Number(None, status=Status.INVALID, reason="no_digits")]


def _of_piece(piece: str, near: Near) -> list[Number]:
    """Read a piece as one number, else as several standing side by side."""
    place = _PLACE.search(piece)
    if place:
        named, near = _in_place(piece, _ABROAD[place[0]]), Near()
        if named.value:
            return [named]
    whole = one_number(piece, near)
    if whole.known:
        return [whole]
    several = _side_by_side(piece, near)
    return several if any(n.known for n in several) else [whole]


def _in_place(piece: str, code: str) -> Number:
    """A number whose country is named beside it: never one of the outlet's area."""
    whole = one_number(piece, Near())
    if whole.value:
        return whole
    named = foreign(f"+{code}{whole.digits}", whole.digits)
    if named.value is None or named.reason:
        return whole
    return replace(named, status=Status.REPAIRED, reason="country_named")


def _side_by_side(piece: str, near: Near) -> list[Number]:
    """The cutting that makes the most of the digits understood; what is left is unreadable."""
    runs = [run.span() for run in _RUN.finditer(piece)][:_MOST]
    if len(runs) == 1:
        return _run_together(piece[slice(*runs[0])])
    best: list[tuple[int, list[_Cut]]] = [(0, [])]  # for the first so many runs
    for stop in range(1, len(runs) + 1):
        worth, before = best[stop - 1]
        options = [(worth, [*before, _Cut(*runs[stop - 1], [])])]
        for start in range(max(0, stop - _LONGEST), stop):
            first, last = runs[start][0], runs[stop - 1][1]
            worth, before = best[start]
            found = _run_together(piece[first:last]) or [one_number(piece[first:last], near)]
            more = sum(map(_worth, found))
            if more:
                options.append((worth + more, [*before, _Cut(first, last, found)]))
        best.append(max(options, key=lambda option: option[0]))
    return _of_cuts(piece, best[-1][1])


class _Cut(NamedTuple):
    """A stretch of a piece, and the numbers that it is; none where it is unreadable."""

    start: int
    stop: int
    numbers: list[Number]


def _of_cuts(piece: str, cuts: list[_Cut]) -> list[Number]:
    """The numbers in order; a local one that unread digits hang on is doubtful as well."""
    found: list[Number] = []
    for at, cut in enumerate(cuts):
        local = any(n.kind == "landline" and not _has_area(n) for n in cut.numbers)
        if not cut.numbers or (local and _hangs(piece, cuts, at)):
            found += _left_over(piece[cut.start : cut.stop])
        else:
            found += cut.numbers
    return found


def _hangs(piece: str, cuts: list[_Cut], at: int) -> bool:
    """Whether nothing but joints parts a cut from a neighbour that is unreadable."""
    for left, right in ((at - 1, at), (at, at + 1)):
        if left >= 0 and right < len(cuts):
            between = piece[cuts[left].stop : cuts[right].start]
            unread = not (cuts[left].numbers and cuts[right].numbers)
            if unread and not _APART.search(between):
                return True
    return False


def _has_area(number: Number) -> bool:
    """Whether the area code was typed."""
    return number.area_code is not None and number.reason != "area_code_completed"


def _worth(number: Number) -> int:
    """How much is gained by a number beside others: its digits, times how sure it is one."""
    if number.kind == "service" or _DATE.fullmatch(number.digits):
        return 0
    sure = 4 if number.kind in ("mobile", "satellite", "iot") else 3
    if number.value is None or number.reason == "area_code_completed":
        sure = 1 if number.known or number.status is Status.PLACEHOLDER else 0
    return sure * len(number.digits) + len(number.extension or "")


def _run_together(text: str) -> list[Number]:
    if not _MOBILES.fullmatch(text):
        return []
    apart = (one_number(digits, Near()) for digits in re.findall(r"\d{11}", text))
    return [replace(n, status=Status.REPAIRED, reason="run_together") if n.value else n
            for n in apart]  # fmt: skip


def _left_over(text: str) -> list[Number]:
    digits = re.sub(r"\D", "", text)
    if len(digits) < _TOO_SHORT:
        return []
    return [Number(None, status=Status.INVALID, reason="wrong_length", digits=digits)]


def _with_area_of_cell(found: list[Number]) -> list[Number]:
    """Local numbers completed by the area code of the number before them, else of the first."""
    typed = [n.area_code for n in found if n.area_code and _has_area(n)]
    if not typed:
        return found
    area, completed = typed[0], []
    for number in found:
        local = number.area_code is None and number.kind == "landline"
        if local or number.reason == "area_code_completed":
            own = number.digits[-8:] if local else number.digits[len(number.area_code or "") :]
            again = one_number(own, Near(area_code=area))
            number = replace(again, extension=number.extension)
        elif number.area_code:
            area = number.area_code
        completed.append(number)
    return completed
