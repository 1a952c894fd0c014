"""Agreement beyond chance, against figures of textbooks."""

from __future__ import annotations

import pytest

from matching.evaluate.agreement import FEWEST, agreement

#: Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd edition, table 18.1:
#: two raters and 100 subjects; kappa .68, its standard error .087.
DIAGNOSES = {
    ("psychotic", "psychotic"): 75, ("psychotic", "neurotic"): 1, ("psychotic", "organic"): 4,
    ("neurotic", "psychotic"): 5, ("neurotic", "neurotic"): 4, ("neurotic", "organic"): 1,
    ("organic", "organic"): 10,
}  # fmt: skip


def answers(table: dict[tuple[str, str], int]) -> list[tuple[str, str]]:
    return [pair for pair, count in table.items() for _ in range(count)]


def test_kappa_and_its_error_are_those_of_the_textbook() -> None:
    found = agreement(answers(DIAGNOSES))
    assert found is not None
    assert found.kappa is not None
    assert found.alike.value == pytest.approx(0.89)
    assert found.kappa.value == pytest.approx(0.6765, abs=5e-5)
    assert (found.kappa.high - found.kappa.value) / 1.96 == pytest.approx(0.0877, abs=5e-5)
    assert found.lacking == 0


def test_who_is_first_does_not_matter() -> None:
    turned = {(second, first): count for (first, second), count in DIAGNOSES.items()}
    assert agreement(answers(turned)) == agreement(answers(DIAGNOSES))


def test_kappa_is_none_where_all_say_one_word_and_below_zero_where_they_say_the_opposite() -> None:
    agreed = agreement([("same", "same")] * 12)
    assert agreed is not None
    assert agreed.kappa is None
    assert (agreed.alike.value, agreed.lacking) == (1, FEWEST - 12)
    opposed = agreement([("same", "different"), ("different", "same")] * 10)
    assert opposed is not None
    assert opposed.kappa is not None
    assert opposed.kappa.value == pytest.approx(-1)
    assert agreement([]) is None
