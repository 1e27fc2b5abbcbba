"""The scan: for every series and day, how unlikely the new domains of the last 1, 3, 7, 14 or 28 days are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammaln

from transforms.surges.baseline import Baselines
from transforms.surges.count_series import CountSeries, Floats, Ints
from transforms.surges.daily_pattern import Pattern
from transforms.surges.pools import Pool, pool_rows, reach_of_spread

_NODES, _SHARES = np.polynomial.hermite_e.hermegauss(5)
_SHARES = _SHARES / _SHARES.sum()

COMMON_P = 0.1
"""p above which the uncertainty of the dispersion changes nothing that matters: ten times what is ever looked at."""

LEAST_SPREAD = 1.01
"""Variance to mean at which a negative binomial is as good as Poisson."""


@dataclass(frozen=True, kw_only=True)
class ScanParams:
    """What is looked for."""

    windows_days: tuple[int, ...] = (1, 3, 7, 14, 28)
    """Window lengths in days: a bought burst falls within 1 or 2 days, a campaign takes weeks; each length is about
    twice the one before, so that no length in between loses much. Where a step is longer, windows of whole steps."""

    running_share: float = 0.25
    """Newest part of a window that must itself lie above expectation: what has ended is not raised again."""

    least_excess: float = 3.0
    """Fewest domains above expectation: fewer than three is not worth a person's time whatever the p-value."""

    least_ratio: float = 2.0
    """Fewest times the expectation: growth below a doubling is within what seasons, survivors and news do."""

    prior_freedom: float = 4.0
    """Weight of the pool's spread against a series' own, in blocks (times the steps of a block for days): series differ
    in spread by a factor of two and more, so a month of a series' own weeks weighs as much as the others."""

    pool_freedom: float = 12.0
    """How well the pool alone tells a series' spread, in blocks: between series its logarithm has a standard deviation
    of .4, as measured, which is how well twelve blocks tell a variance."""

    least_dispersion: float = 1.05
    """Floor of the variance to mean: counts are never more even than chance makes them."""

    def windows(self, step_days: float) -> tuple[int, ...]:
        """Window lengths in steps, without doubles."""
        return tuple(dict.fromkeys(max(1, round(days / step_days)) for days in self.windows_days))


@dataclass(frozen=True)
class Spread:
    """Variance to mean of steps and of block sums, per series and block, and the steps or blocks that tell.

    ``step`` is the number of steps in a block; ``persistence`` the correlation of neighbouring blocks; ``level`` the
    variance of the log of the level.
    """

    daily: Floats
    weekly: Floats
    known_days: Floats
    known_blocks: Floats
    persistence: Floats
    level: Floats
    step: int


@dataclass(frozen=True)
class Scan:
    """Per series and step.

    ``p``         combined upper-tail p of the windows ending there, before calibration; 1 where nothing is up
    ``window``    the window that shows it clearest, steps
    ``expected``  expected new domains of that step
    ``is_tested`` the step could be tested
    """

    p: Floats
    window: Ints
    expected: Floats
    is_tested: NDArray[np.bool_]


def measure_spread(
    series: CountSeries, baselines: Baselines, pattern: Pattern, pools: Mapping[str, Pool], params: ScanParams
) -> Spread:
    """Each series' own spread, shrunk to its pool's."""
    reach = reach_of_spread(baselines.level, series.step_days)
    daily, weekly = (1.0 + reach * pool_rows(series, pools, part) for part in ("daily", "weekly"))
    pull = params.prior_freedom
    own = (baselines.spread + pull * weekly) / (baselines.freedom + pull)
    days = pull * series.block
    steps = (pattern.spread + days * daily) / (pattern.freedom + days)
    floor = params.least_dispersion
    persistence = pool_rows(series, pools, "persistence")
    return Spread(
        daily=np.maximum(steps, floor),
        weekly=np.maximum(own, floor),
        known_days=pattern.freedom + params.pool_freedom * series.block,
        known_blocks=baselines.freedom + params.pool_freedom,
        persistence=persistence,
        level=baselines.variance,
        step=series.block,
    )


def window_dispersion(spread: Spread, row: Ints, block: Ints, length: int, mean: Floats) -> tuple[Floats, Floats]:
    """Variance to mean of sums over ``length`` steps that begin in ``block``, and the freedom it is known with.

    Neighbouring days and weeks go together, and the level itself is uncertain: both widen the test.
    """
    weekly, freedom = spread.weekly[row, block], spread.known_blocks[row, block]
    if length < spread.step:
        share = np.log(length) / np.log(spread.step)
        total = spread.daily[row, block] ** (1.0 - share) * weekly**share
        freedom = spread.known_days[row, block] ** (1.0 - share) * freedom**share
    else:
        blocks = max(1, length // spread.step)
        lags = np.arange(1, blocks)
        together = ((1 - lags / blocks) * spread.persistence[row, block][:, None] ** lags).sum(axis=1)
        total = weekly * (1.0 + 2.0 * together)
    return np.asarray(total + mean * spread.level[row, block]), np.asarray(freedom)


def upper_mid_p(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """P(X > count) + P(X = count) / 2 for a negative binomial with that mean and variance = dispersion × mean."""
    size = mean / (dispersion - 1.0)
    share = 1.0 - 1.0 / dispersion
    return np.asarray(betainc(np.maximum(count, 1e-9), size, share) - 0.5 * _point(count, size, dispersion))


def _point(count: Floats, size: Floats, dispersion: Floats) -> Floats:
    """P(X = count) of a negative binomial of that size and variance to mean."""
    log_ways = gammaln(count + size) - gammaln(size) - gammaln(count + 1.0)
    return np.asarray(np.exp(log_ways - size * np.log(dispersion) + count * np.log(1.0 - 1.0 / dispersion)))


def predictive_p(count: Floats, mean: Floats, dispersion: Floats, freedom: Floats) -> Floats:
    """Upper mid-p averaged over what the dispersion may be: log-normal with the variance of a chi-square's log.

    Where the middle dispersion gives more than :data:`COMMON_P` the average is not worked out: it is as common there.
    """
    p = upper_mid_p(count, mean, np.maximum(dispersion, LEAST_SPREAD))
    rare = np.flatnonzero(p <= COMMON_P)
    deviation = np.sqrt(2.0 / freedom[rare])[:, None]
    possible = np.maximum(dispersion[rare, None] * np.exp(deviation * _NODES - deviation**2 / 2), LEAST_SPREAD)
    p[rare] = upper_mid_p(count[rare, None], mean[rare, None], possible) @ _SHARES
    return p


def least_p(count: Floats, mean: Floats, dispersion: Floats, freedom: Floats) -> Floats:
    """A bound that :func:`predictive_p` never falls below, at an eighth of its cost.

    Of the average only the middle node is counted. Its tail is at least the point times a geometric series: the points
    fall by a ratio that moves from the first one towards ``1 - 1 / dispersion`` and stays between the two.
    """
    deviation = np.sqrt(2.0 / freedom)
    middle = np.maximum(dispersion * np.exp(-(deviation**2) / 2), LEAST_SPREAD)
    size = mean / (middle - 1.0)
    share = 1.0 - 1.0 / middle
    point = _point(count, size, middle)
    ratio = np.minimum(share, (count + size) / (count + 1.0) * share)
    return np.asarray(_SHARES[len(_SHARES) // 2] * point * (0.5 + ratio / (1.0 - ratio)))


@dataclass(frozen=True)
class _Windows:
    """Windows that may hold a surge: series, index of the last step, and what is tested."""

    row: Ints
    at: Ints
    length: Ints
    count: Floats
    mean: Floats
    dispersion: Floats
    freedom: Floats

    def take(self, chosen: NDArray[Any]) -> _Windows:
        return _Windows(*(getattr(self, field.name)[chosen] for field in fields(self)))


def scan_series(
    series: CountSeries, baselines: Baselines, pattern: Pattern, spread: Spread, params: ScanParams, most_p: float = 1.0
) -> Scan:
    """Scan a shard. Past only: a step's result depends on no later step.

    The expectation of a window comes from the baseline of the block its first step lies in. The windows' p-values are
    combined by their Cauchy transforms (Liu & Xie 2020, Journal of the American Statistical Association 115:393),
    which dependence between them does not spoil; a window that is not above expectation says nothing for or against.

    Above ``most_p`` p is 1 where that is cheaper to say: the combined p is never below the smallest one, so a step none
    of whose windows can come down to ``most_p`` needs no p at all.
    """
    size, width = series.counts.shape
    lengths = params.windows(series.step_days)
    # columns before the first tested one by more than the longest window are of no use
    base = max(0, series.tested - max(lengths) + 1)
    found, tested = _list_windows(series, baselines, pattern, spread, params, base)
    is_tested = np.zeros((size, width), dtype=bool)
    is_tested[:, base:] = tested
    if most_p < 1.0:
        may_be_rare = np.zeros(tested.shape, dtype=bool)
        rare = least_p(found.count, found.mean, found.dispersion, found.freedom) <= most_p * (1.0 + 1e-9)
        may_be_rare[found.row[rare], found.at[rare]] = True
        found = found.take(may_be_rare[found.row, found.at])
    p, window = _combine(found, lengths, tested.shape)
    lead = ((0, 0), (base, 0))
    expected = series.to_steps(np.nan_to_num(baselines.level)) * pattern.unit
    return Scan(np.pad(p, lead, constant_values=1.0), np.pad(window, lead), expected, is_tested)


def _list_windows(
    series: CountSeries, baselines: Baselines, pattern: Pattern, spread: Spread, params: ScanParams, base: int
) -> tuple[_Windows, NDArray[np.bool_]]:
    """Windows with enough above expectation, by length; and the steps that are tested, series × steps from ``base``."""
    lengths = params.windows(series.step_days)
    width, lead = series.counts.shape[1] - base, max(lengths) - 1
    level_of = series.to_steps(baselines.level)
    # sums up to each step; windows that reach back beyond ``base`` are cut off there, as their level is
    summed, units = (
        np.pad(part[:, base:].cumsum(axis=1), ((0, 0), (lead + 1, 0))) for part in (series.counts, pattern.unit)
    )
    level_of = np.concatenate([np.repeat(level_of[:, base : base + 1], lead, axis=1), level_of[:, base:]], axis=1)
    inside = series.inside()[:, base:] & (np.arange(base, base + width) >= series.tested)
    listed = []
    for length in lengths:
        before = slice(lead + 1 - length, lead + 1 - length + width)
        level = level_of[:, lead + 1 - length :][:, :width]
        observed = summed[:, lead + 1 :] - summed[:, before]
        mean = units[:, lead + 1 :] - units[:, before]
        mean *= level
        # where there is no level the mean is NaN, and nothing is above it
        row, at = np.nonzero((observed >= params.least_ratio * mean) & (observed - mean >= params.least_excess))
        known = inside[row, at] & (at + base - length + 1 >= series.first[row])
        row, at = row[known], at[known]
        newest = np.maximum(at - int(np.ceil(length * params.running_share)) + 1, 0) + lead
        now = at + lead + 1
        running = summed[row, now] - summed[row, newest] > level[row, at] * (units[row, now] - units[row, newest])
        row, at = row[running], at[running]
        block = np.maximum(at + base - length + 1, base) // series.block
        of_mean = np.maximum(mean[row, at], 1e-6)
        dispersion, freedom = window_dispersion(spread, row, block, length, of_mean)
        of_length = np.full(len(row), length)
        listed.append(_Windows(row, at, of_length, observed[row, at], of_mean, dispersion, freedom))
    parts = (np.concatenate([getattr(part, field.name) for part in listed]) for field in fields(_Windows))
    return _Windows(*parts), inside & ~np.isnan(level_of[:, lead:])


def _combine(found: _Windows, lengths: tuple[int, ...], shape: tuple[int, ...]) -> tuple[Floats, Ints]:
    """Combined p of each step's windows, and the length of the clearest: series × steps both."""
    score, best, p = np.zeros(shape), np.ones(shape), np.ones(shape)
    window = np.zeros(shape, dtype=np.int64)
    single = np.maximum(predictive_p(found.count, found.mean, found.dispersion, found.freedom), 1e-300)
    for length in lengths:
        of_length = found.length == length
        row, at, now = found.row[of_length], found.at[of_length], single[of_length]
        score[row, at] += 1.0 / np.tan(np.pi * np.minimum(now, 0.5))
        better = now < best[row, at]
        best[row[better], at[better]] = now[better]
        window[row[better], at[better]] = length
    row, at = np.nonzero(best < 1.0)
    of_best = best[row, at]
    combined = np.arctan2(1.0, score[row, at] / len(lengths)) / np.pi
    # an arc tangent has no digits left where the best is this small
    p[row, at] = np.minimum(np.where(of_best < 1e-15, of_best * len(lengths), combined), 1.0)
    return p, window
