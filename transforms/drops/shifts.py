"""The scan: for every series and day, whether the last 7, 14, 28 or 56 days lie below the 84 days before them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtr

from transforms.drops.daily_visibility import BLOCK, WEEK, Floats, Ints, VisibilitySeries
from transforms.drops.noise import Noise, NoiseParams, measure_drift
from transforms.drops.steps import PENALTY, Moments, is_step

HALF = 2


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

    most_p: float = 0.02
    """Largest nominal p that is an alarm; what is listed is decided by its calibrated chance."""

    slope_error: float = 1.0
    """Standard errors by which an earlier decline is taken to be smaller than it looks before it is carried on:
    a decline that goes on as before is drift, not a shift."""

    line_margin: float = 4.0
    """How much better (in noise variances) a straight line must fit the windows than a step before the fall counts as
    gradual and is left out: the 95 % point of a comparison of two fits."""


@dataclass(frozen=True)
class Sums:
    """Running sums of some series by day, one column more than there are days: any window's mean is a difference."""

    known: Floats
    level: Floats
    raw: Floats

    @classmethod
    def of(cls, noise: Noise) -> Sums:
        """Sums of the clipped and the unclipped level, and of the days known."""
        known = ~np.isnan(noise.level)
        parts = (known, np.where(known, noise.level, 0.0), np.where(known, noise.raw, 0.0))
        summed = []
        for part in parts:
            total = np.zeros((known.shape[0], known.shape[1] + 1))
            np.cumsum(part, axis=1, out=total[:, 1:])
            summed.append(total)
        return cls(*summed)


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


def variance_of_mean(autocorrelation: Floats, days: int) -> Floats:
    """Variance of the mean of ``days`` values of AR(1) noise, in variances of a value."""
    r = autocorrelation
    return np.asarray((1.0 + r) / (1.0 - r) / days - 2.0 * r * (1.0 - r**days) / (days * (1.0 - r)) ** 2)


def variance_of_some(whole: Floats, days: int, known: Floats) -> Floats:
    """The same when only ``known`` of the days are, anywhere among them; ``whole`` is that of all days."""
    shared = (days * whole - 1.0) / (days - 1.0)
    return np.asarray(shared + (1.0 - shared) / np.maximum(known, 1.0))


def drift_share(before_days: int, after_days: int) -> float:
    """Variance that a random walk adds to the difference of two adjoining means, in that of two 28-day means."""
    return (before_days + after_days) / (2.0 * BLOCK)


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
    sd, r = (part[:, first // BLOCK :, None] for part in (noise.sd, noise.autocorrelation))
    follows = noise.follows[:, first // BLOCK :, None]
    drift = _month_drift(noise, sums, noise_params, common)
    testable = list_testable(sums.known, noise.sd, series, params)
    is_tested = np.zeros((size, width), dtype=np.bool_)
    age = np.arange(first, width) - _first_known(sums.known)[:, None]
    alarms = []
    for days in params.after_days:
        shift, raw_shift, level, variance, going_on = _compare(sums, sd, r, age, first, days, params)
        if common is not None and follows.any():
            taken = np.where(follows, _by_block(common.shifts[days]), 0.0)
            shift, raw_shift = shift - taken, raw_shift - taken
        with np.errstate(invalid="ignore", divide="ignore"):
            total = variance + drift[:, first // BLOCK :, None] * drift_share(params.before_days, days)
            z = (shift - going_on) / np.sqrt(total)
        can = testable[days]
        is_tested[:, first:] |= can
        least = params.least_week_depth if days == WEEK else params.least_depth
        bound = ndtri(min(params.most_p * days / BLOCK, 0.5))
        low = (z <= bound) & (raw_shift <= params.depth_margin * np.log1p(-least)) & (level >= np.log(2.0))
        row, at = np.nonzero(low.reshape(size, -1) & can)
        share, z_at = ((part.reshape(size, -1)[row, at]) for part in (variance / total, z))
        # the noise is not known exactly: Student's t with the degrees of freedom that its doubt stands for
        freedom = 2.0 / np.maximum(noise.doubt[row, (at + first) // BLOCK] * share**2, 1e-4)
        # a shorter window has as many more chances
        p = np.minimum(stdtr(freedom, z_at) * BLOCK / days, 1.0)
        alarms.append((row, at + first, np.full(len(row), days), p))
    row, column, window, p = (np.concatenate([alarm[part] for alarm in alarms]) for part in range(4))
    is_tested[series.status != "tested"] = False
    kept = np.flatnonzero((series.status == "tested")[row])
    kept = kept[_are_steps(noise, row[kept], column[kept], window[kept], params)]
    kept = kept[np.lexsort((window[kept], column[kept], row[kept]))]
    return Shifts(row[kept], column[kept], window[kept], p[kept], drift, is_tested)


def list_testable(
    known: Floats, sd: Floats, series: VisibilitySeries, params: ShiftParams
) -> dict[int, NDArray[np.bool_]]:
    """Days from the first tested block on which each window can be compared with the days before (series × days).

    Both windows must have the least number of known days (``known``: running sums), the day itself be known and not
    before the first tested one, and the noise (``sd``: series × blocks) be measured.
    """
    first = series.tested // BLOCK * BLOCK
    today = ends_of(known, first, 0)
    can = (today > ends_of(known, first, 1)) & np.repeat(~np.isnan(sd[:, first // BLOCK :]), BLOCK, axis=1)
    can[:, : series.tested - first] = False
    testable = {}
    for days in params.after_days:
        middle = ends_of(known, first, days)
        old = middle - ends_of(known, first, days + BLOCK) >= params.least_known
        testable[days] = can & (today - middle >= params.least_known) & old
    return testable


def plain_shifts(sums: Sums, first: int, days: int, params: ShiftParams) -> Floats:
    """Mean of the last ``days`` days less that of those before, from column ``first`` on; NaN where too few are known."""
    edges = (0, days, days + params.before_days)
    known = [ends_of(sums.known, first, back) for back in edges]
    level = [ends_of(sums.level, first, back) for back in edges]
    after, before = known[0] - known[1], known[1] - known[2]
    shift = (level[0] - level[1]) / np.maximum(after, 1.0) - (level[1] - level[2]) / np.maximum(before, 1.0)
    shift[(after < params.least_known) | (before < params.least_known)] = np.nan
    return shift


def ends_of(sums: Floats, first: int, back: int) -> Floats:
    """The running sums up to ``back`` days before each day from ``first`` on, that day included."""
    return sums[:, first + 1 - back : sums.shape[1] - back]


def _compare(
    sums: Sums, sd: Floats, r: Floats, age: Ints, first: int, days: int, params: ShiftParams
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Shift of the last ``days`` days, the unclipped shift, the old level, the noise variance, the decline carried on.

    All series × blocks × days of the block.
    """
    length = params.before_days
    half = length // HALF
    known = [ends_of(sums.known, first, back) for back in (0, days, days + half, days + length)]
    level = [ends_of(sums.level, first, back) for back in (0, days, days + half, days + length)]
    raw = [ends_of(sums.raw, first, back) for back in (0, days, days + length)]
    after_count, before_count = (np.maximum(known[a] - known[b], 1.0) for a, b in ((0, 1), (1, 3)))
    before = (level[1] - level[3]) / before_count
    shift = (level[0] - level[1]) / after_count - before
    raw_shift = (raw[0] - raw[1]) / after_count - (raw[1] - raw[2]) / before_count
    newer, older = np.maximum(known[1] - known[2], 1.0), np.maximum(known[2] - known[3], 1.0)
    slope = (level[1] - level[2]) / newer - (level[2] - level[3]) / older
    slope[(newer < params.least_known) | (older < params.least_known)] = 0.0
    old_count = _by_block(before_count)
    old = variance_of_some(variance_of_mean(r, length), length, old_count)
    young = _by_block(age - days + 1 < length)
    if young.any():  # days known of a young series stand together
        old = np.where(young, variance_of_some(variance_of_mean(r, BLOCK), BLOCK, old_count), old)
    variance = sd**2 * (variance_of_some(variance_of_mean(r, days), days, _by_block(after_count)) + old)
    slope_sd = params.slope_error * sd * np.sqrt(2.0 * variance_of_mean(r, half))
    going_on = np.minimum(_by_block(slope) + slope_sd, 0.0) * ((days + length) / (2.0 * half))
    return _by_block(shift), _by_block(raw_shift), _by_block(before), variance, going_on


def _month_drift(noise: Noise, sums: Sums, noise_params: NoiseParams, common: CommonShifts | None) -> Floats:
    """Month-to-month variance beyond noise (series × blocks)."""
    shift = month_shifts(sums)
    if common is not None:
        shift = shift - np.where(np.repeat(noise.follows, BLOCK // WEEK, axis=1), common.months, 0.0)
    return measure_drift(shift, noise.sd**2 * 2.0 * variance_of_mean(noise.autocorrelation, BLOCK), noise_params)


def month_shifts(sums: Sums) -> Floats:
    """Difference of two adjoining 28-day means, once a week (the first day of each); NaN where too few are known."""
    at = np.arange(0, sums.known.shape[1] - 1, WEEK) + 1
    edges = [np.maximum(at - back, 0) for back in (0, BLOCK, 2 * BLOCK)]
    known = [sums.known[:, edge] for edge in edges]
    level = [sums.level[:, edge] for edge in edges]
    after, before = known[0] - known[1], known[1] - known[2]
    shift = (level[0] - level[1]) / np.maximum(after, 1.0) - (level[1] - level[2]) / np.maximum(before, 1.0)
    shift[(after < 4) | (before < 4) | (at < 2 * BLOCK)] = np.nan
    return shift


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
