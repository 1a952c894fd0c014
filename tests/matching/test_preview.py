"""The preview counts what blocking would make."""

from __future__ import annotations

import duckdb
import pytest

from matching import blocking, profiles
from matching.preview import preview
from matching.relations import count
from tests.matching.small import put_records, small_model


def build(con: duckdb.DuckDBPyConnection, per_city: int, cap: int) -> int:
    """Profiles in three cities, all of one name; the number of candidates that blocking makes."""
    put_records(con, *((f"r{n}", "li", f"c{n % 3}", [f"{n // 2}"]) for n in range(3 * per_city)))
    model = capped(cap)
    profiles.build(con, model, "record")
    return blocking.candidates(con, model)


def capped(cap: int):
    return small_model(
        behaviours={"phones": {"by": "holder", "shared": 30, "generic": 50}},
        blocking={
            "phone": {"columns": ["phones"], "cap": 10},
            "name_and_city": {"columns": ["name", "city"], "cap": cap},
        },
    )


@pytest.mark.parametrize(("per_city", "cap"), [(8, 10), (30, 10), (7, 6), (4, 3)])
def test_it_counts_exactly_what_blocking_makes(
    con: duckdb.DuckDBPyConnection, per_city: int, cap: int
) -> None:
    made = build(con, per_city, cap)
    found = preview(con, capped(cap))
    assert (found.pairs, found.exact) == (made, True)
    assert (found.records, found.profiles) == (3 * per_city, count(con, "profile"))
    key = next(key for key in found.keys if key.key == "name_and_city")
    assert key.pairs + key.dropped == 3 * per_city * (per_city - 1) // 2
    assert key.largest == (per_city,) * 3
    assert key.capped_blocks == (3 if per_city > cap else 0)
    assert found.memory_bytes > 0


def test_too_many_are_estimated_without_being_made(con: duckdb.DuckDBPyConnection) -> None:
    made = build(con, 150, 200)
    found = preview(con, capped(200), exact_up_to=made // 4)
    assert not found.exact
    assert found.sampled >= 4
    assert found.pairs == pytest.approx(made, rel=0.4)


def test_no_profiles_make_no_pairs(con: duckdb.DuckDBPyConnection) -> None:
    put_records(con)
    model = small_model()
    profiles.build(con, model, "record")
    found = preview(con, model)
    assert (found.records, found.pairs, found.exact) == (0, 0, True)
    assert [key.largest for key in found.keys] == [(), ()]
