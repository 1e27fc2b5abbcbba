"""Visibility with noise as measured on real sites, with drops planted or without any; seeds fixed.

Noise: AR(1) about a weekday pattern and a level that drifts as a random walk by :data:`MONTH_DRIFT` from one month to
the next. Calibration uses a fixed grid of noise and seeds below 5000; what is measured uses correlations drawn evenly
and seeds above.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from penalty_radar.benchmarks import null_worlds as worlds

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DAYS = 970
"""Days of a simulated series: 730 tested and what feeds their baseline."""

TESTED_YEARS = 2.0

CORRELATIONS = (0.09, 0.56)
"""Correlation of neighbouring days: the range six real sites measure."""

MONTH_DRIFT = 0.03
"""Standard deviation of the change between two neighbouring 28-day means that is no noise: slow and small."""


@dataclass(frozen=True)
class PlantedWorld:
    """Tables with one drop a site, and its truth by site: column of the start, days it lasts, share lost."""

    tables: dict[str, pd.DataFrame]
    start: Ints
    days: Ints
    depth: Floats


def drift(size: int, month_drift: float, random: np.random.Generator) -> Floats:
    """A random walk, series × days; the difference of two neighbouring 28-day means varies by ``month_drift``."""
    # Var(mean of 28 - mean of 28 before) of a walk with steps of variance q is q × 56 / 3
    return np.asarray((random.standard_normal((size, DAYS)) * month_drift / np.sqrt(56.0 / 3.0)).cumsum(axis=1))


def null_logs(deviation: Floats, correlation: Floats, seed: int, month_drift: float = MONTH_DRIFT) -> Floats:
    """Deviations of log visibility without any drop, series × days."""
    walk = drift(len(deviation), month_drift, np.random.default_rng([seed, 1]))
    return worlds.simulate_logs(deviation, correlation, DAYS, seed) + walk


def null_tables(sd: float, size: int, seed: int, month_drift: float = MONTH_DRIFT) -> dict[str, pd.DataFrame]:
    """Tables of sites without any drop."""
    correlation = np.random.default_rng([seed, 2]).uniform(*CORRELATIONS, size)
    return worlds.visibility_tables(null_logs(np.full(size, sd), correlation, seed, month_drift))


def plant(sd: float, depths: tuple[float, float], days: tuple[int, int], size: int, seed: int) -> PlantedWorld:
    """Sites with one drop each, on a day of its own; depth and length drawn evenly from the given ranges."""
    random = np.random.default_rng([seed, 3])
    correlation, depth = random.uniform(*CORRELATIONS, size), random.uniform(*depths, size)
    lasts: Ints = np.asarray(random.integers(days[0], days[1] + 1, size))
    start: Ints = np.asarray(random.integers(DAYS - 670, DAYS - lasts - 1))
    logs = null_logs(np.full(size, sd), correlation, seed)
    for row in range(size):
        logs[row, start[row] : start[row] + lasts[row]] += np.log1p(-depth[row])
    return PlantedWorld(worlds.visibility_tables(logs), start, lasts, depth)


def column_of(day: pd.Series) -> Ints:
    """Column of each day."""
    first = pd.Timestamp(worlds.LAST_DAY) - pd.Timedelta(days=DAYS - 1)
    return np.asarray((pd.to_datetime(day) - first).dt.days, dtype=np.int64)
