"""Tests anyone writes first: a negative binomial of the recent past, and the rules of thumb of open link tools."""

from __future__ import annotations

import numpy as np
from scipy import stats

from penalty_radar.benchmarks.surge_methods.windows import WEEK_DAYS, past_moments, trailing_sum
from penalty_radar.benchmarks.surge_sets.count_set import DAY, CountSet, Floats

STEPS = 26
LEAST_MEAN = 0.05
"""Expected count at least assumed, for a series that was empty."""

CUSTOMARY_DEVIATIONS = 2.0
CUSTOMARY_RATIO = 5.0


def upper_tail(counts: Floats, mean: Floats, size: Floats) -> Floats:
    """−log10 of the chance of such a count or a larger one; NaN stays NaN.

    Args:
        counts: observed.
        mean: of the negative binomial.
        size: of the negative binomial, variance = mean + mean² / size; infinite is Poisson.
    """
    counts, mean, size = np.broadcast_arrays(counts, mean, size)
    known = ~(np.isnan(counts) | np.isnan(mean))
    scores = np.full(counts.shape, np.nan)
    spread = known & np.isfinite(size)
    even = known & ~spread
    share = size[spread] / (size[spread] + mean[spread])
    scores[spread] = stats.nbinom.logsf(counts[spread] - 1.0, size[spread], share)
    scores[even] = stats.poisson.logsf(counts[even] - 1.0, mean[even])
    return np.where(known, np.maximum(-scores / np.log(10.0), 0.0), np.nan)


def score_negative_binomial(count_set: CountSet) -> Floats:
    """−log10 p under mean and variance of the last 26 steps, of the last 26 same weekdays where a step is a day."""
    stride = WEEK_DAYS if count_set.step_days == DAY else 1
    mean, deviation = past_moments(count_set.counts, STEPS, stride=stride)
    mean = np.maximum(mean, LEAST_MEAN)
    extra = np.maximum(deviation**2 - mean, 0.0)
    with np.errstate(divide="ignore"):
        size = np.where(extra > 0.0, mean**2 / np.where(extra > 0.0, extra, 1.0), np.inf)
    counts = np.where(count_set.wanted_steps(), count_set.counts, np.nan)
    return upper_tail(counts, mean, size)


def score_deviations(count_set: CountSet) -> Floats:
    """Standard deviations above the mean of the last 26 weeks (months where a step is one); alarms above 2."""
    counts, stride = _as_weeks(count_set)
    mean, deviation = past_moments(counts, STEPS, stride=stride)
    return (counts - mean) / np.maximum(deviation, LEAST_MEAN)


def score_ratio(count_set: CountSet) -> Floats:
    """A week's count (a month's where a step is one) over the mean of all weeks before; alarms above 5."""
    counts, stride = _as_weeks(count_set)
    mean, _ = past_moments(counts, counts.shape[1], stride=stride, least=1)
    return counts / np.maximum(mean, LEAST_MEAN)


def _as_weeks(count_set: CountSet) -> tuple[Floats, int]:
    """Counts with each day replaced by the week that ends on it, and steps from one week to the next."""
    if count_set.step_days != DAY:
        return count_set.counts, 1
    return trailing_sum(count_set.counts, WEEK_DAYS), WEEK_DAYS
