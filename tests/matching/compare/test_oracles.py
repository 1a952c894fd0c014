"""Every fast comparator says what its slow obvious twin says, and says it both ways round."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import product
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matching.compare import COMPARATORS, Comparator, Row
from matching.compare.base import MISSING, set_sql
from quality.normalise.name import normalise as normalise_name
from warehouse.database import connect

BULK = [name for name, comparator in COMPARATORS.items() if comparator.bulk]
SQL = [name for name, comparator in COMPARATORS.items() if comparator.sql]

# so few values that many pairs agree, and those that fast paths are known to get wrong: LIKE's own
# characters, letters of several bytes, empty texts
_WORDS = ["", "a", "宏达", "宏达物流", "宏达贸易", "武汉", "武汉市", "A%", "_", "\\"]
_SLIPS = ["chevrolet", "chevrolte", "chevy", "宏达物流园", "宏达物流圆", "MARTHA", "MARHTA"]
_NUMBERS = ["110105194912310021", "110105194912310022", "1101051949123100", "京A12345", "京B12345"]
_MASKED = ["110105________0021", "1101051949123100_1", "11010%", "%", "11\\0_5", "军_1", "__"]
_PHONES = ["+8613812345678", "+8613912345678", "+8651212345678"]
_DIGITS = ["13812345678", "13812345687", "138____5678", "1381234567", "138%", "一三八"]
_text = st.one_of(st.none(), st.sampled_from(_WORDS), st.text("ab宏达%_", max_size=5))
_number = st.one_of(st.none(), st.sampled_from(_NUMBERS))
_pattern = st.one_of(st.none(), st.sampled_from(_NUMBERS + _MASKED), st.text("01_%X\\", max_size=4))
_phone_list = st.one_of(st.none(), st.lists(st.sampled_from(_PHONES), max_size=2))
_company = st.one_of(st.none(), st.sampled_from([*_SLIPS, "宏达", "宏达物流", "宏达贸易"]))
_region = st.sampled_from([None, "江苏", "江苏苏州", "武汉"])
_branch = st.sampled_from([None, None, None, "无锡分公司"])
_western = st.one_of(
    st.none(), st.sampled_from(["", "charles", "charles", "chalres", "jo", "jo", "webb", "jo"])
)
_place = st.one_of(st.none(), st.sampled_from(["x", "y"]))
_places = st.lists(st.sampled_from(["x", "y", "z"]), max_size=2, unique=True)
_some_places = st.lists(st.sampled_from(["x", "y", "z"]), min_size=1, max_size=2, unique=True)
_SALE = ("days_of_models", "spans_of_models", "days", "spans")


def _name(fold: str, typed: str, surname: int, readings: list[str], sex: str | None) -> Row:
    return {"name": typed, "fold": fold, "surname_length": min(surname, len(fold)),
            "readings": readings, "sex": sex}  # fmt: skip


_han = "刘柳张章伟玮志强刚王汪欧阳单?未末娜拉阿"
_syllable = st.sampled_from(
    ["liu", "niu", "zhang", "zang", "zan", "wei", "hui", "fei", "?", "shan"]
)
_made_name = st.builds(
    _name,
    st.one_of(st.text(_han, max_size=8), st.text("AB ?", max_size=9)),
    st.sampled_from(["刘", "劉", "刘·", "刘伟·强"]),
    st.integers(0, 2),
    st.lists(st.lists(_syllable, max_size=8).map(" ".join), max_size=3),
    st.sampled_from([None, "M", "F"]),
)
TYPED = """
刘峰|劉峯|刘锋|张伟|张玮|章伟|刘志强|刘智强|刘志刚|刘强|刘先生|刘女士|曾伟|zeng wei|Zeng Wei|单雄
Shan Xiong|xiong shan|张?|张□|王明|王小明|欧阳娜|欧阳|欧阳先生|肖红|萧红|WANG FEI|WANG FANG
HSU WAI HUNG|HSU WAI MAN|阿卜杜勒克里木|阿卜杜勒克里提|买买提·艾力|覃乐|秦月|小张|阿强|林宁|蓝丽
南丽|仇英|尉迟恭|Elizabeth Alexandrovna|ELIZABETH ALEXANDROVICH|无|阿涛|阿伟|张海涛|孙若萱|孔若萱
买买提|迪丽努尔·热西提|迪丽努尔|阿强
"""


def name_row(typed: str) -> Row:
    """A typed name in the comparator's roles, as customers.yml makes them."""
    value = normalise_name(typed)
    nickname = value.reason == "nickname" and value.surname is None
    surname = len(value.fold or "" if nickname else value.surname or "")
    return {"name": value.value, "fold": value.fold, "surname_length": surname,
            "readings": list(value.pinyins), "sex": value.sex}  # fmt: skip


NAMES = [name_row(typed) for typed in TYPED.replace("\n", "|").split("|")]
_typed_name = st.sampled_from(NAMES)
_COMPANIES = (
    "武汉 宏达物流 宏达 |武汉 宏达物流 宏达 | 宏达物流 宏达 | 宏达贸易 宏达 |"
    "武汉 宏达物流园区仓储 宏达物流园 |武汉 宏达物流园区仓诸 宏达物流圆 |"
    "武汉 宏达物流 宏达 无锡分公司| 红达物流 红达 |武汉 宏运物流 宏运 | 长城 长城 | 战城 战城 |"
    "苏州 长城 长城 |苏州 长城 长城 "
)
COMPANIES: list[Row] = [
    {
        role: part or None
        for role, part in zip(("region", "key", "core", "branch"), typed.split(" "), strict=True)
    }
    for typed in _COMPANIES.split("|")
]
_TWO_PARTS = "charles webb|webb charles|chalres webb|web chalres|charles smith|jo smiht| webb| "
WESTERN: list[Row] = [
    dict(zip(("given", "surname"), typed.split(" "), strict=True))
    for typed in _TWO_PARTS.split("|")
]

ROWS: dict[str, st.SearchStrategy[Any]] = {
    "exact": st.fixed_dictionaries({"value": _text}),
    "code": st.fixed_dictionaries({"value": st.one_of(_text, st.sampled_from(_SLIPS + _DIGITS))}),
    "western_name": st.fixed_dictionaries({"given": _western, "surname": _western}),
    "overlap": st.fixed_dictionaries({"values": _places}),
    # who tells no day tells no span of days
    "sale": st.one_of(
        st.builds(lambda: {role: [] for role in _SALE}),
        st.fixed_dictionaries(dict.fromkeys(_SALE, _places) | {"days": _some_places}),
    ),
    "text": st.fixed_dictionaries({"value": st.one_of(_text, st.sampled_from(_SLIPS))}),
    "company_name": st.fixed_dictionaries(
        {
            "key": _company,
            "core": _company,
            "region": _region,
            "branch": _branch,
        }
    ),
    "kind": st.fixed_dictionaries({"value": st.sampled_from([None, "company", "person"])}),
    "phones": st.fixed_dictionaries(
        {
            "numbers": _phone_list,
            "shared": _phone_list,
            "digits": st.one_of(st.none(), st.sampled_from(_DIGITS), st.text("12_%", max_size=4)),
        }
    ),
    "identity": st.fixed_dictionaries({"number": _number, "pattern": _pattern}),
    "vehicle": st.fixed_dictionaries(
        {"vehicles": st.just([]), "own": st.just([]), "brought": st.just([])}
        | dict.fromkeys(("own", "brought"), _places)
    ).map(lambda row: row | {"vehicles": sorted({*row["own"], *row["brought"]})}),
    "address": st.fixed_dictionaries(
        dict.fromkeys(("rooms", "houses", "roads", "districts"), _places)
    ),
    "seen_at": st.fixed_dictionaries(dict.fromkeys(("outlets", "stations", "cities"), _places)),
    "person_name": st.one_of(_made_name, _typed_name),
}

#: What reaches the levels that random rows seldom do.
EXAMPLES: dict[str, list[Row]] = {
    "person_name": NAMES, "western_name": WESTERN, "company_name": COMPANIES,
}  # fmt: skip


def _number_of(comparator: Comparator, level: str | None) -> int:
    return MISSING if level is None else comparator.levels.index(level)


def scalar_levels(comparator: Comparator, rows: Sequence[Row]) -> list[int]:
    """The slow twin's word on every row against every row."""
    return [_number_of(comparator, comparator.scalar(a, b)) for a, b in product(rows, rows)]


def bulk_levels(comparator: Comparator, rows: Sequence[Row]) -> list[int]:
    assert comparator.bulk is not None
    schema = {
        "surname_length": pa.int64(),
        "readings": pa.list_(pa.string()),
    }
    fields = [(role, schema.get(role, pa.string())) for role in comparator.roles]
    table = pa.Table.from_pylist([dict(row) for row in rows], schema=pa.schema(fields))
    left, right = np.divmod(np.arange(len(rows) ** 2), len(rows))
    return [int(level) for level in comparator.bulk(table, left, right)]


_SETS = (
    "numbers", "shared", "values", "days_of_models", "spans_of_models", "days", "spans",
    "vehicles", "own", "brought", "rooms", "houses", "roads", "districts",
    "outlets", "stations", "cities",
)  # fmt: skip
_TYPES = dict.fromkeys(_SETS, "VARCHAR[]")


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    return connect()


def sql_levels(comparator: Comparator, rows: Sequence[Row]) -> list[int]:
    assert comparator.sql is not None
    case = comparator.sql({role: f"{role}_column" for role in comparator.roles})
    columns = ", ".join(f"{role} {_TYPES.get(role, 'VARCHAR')}" for role in comparator.roles)
    told = ", ".join(
        set_sql(role, f"{role}_column") if role in _SETS else f"{role} AS {role}_column"
        for role in comparator.roles
    )
    con = _connection()
    con.execute(f"CREATE OR REPLACE TABLE side (n INTEGER, {columns})")
    row_marks = ", ".join("(" + ", ".join("?" * (len(comparator.roles) + 1)) + ")" for _ in rows)
    values = [v for n, row in enumerate(rows) for v in (n, *(row[r] for r in comparator.roles))]
    con.execute(f"INSERT INTO side VALUES {row_marks}", values)
    con.execute(f"CREATE OR REPLACE TEMP VIEW told AS SELECT n, {told} FROM side")
    found = con.execute(
        f"SELECT ({case})::VARCHAR FROM told l CROSS JOIN told r ORDER BY l.n, r.n"
    ).fetchall()
    return [_number_of(comparator, level) for (level,) in found]


def _differences(comparator: Comparator, rows: Sequence[Row], fast: list[int]) -> list[Any]:
    pairs = zip(product(rows, rows), scalar_levels(comparator, rows), fast, strict=True)
    return [(pair, slow, quick) for pair, slow, quick in pairs if slow != quick]


@pytest.mark.parametrize("name", BULK)
@settings(max_examples=50)
@given(data=st.data())
def test_bulk_is_scalar(name: str, data: st.DataObject) -> None:
    rows = data.draw(st.lists(ROWS[name], min_size=1, max_size=7))
    comparator = COMPARATORS[name]
    assert _differences(comparator, rows, bulk_levels(comparator, rows)) == []


@pytest.mark.parametrize("name", SQL)
@settings(max_examples=12)
@given(data=st.data())
def test_sql_is_scalar(name: str, data: st.DataObject) -> None:
    rows = data.draw(st.lists(ROWS[name], min_size=6, max_size=16))
    comparator = COMPARATORS[name]
    assert _differences(comparator, rows, sql_levels(comparator, rows)) == []


def test_bulk_is_scalar_on_names_of_the_trade() -> None:
    comparator = COMPARATORS["person_name"]
    fast = bulk_levels(comparator, NAMES)
    assert _differences(comparator, NAMES, fast) == []
    # the list is no use unless it reaches every level
    assert set(fast) == set(range(MISSING, len(comparator.levels)))


@pytest.mark.parametrize("name", COMPARATORS)
def test_order_does_not_matter_and_every_level_is_reached(name: str) -> None:
    scalar = COMPARATORS[name].scalar
    reached: set[str | None] = set()

    @settings(max_examples=60, database=None, derandomize=True)
    @given(st.lists(ROWS[name], min_size=4, max_size=10))
    @example(EXAMPLES.get(name, []))
    def look(rows: Sequence[Row]) -> None:
        for left, right in product(rows, rows):
            level = scalar(left, right)
            assert level == scalar(right, left)
            reached.add(level)

    look()
    assert reached == {None, *COMPARATORS[name].levels}


def test_percent_in_a_number_is_no_wildcard() -> None:
    identity, phones = COMPARATORS["identity"], COMPARATORS["phones"]
    ids: list[Row] = [{"number": None, "pattern": p} for p in ("1%", "123", "1_3", "1\\_", "1\\3")]
    assert sql_levels(identity, ids) == scalar_levels(identity, ids)
    assert identity.scalar(ids[0], ids[1]) is None
    digits: list[Row] = [{"numbers": [], "shared": [], "digits": d} for d in ("1%", "123456")]
    assert sql_levels(phones, digits) == scalar_levels(phones, digits)
    assert phones.scalar(digits[0], digits[1]) is None
