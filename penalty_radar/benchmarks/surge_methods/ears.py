"""EARS C1, C2 and C3: the early aberration reporting system (Hutwagner et al. 2003, Journal of Urban Health 80:i89).

C1 and C2 are as ``earsC`` of the R package surveillance has them: a baseline of 7 steps, directly before the step (C1)
or after a gap of 2 (C2), standard deviation with n − 1 and at least .5, which the package's manual suggests for sparse
data. C3 is the original sum of the last three max(0, C2 − 1); the package leaves the step itself out of that sum.
"""

from __future__ import annotations

import numpy as np

from penalty_radar.benchmarks.surge_methods.windows import past_moments
from penalty_radar.benchmarks.surge_sets.count_set import CountSet, Floats

BASELINE = 7
GAP = 2
LEAST_DEVIATION = 0.5
CUSTOMARY_C1 = 3.0
"""Standard deviations at which C1 and C2 alarm (α about .001)."""

CUSTOMARY_C3 = 2.0


def score_c1(count_set: CountSet) -> Floats:
    """Standard deviations above the mean of the 7 steps before."""
    return _standardise(count_set.counts, 0)


def score_c2(count_set: CountSet) -> Floats:
    """The same with a gap of 2 steps."""
    return _standardise(count_set.counts, GAP)


def score_c3(count_set: CountSet) -> Floats:
    """Sum over the step and the two before it of what C2 has above 1."""
    above = np.maximum(_standardise(count_set.counts, GAP) - 1.0, 0.0)
    before = np.pad(np.nan_to_num(above), ((0, 0), (2, 0)))
    return np.asarray(above + before[:, 1:-1] + before[:, :-2])


def _standardise(counts: Floats, gap: int) -> Floats:
    mean, deviation = past_moments(counts, BASELINE, gap=gap)
    return (counts - mean) / np.maximum(deviation, LEAST_DEVIATION)
