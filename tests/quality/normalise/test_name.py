"""The fast way through most names against the slow one; pinyin; the word lists."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.normalise import name
from quality.normalise.name_han import plain
from quality.normalise.name_value import titles
from quality.normalise.surname import MOST_READINGS, compound, readings, single, spell, syllables
from quality.normalise.text import fold, simplify, variants

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
SURNAMES = st.sampled_from([*single(), *compound(), "劉", "陳", "老", "測"])
ENDS = st.sampled_from(["", *titles(), "某", "代", "老公", "厂", "物流", "中心", "龙天"])
NAMES = st.builds("{}{}{}".format, SURNAMES, st.text(HAN, max_size=2), ENDS)


@settings(deadline=None, max_examples=400)
@given(typed=NAMES)
def test_the_fast_way_says_what_the_slow_one_says(typed: str) -> None:
    fast = plain(typed, typed)
    assert fast is None or fast == name._understood(typed, typed)


@settings(deadline=None, max_examples=200)
@given(typed=NAMES)
def test_every_character_has_one_syllable_in_each_reading(typed: str) -> None:
    found = readings(simplify(typed), 1)
    assert 1 <= len(found) <= MOST_READINGS
    assert all(len(reading.split(" ")) == len(typed) for reading in found)


@settings(deadline=None, max_examples=200)
@given(typed=st.text(max_size=12))
def test_folding_keeps_positions_and_is_final(typed: str) -> None:
    assert len(fold(typed)) == len(typed)
    assert fold(fold(typed)) == fold(typed)


def test_variants_are_final() -> None:
    assert {v: fold(v) for v in variants()} == variants()
    assert {fold(c) for c in variants().values()} == set(variants().values())


@settings(deadline=None, max_examples=200)
@given(chosen=st.lists(st.sampled_from(sorted(syllables())), min_size=1, max_size=3))
def test_what_is_made_of_syllables_can_be_spelt(chosen: list[str]) -> None:
    spelt = spell("".join(chosen))
    assert spelt is not None
    assert "".join(spelt) == "".join(chosen)


@pytest.mark.parametrize(("typed", "sex"), [("王先生", "M"), ("王女士", "F"), ("王经理", None)])
def test_only_titles_tell_the_sex(typed: str, sex: str | None) -> None:
    assert name.normalise(typed).sex == sex
    assert name.normalise("王建军").sex is None
