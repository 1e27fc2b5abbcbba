"""What is expected of a series follows what comes, and is never made up from next to nothing."""

from __future__ import annotations

import datetime

import numpy as np
from numpy.typing import NDArray

from transforms.surges.baseline import BaselineParams, Baselines, fit_baselines
from transforms.surges.day_scores import arrange
from transforms.surges.edges import draw_edges

MONDAY = datetime.date(2022, 1, 3)


def fit(counts: NDArray[np.float64]) -> Baselines:
    """Baselines of one daily series."""
    series = arrange(counts[None, :], step_days=1, first_day=MONDAY)
    return fit_baselines(series, np.full(1, 0.3), BaselineParams())


def test_level_has_followed_a_lasting_rise_after_a_quarter() -> None:
    random = np.random.default_rng(1)
    rates = np.r_[np.full(350, 0.15), np.full(182, 0.9)]
    counts = np.asarray(random.poisson(rates), dtype=np.float64)
    level = fit(counts).level[0]
    assert level[50 + 13] >= 0.45


def test_what_is_expected_is_never_below_the_floor() -> None:
    counts = np.zeros(7 * 200)
    counts[[400, 420, 700, 760, 765, 1100]] = 1.0
    found = fit(counts)
    expected = found.level[0] * np.exp(found.log_season[0])
    assert np.nanmin(expected) >= BaselineParams().least_mean - 1e-9


def test_five_weeks_near_the_usual_rate_part_two_bursts() -> None:
    usual = np.tile([0.0, 1.0, 0.0], 12)[:35]
    counts = np.r_[np.zeros(30), np.full(10, 8.0), usual, np.full(10, 20.0), np.zeros(10)]
    first, last = draw_edges(counts, np.full(len(counts), 0.2), 75, 84, 14, 64.0)
    assert 72 <= first <= 75
    assert last == 84
