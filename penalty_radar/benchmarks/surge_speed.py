"""How fast the nightly scan is, beside a regression per series and day as statsmodels fits it."""

from __future__ import annotations

import time

import numpy as np

from penalty_radar.benchmarks import null_worlds
from transforms.surges import link_surges

SERIES = 2000
TESTED_DAYS = 730
DAYS = 970
RUNS = 3
FITS = 200
"""Regressions timed; there would be one for every series and tested day."""

PAST_DAYS = 182
"""Days each regression is fitted to."""


def time_scan(series: int = SERIES) -> float:
    """Series-days a processor second of ``link_surges.build``, the best of three runs."""
    grid = null_worlds.cross(null_worlds.COUNT_MEANS, null_worlds.COUNT_DISPERSIONS, series)
    tables = null_worlds.count_tables(null_worlds.simulate_counts(grid.first, grid.second, DAYS, 81))
    spent = []
    for _ in range(RUNS):
        began = time.process_time()
        link_surges.build(tables, as_of=null_worlds.LAST_DAY)
        spent.append(time.process_time() - began)
    return series * TESTED_DAYS / min(spent)


def time_regressions(fits: int = FITS) -> float:
    """Series-days a processor second of a negative-binomial GLM with weekdays and trend per series and day.

    Raises:
        ImportError: statsmodels is not installed.
    """
    import statsmodels.api as sm

    grid = null_worlds.cross(null_worlds.COUNT_MEANS, null_worlds.COUNT_DISPERSIONS, fits)
    counts = null_worlds.simulate_counts(grid.first, grid.second, PAST_DAYS, 82)
    # A series without any count has no fit.
    counts[:, 0] = np.maximum(counts[:, 0], 1.0)
    day = np.arange(PAST_DAYS)
    design = np.column_stack([(day % 7)[:, None] == np.arange(7), day / PAST_DAYS]).astype(np.float64)
    began = time.process_time()
    for row in counts:
        sm.GLM(row, design, family=sm.families.NegativeBinomial(alpha=1.0)).fit()
    return fits / (time.process_time() - began)
