"""How much a series moves anyway: by weekday, from day to day, and from month to month.

Everything is past only: what is used to judge a day comes from whole weeks (or four-week blocks) before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from transforms.drops.daily_visibility import BLOCK, WEEK, Floats, VisibilitySeries


@dataclass(frozen=True, kw_only=True)
class NoiseParams:
    """How noise is measured."""

    weekday_weeks: int = 26
    """Weeks whose weekday pattern is averaged."""

    weekday_prior_weeks: float = 2.0
    """Weeks of an even pattern assumed before any is seen."""

    noise_blocks: int = 13
    """Blocks of 28 days of differences from which noise is measured: a year, for a correlation known to .06."""

    prior_autocorrelation: float = 0.35
    """Correlation of neighbouring days assumed at first: daily clicks measure .09 to .56."""

    prior_days: float = 30.0
    """Weight of that assumption, in days: sites differ by .15, which is what so many days tell."""

    doubt: float = 0.12
    """How uncertain the variance of a mean is after a year for uncorrelated days, as a share of it (simulated)."""

    correlation_doubt: float = 0.16
    """What the doubt about the correlation r adds to that, times 1 / (1 - r²) (simulated: .26 of it in all at .6)."""

    most_autocorrelation: float = 0.8
    """Above this, day-to-day noise cannot be told from drift, which is measured by itself."""

    least_sd: float = 0.02
    """Floor of the daily standard deviation (log): rounding in trackers."""

    prior_drift: float = 0.03
    """Month-to-month movement (log) of a quiet site assumed at first, beside the noise."""

    clip_deviations: float = 4.0
    """Standard deviations beyond the usual level of the weeks before at which a day is clipped: an outage of some days
    does not look like a lower level, a lasting fall shows in full from its third week."""

    follows_share: float = 0.85
    """A series follows the other sites of its provider, and their movement is taken out of it, when that leaves at most
    this share of the variance of its week-on-week differences: below it, chance alone seldom goes in 100 days."""


@dataclass(frozen=True)
class Noise:
    """Log visibility and its day-to-day noise.

    ``level`` weekday taken out, clipped (series × days, NaN = unknown); ``raw`` the same unclipped;
    ``sd`` of a day, ``autocorrelation`` of neighbouring days, ``doubt`` about the variance of a mean (its own relative
    variance), ``follows`` the other sites or not (series × blocks).
    """

    level: Floats
    raw: Floats
    sd: Floats
    autocorrelation: Floats
    doubt: Floats
    follows: NDArray[np.bool_]


@dataclass(frozen=True)
class CommonMoves:
    """Median day-on-day and week-on-week difference of a provider's sites, a row per series it is taken out of."""

    daily: Floats
    weekly: Floats


def log_visibility(series: VisibilitySeries, params: NoiseParams) -> tuple[Floats, Floats]:
    """Log of visibility, and the same without its weekday pattern."""
    logs = np.log1p(series.visibility)
    return logs, logs - _weekday_effects(logs, params)


def differences(values: Floats, days: int) -> Floats:
    """Each day less the day ``days`` before it; NaN where either is unknown."""
    gap = np.full_like(values, np.nan)
    np.subtract(values[:, days:], values[:, :-days], out=gap[:, days:])
    return gap


def measure_noise(series: VisibilitySeries, params: NoiseParams, common: CommonMoves | None = None) -> Noise:
    """Weekday-free log visibility and its day-to-day noise; ``common`` is what the other sites did, where there are."""
    logs, raw = log_visibility(series, params)
    scales = [_trailing_squares(differences(values, days), params) for values, days in ((logs, WEEK), (raw, 1))]
    (weekly, count), (daily, daily_count) = scales
    follows = np.zeros(weekly.shape, dtype=np.bool_)
    if common is not None:
        own_weekly, own_count = _trailing_squares(differences(logs, WEEK) - common.weekly, params)
        follows = (own_count >= 4 * BLOCK) & (own_weekly <= params.follows_share * weekly)
        if follows.any():
            own_daily, _ = _trailing_squares(differences(raw, 1) - common.daily, params)
            weekly, daily = np.where(follows, own_weekly, weekly), np.where(follows, own_daily, daily)
    sd = _daily_sd(series, logs, weekly, count, params)
    # the weekday pattern is itself a mean of so many weeks, which adds to what neighbouring days differ
    daily = daily / (1.0 + 1.0 / params.weekday_weeks)
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.clip(1.0 - daily / weekly, 0.0, params.most_autocorrelation)
        own += daily / weekly * own**WEEK  # days a week apart are still correlated a little
    own = np.where(np.isfinite(own), own, params.prior_autocorrelation)
    used, prior = np.minimum(count, daily_count), params.prior_days
    autocorrelation = (used * own + prior * params.prior_autocorrelation) / (used + prior)
    doubt = params.doubt**2 + (params.correlation_doubt / (1.0 - autocorrelation**2)) ** 2
    doubt *= params.noise_blocks * BLOCK / (used + prior)
    return Noise(clip_days(raw, sd, params), raw, sd, autocorrelation, doubt, follows)


def measure_sd(series: VisibilitySeries, params: NoiseParams) -> tuple[Floats, Floats]:
    """The daily standard deviation alone (series × blocks), where no other sites are followed, and the log."""
    logs = np.log1p(series.visibility)
    weekly, count = _trailing_squares(differences(logs, WEEK), params)
    return _daily_sd(series, logs, weekly, count, params), logs


def measure_drift(shift: Floats, noise_variance: Floats, params: NoiseParams) -> Floats:
    """Month-to-month movement beyond noise, as a variance (series × blocks), from 28-day shifts of the past year.

    ``shift`` is the difference of the means of two adjoining 28-day windows by its last day, taken once a week;
    ``noise_variance`` (series × blocks) what day-to-day noise lets it vary. Shifts of the last 56 days are left out,
    for they hold the one being judged. What was seen weighs against the assumption by how well it is known: a noisy
    series cannot show a small drift, and is taken for a quiet site.
    """
    per_block = BLOCK // WEEK
    before, recent = 13 * per_block, 2 * per_block
    padded = np.pad(np.abs(shift), ((0, 0), (before, 0)), constant_values=np.nan)
    view = sliding_window_view(padded, before - recent, axis=1)[:, : shift.shape[1] : per_block]
    middle, count = median_of_known(view)
    own = np.maximum((1.4826 * np.nan_to_num(middle)) ** 2 - noise_variance, 0.0)
    # a median of n/4 independent months is known to 2.3 / sqrt(n/4) of its square; sites differ by about the assumption
    usual = params.prior_drift**2
    error = (noise_variance + own + usual) * 2.3 / np.sqrt(np.maximum(count / per_block, 0.25))
    weight = (own + usual) ** 2 / ((own + usual) ** 2 + error**2)
    return np.asarray(np.where(count > 0, weight * own + (1.0 - weight) * usual, usual))


def _daily_sd(series: VisibilitySeries, logs: Floats, weekly: Floats, count: Floats, params: NoiseParams) -> Floats:
    """Deviation of a day from the mean square of 7-day differences; NaN with fewer than 14 of them.

    Clicks are counts and never vary less than Poisson's law at the level of the block before.
    """
    middle = np.full(weekly.shape, np.nan)
    counted = np.flatnonzero(series.is_counted)
    middle[counted, 1:] = median_of_known(logs[counted].reshape(len(counted), logs.shape[1] // BLOCK, BLOCK))[0][:, :-1]
    # where the median is no click, there still are some: half a click keeps the floor where it is at one
    level = np.maximum(np.expm1(np.nan_to_num(middle)), 0.5)
    floor = np.where(series.is_counted[:, None], np.sqrt(level) / (1.0 + level), 0.0)
    sd = np.maximum(np.sqrt(weekly / 2.0), np.maximum(floor, params.least_sd))
    sd[count < 2 * WEEK] = np.nan
    return np.asarray(sd)


def _weekday_effects(logs: Floats, params: NoiseParams) -> Floats:
    """Mean deviation of each weekday from its week's median, over the weeks before; 0 at first."""
    size, width = logs.shape
    by_week = logs.reshape(size, width // WEEK, WEEK)
    middle, count = median_of_known(by_week)
    gap = np.clip(by_week - np.where(count >= 5, middle, np.nan)[:, :, None], -2.0, 2.0)
    known = ~np.isnan(gap)

    def trailing(values: NDArray[np.generic]) -> Floats:
        summed = np.zeros((size, width // WEEK + 1, WEEK))
        np.cumsum(values, axis=1, out=summed[:, 1:])
        weeks = params.weekday_weeks
        total = summed[:, :-1].copy()
        total[:, weeks:] -= summed[:, : -1 - weeks]
        return total

    effect = trailing(np.where(known, gap, 0.0)) / (trailing(known) + params.weekday_prior_weeks)
    return np.asarray((effect - effect.mean(axis=2, keepdims=True)).reshape(size, width))


def _trailing_squares(gaps: Floats, params: NoiseParams) -> tuple[Floats, Floats]:
    """Clipped mean square of differences over the blocks before each block, and how many there are.

    A day counts at most three robust deviations, which come from the medians of its own and the earlier blocks: shifts
    and outages are few among them, and the clipped mean square is nearly as precise as the plain one.
    """
    size = np.abs(gaps).reshape(len(gaps), gaps.shape[1] // BLOCK, BLOCK).astype(np.float32)
    ordered = np.sort(size, axis=2)
    count = (~np.isnan(ordered)).sum(axis=2)
    middle = np.where(count > 0, _middle_of_sorted(ordered, count), 0.0)
    weight = _sum_back(count * 1.0, params.noise_blocks, including=True)
    scale = _sum_back(middle * count, params.noise_blocks, including=True) / np.maximum(weight, 1.0)
    clipped = np.fmin(ordered, (3.0 * 1.4826 * scale)[:, :, None].astype(np.float32))
    clipped[np.isnan(ordered)] = 0.0
    squares = np.einsum("ijk,ijk->ij", clipped, clipped).astype(np.float64)
    seen = _sum_back(count * 1.0, params.noise_blocks, including=False)
    mean = _sum_back(squares, params.noise_blocks, including=False) / np.maximum(seen, 1.0)
    return np.where(seen > 0, mean, np.nan), seen


def _sum_back(by_block: Floats, blocks: int, *, including: bool) -> Floats:
    """Sum over the ``blocks`` before each block; or over it and those before."""
    summed = np.zeros((len(by_block), by_block.shape[1] + 1))
    np.cumsum(by_block, axis=1, out=summed[:, 1:])
    total = summed[:, 1:].copy() if including else summed[:, :-1].copy()
    total[:, blocks:] -= summed[:, : total.shape[1] - blocks]
    return total


def clip_days(raw: Floats, sd: Floats, params: NoiseParams) -> Floats:
    """Each day within so many deviations of the usual levels of the weeks before: of four weeks, and of three."""
    weekly = median_of_known(raw.reshape(len(raw), raw.shape[1] // WEEK, WEEK))[0]
    a, b, c, d = (np.pad(weekly[:, :-back], ((0, 0), (back, 0)), constant_values=np.nan) for back in (1, 2, 3, 4))
    newer = np.maximum(np.minimum(a, b), np.minimum(np.maximum(a, b), c))  # the median of three; NaN with one unknown
    highest, lowest = np.maximum(np.maximum(a, b), np.maximum(c, d)), np.minimum(np.minimum(a, b), np.minimum(c, d))
    older = (a + b + c + d - highest - lowest) / 2.0  # the median of four
    width = np.repeat(params.clip_deviations * sd, BLOCK // WEEK, axis=1)
    low, high = np.fmin(older, newer) - width, np.fmax(older, newer) + width
    # an unknown bound is none; an unknown day stays unknown
    low, high = (np.where(np.isnan(bound), far, bound) for bound, far in ((low, -np.inf), (high, np.inf)))
    by_week = raw.reshape(*weekly.shape, WEEK)
    return np.asarray(np.clip(by_week, low[:, :, None], high[:, :, None]).reshape(raw.shape))


def median_of_known(values: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Median over the last axis without NaN (NaN where nothing is known), and the number known."""
    ordered = np.sort(values, axis=-1)
    count = (~np.isnan(ordered)).sum(axis=-1)
    return _middle_of_sorted(ordered, count), count


def _middle_of_sorted(ordered: NDArray[np.floating], count: NDArray[np.int64]) -> Floats:
    """Mean of the middle value or values of each sorted row, NaN last."""
    low, high = np.maximum((count - 1) // 2, 0), np.minimum(count // 2, ordered.shape[-1] - 1)
    below = np.take_along_axis(ordered, low[..., None], axis=-1)[..., 0]
    above = np.take_along_axis(ordered, high[..., None], axis=-1)[..., 0]
    return np.asarray((below + above) / 2.0, dtype=np.float64)
