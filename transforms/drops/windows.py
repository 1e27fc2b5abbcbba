"""Windows of days: their means from running sums, and how uncertain a mean is under AR(1) noise and drift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from transforms.drops.daily_visibility import BLOCK, WEEK, Floats
from transforms.drops.noise import Noise

Number = TypeVar("Number", float, Floats)


@dataclass(frozen=True)
class Sums:
    """Running sums of some series by day, one column more than there are days: any window's mean is a difference."""

    known: Floats
    level: Floats
    raw: Floats

    @classmethod
    def of(cls, noise: Noise) -> Sums:
        """Sums of the clipped and the unclipped level, and of the days known."""
        known, level = sum_levels(noise.level)
        return cls(known, level, sum_levels(noise.raw)[1])


def sum_levels(level: Floats) -> tuple[Floats, Floats]:
    """Running sums (one column more than there are days) of the days known, and of their levels."""
    is_known = ~np.isnan(level)
    known, total = np.zeros((len(level), level.shape[1] + 1)), np.zeros((len(level), level.shape[1] + 1))
    np.cumsum(is_known, axis=1, out=known[:, 1:])
    np.cumsum(np.where(is_known, level, 0.0), axis=1, out=total[:, 1:])
    return known, total


def variance_of_mean(autocorrelation: Number, days: int) -> Number:
    """Variance of the mean of ``days`` values of AR(1) noise, in variances of a value."""
    r = autocorrelation
    return (1.0 + r) / (1.0 - r) / days - 2.0 * r * (1.0 - r**days) / (days * (1.0 - r)) ** 2


def variance_of_some(whole: Number, days: int, known: Number) -> Number:
    """The same when only ``known`` (1 at least) of the days are, anywhere among them; ``whole`` is that of all days."""
    shared = (days * whole - 1.0) / (days - 1.0)
    return shared + (1.0 - shared) / known


def drift_share(before_days: int, after_days: int) -> float:
    """Variance that a random walk adds to the difference of two adjoining means, in that of two 28-day means."""
    return (before_days + after_days) / (2.0 * BLOCK)


def ends_of(sums: Floats, first: int, back: int) -> Floats:
    """The running sums up to ``back`` days before each day from ``first`` on, that day included."""
    return sums[:, first + 1 - back : sums.shape[1] - back]


def shift_of(sums: Sums, first: int, after_days: int, before_days: int) -> tuple[Floats, Floats, Floats]:
    """Mean of the last days less that of those before, from column ``first`` on, and the known days of both windows."""
    edges = (0, after_days, after_days + before_days)
    known = [ends_of(sums.known, first, back) for back in edges]
    level = [ends_of(sums.level, first, back) for back in edges]
    after, before = known[0] - known[1], known[1] - known[2]
    shift = (level[0] - level[1]) / np.maximum(after, 1.0) - (level[1] - level[2]) / np.maximum(before, 1.0)
    return shift, after, before


def month_shifts(sums: Sums) -> Floats:
    """Difference of two adjoining 28-day means, once a week (the first day of each); NaN where too few are known."""
    at = np.arange(0, sums.known.shape[1] - 1, WEEK) + 1
    edges = [np.maximum(at - back, 0) for back in (0, BLOCK, 2 * BLOCK)]
    known = [sums.known[:, edge] for edge in edges]
    level = [sums.level[:, edge] for edge in edges]
    after, before = known[0] - known[1], known[1] - known[2]
    shift = (level[0] - level[1]) / np.maximum(after, 1.0) - (level[1] - level[2]) / np.maximum(before, 1.0)
    shift[(after < 4) | (before < 4) | (at < 2 * BLOCK)] = np.nan
    return shift
