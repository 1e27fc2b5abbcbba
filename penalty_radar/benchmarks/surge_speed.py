"""How fast the nightly scan is and what memory it takes, beside a regression per series and day by statsmodels."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

from penalty_radar.benchmarks import null_worlds
from transforms.surges import link_surges

SERIES = 10_000
"""Series timed: so many that what is measured on the pool's sample weighs as little as in a large run."""

MEMORY_SERIES = (5_000, 20_000)
"""Numbers of series whose peaks of memory are compared."""

TESTED_DAYS = 730
DAYS = 970
RUNS = 3
FITS = 200
"""Regressions timed; there would be one for every series and tested day."""

PAST_DAYS = 182
"""Days each regression is fitted to."""


def time_scan(series: int = SERIES) -> float:
    """Series-days a processor second of ``link_surges.build``, the best of three runs."""
    tables = make_tables(series)
    spent = []
    for _ in range(RUNS):
        began = time.process_time()
        link_surges.build(tables, as_of=null_worlds.LAST_DAY)
        spent.append(time.process_time() - began)
    return series * TESTED_DAYS / min(spent)


def measure_peaks(sizes: Sequence[int] = MEMORY_SERIES) -> list[float]:
    """What scanning so many series adds to the peak memory of a process that holds their tables, MB for each size."""
    return [_run_apart(_scan_once, series) - _run_apart(_make_once, series) for series in sizes]


def make_tables(series: int) -> dict[str, pd.DataFrame]:
    """Tables of null series of every kind, made a thousand at a time so that making them takes little memory."""
    grid = null_worlds.cross(null_worlds.COUNT_MEANS, null_worlds.COUNT_DISPERSIONS, series)
    parts = []
    for begin in range(0, series, 1000):
        part = slice(begin, begin + 1000)
        counts = null_worlds.simulate_counts(grid.first[part], grid.second[part], DAYS, 81 + begin)
        tables = null_worlds.count_tables(counts)
        for name in ("signals.daily_links", "signals.link_series"):
            tables[name]["site_domain"] = f"part{begin // 1000}-" + tables[name]["site_domain"]
        parts.append(tables)
    return {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]}


def _run_apart(work: Callable[[int], float], series: int) -> float:
    # a process of its own each time: a peak never falls
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(work, series).result()


def _make_once(series: int) -> float:
    make_tables(series)
    return _read_peak()


def _scan_once(series: int) -> float:
    link_surges.build(make_tables(series), as_of=null_worlds.LAST_DAY)
    return _read_peak()


def _read_peak() -> float:
    """Peak memory of this process so far, MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # not ``ru_maxrss``: on Linux a process begins with the peak of the one that started it
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


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
