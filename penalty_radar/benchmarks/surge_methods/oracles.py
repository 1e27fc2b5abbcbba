"""Tests that are told the truth: how much of a recipe's outbreaks any test could find."""

from __future__ import annotations

import numpy as np

from penalty_radar.benchmarks.surge_methods.plain_tests import upper_tail
from penalty_radar.benchmarks.surge_methods.windows import trailing_sum
from penalty_radar.benchmarks.surge_sets.count_set import Floats

WINDOWS = (1, 2, 3)
"""Weeks of the scan: half of an outbreak's cases come in its first week, nine of ten in two."""


def score_weeks(counts: Floats, mean: Floats, shape: Floats) -> Floats:
    """−log10 p of every week under its true mean and negative-binomial size."""
    return upper_tail(counts, mean, shape)


def score_scan(counts: Floats, mean: Floats, shape: Floats) -> Floats:
    """Largest −log10 p of the last one to three weeks together.

    A sum of negative binomials is taken for the one of equal mean and variance; p is not corrected for the three looks.
    """
    variance = mean + mean**2 / shape
    scores = []
    for weeks in WINDOWS:
        total, total_variance = trailing_sum(mean, weeks), trailing_sum(variance, weeks)
        scores.append(upper_tail(trailing_sum(counts, weeks), total, total**2 / (total_variance - total)))
    return np.asarray(np.fmax.reduce(scores))
