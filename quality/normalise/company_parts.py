"""The parts of an organisation's name: region, core, trade, legal form, branch.

Read from the end, longest word first, by `legal_forms.csv`, `trades.csv`, `branches.csv`; regions
by `divisions`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from quality.normalise import surname as surnames
from quality.normalise.divisions import MUNICIPALITIES, atlas
from quality.normalise.text import brackets, is_han
from quality.reference import table

NOISE = " ·.,-_/\\:;!\"'`~、，。；：|+&=#*%^<>?@$"
BRACKETED = re.compile(r"\(([^()]*)\)")
ANNEX = ("有限合伙", "普通合伙", "特殊普通合伙", "个人独资", "个体工商户", "个体户")


class Parts(NamedTuple):
    """The parts of a simplified name, '' where one is missing."""

    region: str
    core: str
    trades: tuple[str, ...]
    form: str
    kind: str  # of the legal form: company, business, institution or ''
    branch: str


def is_company(simple: str) -> bool:
    """Whether a simplified text from a name field names an organisation, not a person.

    Strong ends (公司, 医院, 物流) tell from four characters on; weak ones (厂, 店, 局) from five,
    or when no surname begins the text: 何厂长 and 王中心 are people.

    >>> [is_company(n) for n in ("宏达物流", "何厂长", "王中心", "财政局", "东风公司(老王)")]
    [True, False, False, True, True]
    """
    if len(simple) < 3:
        return False
    bare = BRACKETED.sub("", brackets(simple)).strip(NOISE)
    if "有限公司" in bare or "有限责任公司" in bare or "分公司" in bare:
        return True
    form = ending(bare, forms())
    strong = form and forms()[form][1] == "strong"
    if strong and len(form) > 1 and len(bare) >= 4:
        return True
    trade = ending(bare, trades())
    if trade and trades()[trade] and len(bare) >= max(4, len(trade) + 2) and is_han(bare):
        return True
    if ending(bare, branches()) and len(bare) >= 5:
        return True
    long_enough = len(bare) >= 5 or (len(bare) >= 3 and bare[0] not in surnames.single())
    return bool(form) and long_enough and is_han(bare)


def dissect(simple: str) -> Parts:
    """The parts of a simplified name; '' where a part is missing."""
    region = ""
    for match in BRACKETED.finditer(simple):
        place = leading_place(match[1])
        if place and len(place[1]) == len(match[1]):
            region, simple = region or place[0], simple.replace(match[0], "")
            break
    simple, annex = _cut_annex(simple)
    bare = simple.replace("(", "").replace(")", "")
    bare, branch = _cut_branch(bare)
    form = ending(bare, forms()) if len(bare) > 1 else ""
    kind = forms()[form][0] if form else ""
    rest = bare[: len(bare) - len(form)]
    place = leading_place(rest)
    if place and len(rest) - len(place[1]) >= 2:
        region, rest = region or place[0], rest[len(place[1]) :]
    elif place and len(place[1]) == len(rest) and kind == "institution":
        region, rest = region or place[0], ""
    core, trades = _cut_trades(rest)
    if annex:
        form, kind = f"{form}({annex})", "business"
    return Parts(region, core, trades, form, kind, branch)


def _cut_annex(simple: str) -> tuple[str, str]:
    """投资中心(有限合伙): the bracket that belongs to the legal form; (集团) stays where it is."""
    match = BRACKETED.search(simple)
    if match is None or match[1] not in ANNEX:
        return simple, ""
    return simple.replace(match[0], ""), match[1]


def _cut_branch(bare: str) -> tuple[str, str]:
    """(parent, branch); without a legal form before the branch, it begins with its place."""
    for mark in ("有限责任公司", "有限公司"):
        at = bare.find(mark) + len(mark)
        if len(mark) < at < len(bare) - 1:
            return bare[:at], bare[at:]
    word = ending(bare, branches())
    if not word:
        return bare, ""
    for mark in ("集团公司", "总公司", "公司", "集团", "银行"):
        at = bare.find(mark)
        if at > 0 and at + len(mark) < len(bare):
            return bare[: at + len(mark)], bare[at + len(mark) :]
    body = bare[: len(bare) - len(word)]
    for size in range(min(8, len(body) - 2), 1, -1):
        place = leading_place(body[-size:])
        if place and len(place[1]) == size:
            return body[:-size], body[-size:] + word
    return (body, word) if word.startswith("分") and len(body) > 2 else (bare, "")


def _cut_trades(rest: str) -> tuple[str, tuple[str, ...]]:
    """(core, trade words in order): words from the end while two characters of a name remain."""
    found: list[str] = []
    while len(rest) > 3:
        word = ending(rest[2:], trades())
        if not word:
            break
        found.insert(0, word)
        rest = rest[: len(rest) - len(word)]
    return rest, tuple(found)


def leading_place(text: str) -> tuple[str, str] | None:
    """The place that begins the text: (short name of its finest level, the text it took).

    >>> leading_place("江苏昆山宏达物流"), leading_place("杭州市泰安劳务")
    (('昆山', '江苏昆山'), ('杭州', '杭州市'))
    """
    taken, found, regions = 0, "", _regions()
    above: tuple[str, ...] = ("",)
    for _ in range(3):
        for size in range(min(9, len(text) - taken), 1, -1):
            name = text[taken : taken + size]
            codes = regions.get(name)
            inside = codes and tuple(code for code in codes if code.startswith(above))
            if inside:
                taken, found, above = taken + size, _short_name(name), inside
                break
        else:
            break
    return (found, text[:taken]) if taken else None


def ending(text: str, words: dict[str, tuple[str, str]] | dict[str, str]) -> str:
    """The longest of the words that ends the text, '' when none."""
    for size in range(min(9, len(text)), 0, -1):
        if text[-size:] in words:
            return text[-size:]
    return ""


def ends() -> set[str]:
    """Every word that may end the name of an organisation."""
    return {*forms(), *trades(), *branches()}


@cache
def forms() -> dict[str, tuple[str, str]]:
    """Legal form to its kind (company, business, institution) and how surely it tells."""
    return {row["form"]: (row["kind"], row["weight"]) for row in table("legal_forms")}


@cache
def trades() -> dict[str, str]:
    """Trade word to whether it tells an organisation by itself, or ''."""
    return {row["trade"]: row["strong"] for row in table("trades")}


@cache
def branches() -> dict[str, str]:
    """The words that end the name of a branch."""
    return {row["word"]: "branch" for row in table("branches")}


@cache
def _regions() -> dict[str, list[str]]:
    """Every name that a company's region is written with, to the codes of the places so named.

    A code is cut to the digits that the codes of all places within begin with.
    """
    not_regions = {row["name"] for row in table("not_regions")}
    regions: dict[str, list[str]] = defaultdict(list)
    for division in atlas().by_code.values():
        code = division.code.removesuffix("00").removesuffix("00")
        if code[:2] in MUNICIPALITIES and code[2:] == "01":
            code = code[:2]
        regions[division.name].append(code)
        whole_city = division.code.endswith("00") or division.name.endswith("市")
        if whole_city and division.short not in (division.name, *not_regions):
            regions[division.short].append(code)
    return dict(regions)


@cache
def _short_name(name: str) -> str:
    """The short name that stands for a region's name."""
    named = (d.short for d in atlas().by_code.values() if d.name == name)
    return next(named, name)
