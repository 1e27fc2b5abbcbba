"""The time of year: how a series' counts rise and fall over it, from years that have passed.

A penalised quasi-Poisson regression on two harmonics of the year, with past surges weighted down (Noufaily et al.
2013, Statistics in Medicine 32:1206). A trend is fitted beside them, so that the season does not take its place, but
is never carried on into the future: the level follows the series (:mod:`transforms.surges.baseline`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.surges.count_series import CountSeries, Floats, Ints

YEAR_DAYS = 365.25


@dataclass(frozen=True, kw_only=True)
class SeasonParams:
    """When a season is believed and how freely it may move."""

    least_years: float = 2.0
    """Years of history before there is a season: with fewer, one year's campaign passes for a time of year."""

    years: float = 5.0
    """Years looked back: five reference years, as Farrington et al. 1996 and Noufaily et al. 2013 have it."""

    guard_days: int = 28
    """Days before the fit that are left out: the longest scan window."""

    every_days: int = 91
    """Days between fits: a quarter of the harmonic that turns fastest."""

    harmonics: int = 2
    """Two waves a year and half a year: one peak, or two."""

    trend_ridge: float = 4.0
    """Prior precision of the yearly log trend: one standard deviation is a growth of 65 % a year."""

    harmonic_ridge: float = 4.0
    """Prior precision of the first harmonic, four times that for the second: a season of ±50 % is one deviation."""

    outlier_residual: float = 2.58
    """Anscombe residual beyond which a block is weighted down, by the square (the upper half per cent)."""

    least_outlier: float = 3.0
    """Domains above expectation below which a block is never an outlier, as for the level."""

    first_rounds: int = 6
    """Newton steps of a first fit; later ones begin from the one before and take two."""

    least_factor: float = 0.05
    """Smallest seasonal factor: a season in which nothing ever came still lets one domain in twenty through."""


class Seasons:
    """Season of every series of a shard, fitted again as time goes by; past blocks only.

    ``log_factor`` is series × blocks, from the newest fit: 0 where there is no season.
    """

    def __init__(self, series: CountSeries, counts: Floats, exposure: Floats, params: SeasonParams) -> None:
        self._params = params
        self._counts, self._exposure = counts, np.log(np.maximum(exposure, 1e-3))
        self._known = series.whole_blocks()
        self._blocks_a_year = YEAR_DAYS / series.block_days
        self._guard = max(1, round(params.guard_days / series.block_days))
        self._every = max(1, round(params.every_days / series.block_days))
        self._waves = self._make_waves(series)
        # fits fall on fixed days, whatever day the run is for
        self._number = int(series.days[0].astype("datetime64[D]").astype(np.int64) // max(1, round(series.block_days)))
        precision = [1e-3, params.trend_ridge]
        precision += [params.harmonic_ridge * k * k for k in range(1, params.harmonics + 1) for _ in range(2)]
        self._precision = np.array(precision)
        self._coefficients = np.zeros((len(counts), len(precision)))
        self._is_fitted = np.zeros(len(counts), dtype=bool)
        self.log_factor = np.zeros(counts.shape)

    def _make_waves(self, series: CountSeries) -> Floats:
        days = series.days[:: series.block].astype("datetime64[D]").astype(np.float64)
        angles = [2 * np.pi * k * days / YEAR_DAYS for k in range(1, self._params.harmonics + 1)]
        return np.array([wave(angle) for angle in angles for wave in (np.cos, np.sin)]).T

    def fit(self, block: int, dispersion: Floats) -> Floats | None:
        """Fit again from the blocks before ``block``, when it is time to; ``dispersion`` per series.

        Returns the mean change of the log factor over the half year before, per series, or None when nothing was
        fitted: what has been summed up under the old factor is brought into line with it.
        """
        stop = max(0, block - self._guard)
        begin = max(0, stop - int(self._params.years * self._blocks_a_year))
        if (self._number + block) % self._every or not stop:
            return None
        rows = np.flatnonzero(self._known[:, begin:stop].sum(axis=1) >= self._params.least_years * self._blocks_a_year)
        if not len(rows):
            return None
        trend = (np.arange(self._counts.shape[1]) - stop) / self._blocks_a_year
        design = np.column_stack([np.ones(len(trend)), trend, self._waves])
        fitted = self._is_fitted[rows]
        for part in (rows[~fitted], rows[fitted]):
            if len(part):
                self._coefficients[part] = self._improve(part, slice(begin, stop), design, dispersion[part])
        half = slice(max(0, block - int(self._blocks_a_year / 2)), block)
        before = self.log_factor[rows, half].mean(axis=1)
        factor = self._coefficients[rows, 2:] @ self._waves.T
        self.log_factor[rows] = np.maximum(factor, np.log(self._params.least_factor))
        change = np.zeros(len(self._counts))
        change[rows] = self.log_factor[rows, half].mean(axis=1) - before
        return change

    def _improve(self, rows: Ints, past: slice, design: Floats, dispersion: Floats) -> Floats:
        """Coefficients after a few penalised Newton steps, outlying blocks weighted down anew in each.

        A first fit takes more steps: ``rows`` are all fitted already, or none is.
        """
        counts, offset = self._counts[rows, past], self._exposure[rows, past]
        plain = self._known[rows, past] / dispersion[:, None]
        design = design[past]
        coefficients = self._begin(rows, past)
        upper = np.triu_indices(design.shape[1])
        products = design[:, upper[0]] * design[:, upper[1]]
        information = np.empty((len(rows), design.shape[1], design.shape[1]))
        for _ in range(2 if self._is_fitted[rows[0]] else self._params.first_rounds):
            mean = coefficients @ design.T
            mean += offset
            np.exp(np.clip(mean, -7.0, 14.0, out=mean), out=mean)
            excess = counts - mean
            weight = plain.copy()
            self._weigh_down(weight, mean, excess, dispersion)
            excess *= weight
            weight *= mean
            flat = weight @ products
            information[:, upper[0], upper[1]] = information[:, upper[1], upper[0]] = flat
            information += np.diag(self._precision)
            gradient = excess @ design - coefficients * self._precision
            gradient[:, 0] += coefficients[:, 0] * self._precision[0]
            step = np.linalg.solve(information, gradient[:, :, None])[:, :, 0]
            coefficients += np.clip(step, -1.0, 1.0)
        self._is_fitted[rows] = True
        return coefficients

    def _begin(self, rows: Ints, past: slice) -> Floats:
        """Where the Newton steps begin: at the fit before, its trend carried on, or at a level without a season."""
        coefficients = self._coefficients[rows]
        if self._is_fitted[rows[0]]:
            coefficients[:, 0] += coefficients[:, 1] * self._every / self._blocks_a_year
            return coefficients
        known = self._known[rows, past]
        exposed = (np.exp(self._exposure[rows, past]) * known).sum(axis=1)
        mean = (self._counts[rows, past] * known).sum(axis=1) / np.maximum(exposed, 1e-9)
        coefficients[:, 0] = np.log(np.maximum(mean, 1e-3))
        return coefficients

    def _weigh_down(self, weight: Floats, mean: Floats, excess: Floats, dispersion: Floats) -> None:
        """Divide the weight of blocks far above expectation by the square of their Anscombe residual, in place."""
        # the residual costs roots, and few blocks have the excess it takes
        at = np.flatnonzero(excess >= self._params.least_outlier)
        of_mean = mean.ravel()[at]
        count = of_mean + excess.ravel()[at]
        spread = dispersion[at // mean.shape[1]]
        residual = anscombe_residual(count, of_mean, spread)
        far = residual > self._params.outlier_residual
        weight.ravel()[at[far]] *= residual[far] ** -2


def anscombe_residual(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Residual of a count against its mean that is close to normal also where counts are small; same shape."""
    return np.asarray(1.5 * (np.cbrt(count) ** 2 - np.cbrt(mean) ** 2) / (np.cbrt(np.sqrt(mean)) * np.sqrt(dispersion)))
