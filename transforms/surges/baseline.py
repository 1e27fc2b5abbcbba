"""The expected level and spread of every series in every week, from that week's past only.

A level is a robust mean of whole calendar weeks (so that weekdays cancel): of the 26 weeks that end a guard week
before. Weeks far above the rest are weighted down by the square of their Anscombe residual (Noufaily et al. 2013,
Statistics in Medicine 32:1206), starting from the median so that a surge of many weeks cannot hide itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from transforms.surges.daily_series import WEEK, DailySeries

Floats = NDArray[np.float64]

DISPERSIONS = np.array([1.05, 1.25, 1.5, 2.0, 2.75, 4.0, 6.0, 9.0, 14.0])
"""Variance to mean ratios a series may have; the test averages over them, weighted by what the series shows."""


@dataclass(frozen=True, kw_only=True)
class BaselineParams:
    """How the past is summed up."""

    weeks: int = 26
    """Weeks of baseline: half a year, the time for which providers remember lost links."""

    guard_weeks: int = 1
    """Whole weeks left out before the week a window starts in (7 to 13 days), so that the rise of a slow surge
    does not lift its own baseline."""

    least_weeks: int = 4
    """Fewest whole weeks a level may come from; its uncertainty widens the test."""

    recent_weeks: int = 8
    """Weeks of the recent level that takes over when it is above the long one (survivors and growth make recent days
    richer): eight weeks hold the level to ±15 % at one domain a day and still follow a ramp."""

    least_horizon_weeks: int = 8
    """Weeks since the loss horizon from which on earlier, depleted weeks are left out."""

    outlier_residual: float = 2.58
    """Anscombe residual above which a week is weighted down: the upper half per cent of a normal (Noufaily 2013)."""

    least_mean: float = 0.05
    """Floor of the daily level in domains: one in 20 days; below it a single domain would be news."""

    most_dispersion: float = 14.0
    """Cap of the dispersion used to find outlying weeks, the largest of :data:`DISPERSIONS`."""

    most_growth: float = 2.5
    """Cap of a single series' ratio of weekly to daily dispersion: what a day-to-day correlation of .47 gives, the
    largest measured on series of referring domains."""

    natural_cluster: float = 6.0
    """Domains in one day that may be natural in a rare series (a story taken over, a directory copied)."""

    most_spread: float = 3.0
    """Times its expectation that one week may add to the daily dispersion beyond such a cluster: three standard
    deviations of a week of ordinary days, so that a past burst does not pass for noise."""

    rounds: int = 4
    """Reweighting passes; levels move by less than 1 % after three."""

    prior_dispersion: float = 1.5
    """Variance to mean assumed before any series is seen: de-duplicated referring domains measure 1.4 to 2.6."""

    prior_spread: float = 0.4
    """Standard deviation of its logarithm between series: nine in ten between .8 and 2.9, as measured."""

    prior_series: float = 3.0
    """Weight of that assumption, in series; a portfolio outvotes it quickly."""

    prior_freedom_weekly: float = 20.0
    """Weight of the pool in a series' own ratio of weekly to daily dispersion, in degrees of freedom; its own half
    year has at most 25."""


@dataclass(frozen=True)
class Baselines:
    """Per series and calendar week; a window is judged by the week its first day lies in.

    ``level``       expected new domains a day, floored, recent-level guard included; NaN where it cannot be told
    ``freedom``     effective weeks of baseline
    ``daily``       measured variance to mean of daily counts, outliers clipped
    ``growth``      ratio of weekly to daily dispersion, shrunk to the pool, at least 1
    ``prior``       weights of :data:`DISPERSIONS` in the pool of all series, per week
    ``persistence`` correlation of neighbouring weeks, pooled, 0 to 0.8, per week
    ``is_recent``   the recent level took over
    ``is_survivor`` weeks before the loss horizon were left out
    """

    level: Floats
    freedom: Floats
    daily: Floats
    growth: Floats
    prior: Floats
    persistence: Floats
    is_recent: NDArray[np.bool_]
    is_survivor: NDArray[np.bool_]


@dataclass(frozen=True)
class _Raw:
    level: Floats
    recent: Floats
    freedom: Floats
    daily: Floats
    weekly: Floats
    lagged: Floats
    is_survivor: NDArray[np.bool_]


def fit_baselines(series: DailySeries, params: BaselineParams) -> Baselines:
    """Level and dispersion of every series for every calendar week (columns as weeks of ``series.days``)."""
    size = len(series.counts)
    parts = [_fit_raw(series, slice(start, start + 500), params) for start in range(0, max(size, 1), 500)]
    raw = _Raw(*(np.concatenate(column) for column in zip(*(vars(part).values() for part in parts), strict=True)))
    prior, pooled_growth = _pool(raw, params)
    own = np.maximum(raw.freedom - 1, 0.0) / (1.0 + 0.5 / (WEEK * raw.level))
    ratio = np.clip(raw.weekly / np.maximum(raw.daily, 0.5), 0.2, params.most_growth)
    trust = params.prior_freedom_weekly
    growth = np.maximum((own * ratio + trust * pooled_growth) / (own + trust), 1.0)
    guarded = raw.recent - np.sqrt(raw.recent * np.maximum(raw.daily, 1.0) * growth / (WEEK * params.recent_weeks))
    is_recent = guarded > raw.level
    level = np.maximum(np.where(is_recent, guarded, raw.level), params.least_mean)
    level[~(raw.freedom > 0)] = np.nan
    return Baselines(level, raw.freedom, raw.daily, growth, prior, _pool_persistence(raw), is_recent, raw.is_survivor)


def _fit_raw(series: DailySeries, rows: slice, params: BaselineParams) -> _Raw:
    counts = series.counts[rows]
    size, width = counts.shape
    weeks = width // WEEK
    by_week = counts.reshape(size, weeks, WEEK)
    starts = np.arange(weeks) * WEEK
    whole = (starts >= series.first[rows, None]) & (starts + WEEK <= series.stop[rows, None])
    listed = whole & (starts >= series.horizon[rows, None])
    sums, squares = by_week.sum(axis=2), (by_week**2).sum(axis=2)
    span = params.weeks + params.guard_weeks
    pad = ((0, 0), (span, 0))

    def past(values: NDArray) -> NDArray:  # type: ignore[type-arg]
        view = np.lib.stride_tricks.sliding_window_view(np.pad(values, pad), params.weeks, axis=1)
        return view[:, :weeks]

    usable, horizon = past(whole), past(listed)
    is_survivor = (horizon.sum(axis=2) >= params.least_horizon_weeks) & (horizon.sum(axis=2) < usable.sum(axis=2))
    usable = np.where(is_survivor[:, :, None], horizon, usable)
    known = usable.sum(axis=2) >= params.least_weeks
    weights, clipped, *fit = _reweight(past(sums), usable, params)
    return _summarise(
        (past(sums), past(squares)), (weights, clipped), (fit[0], fit[1], fit[2]), known, is_survivor, params
    )


def _reweight(sums: Floats, usable: NDArray[np.bool_], params: BaselineParams) -> tuple[Floats, ...]:
    """Weights of the weeks for level and spread, weekly level, dispersion with and without outliers; from below."""
    floor = params.least_mean * WEEK
    ordered = np.sort(np.where(usable, sums, np.inf), axis=2)
    count = usable.sum(axis=2)
    level = np.maximum(_quantile(ordered, count, 0.5), floor)
    quartiles = 2 * np.sqrt(_quantile(ordered, count, 0.75)) - 2 * np.sqrt(_quantile(ordered, count, 0.25))
    dispersion = np.clip((quartiles / 1.349) ** 2, params.prior_dispersion, params.most_dispersion)
    root = np.cbrt(sums) ** 2
    weights = usable.astype(np.float64)
    for _ in range(params.rounds):
        scale = 1.5 / (np.cbrt(np.sqrt(level)) * np.sqrt(dispersion))
        residual = (root - (np.cbrt(level) ** 2)[:, :, None]) * scale[:, :, None]
        residual = np.maximum(residual, params.outlier_residual)
        weights = np.where(residual > params.outlier_residual, residual**-2, 1.0) * usable
        total = np.maximum(weights.sum(axis=2), 1e-9)
        level = np.maximum((weights * sums).sum(axis=2) / total, floor)
        gap = (sums - level[:, :, None]) ** 2
        dispersion = (weights * gap).sum(axis=2) / (level * np.maximum(total - 1, 1.0))
        dispersion = np.clip(dispersion, params.prior_dispersion, params.most_dispersion)
    # the spread only clips outliers (Huber): natural clusters of a rare series must stay visible in it
    clipped = (params.outlier_residual / residual) ** 2 * usable
    weekly = (clipped * gap).sum(axis=2) / (level * np.maximum(count - 1, 1))
    return weights, clipped, level, weekly, dispersion


def _quantile(ordered: Floats, count: NDArray[np.int64], share: float) -> Floats:
    """Linear quantile of the first ``count`` values of each ordered row; 0 where there are none."""
    place = share * np.maximum(count - 1, 0)
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    below = np.take_along_axis(ordered, low[:, :, None], axis=2)[:, :, 0]
    above = np.take_along_axis(ordered, high[:, :, None], axis=2)[:, :, 0]
    with np.errstate(invalid="ignore"):
        value = below + (place - low) * (above - below)
    return np.where(count > 0, value, 0.0)


def _summarise(
    past: tuple[Floats, Floats],
    week_weights: tuple[Floats, Floats],
    fit: tuple[Floats, Floats, Floats],
    known: NDArray[np.bool_],
    is_survivor: NDArray[np.bool_],
    params: BaselineParams,
) -> _Raw:
    (sums, squares), (weights, clipped), (level, weekly, quiet) = past, week_weights, fit
    total = np.where(known, weights.sum(axis=2), 0.0)
    mean = level / WEEK
    within = squares - 2 * mean[:, :, None] * sums + WEEK * mean[:, :, None] ** 2
    ordinary = WEEK * mean * np.clip(quiet, params.prior_dispersion, params.most_dispersion)
    cap = np.maximum(params.natural_cluster**2, params.most_spread * ordinary)
    within = np.minimum(clipped * within, cap[:, :, None] * (clipped > 0)).sum(axis=2)
    daily = within / (mean * np.maximum(WEEK * (clipped > 0).sum(axis=2) - 1, 1.0))
    newest = weights[:, :, -params.recent_weeks :]
    newest_total = newest.sum(axis=2)
    recent = (newest * sums[:, :, -params.recent_weeks :]).sum(axis=2) / np.maximum(newest_total, 1e-9) / WEEK
    recent[newest_total < params.recent_weeks / 2] = 0.0
    gap = (sums - level[:, :, None]) * weights
    lagged = (gap[:, :, 1:] * gap[:, :, :-1]).sum(axis=2) / np.maximum((gap**2).sum(axis=2), 1e-9)
    return _Raw(mean, recent, total, daily, weekly, lagged, is_survivor)


def _pool(raw: _Raw, params: BaselineParams) -> tuple[Floats, Floats]:
    """Prior over :data:`DISPERSIONS` per week, and the pooled growth of dispersion from days to weeks.

    The prior is the mean posterior of all series that week (two steps of expectation-maximisation from the default),
    together with ``prior_series`` series of the default.
    """
    weeks = raw.level.shape[1]
    default = np.exp(-0.5 * (np.log(DISPERSIONS / params.prior_dispersion) / params.prior_spread) ** 2)
    default /= default.sum()
    prior = np.repeat(default[None, :], weeks, axis=0)
    known = (raw.freedom > 0)[:, :, None]
    for _ in range(2):
        total = params.prior_series * default + np.zeros((weeks, 1))
        for start in range(0, len(raw.level), 500):
            rows = slice(start, start + 500)
            fit = (raw.daily[rows], raw.level[rows], raw.freedom[rows])
            total = total + (weigh_dispersions(*fit, prior[None, :, :]) * known[rows]).sum(axis=0)
        prior = total / total.sum(axis=1, keepdims=True)
    own = np.maximum(raw.freedom - 1, 0.0) / (1.0 + 0.5 / (WEEK * raw.level))
    ratio = np.clip(raw.weekly / np.maximum(raw.daily, 0.5), 0.2, params.most_growth)
    weight = params.prior_series * 25.0
    return prior, ((own * ratio).sum(axis=0) + weight) / (own.sum(axis=0) + weight)


def weigh_dispersions(daily: Floats, level: Floats, freedom: Floats, prior: Floats) -> Floats:
    """Posterior weights of :data:`DISPERSIONS` (last axis), given a measured variance to mean.

    A measured ratio is taken as gamma-distributed about the true one; its degrees of freedom follow from the kurtosis
    of a negative binomial, so that a rare series says little about its own dispersion and the prior speaks.
    """
    kurtosis = (6.0 * (DISPERSIONS - 1.0) + 1.0 / DISPERSIONS) / level[..., None]
    shape = np.maximum(WEEK * freedom, 1.0)[..., None] / (2.0 + kurtosis)
    ratio = np.maximum(daily, 0.2)[..., None] / DISPERSIONS
    log_weight = shape * np.log(shape) - gammaln(shape) + shape * np.log(ratio) - shape * ratio
    log_weight -= log_weight.max(axis=-1, keepdims=True)
    weight = np.exp(log_weight) * prior
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True))


def _pool_persistence(raw: _Raw) -> Floats:
    weight = np.maximum(raw.freedom - 4, 0.0)
    # a sample autocorrelation of n values is biased by about -1/n; three series' worth of zero is the prior
    unbiased = raw.lagged + 1.0 / np.maximum(raw.freedom, 4.0)
    pooled = (weight * unbiased).sum(axis=0) / (weight.sum(axis=0) + 3.0 * 22)
    return np.asarray(np.clip(pooled, 0.0, 0.8))
