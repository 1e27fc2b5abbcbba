"""Tests that are told the truth: how much of a recipe's outbreaks any test could find."""

from __future__ import annotations

import numpy as np

from penalty_radar.benchmarks.surge_methods.plain_tests import upper_tail
from penalty_radar.benchmarks.surge_methods.windows import trailing_sum
from penalty_radar.benchmarks.surge_sets import recipe
from penalty_radar.benchmarks.surge_sets.count_set import Floats

WINDOWS = (1, 2, 3)
"""Weeks of the scan: half of an outbreak's cases come in its first week, nine of ten in two."""


def score_weeks(counts: Floats, mean: Floats, shape: Floats) -> Floats:
    """−log10 p of every scored week under its true mean and negative-binomial size; NaN before."""
    return _score_sums(counts, mean, mean + mean**2 / shape, 1)


def score_scan(counts: Floats, mean: Floats, shape: Floats) -> Floats:
    """Largest −log10 p of the last one to three weeks together, p not corrected for the three looks."""
    variance = mean + mean**2 / shape
    return np.asarray(np.fmax.reduce([_score_sums(counts, mean, variance, weeks) for weeks in WINDOWS]))


def _score_sums(counts: Floats, mean: Floats, variance: Floats, weeks: int) -> Floats:
    """A sum of negative binomials is taken for the one of equal mean and variance."""
    scores = np.full(counts.shape, np.nan)
    observed, expected, spread = (
        trailing_sum(part, weeks)[:, recipe.SCORED_FROM :] for part in (counts, mean, variance)
    )
    scores[:, recipe.SCORED_FROM :] = upper_tail(observed, expected, expected**2 / (spread - expected))
    return scores
