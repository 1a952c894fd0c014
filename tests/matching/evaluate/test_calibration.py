"""What weights are worth by labels, and the thresholds that follow."""

from __future__ import annotations

import numpy as np
import pytest

from matching.evaluate.calibration import Labels, fit, suggested
from matching.model import Costs

COSTS = Costs(false_link=17, missed_match=1.125)


def drawn(count: int, shift: float) -> Labels:
    """Pairs whose odds are `shift` bits less than their weight says."""
    chance = np.random.default_rng(5)
    bits = chance.uniform(0, 14, count)
    same = chance.random(count) < 1 / (1 + 2.0 ** (shift - bits))
    return Labels(bits, same.astype(np.float64), np.ones(count))


def test_the_curve_never_falls_and_its_mean_is_that_of_the_labels() -> None:
    labels = drawn(400, 2)
    curve = fit(labels)
    assert (np.diff(curve.share) >= 0).all()
    assert (np.diff(curve.bits) >= 0).all()
    assert curve.share[0] < 0.3 < 0.95 < curve.share[-1]
    assert curve.at([-9, 99]).tolist() == [curve.share[0], curve.share[-1]]
    assert curve.at(labels.bits).mean() == pytest.approx(labels.same.mean(), abs=0.03)


def test_labels_count_by_what_they_stand_for_and_a_fall_is_made_level() -> None:
    bits, same = np.repeat([1.0, 2, 3], 10), np.repeat([0.0, 1, 0, 1], [8, 2, 10, 10])
    stands_for = np.repeat([4.0, 1, 1], 10)
    curve = fit(Labels(bits, same, stands_for))
    assert curve.at([1, 2, 3]).tolist() == pytest.approx([8 / 50, 8 / 50, 1])


@pytest.mark.parametrize("shift", [0, 3])
def test_thresholds_are_found_where_the_costs_are_equal(shift: float) -> None:
    found = suggested(drawn(3000, shift), COSTS.thresholds)
    for name, claimed in (("link", 4.0), ("review", 3.0)):
        share = found[name].share
        assert found[name].is_reached
        assert share.value == pytest.approx(claimed + shift, abs=0.8)
        assert share.low < share.value < share.high < share.low + 2


def test_odds_that_no_label_shows_are_not_reached() -> None:
    bits = np.linspace(3, 6, 80)
    half = Labels(bits, np.tile([0.0, 1], 40), np.ones(80))
    assert not suggested(half, COSTS.thresholds)["link"].is_reached
    sure = Labels(bits, np.ones(80), np.ones(80))
    found = suggested(sure, COSTS.thresholds)["review"]
    assert (found.is_reached, found.is_lowest, found.share.value) == (True, True, 3.0)
