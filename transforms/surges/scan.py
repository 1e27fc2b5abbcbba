"""The scan: for every series and day, how unlikely the new domains of the last 1, 3, 7, 14 or 28 days are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from transforms.surges.baseline import DISPERSIONS, Baselines, Floats, weigh_dispersions
from transforms.surges.daily_series import WEEK, DailySeries


@dataclass(frozen=True, kw_only=True)
class ScanParams:
    """What is looked for."""

    windows: tuple[int, ...] = (1, 3, 7, 14, 28)
    """Window lengths in days: a bought burst falls within 1 or 2 days, a campaign takes weeks; each length is about
    twice the one before, so that no length in between loses much."""

    least_excess: float = 3.0
    """Fewest domains above expectation: fewer than three is not worth a person's time whatever the p-value."""

    least_ratio: float = 2.0
    """Fewest times the expectation: growth below a doubling is within what seasons, survivors and news do."""

    most_p: float = 0.01
    """Largest nominal p that is kept; windows above it are not looked at further, and a day without any has p = 1. Ten
    times what could ever be reported, so that calibration can be measured."""


@dataclass(frozen=True)
class Scan:
    """Per series and day of the layout.

    ``p``        smallest upper-tail mid-p over the windows ending that day, before calibration; 1 where nothing is up
    ``window``   the window length that gave it, days
    ``expected`` expected new domains of that day
    ``is_tested`` the day could be tested
    """

    p: Floats
    window: NDArray[np.int64]
    expected: Floats
    is_tested: NDArray[np.bool_]


def scan_series(series: DailySeries, baselines: Baselines, pattern: Floats, params: ScanParams) -> Scan:
    """Scan all series; ``pattern`` is the day's factor (weekday, crawler) per series' provider row, series × days.

    Past only: a day's result depends on no later day. The expectation of a window comes from the baseline of the
    week its first day lies in, which ends at least a week earlier.
    """
    size, width = series.counts.shape
    p, window = np.ones((size, width)), np.zeros((size, width), dtype=np.int64)
    expected, is_tested = np.zeros((size, width)), np.zeros((size, width), dtype=bool)
    for start in range(0, size, 500):
        rows = slice(start, start + 500)
        _scan_rows(series, baselines, pattern, params, rows, (p, window, expected, is_tested))
    return Scan(p, window, expected, is_tested)


def window_growth(baselines: Baselines, rows: slice, days: int) -> Floats:
    """How much larger the dispersion of sums over ``days`` days is than the daily one, per series and week.

    Neighbouring days and weeks go together, and the level itself is uncertain: both widen the test.
    """
    weekly = baselines.growth[rows]
    if days < WEEK:
        growth = weekly ** (np.log(days) / np.log(WEEK))
    else:
        weeks = days // WEEK
        lags = np.arange(1, weeks)
        growth = weekly * (1.0 + 2.0 * ((1 - lags / weeks) * baselines.persistence[:, None] ** lags).sum(axis=1))
    return np.asarray(growth * (1.0 + days / (WEEK * np.maximum(baselines.freedom[rows], 1.0))))


def predictive_p(count: Floats, mean: Floats, growth: Floats, weights: Floats) -> Floats:
    """Upper mid-p of a count, averaged over the dispersions a series may have (``weights``, rows × dispersions)."""
    dispersion = DISPERSIONS * growth[:, None]
    return np.asarray((weights * upper_mid_p(count[:, None], mean[:, None], dispersion)).sum(axis=1))


def upper_mid_p(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """P(X > count) + P(X = count) / 2 for a negative binomial with that mean and variance = dispersion × mean."""
    size = mean / (dispersion - 1.0)
    share = 1.0 - 1.0 / dispersion
    return np.asarray(0.5 * (betainc(count + 1.0, size, share) + betainc(np.maximum(count, 1e-9), size, share)))


def _scan_rows(
    series: DailySeries,
    baselines: Baselines,
    pattern: Floats,
    params: ScanParams,
    rows: slice,
    out: tuple[Floats, NDArray[np.int64], Floats, NDArray[np.bool_]],
) -> None:
    p, window, expected, is_tested = (array[rows] for array in out)
    counts = series.counts[rows]
    size, width = counts.shape
    column = np.arange(width)
    inside = (column >= series.tested) & (column < series.stop[rows, None])
    summed = np.concatenate([np.zeros((size, 1)), counts.cumsum(axis=1)], axis=1)
    shape = np.concatenate([np.zeros((size, 1)), pattern[rows].cumsum(axis=1)], axis=1)
    fit = baselines.daily[rows], baselines.level[rows], baselines.freedom[rows]
    for days in params.windows:
        from_column = np.maximum(column - days + 1, 0)
        week = from_column // WEEK
        level = baselines.level[rows][:, week]
        observed = summed[:, 1:] - summed[:, from_column]
        mean = level * (shape[:, 1:] - shape[:, from_column])
        known = inside & ~np.isnan(level) & (column - days + 1 >= series.first[rows, None])
        if days == 1:
            expected[:] = np.nan_to_num(mean)
            is_tested[:] = known
        high = known & (observed >= params.least_ratio * mean) & (observed - mean >= params.least_excess)
        row, at = np.nonzero(high)
        growth = window_growth(baselines, rows, days)[row, week[at]]
        # the evenest series gives the smallest tail: what is common there is common everywhere (saves nine in ten)
        even = upper_mid_p(observed[row, at], mean[row, at], DISPERSIONS[0] * growth) <= params.most_p
        row, at, growth = row[even], at[even], growth[even]
        daily, level_then, freedom = (part[row, week[at]] for part in fit)
        weights = weigh_dispersions(daily, level_then, freedom, baselines.prior[week[at]])
        likeliest = weights.argmax(axis=1)
        spread = DISPERSIONS[likeliest] * growth
        first = weights.max(axis=1) * upper_mid_p(observed[row, at], mean[row, at], spread) <= params.most_p
        row, at, growth, weights = row[first], at[first], growth[first], weights[first]
        found = predictive_p(observed[row, at], mean[row, at], growth, weights)
        better = (found <= params.most_p) & (found < p[row, at])
        p[row[better], at[better]] = found[better]
        window[row[better], at[better]] = days
