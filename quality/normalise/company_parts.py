"""The parts of an organisation's name in Chinese: region, core, trade, legal form, branch.

Read from the end, longest word first, by `legal_forms.csv`, `trades.csv`, `branches.csv`; regions
by `company_region`. Hyphens and dots between the parts say nothing (一汽-大众).
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from quality.normalise import surname as surnames
from quality.normalise.company_latin import is_latin_company
from quality.normalise.company_region import leading_region, may_follow, whole_region
from quality.normalise.text import HAN, brackets, is_han
from quality.reference import table

NOISE = " ·.,-_/\\:;!\"'`~、，。；：|+&=#*%^<>?@$"
BRACKETED = re.compile(r"\(([^()]*)\)")
ANNEX = ("有限合伙", "普通合伙", "特殊普通合伙", "个人独资", "个体工商户", "个体户")
GROUP = "集团"
_COUNTRY = "中国"
_LONGEST = 9  # characters of a word that ends a name
_SIGN = re.compile("[-—–·•・,、/]")
_JOINTS = re.compile(f"(?<=[{HAN}])[-—–·•・,、/](?=[{HAN}])")
# a branch of a public body, and whose it is
_OF_BODY = ("分局", "支队", "大队", "中队", "派出所", "分院", "分处")
_BODY = re.compile("(.*?(?:局|法院|检察院|委员会|总队))(.{2,})")


class Parts(NamedTuple):
    """The parts of a simplified name, '' where one is missing. whole_region: 武汉市, not 武汉."""

    region: str
    core: str
    trades: tuple[str, ...]
    form: str
    kind: str  # of the legal form: company, business, institution or ''
    branch: str
    whole_region: bool = True


def is_company(simple: str) -> bool:
    """Whether a simplified text from a name field names an organisation, not a person.

    Strong ends (公司, 医院, 物流, Co., Ltd.) tell from four characters on; weak ones (厂, 店, 局)
    from five, or when no surname begins the text: 何厂长 and 王中心 are people.

    >>> [is_company(n) for n in ("宏达物流", "何厂长", "王中心", "财政局", "东风公司(老王)")]
    [True, False, False, True, True]
    >>> is_company("ABC Co., Ltd."), is_company("Smith, John")
    (True, False)
    """
    if len(simple) < 3:
        return False
    if simple.isascii():
        return is_latin_company(simple)
    if simple[-1] not in _last_signs() and "公司" not in simple and "(" not in simple:
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
    simple = _JOINTS.sub("", simple) if _SIGN.search(simple) else simple
    region = ""
    for match in BRACKETED.finditer(simple):
        inside = whole_region(match[1])
        if inside:
            region, simple = region or inside, simple.replace(match[0], "")
            break
    simple, annex = _cut_annex(simple)
    bare = simple.replace("(", "").replace(")", "")
    bare, branch = _cut_branch(bare)
    form = ending(bare, forms()) if len(bare) > 1 else ""
    kind = forms()[form][0] if form else ""
    rest = bare[: len(bare) - len(form)]
    found, core, trades, whole = _cut_region(rest, kind, region)
    if len(core) > len(GROUP) + 1:
        core = core.removesuffix(GROUP)  # 徐工集团工程机械股份有限公司
    if annex == GROUP:
        form, kind = (GROUP + form if GROUP + form in forms() else form + GROUP), "company"
    elif annex:
        form, kind = f"{form}({annex})" if form else annex, "business"
    return Parts(region or found, core, trades, form, kind, branch, whole)


def _cut_annex(simple: str) -> tuple[str, str]:
    """投资中心(有限合伙), 置业(集团)有限公司: the bracket that belongs to the legal form."""
    for match in BRACKETED.finditer(simple):
        if match[1] in (*ANNEX, GROUP):
            return simple.replace(match[0], ""), match[1]
    if simple.startswith(ANNEX):  # 个体工商户张伟
        before = next(word for word in ANNEX if simple.startswith(word))
        return (simple.removeprefix(before), before) if simple != before else (simple, "")
    return simple, ""


def _cut_branch(bare: str) -> tuple[str, str]:
    """(parent, branch); without a legal form before the branch, it begins with its place."""
    for mark in ("有限责任公司", "有限公司"):
        at = bare.find(mark) + len(mark)
        if len(mark) < at < len(bare) - 1:
            return bare[:at], bare[at:]
    body = _BODY.fullmatch(bare) if bare.endswith(_OF_BODY) else None
    if body and body[2].endswith(_OF_BODY):
        return body[1], body[2]
    word = ending(bare, branches())
    if not word:
        return bare, ""
    for mark in ("集团公司", "总公司", "公司", "集团", "银行"):
        at = bare.find(mark)
        if at > 0 and at + len(mark) < len(bare):
            return bare[: at + len(mark)], bare[at + len(mark) :]
    parent = bare[: len(bare) - len(word)]
    for size in range(min(8, len(parent) - 2), 1, -1):
        if whole_region(parent[-size:]):
            return parent[:-size], parent[-size:] + word
    return (parent, word) if word.startswith("分") and len(parent) > 2 else (bare, "")


def _cut_region(rest: str, kind: str, known: str) -> tuple[str, str, tuple[str, ...], bool]:
    """(region, core, trades, whether the region stands in full) of a name without its form.

    known: the region that stood in brackets; a short name before is then the core's (德州仪器).
    """
    if rest.endswith(_COUNTRY) and len(rest) > len(_COUNTRY) + 1 and not known:  # 3M中国
        return _COUNTRY, *_cut_trades(rest.removesuffix(_COUNTRY)), True
    place = leading_region(rest)
    if place and not (place.short and known):
        behind = rest[place.taken :]
        if not behind:  # 武汉大学
            return (place.name, "", (), True) if kind == "institution" else ("", rest, (), True)
        found = _without_trades(behind)
        certain = not place.short or kind == "institution"
        if certain or may_follow(found[0], behind):
            return place.name, *_two_left(*found), not place.short
    core, trades = _cut_trades(rest)
    if core == _COUNTRY and (trades or kind == "institution"):  # 中国人寿保险, 中国银行
        return _COUNTRY, "", trades, True
    return "", core, trades, True


def _cut_trades(rest: str) -> tuple[str, tuple[str, ...]]:
    """(core, trade words in order): words from the end while two characters of a name remain.

    A text of nothing but trades has no core.

    >>> _cut_trades("宏达汽车租赁"), _cut_trades("出租汽车"), _cut_trades("大汽车")
    (('宏达', ('汽车租赁',)), ('', ('出租汽车',)), ('大汽车', ()))
    """
    return _two_left(*_without_trades(rest))


def _two_left(core: str, trades: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Core and trades, so that a core has two characters."""
    return (core + trades[0], trades[1:]) if len(core) == 1 and trades else (core, trades)


def _without_trades(rest: str) -> tuple[str, tuple[str, ...]]:
    """What is left before the trade words that end a text, and these."""
    found: list[str] = []
    while word := ending(rest, trades()):
        found.insert(0, word)
        rest = rest[: len(rest) - len(word)]
    return rest, tuple(found)


def ending(text: str, words: dict[str, tuple[str, str]] | dict[str, str]) -> str:
    """The longest of the words that ends the text, '' when none."""
    for size in range(min(_LONGEST, len(text)), 0, -1):
        if text[-size:] in words:
            return text[-size:]
    return ""


def ends() -> set[str]:
    """Every word that may end the name of an organisation."""
    return {*forms(), *trades(), *branches()}


@cache
def _last_signs() -> frozenset[str]:
    """What the cell of an organisation can end with, unless a company is named before."""
    return frozenset(word[-1] for word in ends()) | frozenset(
        NOISE + "()【】〔〕〈〉《》「」『』〖〗[]{}"
    )


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
