"""How the days of a series differ: weekday, the provider's crawler, the spread from day to day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.surges.baseline import Baselines, half_kurtosis
from transforms.surges.count_series import CountSeries, Floats


@dataclass(frozen=True, kw_only=True)
class PatternParams:
    """How much evidence a pattern needs."""

    weekday_memory_days: float = 365.0
    """Half-life of weekday counts: a year, so that a change of habit is followed within two."""

    weekday_prior_count: float = 140.0
    """Domains of the provider's pooled weekdays that a series' own are added to: 20 for each day, known to about a
    quarter; a series of its own has as many after some months."""

    cap_deviations: float = 3.0
    """Standard deviations above expectation at which a day's count is cut when weekdays are added up."""

    least_factor: float = 0.02
    """Smallest weekday factor: a day on which nothing ever came still lets one domain in fifty through."""

    memory_days: float = 730.0
    """Half-life of the measured spread from day to day, as for weeks."""

    cap_residual: float = 4.0
    """Standard deviations at which a day's residual is cut when the spread is measured."""

    cap_below: float = 2.0
    """The same below expectation: a holiday says nothing of how far counts rise."""

    natural_cluster: float = 6.0
    """Domains in one day that may be natural in a rare series (a story taken over, a directory copied): days up to
    that count in full."""


@dataclass(frozen=True)
class Pattern:
    """``unit`` expected share of the level in each step, series × steps: exposure × season × weekday × crawler.

    ``spread`` and ``freedom`` series × blocks: sum of squared standardised residuals of days, and the days it is worth.
    """

    unit: Floats
    spread: Floats
    freedom: Floats


def find_pattern(
    series: CountSeries,
    baselines: Baselines,
    weekdays: Floats,
    crawler: Floats,
    params: PatternParams,
) -> Pattern:
    """The pattern from each block's past.

    Args:
        series: the series.
        baselines: their levels.
        weekdays: the pool's weekday shares known before each block, series × blocks × steps of a block, mean 1.
        crawler: factor of each step from all series of the provider, series × steps.
        params: weights and caps.
    """
    smooth = series.exposure * series.to_steps(np.exp(baselines.log_season)) * crawler
    if series.block == 1:
        return Pattern(smooth, baselines.spread, baselines.freedom)
    expected = _by_block(smooth, series.block) * np.nan_to_num(baselines.level.T[:, None, :])
    column = np.arange(series.counts.shape[1])[:, None]
    inside = ((column >= series.first) & (column < series.stop)).reshape(expected.shape) & (expected > 0)
    counts = _by_block(series.counts, series.block)
    days = _Days(len(smooth), series.block, series.block_days, params)
    guard = max(1, round(7.0 / series.block_days))
    unit = np.empty_like(expected)
    spread, freedom = np.empty((2, len(expected), len(smooth)))
    for block in range(len(expected)):
        newest = block - 1 - guard
        if newest >= 0:
            days.take_in(counts[newest], expected[newest] * unit[newest], inside[newest])
        unit[block] = days.factors(weekdays[:, block].T)
        spread[block], freedom[block] = days.spread, days.freedom
    unit = np.ascontiguousarray(unit.reshape(smooth.T.shape).T)
    unit *= smooth
    return Pattern(unit, np.ascontiguousarray(spread.T), np.ascontiguousarray(freedom.T))


def _by_block(values: Floats, block: int) -> Floats:
    """Series × steps as blocks × steps of a block × series: a block's values lie together."""
    return np.ascontiguousarray(values.T).reshape(-1, block, len(values))


class _Days:
    """Weekday counts of a shard's series and their spread from day to day, fading as time goes by."""

    def __init__(self, size: int, length: int, block_days: float, params: PatternParams) -> None:
        self._params = params
        self._memory = 0.5 ** (block_days / params.weekday_memory_days)
        self._keep = 0.5 ** (block_days / params.memory_days)
        self._own = np.zeros((length, size))
        self.spread, self.freedom = np.zeros(size), np.zeros(size)

    def take_in(self, counts: Floats, mean: Floats, inside: NDArray[np.bool_]) -> None:
        """One block of counts and their expectations; all are steps of a block × series."""
        params = self._params
        mean = np.maximum(mean, 1e-6)
        ratio = np.maximum(self.spread / np.maximum(self.freedom, 1.0), 1.5)
        capped = np.minimum(counts, mean + params.cap_deviations * np.sqrt(mean * ratio))
        self._own *= self._memory
        self._own += capped * inside
        limit = np.maximum(params.cap_residual**2 * ratio, params.natural_cluster**2 / mean)
        cut = np.maximum(counts - mean, -params.cap_below * np.sqrt(mean * ratio))
        squared = np.minimum(cut**2 / mean, limit)
        worth = inside / (1.0 + half_kurtosis(mean, ratio))
        self.spread = self._keep * self.spread + (worth * squared).sum(axis=0)
        self.freedom = self._keep * self.freedom + worth.sum(axis=0)

    def factors(self, weekdays: Floats) -> Floats:
        """Weekday factors with the pool's as a prior, mean 1; steps of a block × series as ``weekdays``."""
        prior, length = self._params.weekday_prior_count, len(self._own)
        share = (self._own + prior / length * weekdays) * (length / (self._own.sum(axis=0) + prior))
        return np.asarray(np.maximum(share, self._params.least_factor))
