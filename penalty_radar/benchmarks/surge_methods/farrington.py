"""Farrington's test as improved by Noufaily et al. 2013 (Statistics in Medicine 32:1206).

A port of what ``farringtonFlexible`` of the R package surveillance does, for all series and weeks at once: a
quasi-Poisson regression of the past years on a factor of the time of year and, where it is significant and does not
extrapolate, a trend; past outbreaks are weighted down by their Anscombe residuals and the model is fitted anew.

With a factor and one trend the Poisson likelihood needs no general solver: for a given slope the level of each factor
group is its weighted count over its weighted exposure, so that only the slope is iterated (Newton on the profile).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from penalty_radar.benchmarks.surge_methods.plain_tests import upper_tail
from penalty_radar.benchmarks.surge_methods.windows import WEEK_DAYS, trailing_sum
from penalty_radar.benchmarks.surge_sets.count_set import DAY, WEEK, CountSet, Flags, Floats

LEAST_FITTED = 1e-10
"""Fitted count at least assumed: a group without any case has none."""

ITERATIONS = 12
MOST_SLOPE = 12.0
"""Log change a year beyond which a slope is not followed: the fit has no maximum there."""

CHUNK = 500
"""Fits made at once (about 240 past weeks each): their arrays then stay in the processor's cache."""

CONVERGED = 1e-6
"""Newton step of the slope, in log counts a year, that ends the iteration."""


@dataclass(frozen=True)
class FarringtonParams:
    """Names and values of ``farringtonFlexible``; a year has 52 weeks."""

    year: int = 52
    b: int = 5
    """Years back, or as many as there are."""

    w: int = 3
    """Half window around the same week of earlier years."""

    no_periods: int = 10
    """Levels of the factor of the time of year; 1: only the windows are used, no factor."""

    past_weeks_not_included: int = 26
    weights_threshold: float = 2.58
    trend_alpha: float = 0.05
    least_trend_years: int = 3
    least_cases: int = 5
    """Cases of the last 4 weeks below which there is no test (``limit54``)."""

    recent_weeks: int = 4
    threshold_method: str = "nbPlugin"
    """``nbPlugin``: negative binomial around the fitted mean; ``delta``: normal on the 2/3 power, with the error of the
    fit."""


FLEXIBLE = FarringtonParams()
"""The control settings under which surveillance's manual shows the improved test."""

FLEXIBLE_DELTA = replace(FLEXIBLE, threshold_method="delta")
CLASSIC = FarringtonParams(
    no_periods=1, past_weeks_not_included=3, weights_threshold=1.0, threshold_method="delta"
)  # fmt: skip
"""Farrington et al. 1996 (JRSS A 159:547)."""


@dataclass(frozen=True)
class _Fit:
    """A weighted quasi-Poisson fit: fits × past weeks, fits × groups."""

    fitted: Floats
    leverage: Floats
    dispersion: Floats
    mean: Floats
    """Of the tested week."""

    error: Floats
    """Standard error of the log of that mean, without dispersion."""

    slope_p: Floats
    """Two-sided p-value of the slope; 1 without one."""


def score_farrington(count_set: CountSet, params: FarringtonParams = FLEXIBLE) -> Floats:
    """−log10 p of weekly counts; of daily ones, of the week that ends on the day against weeks of the same weekdays.

    Steps that are not wanted, have no year of history or too few recent cases are NaN; so is a set of other steps.
    """
    if count_set.step_days == WEEK:
        return _score_weeks(count_set.counts, count_set.wanted_steps(), params)
    scores = np.full(count_set.counts.shape, np.nan)
    if count_set.step_days == DAY:
        weeks, wanted = trailing_sum(count_set.counts, WEEK_DAYS), count_set.wanted_steps()
        for weekday in range(WEEK_DAYS):
            part = slice(weekday, None, WEEK_DAYS)
            scores[:, part] = _score_weeks(weeks[:, part], wanted[:, part], params)
    return scores


def _score_weeks(counts: Floats, wanted: Flags, params: FarringtonParams) -> Floats:
    scores = np.full(counts.shape, np.nan)
    row, column = np.nonzero(wanted & ~np.isnan(counts))
    years = np.minimum((column - params.w) // params.year, params.b)
    for b in range(1, params.b + 1):
        lags, groups = _reference_weeks(b, params)
        chosen = np.flatnonzero(years == b)
        for part in np.array_split(chosen, -(-len(chosen) // CHUNK)) if len(chosen) else []:
            past = counts[row[part, None], column[part, None] - lags]
            now = counts[row[part], column[part]]
            scores[row[part], column[part]] = _test(now, past, lags, groups, b, params)
    recent = trailing_sum(np.nan_to_num(counts), params.recent_weeks)
    return np.where(recent >= params.least_cases, scores, np.nan)


def _reference_weeks(b: int, params: FarringtonParams) -> tuple[NDArray[np.int64], Floats]:
    """Weeks back from the tested one, and past weeks × groups, 1 where a week is of a group; group 0 is the window's.

    Between two windows the weeks are shared among ``no_periods`` − 1 groups, the older ones one longer if need be.
    """
    lags = np.arange(params.past_weeks_not_included + 1, b * params.year + params.w + 1)
    offset = lags % params.year
    is_window = (offset <= params.w) | (offset >= params.year - params.w)
    if params.no_periods == 1:
        lags = lags[is_window]
        return lags, np.ones((len(lags), 1))
    lengths = np.full(params.no_periods - 1, (params.year - 2 * params.w - 1) // (params.no_periods - 1))
    lengths[: (params.year - 2 * params.w - 1) % (params.no_periods - 1)] += 1
    position = params.year - offset - params.w - 1
    group = np.where(is_window, 0, 1 + np.searchsorted(lengths.cumsum(), position, side="right"))
    return lags, (group[:, None] == np.arange(params.no_periods)).astype(np.float64)


def _test(
    now: Floats, past: Floats, lags: NDArray[np.int64], groups: Floats, b: int, params: FarringtonParams
) -> Floats:
    """−log10 p of the tested weeks (fits) given their past (fits × past weeks; NaN is left out)."""
    time = -lags / params.year
    level = _fit_reweighted(past, groups, None, params)
    mean, error, dispersion = level.mean, level.error, level.dispersion
    if b >= params.least_trend_years:
        trend = _fit_reweighted(past, groups, time, params)
        follows = (trend.slope_p < params.trend_alpha) & (trend.mean <= np.nanmax(past, axis=1))
        mean, error, dispersion = (
            np.where(follows, with_trend, without)
            for with_trend, without in (
                (trend.mean, mean),
                (trend.error, error),
                (trend.dispersion, dispersion),
            )
        )
    most = np.maximum(dispersion, 1.0)
    if params.threshold_method == "nbPlugin":
        size = np.where(most > 1.0, mean / np.where(most > 1.0, most - 1.0, 1.0), np.inf)
        return upper_tail(now, np.maximum(mean, LEAST_FITTED), np.maximum(size, LEAST_FITTED))
    tau = most + dispersion * error**2 * mean
    deviation = np.sqrt(4.0 / 9.0 * np.cbrt(mean) * tau)
    z = (np.cbrt(now) ** 2 - np.cbrt(mean) ** 2) / np.maximum(deviation, LEAST_FITTED)
    return np.asarray(-stats.norm.logsf(z) / np.log(10.0))


def _fit_reweighted(past: Floats, groups: Floats, time: Floats | None, params: FarringtonParams) -> _Fit:
    """A fit, and one more with past outbreaks weighted down by the squares of their Anscombe residuals."""
    is_known = ~np.isnan(past)
    known, values = is_known.astype(np.float64), np.where(is_known, past, 0.0)
    first = _fit(values, known, is_known, groups, time)
    residual = 1.5 * (np.cbrt(values) ** 2 * first.fitted ** (-1.0 / 6.0) - np.sqrt(first.fitted))
    scale = np.maximum(first.dispersion, 1.0)[:, None] * np.maximum(1.0 - first.leverage, LEAST_FITTED)
    residual /= np.sqrt(scale)
    weights = np.where(residual > params.weights_threshold, 1.0 / np.maximum(residual, 1e-3) ** 2, 1.0) * known
    weights *= (known.sum(axis=1) / weights.sum(axis=1))[:, None]
    return _fit(values, weights, is_known, groups, time)


def _fit(values: Floats, weights: Floats, is_known: Flags, groups: Floats, time: Floats | None) -> _Fit:
    """Weighted quasi-Poisson regression on the groups and, where given, on ``time`` (years, nought is now)."""
    weighted = weights * values
    cases = weighted @ groups
    slope = np.zeros(len(values)) if time is None else _find_slope(weighted, weights, cases, groups, time)
    growth = weights if time is None else weights * np.exp(slope[:, None] * time)
    exposure = growth @ groups
    level = cases / np.where(exposure > 0.0, exposure, 1.0)
    fitted = level @ groups.T
    if time is not None:
        fitted *= np.exp(slope[:, None] * time)
    fitted = np.maximum(fitted, LEAST_FITTED)
    working = weights * fitted
    load = working @ groups
    per_group = np.where(load > 0.0, 1.0 / np.where(load > 0.0, load, 1.0), 0.0)
    leverage = working * (per_group @ groups.T)
    error_squared = per_group[:, 0]
    freedom = is_known.sum(axis=1) - ((is_known @ groups) > 0).sum(axis=1)
    information = np.zeros(len(values))
    if time is not None:
        centre = (working * time) @ groups * per_group
        away = time - centre @ groups.T
        information = np.maximum((working * away**2).sum(axis=1), LEAST_FITTED)
        leverage += working * away**2 / information[:, None]
        error_squared = error_squared + centre[:, 0] ** 2 / information
        freedom = freedom - 1
    freedom = np.maximum(freedom, 1)
    dispersion = (weights * (values - fitted) ** 2 / fitted).sum(axis=1) / freedom
    slope_p = np.ones(len(values))
    if time is not None:
        t = np.abs(slope) * np.sqrt(information / np.maximum(dispersion, LEAST_FITTED))
        slope_p = 2.0 * stats.t.sf(t, freedom)
    return _Fit(fitted, leverage, dispersion, level[:, 0], np.sqrt(error_squared), slope_p)


def _find_slope(weighted: Floats, weights: Floats, cases: Floats, groups: Floats, time: Floats) -> Floats:
    """Slope of greatest likelihood, by Newton's steps on the profile over the groups' levels."""
    slope = np.zeros(len(weighted))
    observed = weighted @ time
    moments = np.hstack([groups, groups * time[:, None], groups * time[:, None] ** 2])
    active = np.arange(len(slope))
    for _ in range(ITERATIONS):
        growth = weights[active] * np.exp(slope[active, None] * time)
        exposure, first, second = np.split(growth @ moments, 3, axis=1)
        inverse = np.where(exposure > 0.0, 1.0 / np.where(exposure > 0.0, exposure, 1.0), 0.0)
        level = cases[active] * inverse
        gradient = observed[active] - (level * first).sum(axis=1)
        information = (level * (second - first**2 * inverse)).sum(axis=1)
        step = np.where(information > LEAST_FITTED, gradient / np.maximum(information, LEAST_FITTED), 0.0)
        slope[active] = np.clip(slope[active] + np.clip(step, -1.0, 1.0), -MOST_SLOPE, MOST_SLOPE)
        active = active[np.abs(step) > CONVERGED]
        if not len(active):
            break
    return slope
