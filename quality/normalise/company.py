"""Names of organisations: companies, traders, public bodies.

Format (企业名称登记管理规定, 2020 revision, articles 5 and 6): region + 字号 (core) + trade +
legal form; the region may stand in brackets after the core; a branch begins with its parent's full
name and is an entity of its own. What is stripped is kept in fields, from tables:
`legal_forms.csv`, `trades.csv`, `branches.csv`, `fleets.csv`; regions from `divisions`.

`key` is the form to compare by: core + trade, simplified, and the branch where there is one; for
institutions (医院, 公安局) the region and the end belong to the key, since they have no core of
their own. A group (集团) and its member of the same name have one key: `legal_form` tells them
apart.

>>> [normalise(n).key for n in ("（武汉）宏达物流有限责任公司", "武汉宏达物流有限公司", "宏达物流")]
['宏达物流', '宏达物流', '宏达物流']
>>> v = normalise("华为技术(深圳)有限公司苏州分公司")
>>> v.core, v.region, v.trade, v.legal_form, v.branch, v.key
('华为', '深圳', '技术', '有限公司', '苏州分公司', '华为技术@苏州分公司')
>>> normalise("上海市公安局").fleet, normalise("安吉汽车租赁有限公司").fleet
('government', 'rental')
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise import surname as surnames
from quality.normalise.divisions import atlas
from quality.normalise.name_cell import PHONE, looks_full, take
from quality.normalise.text import HAN, brackets, clean, is_han, join_han, simplify
from quality.reference import table

_GAP = re.compile(f"(?<=[{HAN})]) +(?=[{HAN}(])|(?<=[()]) +| +(?=[()])")
_NOISE = " ·.,-_/\\:;!\"'`~、，。；：|+&=#*%^<>?@$"
_BRACKETED = re.compile(r"\(([^()]*)\)")
# what brackets hold that belongs to the registered name
_ANNEX = ("有限合伙", "普通合伙", "特殊普通合伙", "个人独资", "个体工商户", "个体户")
_KEPT = (*_ANNEX, "集团", "中国")
_SETTLING = 6  # rounds after which a text that keeps changing is given up
_PLURAL = re.compile(r"\s*[/、,，;；|:：—–-]+\s*")


@dataclass(frozen=True, slots=True)
class CompanyValue(Value):
    """An organisation's name and its parts; the fields are described in the module."""

    kind: str = "company"
    core: str | None = None
    region: str | None = None
    trade: str | None = None
    legal_form: str | None = None
    branch: str | None = None
    key: str | None = None
    tokens: tuple[str, ...] = ()
    fleet: str | None = None
    contacts: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    note: str | None = None


class _Parts(NamedTuple):
    region: str
    core: str
    trades: tuple[str, ...]
    form: str
    kind: str  # of the legal form: company, business, institution or ''
    branch: str


def normalise(typed: str | None, near: Near = NOWHERE) -> CompanyValue:
    """Understand the name of an organisation."""
    text = clean(typed)
    if not text:
        return CompanyValue(typed, None, "", Status.MISSING, "missing")
    result = _understood(typed, text)
    for _ in range(_SETTLING):
        value = result.value
        if value is None or value == text:
            return result
        again = _understood(value, clean(value))
        if again.value == value:
            return result
        result = replace(
            again,
            typed=typed,
            contacts=result.contacts + again.contacts,
            phones=result.phones + again.phones,
            note=result.note or again.note,
        )
    return CompanyValue(typed, None, text, Status.INVALID, "not_a_company")


def _understood(typed: str | None, text: str) -> CompanyValue:
    """One round over a cleaned, non-empty text."""
    cell = take_contacts(text)
    name, inside = _tidy(cell.name)
    simple = simplify(name)
    if simple.upper() in _placeholders():
        return CompanyValue(typed, None, name, Status.PLACEHOLDER, "placeholder")
    if sum(c.isalpha() for c in simple) < 2:
        return CompanyValue(typed, None, text, Status.INVALID, "not_a_company")
    parts = dissect(simple)
    contacts = cell.contacts + [note for note in inside if looks_full(note)]
    notes = cell.notes + [note for note in inside if note not in contacts]
    coreless = parts.core in _trades() or not (parts.core or parts.kind == "institution")
    status, reason = (Status.PARTIAL, "no_core") if coreless else (Status.OK, "")
    return CompanyValue(
        typed, name, name, status, reason, "company", parts.core or None, parts.region or None,
        "".join(parts.trades) or None, parts.form or None, parts.branch or None, _key(parts),
        _tokens(parts), _fleet(parts.form) or _fleet(simple), tuple(contacts), tuple(cell.phones),
        "; ".join(notes) or None,
    )  # fmt: skip


class _Cell(NamedTuple):
    """An organisation's name, and what stood beside it."""

    name: str
    phones: list[str]
    contacts: list[str]
    notes: list[str]


def take_contacts(text: str) -> _Cell:
    """Phones and contact people out of a cell: 宏达物流公司 张伟, 宏达物流/李经理13800138000."""
    phones: list[str] = []
    text = take(PHONE, brackets(text), phones)
    parts = [part for part in map(str.strip, _PLURAL.split(text)) if part]
    head, beside = (parts[0], parts[1:]) if parts else ("", [])
    before, _, last = head.rpartition(" ")
    if looks_full(last) and last not in _forms() and is_company(simplify(before)):
        head, beside = before, [last, *beside]
    people = [part for part in beside if looks_full(part)]
    return _Cell(head, phones, people, [part for part in beside if part not in people])


def is_company(simple: str) -> bool:
    """Whether a simplified text from a name field names an organisation, not a person.

    Strong ends (公司, 医院, 物流) tell from four characters on; weak ones (厂, 店, 局) from five,
    or when no surname begins the text: 何厂长 and 王中心 are people.

    >>> [is_company(n) for n in ("宏达物流", "何厂长", "王中心", "财政局", "东风公司(老王)")]
    [True, False, False, True, True]
    """
    if len(simple) < 3:
        return False
    bare = _BRACKETED.sub("", brackets(simple)).strip(_NOISE)
    if "有限公司" in bare or "有限责任公司" in bare or "分公司" in bare:
        return True
    form = _ending(bare, _forms())
    strong = form and _forms()[form][1] == "strong"
    if strong and len(form) > 1 and len(bare) >= 4:
        return True
    trade = _ending(bare, _trades())
    if trade and _trades()[trade] and len(bare) >= max(4, len(trade) + 2) and is_han(bare):
        return True
    if _ending(bare, _branches()) and len(bare) >= 5:
        return True
    long_enough = len(bare) >= 5 or (len(bare) >= 3 and bare[0] not in surnames.single())
    return bool(form) and long_enough and is_han(bare)


def dissect(simple: str) -> _Parts:
    """The parts of a simplified name; '' where a part is missing."""
    region = ""
    for match in _BRACKETED.finditer(simple):
        place = _region(match[1])
        if place and len(place[1]) == len(match[1]):
            region, simple = region or place[0], simple.replace(match[0], "")
            break
    simple, annex = _cut_annex(simple)
    bare = simple.replace("(", "").replace(")", "")
    bare, branch = _cut_branch(bare)
    form = _ending(bare, _forms()) if len(bare) > 1 else ""
    kind = _forms()[form][0] if form else ""
    rest = bare[: len(bare) - len(form)]
    place = _region(rest)
    if place and len(rest) - len(place[1]) >= 2:
        region, rest = region or place[0], rest[len(place[1]) :]
    elif place and len(place[1]) == len(rest) and kind == "institution":
        region, rest = region or place[0], ""
    core, trades = _cut_trades(rest)
    if annex:
        form, kind = f"{form}({annex})", "business"
    return _Parts(region, core, trades, form, kind, branch)


def _cut_annex(simple: str) -> tuple[str, str]:
    """投资中心(有限合伙): the bracket that belongs to the legal form; (集团) stays where it is."""
    match = _BRACKETED.search(simple)
    if match is None or match[1] not in _ANNEX:
        return simple, ""
    return simple.replace(match[0], ""), match[1]


def _tidy(text: str) -> tuple[str, list[str]]:
    """The name without spaces between Han and without bracketed notes; and the notes."""
    notes = []
    for match in _BRACKETED.finditer(text):
        inside = simplify(match[1].strip())
        if inside in _KEPT or _region(inside) or _named_inside(inside):
            continue
        notes.append(match[1].strip())
        text = text.replace(match[0], "")
    text = text.strip(_NOISE)
    if text.count("(") != text.count(")"):
        text = text.replace("(", "").replace(")", "")
    text = text.replace("()", "")
    name = _GAP.sub("", join_han(" ".join(text.split())))
    return name.strip(_NOISE), [note for note in notes if note]


def _named_inside(inside: str) -> bool:
    """Whether the bracket holds a branch (苏州分公司) and so belongs to the name."""
    return bool(_ending(inside, _branches()))


def _cut_branch(bare: str) -> tuple[str, str]:
    """(parent, branch); without a legal form before the branch, it begins with its place."""
    for mark in ("有限责任公司", "有限公司"):
        at = bare.find(mark) + len(mark)
        if len(mark) < at < len(bare) - 1:
            return bare[:at], bare[at:]
    word = _ending(bare, _branches())
    if not word:
        return bare, ""
    for mark in ("集团公司", "总公司", "公司", "集团", "银行"):
        at = bare.find(mark)
        if at > 0 and at + len(mark) < len(bare):
            return bare[: at + len(mark)], bare[at + len(mark) :]
    body = bare[: len(bare) - len(word)]
    for size in range(min(8, len(body) - 2), 1, -1):
        place = _region(body[-size:])
        if place and len(place[1]) == size:
            return body[:-size], body[-size:] + word
    return (body, word) if word.startswith("分") and len(body) > 2 else (bare, "")


def _cut_trades(rest: str) -> tuple[str, tuple[str, ...]]:
    """(core, trade words in order): words from the end while two characters of a name remain."""
    found: list[str] = []
    while len(rest) > 3:
        word = _ending(rest[2:], _trades())
        if not word:
            break
        found.insert(0, word)
        rest = rest[: len(rest) - len(word)]
    return rest, tuple(found)


def _region(text: str) -> tuple[str, str] | None:
    """The place that begins the text: (short name of its finest level, the text it took)."""
    taken, found = 0, ""
    for _ in range(3):
        for size in range(min(9, len(text) - taken), 1, -1):
            name = text[taken : taken + size]
            if name in _regions():
                taken, found = taken + size, _regions()[name]
                break
        else:
            break
    return (found, text[:taken]) if taken else None


def _key(parts: _Parts) -> str | None:
    words = [parts.core, *parts.trades]
    if parts.kind == "institution":
        words = [parts.region, *words, parts.form]
    key = "".join(words)
    return f"{key}@{parts.branch}" if key and parts.branch else key or None


def _tokens(parts: _Parts) -> tuple[str, ...]:
    """The words to weigh by rarity: every part once, in order."""
    words = [parts.region, parts.core, *parts.trades, parts.form, parts.branch]
    return tuple(dict.fromkeys(word for word in words if word))


def _fleet(simple: str) -> str | None:
    return next((row["fleet"] for row in table("fleets") if row["word"] in simple), None)


def _ending(text: str, words: dict[str, tuple[str, str]] | dict[str, str]) -> str:
    """The longest of the words that ends the text, '' when none."""
    for size in range(min(9, len(text)), 0, -1):
        if text[-size:] in words:
            return text[-size:]
    return ""


def ends() -> set[str]:
    """Every word that may end the name of an organisation."""
    return {*_forms(), *_trades(), *_branches()}


@cache
def _forms() -> dict[str, tuple[str, str]]:
    return {row["form"]: (row["kind"], row["weight"]) for row in table("legal_forms")}


@cache
def _trades() -> dict[str, str]:
    return {row["trade"]: row["strong"] for row in table("trades")}


@cache
def _branches() -> dict[str, str]:
    return {row["word"]: "branch" for row in table("branches")}


@cache
def _placeholders() -> frozenset[str]:
    return frozenset(row["text"] for row in table("name_placeholders"))


@cache
def _regions() -> dict[str, str]:
    """Every name that a company's region is written with, to the short name that stands for it."""
    not_regions = {row["name"] for row in table("not_regions")}
    regions: dict[str, str] = {}
    for division in atlas().by_code.values():
        regions.setdefault(division.name, division.short)
        whole_city = division.code.endswith("00") or division.name.endswith("市")
        if whole_city and division.short not in not_regions:
            regions.setdefault(division.short, division.short)
    return regions
