"""Surges put into real daily counts (stars of 20 R packages; MIT), at one false alarm a series-year."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from penalty_radar.benchmarks.surge_sets.count_set import DAY, CountSet, Flags, Floats, Method, read_table

FOLDER = "background_counts"
FILE = "gh_stars_data.csv"
WARM_UP_DAYS = 365
"""Days of a series before its first scored one."""

GAP_DAYS = 7
"""Alarms at most so many days apart are one false alarm."""

DAYS_A_YEAR = 365.25
INJECTIONS: tuple[tuple[int, int], ...] = (
    *((extra, days) for extra in (1, 5, 10, 20) for days in (1, 3, 14)),
    (3, 14),
)
"""(extra a day, days)."""

PLACES = 200
"""Injections of each kind."""


@dataclass(frozen=True)
class Injected:
    """Copies of series, each with one surge put in."""

    count_set: CountSet
    is_surge: Flags


def load(data: Path) -> CountSet:
    """Packages × days from the first star of any to the last day of the file; NaN before a package's first star.

    Wanted (and scored) are the days after a package's warm-up.

    Raises:
        FileNotFoundError: the file is not there.
    """
    listed = read_table(data / FOLDER / FILE, ("date", "n_stars", "package"))
    day = pd.to_datetime(listed["date"]).to_numpy().astype("datetime64[D]")
    first = day.min()
    column = (day - first).astype(np.int64)
    row, names = listed["package"].factorize(sort=True)
    counts = np.zeros((len(names), int(column.max()) + 1))
    np.add.at(counts, (row, column), listed["n_stars"].to_numpy(np.float64))
    has_started = counts.cumsum(axis=1) > 0
    first_day: datetime.date = first.astype(object)
    wanted = has_started.cumsum(axis=1) > WARM_UP_DAYS
    return CountSet(np.where(has_started, counts, np.nan), DAY, first_day, [str(name) for name in names], wanted)


def count_episodes(scores: Floats, is_scored: Flags, threshold: float) -> int:
    """False alarms: runs of alarms at most :data:`GAP_DAYS` apart, over all series."""
    row, column = np.nonzero(is_scored & (scores > threshold))
    return int(len(row) - ((np.diff(row) == 0) & (np.diff(column) <= GAP_DAYS)).sum())


def threshold_at_one_a_year(scores: Floats, is_scored: Flags) -> float:
    """Lowest threshold, coming from above, that makes at most one false alarm a series-year.

    From above, because below some threshold alarms merge and their number falls again.
    """
    most = is_scored.sum() / DAYS_A_YEAR
    values = np.unique(scores[is_scored & np.isfinite(scores)])[::-1]
    # Strides until there are too many, then one by one over the last stride.
    stride = max(1, int(most) // 4)
    end = next(
        (index for index in range(0, len(values), stride) if count_episodes(scores, is_scored, values[index]) > most),
        len(values),
    )
    allowed = np.inf
    for value in values[max(0, end - stride) : end + 1]:
        if count_episodes(scores, is_scored, value) > most:
            break
        allowed = value
    return float(allowed)


def inject(count_set: CountSet, extra: int, days: int, places: int = PLACES, seed: int = 20) -> Injected:
    """Copies of series, each with Poisson(``extra``) more a day for ``days`` at a random scored place.

    Series are taken in turn; what follows the injection is NaN, for no method may look at it.
    """
    random = np.random.default_rng([seed, extra, days])
    is_scored = count_set.wanted_steps()
    rows = np.resize(np.flatnonzero(is_scored.any(axis=1)), places)
    width = is_scored.shape[1]
    starts: NDArray[np.int64] = random.integers(is_scored.argmax(axis=1)[rows], width - days + 1)
    after = np.arange(width) - starts[:, None]
    is_surge = (after >= 0) & (after < days)
    counts = np.where(after < days, count_set.counts[rows], np.nan)
    counts[is_surge] += random.poisson(extra, places * days)
    names = [count_set.names[row] for row in rows.tolist()]
    return Injected(CountSet(counts, count_set.step_days, count_set.first_day, names, is_surge), is_surge)


def measure_power(method: Method, count_set: CountSet, threshold: float, places: int = PLACES) -> dict[str, float]:
    """Share of injections of each kind with an alarm on one of their days."""
    power = {}
    for extra, days in INJECTIONS:
        injected = inject(count_set, extra, days, places)
        is_hit = injected.is_surge & (method(injected.count_set) > threshold)
        power[f"+{extra} a day, {days} d"] = float(is_hit.any(axis=1).mean())
    return power


def evaluate(method: Method, count_set: CountSet, places: int = PLACES) -> dict[str, float]:
    """Power by kind at one false alarm a series-year on the untouched series, with that threshold and its rate."""
    scores, is_scored = method(count_set), count_set.wanted_steps()
    threshold = threshold_at_one_a_year(scores, is_scored)
    years = is_scored.sum() / DAYS_A_YEAR
    return {
        **measure_power(method, count_set, threshold, places),
        "surges a kind": float(places),
        "threshold": threshold,
        "false alarms a series-year": count_episodes(scores, is_scored, threshold) / float(years),
    }
