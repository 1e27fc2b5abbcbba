"""The scan: for every series and day, whether the last 7, 14, 28 or 56 days lie below the 84 days before them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtr

from transforms.drops.daily_visibility import BLOCK, WEEK, Floats, Ints, VisibilitySeries
from transforms.drops.noise import Noise, NoiseParams, measure_drift
from transforms.drops.steps import PENALTY, Moments, is_step
from transforms.drops.windows import (
    Sums,
    drift_share,
    ends_of,
    month_shifts,
    shift_of,
    variance_of_mean,
    variance_of_some,
)


@dataclass(frozen=True, kw_only=True)
class ShiftParams:
    """What is looked for."""

    before_days: int = 84
    """Days of the old level: whole weeks, so that weekdays cancel even where their pattern is not known yet; twelve of
    them, so that what is known of the old level hardly adds to the doubt about the new one."""

    after_days: tuple[int, ...] = (56, 28, 14, 7)
    """Days of the new level: eight weeks for what is small, two for what is clear (the persistence asked for), one only
    for what is severe or confirmed by the other sites."""

    least_known: int = 4
    """Fewest known days in each window, and in the last 28 of the old level; a weekly tracker has four in 28 days."""

    least_depth: float = 0.12
    """Smallest share lost: what a fall of 20 %, the least one that is worth a person's time, can look like within the
    noise and drift of a steady site; seasons and result pages move sites by less from month to month."""

    least_week_depth: float = 0.3
    """Smallest share lost for one week to say so."""

    depth_margin: float = 0.8
    """How near to the least depth a window's mean must come; the depth itself is judged by the levels at the end."""

    most_p: float = 0.0045
    """Largest nominal p that is an alarm: a little more than a site's own rate lists, which the calibrated chance
    decides."""

    slope_error: float = 1.0
    """Standard errors by which an earlier decline is taken to be smaller than it looks before it is carried on:
    a decline that goes on as before is drift, not a shift."""

    line_margin: float = 4.0
    """How much better (in noise variances) a straight line must fit the windows than a step before the fall counts as
    gradual and is left out: the 95 % point of a comparison of two fits."""


@dataclass(frozen=True)
class Shifts:
    """Days on which a shift is seen, sorted by series, last day and window.

    ``row`` and ``column`` the series and the last day known; ``window`` days after the shift; ``p`` nominal.
    ``drift`` month-to-month variance (series × blocks); ``is_tested`` series × days.
    """

    row: Ints
    column: Ints
    window: Ints
    p: Floats
    drift: Floats
    is_tested: NDArray[np.bool_]


@dataclass(frozen=True)
class CommonShifts:
    """What the other sites of each series' provider did, in the median; 0 where there are none.

    ``shifts`` by window, series × days from the first tested block on; ``months`` series × weeks.
    """

    shifts: dict[int, Floats]
    months: Floats


def scan_shifts(
    series: VisibilitySeries,
    noise: Noise,
    sums: Sums,
    params: ShiftParams,
    noise_params: NoiseParams,
    common: CommonShifts | None = None,
) -> Shifts:
    """Every series-day with a fall at least as deep and as sure as asked for; past only."""
    size, width = noise.level.shape
    first = series.tested // BLOCK * BLOCK
    drift = _month_drift(noise, sums, noise_params, common)
    testable = list_testable(sums.known, noise.sd, series, params)
    is_tested = np.zeros((size, width), dtype=np.bool_)
    follows = noise.follows[:, first // BLOCK :, None]
    alarms = []
    for days in params.after_days:
        shift = _by_block(shift_of(sums, first, days, params.before_days)[0])
        if common is not None and follows.any():
            shift = shift - np.where(follows, _by_block(common.shifts[days]), 0.0)
        low = shift <= _largest_shift(noise, drift, days, params)[:, first // BLOCK :, None]
        is_tested[:, first:] |= testable[days]
        row, at = np.nonzero(low.reshape(size, -1) & testable[days])
        p = _weigh(noise, sums, drift, row, at + first, shift.reshape(size, -1)[row, at], days, params)
        kept = (p <= params.most_p) & (series.status == "tested")[row]
        alarms.append((row[kept], at[kept] + first, np.full(kept.sum(), days), p[kept]))
    is_tested[series.status != "tested"] = False
    row, column, window, p = (np.concatenate([alarm[part] for alarm in alarms]) for part in range(4))
    kept = np.flatnonzero(_are_steps(noise, row, column, window, params))
    kept = kept[np.lexsort((window[kept], column[kept], row[kept]))]
    return Shifts(row[kept], column[kept], window[kept], p[kept], drift, is_tested)


def _largest_shift(noise: Noise, drift: Floats, days: int, params: ShiftParams) -> Floats:
    """The least fall that can be an alarm (series × blocks): with every day known, and normal tails."""
    r, length = noise.autocorrelation, params.before_days
    variance = noise.sd**2 * (variance_of_mean(r, days) + variance_of_mean(r, length))
    bound = ndtri(min(params.most_p * days / BLOCK, 0.5))
    return np.asarray(bound * np.sqrt(variance + drift * drift_share(length, days)))


def _weigh(
    noise: Noise, sums: Sums, drift: Floats, row: Ints, column: Ints, shift: Floats, days: int, params: ShiftParams
) -> Floats:
    """Nominal p of falls seen on some days; 1 where the fall is not deep enough, or only a decline that goes on."""
    length, half, block = params.before_days, params.before_days // 2, column // BLOCK
    edges = [column + 1 - back for back in (0, days, days + half, days + length)]
    known, level, raw = ([part[row, edge] for edge in edges] for part in (sums.known, sums.level, sums.raw))
    after_count, before_count = (np.maximum(known[a] - known[b], 1.0) for a, b in ((0, 1), (1, 3)))
    newer, older = known[1] - known[2], known[2] - known[3]
    before = (level[1] - level[3]) / before_count
    raw_shift = (raw[0] - raw[1]) / after_count - (raw[1] - raw[3]) / before_count
    # what the other sites did is no fall of this one
    raw_shift += shift - ((level[0] - level[1]) / after_count - before)
    sd, r = noise.sd[row, block], noise.autocorrelation[row, block]
    # days known of a young series stand together
    is_young = _first_known(sums.known)[row] > column - days - length + 1
    old = variance_of_some(variance_of_mean(r, length), length, before_count)
    old = np.where(is_young, variance_of_some(variance_of_mean(r, BLOCK), BLOCK, before_count), old)
    variance = sd**2 * (variance_of_some(variance_of_mean(r, days), days, after_count) + old)
    total = variance + drift[row, block] * drift_share(length, days)
    slope = (level[1] - level[2]) / np.maximum(newer, 1.0) - (level[2] - level[3]) / np.maximum(older, 1.0)
    slope += params.slope_error * sd * np.sqrt(2.0 * variance_of_mean(r, half))
    is_slope = (newer >= params.least_known) & (older >= params.least_known)
    going_on = np.where(is_slope, np.minimum(slope, 0.0), 0.0) * ((days + length) / length)
    # the noise is not known exactly: Student's t with the degrees of freedom that its doubt stands for
    freedom = 2.0 / np.maximum(noise.doubt[row, block] * (variance / total) ** 2, 1e-4)
    # a shorter window has as many more chances
    p = stdtr(freedom, (shift - going_on) / np.sqrt(total)) * BLOCK / days
    least = params.least_week_depth if days == WEEK else params.least_depth
    deep = (raw_shift <= params.depth_margin * np.log1p(-least)) & (before >= np.log(2.0))
    return np.where(deep, np.minimum(p, 1.0), 1.0)


def list_testable(
    known: Floats, sd: Floats, series: VisibilitySeries, params: ShiftParams
) -> dict[int, NDArray[np.bool_]]:
    """Days from the first tested block on which each window can be compared with the days before (series × days).

    Both windows must have the least number of known days (``known``: running sums), the series have begun 28 days
    before the shift, the day itself be known and not before the first tested one, and the noise (``sd``: series ×
    blocks) be measured.
    """
    first = series.tested // BLOCK * BLOCK
    today = ends_of(known, first, 0)
    can = (today > ends_of(known, first, 1)) & np.repeat(~np.isnan(sd[:, first // BLOCK :]), BLOCK, axis=1)
    can[:, : series.tested - first] = False
    testable = {}
    for days in params.after_days:
        middle = ends_of(known, first, days)
        oldest = ends_of(known, first, days + BLOCK)
        old = (middle - oldest >= params.least_known) & (ends_of(known, first, days + BLOCK - 1) > 0)
        testable[days] = can & (today - middle >= params.least_known) & old
    return testable


def _month_drift(noise: Noise, sums: Sums, noise_params: NoiseParams, common: CommonShifts | None) -> Floats:
    """Month-to-month variance beyond noise (series × blocks)."""
    shift = month_shifts(sums)
    if common is not None:
        shift = shift - np.where(np.repeat(noise.follows, BLOCK // WEEK, axis=1), common.months, 0.0)
    return measure_drift(shift, noise.sd**2 * 2.0 * variance_of_mean(noise.autocorrelation, BLOCK), noise_params)


def _are_steps(noise: Noise, row: Ints, column: Ints, window: Ints, params: ShiftParams) -> NDArray[np.bool_]:
    """Whether a step describes both windows about as well as a straight line does, or stands out beside it."""
    rows, at = np.unique(row, return_inverse=True)
    level = noise.level[rows]
    known = ~np.isnan(level)
    values, day = np.where(known, level, 0.0), np.arange(level.shape[1], dtype=np.float64)
    summed = []
    for part in (known, values, known * day, known * day**2, values * day):
        total = np.zeros((len(rows), level.shape[1] + 1))
        np.cumsum(part, axis=1, out=total[:, 1:])
        summed.append(total)
    stop = column + 1
    middle = stop - window
    start = middle - params.before_days
    before = Moments(*(total[at, middle] - total[at, start] for total in summed))
    after = Moments(*(total[at, stop] - total[at, middle] for total in summed))
    block = column // BLOCK
    sd, r = noise.sd[row, block], noise.autocorrelation[row, block]
    unit = sd**2 * (1.0 + r) / (1.0 - r)
    penalty = PENALTY * np.log(np.maximum(before.count + after.count, 2.0))
    return is_step(before, after, params.line_margin * unit, penalty * unit)


def _first_known(known: Floats) -> Ints:
    """Column of the first known day of each series."""
    return np.asarray((known[:, 1:] > 0).argmax(axis=1))


def _by_block(values: NDArray[np.generic]) -> Floats:
    """Series × days as series × blocks × days of the block."""
    return np.asarray(values.reshape(len(values), values.shape[1] // BLOCK, BLOCK))
