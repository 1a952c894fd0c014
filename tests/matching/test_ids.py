"""Golden ids: unique, typed by hand, checked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.ids import ALPHABET, check_character, mint, parse

_key = st.text(min_size=1, max_size=12)
_minted = _key.map(lambda key: mint(key, ()))


@given(st.lists(_key, max_size=8))
def test_no_id_is_minted_twice(keys: list[str]) -> None:
    taken: set[str] = set()
    for key in [*keys, *keys]:
        golden_id = mint(key, taken)
        assert golden_id not in taken
        taken.add(golden_id)


@given(_minted)
def test_every_single_slip_is_caught(golden_id: str) -> None:
    for place, right in enumerate(golden_id):
        for wrong in ALPHABET:
            slipped = golden_id[:place] + wrong + golden_id[place + 1 :]
            assert (parse(slipped) == golden_id) == (wrong == right)
            assert (parse(slipped) is None) == (wrong != right)


@given(_minted)
def test_swapped_neighbours_are_caught_but_for_0_and_z(golden_id: str) -> None:
    for place in range(1, len(golden_id) - 1):
        a, b = golden_id[place], golden_id[place + 1]
        swapped = golden_id[:place] + b + a + golden_id[place + 2 :]
        unseen = a == b or {a, b} == {"0", "Z"}
        assert (parse(swapped) is None) == (not unseen)


@given(_minted)
def test_typed_by_hand(golden_id: str) -> None:
    misread = golden_id.translate(str.maketrans("10", "lo"))
    assert parse(f"  {misread.lower()}\n") == golden_id
    assert parse(golden_id.replace("1", "I").replace("0", "O")) == golden_id


@pytest.mark.parametrize(
    "typed", ["", "C", "CG58N37J1", "CG58N37J1E0", "XG58N37J1E", "CG58N37JUE", "CG58N37J?E", "客户"]
)
def test_what_is_no_id(typed: str) -> None:
    assert parse(typed) is None


def test_the_check_character_is_of_the_alphabet() -> None:
    assert {check_character(f"0000000{c}") for c in ALPHABET} == set(ALPHABET)
