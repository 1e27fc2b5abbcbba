"""Monthly stars of repositories of which some bought stars (He et al. 2026, ICSE; data Apache-2.0): bought or organic.

A month is listed only where a repository got clustered or unusual stars; the others are unknown, not nought.
"""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np

from penalty_radar.benchmarks.surge_sets import curves
from penalty_radar.benchmarks.surge_sets.count_set import MONTH, CountSet, LabelledSet, Method, read_table

FOLDER = "starscout"
FILE = "fake_stars_clustered_stars_by_month.csv"
LEAST_EARLIER = 6
"""Listed months before a scored one: without that most campaigns are a repository's first month."""

LEAST_CLUSTERED = 50
"""Clustered stars of a campaign month, which must also be at least half of the month's stars: the set's own rule."""


def load(data: Path) -> LabelledSet:
    """Repositories with a scored month × the months from the first to the last of the file; NaN where not listed.

    Raises:
        FileNotFoundError: the file is not there.
    """
    listed = read_table(data / FOLDER / FILE, ("repo", "month", "n_stars", "n_stars_clustered"))
    months = listed["month"].astype(str).str.split("-", expand=True).astype(int)
    step = (months[0] * 12 + months[1] - 1).to_numpy()
    first = int(step.min())
    column = step - first
    row, names = listed["repo"].factorize()
    shape = (len(names), int(column.max()) + 1)
    counts, is_surge = np.full(shape, np.nan), np.zeros(shape, dtype=bool)
    stars, clustered = listed["n_stars"].to_numpy(np.float64), listed["n_stars_clustered"].to_numpy(np.float64)
    counts[row, column] = stars
    is_surge[row, column] = (clustered >= LEAST_CLUSTERED) & (clustered >= 0.5 * stars)
    is_listed = ~np.isnan(counts)
    is_scored = is_listed & (is_listed.cumsum(axis=1) > LEAST_EARLIER)
    kept = is_scored.any(axis=1)
    first_day = datetime.date(first // 12, first % 12 + 1, 1)
    count_set = CountSet(counts[kept], MONTH, first_day, [str(name) for name in names[kept]], is_scored[kept])
    return LabelledSet(count_set, is_surge[kept], is_scored[kept])


def evaluate(method: Method, labelled: LabelledSet) -> dict[str, float]:
    """Average precision over the scored months, and their numbers; NaN for a method that scores none of them."""
    scores = method(labelled.count_set)[labelled.is_scored]
    is_surge = labelled.is_surge[labelled.is_scored]
    return {
        "average precision": curves.average_precision(scores, is_surge) if np.isfinite(scores).any() else np.nan,
        "months": float(len(scores)),
        "campaign months": float(is_surge.sum()),
        "months with a score": float(np.isfinite(scores).mean()) if len(scores) else np.nan,
    }
