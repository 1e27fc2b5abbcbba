"""The scan: for every series and day, whether the last 7, 14 or 28 days lie below the 28 days before them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from transforms.drops.daily_visibility import Floats, VisibilitySeries
from transforms.drops.noise import Noise, NoiseParams, block_of, measure_drift, measure_noise, median_of_known

Ints = NDArray[np.int64]

CHUNK = 250
"""Series looked at together: some 60 MB of arrays at a time, whatever the number of sites."""

DEPTH_MARGIN = 0.8
"""How near to the least depth a window's mean must come; the depth itself is judged by medians at the end."""


@dataclass(frozen=True, kw_only=True)
class ShiftParams:
    """What is looked for."""

    before_days: int = 28
    """Days of the old level: four whole weeks, so that weekdays cancel even where their pattern is not known yet."""

    after_days: tuple[int, ...] = (28, 14, 7)
    """Days of the new level: four weeks for what is small, two for what is clear (the persistence asked for), one only
    for what is severe (marked provisional)."""

    least_known: int = 4
    """Fewest known days in each window; a tracker that checks weekly has four in 28 days."""

    least_depth: float = 0.15
    """Smallest share lost: below it, seasons and result pages move sites from month to month."""

    least_deviations: float = 3.0
    """Smallest shift in standard errors of the difference of the two windows (robust, autocorrelation respected)."""

    severe_depth: float = 0.5
    """Share lost from which one week is enough to say so, provisionally."""

    slope_error: float = 1.0
    """Standard errors by which an earlier decline is taken to be smaller than it looks before it is carried on:
    a decline that goes on as before is drift, not a shift."""

    clip_deviations: float = 4.0
    """Standard deviations beyond the two levels at which days are clipped before a step and a line are compared."""

    line_margin: float = 4.0
    """How much better (in noise variances) a straight line must fit the windows than a step before the fall counts as
    gradual and is left out: the 95 % point of a comparison of two fits."""


@dataclass(frozen=True)
class Shifts:
    """Days on which a shift is seen, sorted by series, last day and window.

    ``row`` and ``column`` the series and the last day known; ``window`` days after the shift; ``p`` nominal.
    ``raw`` the weekday-free log visibility (series × days); ``sd`` the latest daily noise of each series;
    ``is_tested`` series × days.
    """

    row: Ints
    column: Ints
    window: Ints
    p: Floats
    raw: Floats
    sd: Floats
    is_tested: NDArray[np.bool_]


@dataclass(frozen=True)
class _Means:
    """Running sums of one chunk, to give the mean of any window and how well it is known."""

    known: Floats
    clipped: Floats
    raw: Floats

    def of(self, values: Floats, start: Ints, stop: Ints) -> tuple[Floats, Floats]:
        """Means over columns ``start`` to ``stop`` - 1 and the number of known days in them."""
        count = self.known[:, stop] - self.known[:, start]
        return (values[:, stop] - values[:, start]) / np.maximum(count, 1.0), count


def scan_shifts(series: VisibilitySeries, shift_params: ShiftParams, noise_params: NoiseParams) -> Shifts:
    """Every series-day with a fall at least as deep and as sure as asked for; past only."""
    size, width = series.visibility.shape
    raw, is_tested = np.full((size, width), np.nan), np.zeros((size, width), dtype=bool)
    sd = np.full(size, np.nan)
    alarms = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
    for start in range(0, size, CHUNK):
        rows = slice(start, start + CHUNK)
        noise = measure_noise(series, rows, noise_params)
        raw[rows] = noise.raw
        found, is_tested[rows] = _scan_rows(series, noise, shift_params, noise_params)
        sd[rows] = latest_sd(~np.isnan(noise.raw), noise.sd)
        alarms.extend((row + start, column, window, p) for row, column, window, p in found)
    row, column, window = (np.concatenate([alarm[part] for alarm in alarms]) for part in (0, 1, 2))
    p = np.concatenate([alarm[3] for alarm in alarms])
    untold = series.keys["status"].to_numpy() != "tested"
    is_tested[untold] = False
    kept = np.lexsort((window, column, row))
    kept = kept[~untold[row[kept]]]
    return Shifts(row[kept], column[kept], window[kept], p[kept], raw, sd, is_tested)


def latest_sd(known: NDArray[np.bool_], sd: Floats) -> Floats:
    """The daily noise (``sd``: series × blocks) of each series on its last known day; NaN where there is none."""
    last = known.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    return np.asarray(sd[np.arange(len(last)), block_of(last)])


def list_testable(
    known: NDArray[np.bool_], sd: Floats, tested: int, days: int, params: ShiftParams
) -> NDArray[np.bool_]:
    """Days (series × days) on which the last ``days`` can be compared with those before.

    Both windows must lie within the days laid out and have the least number of known days, the day itself be known and
    not before column ``tested``, and the noise (``sd``: series × blocks) be measured.
    """
    counted = np.concatenate([np.zeros((len(known), 1), dtype=np.int64), known.cumsum(axis=1)], axis=1)
    column = np.arange(known.shape[1])
    stop, middle = column + 1, np.maximum(column + 1 - days, 0)
    after = counted[:, stop] - counted[:, middle]
    before = counted[:, middle] - counted[:, np.maximum(middle - params.before_days, 0)]
    enough = (after >= params.least_known) & (before >= params.least_known) & known & ~np.isnan(sd[:, block_of(column)])
    return np.asarray(enough & (column >= max(tested, days + params.before_days - 1)))


def _scan_rows(
    series: VisibilitySeries, noise: Noise, params: ShiftParams, noise_params: NoiseParams
) -> tuple[list[tuple[Ints, Ints, Ints, Floats]], NDArray[np.bool_]]:
    """Alarms (row, column, window, p) of one chunk, per window length, and the days it could be tested on."""
    size, width = noise.level.shape
    zero = np.zeros((size, 1))
    known = ~np.isnan(noise.level)
    means = _Means(
        *(
            np.concatenate([zero, values.cumsum(axis=1)], axis=1)
            for values in (known.astype(np.float64), np.nan_to_num(noise.level), np.nan_to_num(noise.raw))
        )
    )
    block = block_of(np.arange(width))
    sd, autocorrelation = noise.sd[:, block], noise.autocorrelation[:, block]
    month, month_variance = _compare(means, sd, autocorrelation, params, params.before_days)[:2]
    drift = measure_drift(month, month_variance, noise_params)[:, block]
    is_tested = np.zeros((size, width), dtype=bool)
    found = []
    column = np.arange(width)
    for days in params.after_days:
        shift, variance, raw_shift, before = _compare(means, sd, autocorrelation, params, days)
        reach = (days + params.before_days) / (2.0 * params.before_days)
        boundary = np.maximum(column - days, 0)
        slope = month[:, boundary] + params.slope_error * np.sqrt(month_variance[:, boundary])
        going_on = np.minimum(np.nan_to_num(slope), 0.0) * reach
        with np.errstate(invalid="ignore"):
            z = (shift - going_on) / np.sqrt(variance + drift * reach**2)
        testable = list_testable(known, noise.sd, series.tested, days, params)
        is_tested |= testable
        least = params.severe_depth if days == min(params.after_days) else params.least_depth
        deep = np.where(testable, raw_shift, 0.0) <= DEPTH_MARGIN * np.log1p(-least)
        low = testable & deep & (z <= -params.least_deviations) & (before >= np.log(2.0))
        row, at = np.nonzero(low)
        sudden = _is_step(noise, row, at, days, params)
        row, at = row[sudden], at[sudden]
        found.append((row, at, np.full(len(row), days), ndtr(z[row, at])))
    return found, is_tested


def _compare(
    means: _Means, sd: Floats, autocorrelation: Floats, params: ShiftParams, days: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Shift of the last ``days`` days against those before, its noise variance, the unclipped shift, the old level.

    The variance of a mean of n days with correlation r from one known day to the next is sd² / n × (1 + r) / (1 - r).
    """
    stop = np.arange(sd.shape[1]) + 1
    middle = np.maximum(stop - days, 0)
    start = np.maximum(middle - params.before_days, 0)
    after, after_count = means.of(means.clipped, middle, stop)
    before, before_count = means.of(means.clipped, start, middle)
    raw = means.of(means.raw, middle, stop)[0] - means.of(means.raw, start, middle)[0]
    variance = np.zeros_like(sd)
    for count, length in ((after_count, days), (before_count, params.before_days)):
        r = autocorrelation ** (length / np.maximum(count, 1.0))
        variance += sd**2 / np.maximum(count, 1.0) * (1.0 + r) / (1.0 - r)
    short = (after_count < params.least_known) | (before_count < params.least_known)
    short |= (stop < days + params.before_days)[None, :]
    shift = np.where(short, np.nan, after - before)
    return shift, variance, raw, before


def _is_step(noise: Noise, row: Ints, column: Ints, days: int, params: ShiftParams) -> NDArray[np.bool_]:
    """Whether a step describes both windows about as well as a straight line does; False for a gradual decline."""
    if not len(row):
        return np.zeros(0, dtype=bool)
    length = params.before_days + days
    offset = np.arange(length) - length + 1
    values = noise.raw[row[:, None], column[:, None] + offset]
    block = block_of(column)
    sd, r = noise.sd[row, block], noise.autocorrelation[row, block]
    values = clip_between(values, offset > -days, sd, params.clip_deviations)
    known = ~np.isnan(values)
    values, count = np.nan_to_num(values), known.sum(axis=1)
    after = known & (offset > -days)
    before = known & ~after
    step = sum((values * part).sum(axis=1) ** 2 / np.maximum(part.sum(axis=1), 1) for part in (after, before))
    centre = np.where(known, offset - (offset * known).sum(axis=1, keepdims=True) / count[:, None], 0.0)
    line = values.sum(axis=1) ** 2 / count + (values * centre).sum(axis=1) ** 2 / np.maximum(
        (centre**2).sum(axis=1), 1e-9
    )
    return np.asarray(line - step <= params.line_margin * sd**2 * (1.0 + r) / (1.0 - r))


def clip_between(values: Floats, is_after: NDArray[np.bool_], sd: Floats, deviations: float) -> Floats:
    """Clip rows of log visibility to ``deviations`` × ``sd`` beyond the medians of the parts before and after a shift.

    A day of outage then weighs no more than an ordinary bad day, whichever side it lies on.
    """
    before, after = (median_of_known(np.where(part, values, np.nan))[0] for part in (~is_after, is_after))
    low, high = np.fmin(before, after) - deviations * sd, np.fmax(before, after) + deviations * sd
    return np.asarray(np.clip(values, low[:, None], high[:, None]))
