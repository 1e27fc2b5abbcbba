"""What all sites of a provider share: the weekday, and days on which the provider's crawler caught up everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from transforms.surges.baseline import Baselines, Floats
from transforms.surges.daily_series import WEEK, DailySeries


@dataclass(frozen=True, kw_only=True)
class PatternParams:
    """How much evidence a shared pattern needs."""

    weeks: int = 26
    """Weeks whose weekdays and usual share of high sites are pooled: half a year, as for baselines."""

    weekday_prior_count: float = 20.0
    """Domains per weekday assumed even before any are seen; with 400 seen a factor is known to about 5 %."""

    cap_deviations: float = 3.0
    """Standard deviations above expectation at which a day's count is capped when weekdays are pooled."""

    least_crawler_sites: int = 5
    """Sites of one provider that must be high on the same day; fewer are as likely one owner's network."""

    high_deviations: float = 2.0
    """Standard deviations (and domains) above expectation that make a site high on a day."""

    crawler_p: float = 1e-4
    """Chance, at the provider's usual share of high sites, below which a day counts as the crawler's: one provider
    has 730 tested days, so about one day in 14 years is called wrongly, and then only the expectation is scaled."""

    trimmed_share: float = 0.1
    """Share of sites, the highest, left out when the day's factor is measured: one site's own surge is no crawler."""


@dataclass(frozen=True)
class Pattern:
    """``factor`` series × days for the expectation; ``is_crawler`` series × days where a crawler day was scaled."""

    factor: Floats
    is_crawler: NDArray[np.bool_]


def find_pattern(series: DailySeries, baselines: Baselines, params: PatternParams) -> Pattern:
    """Weekday factor × crawler factor, from each day's past (and that day's other sites) only."""
    factor = np.ones(series.counts.shape)
    is_crawler = np.zeros(series.counts.shape, dtype=bool)
    providers = series.keys["provider"].to_numpy()
    for provider in np.unique(providers):
        rows = np.flatnonzero(providers == provider)
        level = np.repeat(np.nan_to_num(baselines.level[rows]), WEEK, axis=1)
        variance = level * np.repeat(np.nan_to_num(baselines.daily[rows]), WEEK, axis=1)
        inside = np.arange(series.counts.shape[1]) < series.stop[rows, None]
        level, variance = level * inside, variance * inside
        counts = np.where(level > 0, series.counts[rows], 0.0)
        weekday = _weekday_factors(counts, level, variance, params)
        sites = series.keys["site_domain"].to_numpy()[rows]
        crawler = _crawler_factors(counts, level * weekday, variance, sites, params)
        factor[rows] = weekday * crawler
        is_crawler[rows] = crawler > 1.0
    return Pattern(factor, is_crawler)


def _weekday_factors(counts: Floats, level: Floats, variance: Floats, params: PatternParams) -> Floats:
    """One factor a day, mean 1 over the week; from the weeks before that one."""
    capped = np.minimum(counts, level + params.cap_deviations * np.sqrt(variance))
    by_weekday = capped.sum(axis=0).reshape(-1, WEEK)
    seen = _before(by_weekday, params.weeks)
    prior = params.weekday_prior_count
    return np.asarray(((seen + prior) / (seen.mean(axis=1, keepdims=True) + prior)).ravel())


def _before(values: NDArray[np.float64] | NDArray[np.int64], count: int) -> Floats:
    """Sum of the ``count`` values before each along the first axis, fewer at the beginning."""
    summed = np.concatenate([np.zeros_like(values[:1]), values.cumsum(axis=0)])
    stop = np.arange(len(values))
    return np.asarray(summed[stop] - summed[np.maximum(stop - count, 0)], dtype=np.float64)


def _crawler_factors(
    counts: Floats, mean: Floats, variance: Floats, sites: NDArray[np.object_], params: PatternParams
) -> Floats:
    """One factor a day, 1 unless the day is the crawler's."""
    _, site_of_row = np.unique(sites, return_inverse=True)
    count = int(site_of_row.max(initial=-1)) + 1
    factor = np.ones(counts.shape[1])
    if count < params.least_crawler_sites:
        return factor
    order = np.argsort(site_of_row, kind="stable")
    starts = np.searchsorted(site_of_row[order], np.arange(count))
    counts, mean, variance = (np.add.reduceat(part[order], starts, axis=0) for part in (counts, mean, variance))
    excess = counts - mean
    high = (excess > params.high_deviations * np.sqrt(variance)) & (excess > params.high_deviations) & (mean > 0)
    live, found = (mean > 0).sum(axis=0), high.sum(axis=0)
    before_live, before_found = (_before(part, WEEK * params.weeks) for part in (live, found))
    usual = np.clip((before_found + 4.0) / (before_live + 200.0), 0.005, 0.5)
    tail = betainc(np.maximum(found, 1), np.maximum(live - found + 1, 1), usual)
    for day in np.flatnonzero((found >= params.least_crawler_sites) & (tail <= params.crawler_p)):
        kept = np.argsort(excess[:, day], kind="stable")[: count - int(np.ceil(params.trimmed_share * count))]
        expected = mean[kept, day].sum()
        if expected > 0:
            factor[day] = max(1.0, counts[kept, day].sum() / expected)
    return factor
