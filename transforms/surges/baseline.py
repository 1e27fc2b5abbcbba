"""The expected level and spread of every series in every week, from what lies a guard week before it.

The level is followed by a filter: each week's count moves it by what that week is worth, and time makes it less sure
(a local level with a multiplicative step, Gamma-Poisson; Harvey & Fernandes 1989, Journal of Business & Economic
Statistics 7:407). A rare series remembers for a year, one with many domains a week for a season. Weeks far above the
rest are weighted down by the square of their Anscombe residual (Noufaily et al. 2013, Statistics in Medicine 32:1206).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from transforms.surges.count_series import CountSeries, Floats
from transforms.surges.seasons import SeasonParams, Seasons, anscombe_residual


@dataclass(frozen=True, kw_only=True)
class BaselineParams:
    """How the past is summed up. A block is a calendar week of days."""

    season: SeasonParams = field(default_factory=SeasonParams)

    guard_days: int = 7
    """Days left out before the block a window starts in (7 to 13 with days), so that the rise of a slow surge does
    not lift its own baseline; nothing is left out where a block is longer than twice that."""

    least_blocks: int = 4
    """Fewest whole blocks a level may come from; its uncertainty widens the test."""

    drift: float = 0.03
    """Standard deviation of a week's change of the log level: ±22 % in a year, growth that nobody arranges."""

    recent_drift: float = 0.15
    """The same for the recent level, which takes over when it is surely above the slow one: memory of about ten weeks
    at one domain a week, so that survivors and growth are followed."""

    recent_deviations: float = 1.0
    """Standard errors by which the recent level must exceed the slow one to take over (and is lowered): the
    slow one must be surely behind, and a rise of survivors must not be missed."""

    prior_weight: float = 0.1
    """Precision of the log level a series begins with: a factor of 20 either way is one standard deviation, so that
    the first weeks of its own outweigh it."""

    outlier_residual: float = 2.58
    """Anscombe residual above which a block is weighted down: the upper half per cent of a normal (Noufaily 2013)."""

    least_outlier: float = 3.0
    """Domains above expectation below which a block is never an outlier: in a rare series every single domain would be
    one, and the level would be kept below what comes."""

    cap_deviations: float = 4.0
    """Standard deviations at which a residual is cut when the spread is measured: past bursts do not make a series
    pass for noisy, natural clusters of a rare one stay visible."""

    cap_below: float = 2.0
    """Standard deviations below expectation at which a residual is cut: a holiday or an outage of the crawler says
    nothing of how far counts rise; what a count has below its mean by chance seldom goes further."""

    cap_correlated: float = 2.0
    """The same for the correlation of neighbouring weeks, which one surge of many weeks would else make up."""

    least_mean: float = 0.05
    """Floor of the daily level in domains: one in 20 days; below it a single domain would be news."""

    usual_mean: float = 0.3
    """Daily level assumed before any series is seen, in domains: the middle of real series (.07 to 2.6)."""

    spread_memory_days: float = 730.0
    """Half-life of the measured spread: it changes less than the level does."""

    prior_dispersion: float = 1.5
    """Variance to mean assumed before any series is seen: de-duplicated referring domains measure 1.4 to 2.6."""

    prior_freedom: float = 12.0
    """Weight of the portfolio's spread against a series' own, in blocks of full information."""


@dataclass(frozen=True)
class Baselines:
    """Per series and block; a window is judged by the block its first step lies in.

    ``level``      expected new domains a step where season, exposure and weekday are 1, floored; NaN where unknown
    ``variance``   of the log of the level: what the past leaves open, and the drift over the guard
    ``log_season`` log of the time of year's factor
    ``spread``     sum of standardised squared residuals of block sums, and ``freedom`` the blocks it is worth
    ``lagged``     products of neighbouring standardised residuals, summed with the same memory
    ``is_recent``  the recent level took over
    """

    level: Floats
    variance: Floats
    log_season: Floats
    spread: Floats
    freedom: Floats
    lagged: Floats
    is_recent: NDArray[np.bool_]


class _Filter:
    """Level of all series of a shard at one speed of change: pseudo-counts over pseudo-exposure."""

    def __init__(self, start: Floats, params: BaselineParams, floor: float, drift: float, waited: int) -> None:
        """``waited`` blocks have passed without anything to take in."""
        self._drift, self._floor, weight = drift**2, floor, params.prior_weight
        self.count = np.full(len(start), weight * params.prior_dispersion / (1.0 + waited * self._drift * weight))
        self.exposure = self.count / start

    def level(self) -> Floats:
        return np.asarray(np.maximum(self.count / self.exposure, self._floor))

    def variance(self, dispersion: Floats, blocks: int) -> Floats:
        """Of the log level, ``blocks`` blocks after the newest one taken in."""
        known = dispersion / np.maximum(self.count, 1e-6)
        # where the floor stands in for the level, it is the floor that is in doubt, and by no more than the level is
        share = np.minimum(self.count / self.exposure / self._floor, 1.0)
        return np.asarray(known * share**2 + blocks * self._drift)

    def take_in(self, count: Floats, exposure: Floats, dispersion: Floats) -> None:
        forget = 1.0 / (1.0 + self._drift * self.count / dispersion)
        self.count = self.count * forget + count
        self.exposure = self.exposure * forget + exposure


class _Levels:
    """The slow level and the recent one of all series of a shard, and which of them counts."""

    def __init__(self, series: CountSeries, start: Floats, params: BaselineParams) -> None:
        self._params = params
        self._floor = params.least_mean * series.step_days
        self._least_sum = 0.2 * self._floor * series.block
        self._ahead = 1 + round(params.guard_days / series.block_days)
        scale, waited = np.sqrt(series.block_days / 7.0), series.skipped // series.block
        self._slow, self._fast = (
            _Filter(np.maximum(start, self._floor), params, self._floor, drift * scale, waited)
            for drift in (params.drift, params.recent_drift)
        )

    def rescale(self, factor: Floats) -> None:
        """The season before was larger by ``factor`` than it was taken for."""
        self._slow.exposure *= factor
        self._fast.exposure *= factor

    def expect(self, unit: Floats, dispersion: Floats) -> tuple[Floats, Floats]:
        """Mean of a block of so much exposure, and its variance to mean with the level's own error."""
        mean = np.maximum(self._slow.level() * unit, self._least_sum)
        return mean, dispersion + mean * self._slow.variance(dispersion, 1)

    def take_in(self, count: Floats, unit: Floats, total: Floats, dispersion: Floats, known: NDArray[np.bool_]) -> None:
        """One block, whose variance to mean is ``total`` with the level's own error; outliers count less."""
        mean = np.maximum(self._slow.level() * unit, self._least_sum)
        # what the slow level calls an outlier is usual where the recent one has followed it there
        usual = np.maximum(self._fast.level() * unit, mean)
        for level, expected in ((self._slow, mean), (self._fast, usual)):
            weight = _weigh(count, expected, total, self._params) * known
            level.take_in(weight * count, weight * unit, dispersion)

    def foresee(self, dispersion: Floats, log_season: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Level, its variance and whether it is the recent one, a guard ahead; the floor holds in every season."""
        level = np.maximum(self._slow.level(), self._floor * np.exp(-log_season))
        error = np.sqrt(self._fast.variance(dispersion, self._ahead))
        recent = self._fast.level() * np.exp(-self._params.recent_deviations * error)
        return np.maximum(level, recent), self._slow.variance(dispersion, self._ahead), recent > level


def fit_baselines(series: CountSeries, prior_rate: Floats, params: BaselineParams) -> Baselines:
    """Level and spread of every series for every block; ``prior_rate`` the portfolio's domains a step, per series."""
    by_series, exposed = series.sum_blocks(series.counts), series.sum_blocks(series.exposure)
    whole = series.whole_blocks()
    size, blocks = by_series.shape
    guard = round(params.guard_days / series.block_days)
    levels = _Levels(series, _first_rates(by_series, exposed, whole, prior_rate, params), params)
    seasons = Seasons(series, by_series, exposed, params.season)
    spreads = _Spreads(size, 0.5 ** (series.block_days / params.spread_memory_days), params)
    # blocks × series from here on: what a step takes lies together
    counts, exposure = np.ascontiguousarray(by_series.T), np.ascontiguousarray(exposed.T)
    known, unit = np.ascontiguousarray(whole.T), exposure
    seen = known.cumsum(axis=0) - known
    followed = np.empty((6, blocks, size))
    level, variance, log_season, spread, freedom, lagged = followed
    is_recent = np.empty((blocks, size), dtype=bool)
    for block in range(blocks):
        change = seasons.fit(block, spreads.dispersion)
        if change is not None:
            levels.rescale(np.exp(change))
            unit = exposure * np.exp(seasons.log_factor.T)
        log_season[block] = seasons.log_factor[:, block]
        newest = block - 1 - guard
        if newest >= 0:
            count, now = counts[newest], known[newest]
            mean, total = levels.expect(unit[newest], spreads.dispersion)
            levels.take_in(count, unit[newest], total, spreads.dispersion, now)
            spreads.take_in(count - mean, mean, total, now, now & (seen[newest] >= params.least_blocks))
        level[block], variance[block], is_recent[block] = levels.foresee(spreads.dispersion, log_season[block])
        spread[block], freedom[block], lagged[block] = spreads.spread, spreads.freedom, spreads.lagged
    taken_in = np.pad(seen + known, ((guard + 1, 0), (0, 0)))[:blocks]
    level[taken_in < params.least_blocks] = np.nan
    level, variance, log_season, spread, freedom, lagged = np.ascontiguousarray(followed.transpose(0, 2, 1))
    return Baselines(level, variance, log_season, spread, freedom, lagged, np.ascontiguousarray(is_recent.T))


class _Spreads:
    """Spread of all series of a shard and the correlation of neighbouring blocks, fading as time goes by."""

    def __init__(self, size: int, memory: float, params: BaselineParams) -> None:
        self._memory, self._params = memory, params
        self.spread, self.freedom, self.lagged, self._before = np.zeros((4, size))
        self.dispersion = np.full(size, params.prior_dispersion)

    def take_in(
        self, residual: Floats, mean: Floats, total: Floats, known: NDArray[np.bool_], can_tell: NDArray[np.bool_]
    ) -> None:
        """One block: residuals from ``mean``, whose variance to mean is ``total`` with the level's own error."""
        params, dispersion = self._params, self.dispersion
        # what a block says of the spread: the kurtosis of a rare negative binomial leaves it little
        worth = can_tell / (1.0 + half_kurtosis(mean, dispersion))
        # the residual holds the level's own error too: that part is not the counts' spread
        cut = np.maximum(residual, -params.cap_below * np.sqrt(mean * total))
        squared = np.minimum(cut**2 / mean, params.cap_deviations**2 * total) * dispersion / total
        self.spread = self._memory * self.spread + worth * squared
        self.freedom = self._memory * self.freedom + worth
        cap = params.cap_correlated
        standard = np.minimum(np.maximum(residual / np.sqrt(mean * total), -cap), cap)
        self.lagged = self._memory * self.lagged + worth * standard * self._before
        self._before = standard * known
        pull = params.prior_freedom
        self.dispersion = np.maximum((self.spread + pull * params.prior_dispersion) / (self.freedom + pull), 1.0)


def _first_rates(
    counts: Floats, exposure: Floats, known: NDArray[np.bool_], prior: Floats, params: BaselineParams
) -> Floats:
    """Domains a step each series begins with: the middle half of its first blocks, and one domain's worth of the prior.

    A level is not used before those blocks have passed.
    """
    first = np.argsort(~known, axis=1, kind="stable")[:, : params.least_blocks]
    count, unit = (np.take_along_axis(part, first, axis=1) for part in (counts, exposure))
    order = np.argsort(count / np.maximum(unit, 1e-9), axis=1, kind="stable")
    edge = order.shape[1] // 4
    middle = order[:, edge : order.shape[1] - edge]
    count, unit = (np.take_along_axis(part, middle, axis=1).sum(axis=1) for part in (count, unit))
    few = known.sum(axis=1) < params.least_blocks
    return np.asarray(np.where(few, prior, (count + 1.0) / (unit + 1.0 / prior)))


def _weigh(count: Floats, mean: Floats, dispersion: Floats, params: BaselineParams) -> Floats:
    """1, or the inverse square of the Anscombe residual where a block lies far above expectation, or far below."""
    weight = np.ones(len(count))
    # the residual costs roots, and few blocks are as far off as it takes
    at = np.flatnonzero(np.abs(count - mean) >= params.least_outlier)
    residual = np.abs(anscombe_residual(count[at], mean[at], dispersion[at]))
    far = residual > params.outlier_residual
    weight[at[far]] = residual[far] ** -2
    return weight


def half_kurtosis(mean: Floats, dispersion: Floats) -> Floats:
    """Half the excess kurtosis of a negative binomial with that mean and variance to mean."""
    return np.asarray((6.0 * (dispersion - 1.0) + 1.0 / dispersion) / (2.0 * mean))
