"""Names of organisations: companies, traders, public bodies.

Format (企业名称登记管理规定, 2020 revision, articles 5 and 6): region + 字号 (core) + trade +
legal form; the region may stand in brackets after the core; a branch begins with its parent's full
name and is an entity of its own. What is stripped is kept in fields, from tables:
`legal_forms.csv`, `trades.csv`, `branches.csv`, `fleets.csv`; regions from `divisions`. The value
is the whole name as typed, hyphens and Latin letters included.

`key` is the form to compare by: core + trade, simplified, and the branch where there is one; for
institutions (医院, 公安局) the region and the end belong to the key, since they have no core of
their own, and for companies without a core (苏州市出租汽车公司) the region does. A group (集团) and
its member of the same name have one key: `legal_form` tells them apart.

Doubts are told by `reason`: `perhaps_region` (沪强生: 上海 or not), `no_core` (a short place and a
trade: the place may be the core), `perhaps_person` (金源); a person's name has kind `person` and no
core (`person_name`); 测试公司 is a placeholder;
`several_companies`: the first one of a cell that names two.

>>> [normalise(n).key for n in ("（武汉）宏达物流有限责任公司", "武汉宏达物流有限公司", "宏达物流")]
['宏达物流', '宏达物流', '宏达物流']
>>> v = normalise("华为技术(深圳)有限公司苏州分公司")
>>> v.core, v.region, v.trade, v.legal_form, v.branch, v.key
('华为', '深圳', '技术', '有限公司', '苏州分公司', '华为技术@苏州分公司')
>>> v = normalise("一汽-大众汽车有限公司")
>>> v.value, v.core, normalise("ABC Co., Ltd.").legal_form, normalise("张伟").kind
('一汽-大众汽车有限公司', '一汽大众', 'Co., Ltd.', 'person')
>>> normalise("上海市公安局").fleet, normalise("安吉汽车租赁有限公司").fleet
('government', 'rental')
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache

from quality.normalise import NOWHERE, Near, Status, Value, company_latin, mojibake
from quality.normalise.company_cell import (
    is_persons_name,
    starts_companies,
    take_contacts,
    tidy,
)
from quality.normalise.company_parts import Parts, dissect, ends, is_company
from quality.normalise.company_region import abbreviates_region
from quality.normalise.name_latin import latin
from quality.normalise.name_value import REPEATED, placeholder, placeholders, prefixes
from quality.normalise.surname import compound, looks_full
from quality.normalise.text import clean, is_han, simplify
from quality.reference import table

__all__ = ["CompanyValue", "dissect", "ends", "is_company", "normalise", "take_contacts"]

_SOME = "某"
_WHOLE_FORMS = ("有限公司", "有限责任公司")  # no branch of another ends so
_SETTLING = 6  # rounds after which a text that keeps changing is given up


@dataclass(frozen=True, slots=True)
class CompanyValue(Value):
    """An organisation's name and its parts; the fields are described in the module.

    kind: company; person where the cell has somebody's name; None where nothing was typed.
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
    garbled = _origin(typed or "", text)
    result = _understood(typed, garbled or text)
    for _ in range(_SETTLING):
        value = result.value
        if value is None or value == text:
            return result
        again = _understood(value, _origin(value, value) or clean(value))
        if again.value == value:
            break
        result = replace(
            again,
            typed=typed,
            contacts=result.contacts + again.contacts,
            phones=result.phones + again.phones,
            note=result.note or again.note,
        )
    else:
        return CompanyValue(typed, None, text, Status.INVALID, "not_a_company")
    return replace(result, status=Status.REPAIRED, reason="mojibake") if garbled else result


def _origin(typed: str, text: str) -> str:
    """What a garbled cell was, where that names one organisation; else ''."""
    if text.isascii() or "公司" in text or is_company(simplify(text)):
        return ""
    found = [origin for origin in mojibake.origins(typed) if is_company(simplify(origin))]
    return found[0] if len(found) == 1 else ""


def _understood(typed: str | None, text: str) -> CompanyValue:
    """One round over a cleaned, non-empty text."""
    cell = take_contacts(text)
    name, inside = tidy(cell.name)
    half = name[: len(name) // 2]
    if name == half + half and is_company(simplify(half)):  # pasted twice
        return replace(_understood(typed, half), status=Status.REPAIRED, reason="doubled")
    simple = simplify(name)
    if placeholder(simple) == "whole":
        return CompanyValue(typed, None, name, Status.PLACEHOLDER, "placeholder")
    if len(simple) < 2 or (not simple[:2].isalpha() and sum(map(str.isalpha, simple)) < 2):
        return CompanyValue(typed, None, text, Status.INVALID, "not_a_company")
    contacts = cell.contacts + [note for note in inside if looks_full(note)]
    notes = cell.notes + [note for note in inside if note not in contacts]
    beside = (tuple(contacts), tuple(cell.phones), "; ".join(notes) or None)
    if simple.isascii():
        return _latin(typed, name, beside)
    parts = dissect(simple)
    kind, status, reason = _judged(simple, parts)
    if not reason and any(map(_is_another, cell.notes)):
        reason = "several_companies"
    kept = None if reason == "placeholder" else name
    if kind == "person" or kept is None:
        return CompanyValue(
            typed, kept, name, status, reason, kind, *(None,) * 6, (), None, *beside
        )
    return CompanyValue(
        typed, name, name, status, reason, kind, parts.core or None, parts.region or None,
        "".join(parts.trades) or None, parts.form or None, parts.branch or None, _key(parts),
        _tokens(parts), _fleet_told(parts.form, simple), *beside,
    )  # fmt: skip


def _judged(simple: str, parts: Parts) -> tuple[str, Status, str]:
    """(kind, status, reason): whether it is an organisation, and what is not certain about it."""
    nothing = not (parts.form or parts.trades or parts.branch or parts.region)
    perhaps = nothing and is_persons_name(simple)
    # of four characters, few are one person's, unless the surname is compound
    short = len(simple) < 4 or simple[:2] in compound()
    if perhaps and short and simple[0] not in starts_companies():
        return "person", Status.PARTIAL, "person_name"
    if _is_dummy(parts):
        reason = "placeholder_suspect" if parts.trades else "placeholder"
        return "company", Status.PLACEHOLDER, reason
    if not parts.core and parts.kind != "institution":
        if parts.region and parts.trades:
            return "company", Status.OK, "" if parts.whole_region else "no_core"
        return "company", Status.PARTIAL, "no_core"
    if not parts.region and abbreviates_region(parts.core):
        return "company", Status.OK, "perhaps_region"
    if parts.branch.endswith(_WHOLE_FORMS):
        return "company", Status.OK, "several_companies"
    return "company", Status.OK, "perhaps_person" if perhaps else ""


def _is_dummy(parts: Parts) -> bool:
    """Whether the core was typed to satisfy a form (测试公司, xx公司), or there is but the form."""
    if parts.region or not parts.kind:
        return False
    core = parts.core.upper()
    if parts.kind == "institution":
        return core.startswith(_SOME)
    only_form = not core and not parts.trades
    return only_form or _is_filler(core) or (is_han(core) and placeholders().get(core) == "whole")


def _is_filler(core: str) -> bool:
    """Whether an upper-case core is one letter over and over, or a test; not ABC."""
    repeated = REPEATED.fullmatch(core) is not None and not is_han(core)
    return repeated or core in prefixes() or placeholder(core) == "prefix"


def _latin(
    typed: str | None, name: str, beside: tuple[tuple[str, ...], tuple[str, ...], str | None]
) -> CompanyValue:
    """A name in Latin letters. beside: contacts, phones and note."""
    parts = company_latin.latin_parts(name)
    key = company_latin.key(parts)
    if _is_filler(key):
        return CompanyValue(typed, None, name, Status.PLACEHOLDER, "placeholder")
    perhaps = not (parts.form or parts.region) and latin(None, name).pinyins
    words = (parts.region, parts.core, parts.form, parts.branch)
    return CompanyValue(
        typed, name, name, Status.OK, "perhaps_person" if perhaps else "", "company",
        parts.core or None, parts.region or None, None, parts.form or None, parts.branch or None,
        f"{key}@{parts.branch.upper()}" if parts.branch else key or None,
        tuple(filter(None, words)), _fleet(name.upper()), *beside,
    )  # fmt: skip


def _key(parts: Parts) -> str | None:
    words = [parts.core, *parts.trades]
    if parts.kind == "institution":
        words = [parts.region, *words, parts.form]
    elif not parts.core:
        words = [parts.region, *words]
    key = "".join(words).upper()
    return f"{key}@{parts.branch}" if key and parts.branch else key or None


def _tokens(parts: Parts) -> tuple[str, ...]:
    """The words to weigh by rarity: every part once, in order."""
    words = [parts.region, parts.core, *parts.trades, parts.form, parts.branch]
    return tuple(dict.fromkeys(word for word in words if word))


def _is_another(note: str) -> bool:
    """Whether what stood beside a name is an organisation too, not its translation."""
    return not note.isascii() and placeholder(simplify(note)) == "" and is_company(simplify(note))


def _fleet_told(form: str, simple: str) -> str | None:
    """What the form tells, or else the whole name; a driving school is more than a school."""
    told, whole = _fleet_of_form(form), _fleet(simple)
    return whole if told is None or whole == "driving_school" else told


def _fleet(simple: str) -> str | None:
    return next((fleet for word, fleet in _fleets() if word in simple), None)


@lru_cache(maxsize=512)
def _fleet_of_form(form: str) -> str | None:
    return _fleet(form)


@cache
def _fleets() -> list[tuple[str, str]]:
    """Words that tell of cars, and of which; the first that is found decides."""
    return [(row["word"], row["fleet"]) for row in table("fleets")]
