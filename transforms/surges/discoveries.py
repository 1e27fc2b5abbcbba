"""Which findings of a run survive false discovery control, and on which day each first would have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def q_values(p: Floats, family: float) -> Floats:
    """Benjamini–Hochberg q-values of the smallest ``len(p)`` p-values of ``family`` tests (1995, JRSS B 57:289).

    Tests that showed nothing need not be listed; they count through ``family``.
    """
    order = np.argsort(p, kind="stable")
    raw = p[order] * max(family, len(p)) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return q


def first_discoveries(
    finding: NDArray[np.int64], day: NDArray[np.int64], p: Floats, tests_by_day: Floats, q: float
) -> NDArray[np.int64]:
    """The first day on which each finding would have passed at ``q``, had every day been the last one known.

    ``finding``, ``day`` and ``p`` list every alarm: the finding it belongs to (0 … n-1), its day (an index into
    ``tests_by_day``) and its p-value. ``tests_by_day`` is the size of the family up to and including each day.
    Returns a day per finding, -1 for never. The past is replayed day by day; nothing later is looked at.
    """
    count = int(finding.max(initial=-1)) + 1
    found = np.full(count, -1, dtype=np.int64)
    smallest = np.ones(count)
    order = np.argsort(day, kind="stable")
    days, starts = np.unique(day[order], return_index=True)
    for today, rows in zip(days, np.split(order, starts[1:]), strict=True):
        np.minimum.at(smallest, finding[rows], p[rows])
        known = np.flatnonzero(smallest < 1.0)
        passed = known[q_values(smallest[known], float(tests_by_day[today])) <= q]
        found[passed[found[passed] < 0]] = today
    return found
