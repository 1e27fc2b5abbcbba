"""Sensitivity, specificity and average precision from scores and truth, by a sweep of the threshold."""

from __future__ import annotations

import numpy as np

from penalty_radar.benchmarks.surge_sets.count_set import Flags, Floats


def threshold_at(quiet: Floats, specificity: float, weights: Floats | None = None) -> float:
    """Lowest threshold that keeps the specificity when every score *above* it alarms.

    Args:
        quiet: scores of steps without a surge; NaN never alarms.
        specificity: weighted share of them that must not alarm.
        weights: of each score; equal by default.

    Returns:
        One of the scores, or minus infinity where all may alarm.
    """
    weights = np.ones(len(quiet)) if weights is None else weights
    scores = np.where(np.isnan(quiet), -np.inf, quiet)
    order = np.argsort(-scores, kind="stable")
    ordered, above = scores[order], np.cumsum(weights[order]) / weights.sum()
    is_last_of_ties = np.append(ordered[1:] != ordered[:-1], True)
    too_many = np.flatnonzero(is_last_of_ties & (above > 1.0 - specificity + 1e-12))
    return float(ordered[too_many[0]]) if len(too_many) else -np.inf


def alarm_share(scores: Floats, threshold: float) -> float:
    """Share of scores above the threshold; NaN scores are among those that are not."""
    return float((scores > threshold).mean()) if scores.size else np.nan


def nominal_threshold(alpha: float) -> float:
    """Threshold of −log10 p just below the one of ``alpha``, so that p = alpha alarms."""
    return float(-np.log10(alpha) - 1e-9)


def average_precision(scores: Floats, is_surge: Flags) -> float:
    """Mean precision at each surge found, in order of falling score; equal scores are one step of the sweep.

    The sum over thresholds of (recall gained × precision there), without interpolation, as scikit-learn defines it.
    """
    scores = np.where(np.isnan(scores), -np.inf, scores)
    order = np.argsort(-scores, kind="stable")
    ordered, hits = scores[order], np.cumsum(is_surge[order])
    last = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
    precision = hits[last] / (last + 1.0)
    return float((np.diff(hits[last], prepend=0) * precision).sum() / max(hits[-1], 1))
