"""How the days of a series differ: weekday, the provider's crawler, the spread from day to day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.surges.baseline import Baselines
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
    season = series.to_steps(np.exp(baselines.log_season))
    smooth = series.exposure * season * crawler
    level = series.to_steps(np.nan_to_num(baselines.level))
    if series.block == 1:
        return Pattern(smooth, baselines.spread, baselines.freedom)
    expected = (level * smooth).reshape(len(smooth), -1, series.block)
    counts = series.counts.reshape(expected.shape)
    inside = _inside(series).reshape(expected.shape)
    size, blocks, length = expected.shape
    memory = 0.5 ** (series.block_days / params.weekday_memory_days)
    keep = 0.5 ** (series.block_days / params.memory_days)
    own, spread, freedom = np.zeros((size, length)), np.zeros(size), np.zeros(size)
    unit, out = np.ones_like(expected), Pattern(np.empty(0), np.zeros((size, blocks)), np.zeros((size, blocks)))
    guard = max(1, round(7.0 / series.block_days))
    for block in range(blocks):
        newest = block - 1 - guard
        if newest >= 0:
            mean = np.maximum(expected[:, newest] * unit[:, newest], 1e-6)
            now = inside[:, newest] & (expected[:, newest] > 0)
            ratio = np.maximum(spread / np.maximum(freedom, 1.0), 1.5)[:, None]
            capped = np.minimum(counts[:, newest], mean + params.cap_deviations * np.sqrt(mean * ratio))
            own = memory * own + np.where(now, capped, 0.0)
            limit = np.maximum(params.cap_residual**2 * ratio, params.natural_cluster**2 / mean)
            cut = np.maximum(counts[:, newest] - mean, -params.cap_below * np.sqrt(mean * ratio))
            squared = np.minimum(cut**2 / mean, limit)
            worth = now / (1.0 + (6.0 * (ratio - 1.0) + 1.0 / ratio) / (2.0 * mean))
            spread = keep * spread + (worth * squared).sum(axis=1)
            freedom = keep * freedom + worth.sum(axis=1)
        prior = params.weekday_prior_count
        total = own.sum(axis=1, keepdims=True) + prior
        share = (own + prior / length * weekdays[:, block]) / total * length
        unit[:, block] = np.maximum(share, params.least_factor)
        out.spread[:, block], out.freedom[:, block] = spread, freedom
    return Pattern(smooth * unit.reshape(smooth.shape), out.spread, out.freedom)


def _inside(series: CountSeries) -> NDArray[np.bool_]:
    column = np.arange(series.counts.shape[1])
    return np.asarray((column >= series.first[:, None]) & (column < series.stop[:, None]))
