"""What the series of a provider share, so that a single one with little to say can lean on the others.

Measured on at most :attr:`PoolParams.most_series` of them: more add nothing to a mean, and the memory a run takes then
does not grow with the portfolio. Everything is known before the block it is used in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from transforms.surges.baseline import BaselineParams, Baselines, fit_baselines
from transforms.surges.count_series import CountSeries, Floats
from transforms.surges.daily_pattern import Pattern, PatternParams, find_pattern
from transforms.surges.layout import Layout


@dataclass(frozen=True, kw_only=True)
class PoolParams:
    """How much evidence a shared pattern needs."""

    most_series: int = 2000
    """Series of a provider that are measured, evenly spread over the sites."""

    weekday_prior_count: float = 140.0
    """Domains assumed even over the week before any are seen; with 400 a weekday a factor is known to about 5 %."""

    prior_freedom: float = 75.0
    """Blocks of full information that the assumed spread is worth: three half years of one series."""

    prior_persistence_freedom: float = 66.0
    """The same for no correlation between neighbouring weeks: three series' half years."""

    most_persistence: float = 0.5
    """Cap of that correlation."""

    least_crawler_sites: int = 5
    """Sites of one provider that must be high on the same day; fewer are as likely one owner's network."""

    high_deviations: float = 2.0
    """Standard deviations (and domains) above expectation that make a site high on a day."""

    crawler_p: float = 1e-4
    """Chance, at the provider's usual share of high sites, below which a day counts as the crawler's: one provider
    has 730 tested days, so about one day in 14 years is called wrongly, and then only the expectation is scaled."""

    crawler_memory_days: int = 182
    """Days whose share of high sites is the usual one: half a year."""

    trimmed_share: float = 0.1
    """Share of sites, the highest, left out when the day's factor is measured: one site's own surge is no crawler."""


@dataclass(frozen=True)
class Pool:
    """Of one provider. ``rate`` domains a step and series, per block; ``weekdays`` blocks × steps of a block, mean 1.

    ``weekly`` and ``daily`` variance to mean less 1 of block sums and of steps, per block, for a busy series
    (:func:`reach_of_spread`); ``persistence`` the correlation of
    neighbouring blocks, per block; ``crawler`` the factor of each step, 1 unless the day is the crawler's.
    """

    rate: Floats
    weekdays: Floats
    weekly: Floats
    daily: Floats
    persistence: Floats
    crawler: Floats

    @property
    def is_crawler(self) -> NDArray[np.bool_]:
        """Steps on which the crawler caught up everywhere."""
        return np.asarray(self.crawler > 1.0)


def measure_pools(
    layout: Layout, baseline: BaselineParams, pattern: PatternParams, params: PoolParams
) -> Mapping[str, Pool]:
    """The pool of every provider in the layout."""
    pools = {}
    providers = layout.keys["provider"].to_numpy()
    for provider in np.unique(providers):
        rows = np.flatnonzero(providers == provider)
        if len(rows) > params.most_series:
            rows = rows[np.linspace(0, len(rows) - 1, params.most_series).astype(np.int64)]
        series = layout.lay_out(rows)
        pools[str(provider)] = _lead_in(measure_pool(series, baseline, pattern, params), series.skipped, series.block)
    return pools


def _lead_in(pool: Pool, skipped: int, block: int) -> Pool:
    """The pool from the run's first column on: before its series began it is what it was when they did."""
    parts = {field.name: getattr(pool, field.name) for field in fields(Pool)}
    for name, values in parts.items():
        before = skipped if name == "crawler" else skipped // block
        parts[name] = np.concatenate([np.repeat(values[:1], before, axis=0), values])
    return Pool(**parts)


def measure_pool(series: CountSeries, baseline: BaselineParams, pattern: PatternParams, params: PoolParams) -> Pool:
    """The pool of series that belong together."""
    rate = _find_rate(series, baseline)
    baselines = fit_baselines(series, prior_rates(series, np.tile(rate, (len(series.counts), 1))), baseline)
    reach = reach_of_spread(baselines.level, series.step_days)
    weekly = _pool_spread(baselines.spread, baselines.freedom, reach, baseline.prior_dispersion, params)
    lagged = np.asarray(baselines.lagged).sum(axis=0)
    # a sample autocorrelation of n values is biased by about -1/n
    freedom = baselines.freedom.sum(axis=0)
    bias = (baselines.freedom > 0).sum(axis=0)
    persistence = np.clip((lagged + bias) / (freedom + params.prior_persistence_freedom), 0.0, params.most_persistence)
    weekdays = _find_weekdays(series, baselines, pattern, params)
    even = np.broadcast_to(weekdays, (len(series.counts), *weekdays.shape))
    plain = find_pattern(series, baselines, even, np.ones((1, 1)), pattern)
    daily = _pool_spread(plain.spread, plain.freedom, reach, baseline.prior_dispersion, params)
    crawler = _find_crawler(series, baselines, plain, daily, params) if series.block > 1 else np.ones(len(series.days))
    return Pool(rate, weekdays, weekly, daily, persistence, crawler)


def _find_rate(series: CountSeries, params: BaselineParams) -> Floats:
    """Geometric middle of the series' mean rates so far, domains a step, before each block."""
    counts = series.sum_blocks(series.counts).cumsum(axis=1)
    blocks = counts.shape[1]
    begin = np.arange(blocks) * series.block
    length = np.clip(begin[None, :] + series.block, None, series.stop[:, None]) - series.first[:, None]
    started = length >= params.least_blocks * series.block
    usual = params.usual_mean * series.step_days
    logs = np.log((counts + usual) / (np.maximum(length, 0) + 1.0)) * started
    middle = (logs.sum(axis=0) + np.log(usual)) / (started.sum(axis=0) + 1.0)
    guard = 1 + round(params.guard_days / series.block_days)
    return np.asarray(np.exp(np.concatenate([np.full(guard, np.log(usual)), middle]))[:blocks])


def prior_rates(series: CountSeries, rate: Floats) -> Floats:
    """The pool's rate when each series began, per series; ``rate`` is series × blocks."""
    begin = np.minimum(series.first // series.block, rate.shape[1] - 1)
    return np.asarray(rate[np.arange(len(begin)), begin])


def reach_of_spread(level: Floats, step_days: float) -> Floats:
    """How much of the pool's spread a series of that level (domains a step) has, 0 to 1.

    Busy series are more uneven: variance to mean less 1 measures about .9 times the daily mean for real series of .5 to
    2 referring domains a day, and less than in proportion above and below. The square root of m / (m + 1) is between
    the two shapes a negative binomial is usually given (constant, and in proportion).
    """
    daily = np.nan_to_num(level) / step_days
    return np.asarray(np.sqrt(daily / (daily + 1.0)))


def _pool_spread(spread: Floats, freedom: Floats, reach: Floats, prior: float, params: PoolParams) -> Floats:
    """Variance to mean, less 1, of a series of full reach: least squares through 0, weighted by what each is worth."""
    at_one = np.sqrt(0.5)
    above = spread - freedom
    pull = params.prior_freedom
    summed = (above * reach).sum(axis=0) + pull * (prior - 1.0) * at_one
    weight: Floats = (freedom * reach**2).sum(axis=0) + pull * at_one**2
    return np.asarray(np.maximum(summed / weight, 0.0), dtype=np.float64)


def _find_weekdays(series: CountSeries, baselines: Baselines, pattern: PatternParams, params: PoolParams) -> Floats:
    """Weekday factors of all series together before each block, blocks × steps of a block."""
    level = series.to_steps(np.nan_to_num(baselines.level)) * series.exposure
    limit = np.sqrt(1.5 * level)
    limit *= pattern.cap_deviations
    limit += level
    # where there is no level yet, the limit is 0 too
    by_day: Floats = np.minimum(series.counts, limit).sum(axis=0).reshape(-1, series.block)
    memory = 0.5 ** (series.block_days / pattern.weekday_memory_days)
    seen, factors = np.zeros(series.block), np.ones_like(by_day)
    for block in range(2, len(by_day)):
        seen = memory * seen + by_day[block - 2]
        total = seen.sum() + params.weekday_prior_count
        factors[block] = (seen + params.weekday_prior_count / series.block) / total * series.block
    return factors


def _find_crawler(
    series: CountSeries, baselines: Baselines, pattern: Pattern, daily: Floats, params: PoolParams
) -> Floats:
    """One factor a day, 1 unless far more of the provider's sites are high than usual.

    Sites of one owner are one voice, and a source that comes to several sites on one day is left out: that is a network
    or a mailing list at work, not the crawler, which brings up different sources at each site.
    """
    _, site = np.unique(series.owner, return_inverse=True)
    sites = int(site.max(initial=-1)) + 1
    factor = np.ones(len(series.days))
    if sites < params.least_crawler_sites:
        return factor
    inside = series.inside()
    mean = series.to_steps(np.nan_to_num(baselines.level)) * pattern.unit * inside
    counts = np.where(mean > 0, series.counts - series.shared, 0.0)
    if sites < len(site):
        order = np.argsort(site, kind="stable")
        starts = np.searchsorted(site[order], np.arange(sites))
        counts, mean = (np.add.reduceat(part[order], starts, axis=0) for part in (counts, mean))
    excess = counts - mean
    deviation = np.sqrt(mean * (1.0 + np.repeat(daily, series.block)))
    high = (excess > params.high_deviations * deviation) & (excess > params.high_deviations) & (mean > 0)
    live, found = (mean > 0).sum(axis=0), high.sum(axis=0)
    before_live, before_found = (_sum_before(part, params.crawler_memory_days) for part in (live, found))
    usual = np.clip((before_found + 4.0) / (before_live + 200.0), 0.005, 0.5)
    tail = betainc(np.maximum(found, 1), np.maximum(live - found + 1, 1), usual)
    for day in np.flatnonzero((found >= params.least_crawler_sites) & (tail <= params.crawler_p)):
        alive = np.flatnonzero(mean[:, day] > 0)
        highest = int(np.ceil(params.trimmed_share * len(alive)))
        kept = alive[np.argsort(excess[alive, day], kind="stable")[: len(alive) - highest]]
        expected = mean[kept, day].sum()
        if expected > 0:
            factor[day] = max(1.0, counts[kept, day].sum() / expected)
    return factor


def _sum_before(values: NDArray[np.int64], count: int) -> Floats:
    """Sum of the ``count`` values before each, fewer at the beginning."""
    summed = np.concatenate([[0], values.cumsum()])
    stop = np.arange(len(values))
    return np.asarray(summed[stop] - summed[np.maximum(stop - count, 0)], dtype=np.float64)


def pool_rows(series: CountSeries, pools: Mapping[str, Pool], part: str) -> Floats:
    """One part of each series' pool from the series' first column on: series × whatever the part holds."""
    names, pool = np.unique(series.keys["provider"].to_numpy(dtype=object), return_inverse=True)
    skipped = series.skipped if part == "crawler" else series.skipped // series.block
    parts = np.array([getattr(pools[name], part)[skipped:] for name in names.tolist()])
    return np.asarray(parts[pool] if len(names) > 1 else np.broadcast_to(parts, (len(pool), *parts.shape[1:])))
