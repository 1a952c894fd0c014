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

from dataclasses import dataclass, replace
from functools import cache

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.company_cell import take_contacts, tidy
from quality.normalise.company_parts import Parts, dissect, ends, is_company, trades
from quality.normalise.name_cell import looks_full
from quality.normalise.text import clean, simplify
from quality.reference import table

__all__ = ["CompanyValue", "dissect", "ends", "is_company", "normalise", "take_contacts"]

_SETTLING = 6  # rounds after which a text that keeps changing is given up


@dataclass(frozen=True, slots=True)
class CompanyValue(Value):
    """An organisation's name and its parts; the fields are described in the module.

    kind: company, None where nothing was typed.
    """

    kind: str | None = "company"
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


def normalise(typed: str | None, near: Near = NOWHERE) -> CompanyValue:
    """Understand the name of an organisation."""
    text = clean(typed)
    if not text:
        return CompanyValue(typed, None, "", Status.MISSING, "missing", kind=None)
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
    name, inside = tidy(cell.name)
    simple = simplify(name)
    if simple.upper() in _placeholders():
        return CompanyValue(typed, None, name, Status.PLACEHOLDER, "placeholder")
    if sum(c.isalpha() for c in simple) < 2:
        return CompanyValue(typed, None, text, Status.INVALID, "not_a_company")
    parts = dissect(simple)
    contacts = cell.contacts + [note for note in inside if looks_full(note)]
    notes = cell.notes + [note for note in inside if note not in contacts]
    coreless = parts.core in trades() or not (parts.core or parts.kind == "institution")
    status, reason = (Status.PARTIAL, "no_core") if coreless else (Status.OK, "")
    return CompanyValue(
        typed, name, name, status, reason, "company", parts.core or None, parts.region or None,
        "".join(parts.trades) or None, parts.form or None, parts.branch or None, _key(parts),
        _tokens(parts), _fleet(parts.form) or _fleet(simple), tuple(contacts), tuple(cell.phones),
        "; ".join(notes) or None,
    )  # fmt: skip


def _key(parts: Parts) -> str | None:
    words = [parts.core, *parts.trades]
    if parts.kind == "institution":
        words = [parts.region, *words, parts.form]
    key = "".join(words)
    return f"{key}@{parts.branch}" if key and parts.branch else key or None


def _tokens(parts: Parts) -> tuple[str, ...]:
    """The words to weigh by rarity: every part once, in order."""
    words = [parts.region, parts.core, *parts.trades, parts.form, parts.branch]
    return tuple(dict.fromkeys(word for word in words if word))


def _fleet(simple: str) -> str | None:
    return next((row["fleet"] for row in table("fleets") if row["word"] in simple), None)


@cache
def _placeholders() -> frozenset[str]:
    return frozenset(row["text"] for row in table("name_placeholders"))
