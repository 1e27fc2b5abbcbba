"""Change points by ``ruptures``: the exact least-squares segmentation (PELT, Killick et al. 2012, JASA 107:1590).

The library looks at a whole series; used as a detector it is run anew on what is known at every wanted step.
"""

from __future__ import annotations

import numpy as np

from penalty_radar.benchmarks.surge_sets.count_set import CountSet, Floats

WINDOW_DAYS = 730.0
"""Time before a step that is segmented, at most :data:`MOST_STEPS` steps."""

MOST_STEPS = 180
LEAST_STEPS = 6
RECENT_DAYS = 28.0
"""A step alarms while the newest segment is not older than this (one step where that is longer)."""

PENALTY = 3.0
"""Times log n, on z-scores: the setting that the change-point data sets measure best for this cost."""


def score_changes(count_set: CountSet) -> Floats:
    """Standard errors by which the newest segment lies above the one before, nought where it is old or lower.

    Raises:
        ImportError: ``ruptures`` is not installed.
    """
    scores = np.full(count_set.counts.shape, np.nan)
    recent = max(1, round(RECENT_DAYS / count_set.step_days))
    length = min(MOST_STEPS, round(WINDOW_DAYS / count_set.step_days))
    for row, step in np.argwhere(count_set.wanted_steps() & ~np.isnan(count_set.counts)):
        window = count_set.counts[row, max(0, step + 1 - length) : step + 1]
        scores[row, step] = _score_last(window[~np.isnan(window)], recent)
    return scores


def _score_last(values: Floats, recent: int) -> float:
    import ruptures

    deviation = values.std()
    if len(values) < LEAST_STEPS or deviation == 0.0:
        return np.nan if len(values) < LEAST_STEPS else 0.0
    z = (values - values.mean()) / deviation
    # The kernel of that name has the least-squares cost, and is the library's compiled implementation of PELT.
    search = ruptures.KernelCPD(kernel="linear", min_size=1, jump=1).fit(z[:, None])
    ends: list[int] = search.predict(pen=PENALTY * np.log(len(z)))
    starts = [0, *ends[:-1]]
    newest = len(z) - starts[-1]
    if len(starts) == 1 or newest > recent:
        return 0.0
    before = starts[-1] - starts[-2]
    rise = z[starts[-1] :].mean() - z[starts[-2] : starts[-1]].mean()
    return float(max(rise, 0.0) * np.sqrt(newest * before / (newest + before)))
