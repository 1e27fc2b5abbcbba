"""How much a series moves anyway: by weekday, from day to day, and from month to month.

Everything is past only: what is used to judge a day comes from whole weeks (or four-week blocks) before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from transforms.drops.daily_visibility import WEEK, Floats, VisibilitySeries, is_search_console

BLOCK = 28
"""Days between two estimates of noise and drift, which change slowly."""


@dataclass(frozen=True, kw_only=True)
class NoiseParams:
    """How noise is measured."""

    weekday_weeks: int = 26
    """Weeks whose weekday pattern is averaged."""

    weekday_prior_weeks: float = 2.0
    """Weeks of an even pattern assumed before any is seen."""

    noise_days: int = 182
    """Days of differences from which noise is measured."""

    prior_autocorrelation: float = 0.35
    """Correlation of neighbouring days assumed at first: daily clicks measure .09 to .56."""

    prior_days: float = 30.0
    """Weight of that assumption, in days."""

    most_autocorrelation: float = 0.8
    """Above this, day-to-day noise cannot be told from drift, which is measured by itself."""

    least_sd: float = 0.02
    """Floor of the daily standard deviation (log): rounding in trackers."""

    prior_drift: float = 0.05
    """Month-to-month movement (log) of a quiet site assumed at first, beside the noise."""

    prior_drift_months: float = 3.0
    """Weight of that assumption, in months."""

    clip_deviations: float = 4.0
    """Standard deviations beyond the medians of the last 28 and the last 14 days at which a day is clipped: a week of
    outage does not look like a lower level, a lasting one shows in full from its eighth day."""


@dataclass(frozen=True)
class Noise:
    """Log visibility and its day-to-day noise.

    ``level`` weekday taken out, clipped (series × days, NaN = unknown); ``raw`` the same unclipped;
    ``sd`` of a day, ``autocorrelation`` of neighbouring days (series × blocks).
    """

    level: Floats
    raw: Floats
    sd: Floats
    autocorrelation: Floats


def block_of(column: NDArray[np.int64]) -> NDArray[np.int64]:
    """The block whose estimates judge a day: the one it lies in, estimated from the days before that block."""
    return column // BLOCK


def measure_noise(series: VisibilitySeries, rows: slice, params: NoiseParams) -> Noise:
    """Weekday-free log visibility and its day-to-day noise for some rows of ``series``."""
    raw, sd, weekly_sd, count = _measure_sd(series, rows, params)
    daily = np.full_like(raw, np.nan)
    daily[:, 1:] = np.abs(raw[:, 1:] - raw[:, :-1])
    daily_sd, daily_count = _trailing_scale(daily, params.noise_days)
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.clip(1.0 - (daily_sd / weekly_sd) ** 2, 0.0, params.most_autocorrelation)
    own = np.where(np.isfinite(own), own, params.prior_autocorrelation)
    used = np.minimum(count, daily_count)
    prior = params.prior_days
    autocorrelation = (used * own + prior * params.prior_autocorrelation) / (used + prior)
    median = _trailing_median(raw, BLOCK, WEEK)
    width = params.clip_deviations * sd[:, block_of(np.arange(raw.shape[1]))]
    newer = _trailing_median(raw, 2 * WEEK, WEEK)
    low, high = np.fmin(median, newer) - width, np.fmax(median, newer) + width
    level = np.where(np.isnan(median) | np.isnan(width), raw, np.clip(raw, low, high))
    return Noise(level, raw, sd, autocorrelation)


def measure_sd(series: VisibilitySeries, rows: slice, params: NoiseParams) -> Floats:
    """The daily standard deviation alone (series × blocks), as in :func:`measure_noise`; NaN where it is not known."""
    return _measure_sd(series, rows, params)[1]


def _measure_sd(series: VisibilitySeries, rows: slice, params: NoiseParams) -> tuple[Floats, Floats, Floats, Floats]:
    """Weekday-free log visibility, daily deviation, robust scale of 7-day differences and how many there are."""
    logs = np.log1p(series.visibility[rows])
    raw = logs - _weekday_effects(logs, params)
    weekly = np.full_like(logs, np.nan)
    weekly[:, WEEK:] = np.abs(logs[:, WEEK:] - logs[:, :-WEEK])
    weekly_sd, count = _trailing_scale(weekly, params.noise_days)
    median = _trailing_median(raw, BLOCK, WEEK, every=BLOCK)
    sd = np.maximum(weekly_sd / np.sqrt(2.0), _least_sd(series, rows, median, params))
    sd[count < 2 * WEEK] = np.nan
    return raw, sd, weekly_sd, count


def _least_sd(series: VisibilitySeries, rows: slice, median: Floats, params: NoiseParams) -> Floats:
    """Floor of the daily deviation per block: clicks are counts and cannot vary less than Poisson's law.

    ``median`` is the level before each block.
    """
    # where the median is no click, there still are some: half a click keeps the floor where it is at one
    level = np.maximum(np.expm1(np.nan_to_num(median)), 0.5)
    counted = is_search_console(series.keys["provider"].iloc[rows])[:, None]
    return np.asarray(np.maximum(np.where(counted, np.sqrt(level) / (1.0 + level), 0.0), params.least_sd))


def measure_drift(shift: Floats, noise_variance: Floats, params: NoiseParams) -> Floats:
    """Month-to-month movement beyond noise, as a variance (series × blocks), from 28-day shifts of the past year.

    ``shift`` is the difference of the means of two adjoining 28-day windows by its last day, ``noise_variance`` what
    day-to-day noise lets it vary; shifts of the last 56 days are left out, for they hold the one being judged.
    """
    width = shift.shape[1]
    sampled = np.abs(shift[:, ::WEEK])
    per_block = BLOCK // WEEK
    before, recent = 13 * per_block, 2 * per_block
    padded = np.pad(sampled, ((0, 0), (before, 0)), constant_values=np.nan)
    view = sliding_window_view(padded, before - recent, axis=1)[:, : sampled.shape[1] : per_block]
    middle, count = median_of_known(view)
    expected = noise_variance[:, np.minimum(np.arange(view.shape[1]) * BLOCK, width - 1)]
    own = np.maximum((1.4826 * np.nan_to_num(middle)) ** 2 - np.nan_to_num(expected), 0.0)
    months = count / per_block
    prior = params.prior_drift_months
    return np.asarray((months * own + prior * params.prior_drift**2) / (months + prior))


def _weekday_effects(logs: Floats, params: NoiseParams) -> Floats:
    """Mean deviation of each weekday from its week's median, over the weeks before; 0 at first."""
    size, width = logs.shape
    by_week = logs.reshape(size, width // WEEK, WEEK)
    middle, count = median_of_known(by_week)
    gap = np.clip(by_week - np.where(count >= 5, middle, np.nan)[:, :, None], -2.0, 2.0)
    known = ~np.isnan(gap)

    def trailing(values: Floats) -> Floats:
        summed = np.concatenate([np.zeros((size, 1, WEEK)), values.cumsum(axis=1)], axis=1)
        stop = np.arange(width // WEEK)
        return np.asarray(summed[:, stop] - summed[:, np.maximum(stop - params.weekday_weeks, 0)])

    effect = trailing(np.nan_to_num(gap)) / (trailing(known.astype(np.float64)) + params.weekday_prior_weeks)
    return np.asarray((effect - effect.mean(axis=2, keepdims=True)).reshape(size, width))


def _trailing_scale(differences: Floats, days: int) -> tuple[Floats, Floats]:
    """Robust standard deviation of absolute differences over the ``days`` before each block, and how many there are."""
    padded = np.pad(differences, ((0, 0), (days, 0)), constant_values=np.nan)
    view = sliding_window_view(padded, days, axis=1)[:, : differences.shape[1] : BLOCK]
    middle, count = median_of_known(view)
    # the median resists shifts and outages, the clipped mean square is nearly as precise as the plain one
    squared = np.nansum(np.minimum(view, 3.0 * 1.4826 * middle[:, :, None]) ** 2, axis=2)
    return np.sqrt(squared / np.where(count > 0, count, np.nan)), count


def _trailing_median(values: Floats, days: int, least: int, every: int = 1) -> Floats:
    """Median of the ``days`` before each day (or one in ``every`` days); NaN with fewer than ``least`` known."""
    padded = np.pad(values, ((0, 0), (days, 0)), constant_values=np.nan)
    middle, count = median_of_known(sliding_window_view(padded, days, axis=1)[:, : values.shape[1] : every])
    middle[count < least] = np.nan
    return middle


def median_of_known(values: Floats) -> tuple[Floats, Floats]:
    """Median over the last axis without NaN (NaN where nothing is known), and the number known."""
    ordered = np.sort(values, axis=-1)
    count = (~np.isnan(values)).sum(axis=-1)
    low, high = np.maximum((count - 1) // 2, 0), np.minimum(count // 2, values.shape[-1] - 1)
    below = np.take_along_axis(ordered, low[..., None], axis=-1)[..., 0]
    above = np.take_along_axis(ordered, high[..., None], axis=-1)[..., 0]
    return (below + above) / 2.0, count.astype(np.float64)
