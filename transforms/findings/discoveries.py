"""Which findings of a run survive false discovery control, and on which day each first would have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def q_values(expected: Floats) -> Floats:
    """Benjamini–Hochberg q-values (1995, JRSS B 57:289).

    ``expected[i]`` is the number of false findings as strong as finding i that a whole run without any true one is
    expected to have: its p-value × the tests of the run. Tests that showed nothing need not be listed.
    """
    order = np.argsort(expected, kind="stable")
    raw = expected[order] / np.arange(1, len(expected) + 1)
    q = np.empty(len(expected))
    q[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return q


def first_discoveries(
    finding: NDArray[np.int64],
    day: NDArray[np.int64],
    p: Floats,
    tests_by_day: Floats,
    family: NDArray[np.int64],
    most_q: float,
) -> NDArray[np.int64]:
    """The first day on which each finding would have passed at ``most_q``, had every day been the last one known.

    ``finding``, ``day`` and ``p`` list every alarm: the finding it belongs to (0 … n-1), its day and its p-value.
    ``family`` is the row of ``tests_by_day`` each finding is counted in; that array (families × days) holds the tests
    up to and including each day. Returns a day per finding, -1 for never. The past is replayed day by day;
    nothing later is looked at.
    """
    found = np.full(len(family), -1, dtype=np.int64)
    smallest = np.ones(len(family))
    order = np.argsort(day, kind="stable")
    days, starts = np.unique(day[order], return_index=True)
    for today, start, stop in zip(days, starts, [*starts[1:], len(order)], strict=False):
        rows = order[start:stop]
        np.minimum.at(smallest, finding[rows], p[rows])
        known = np.flatnonzero(smallest < 1.0)
        passed = known[q_values(smallest[known] * tests_by_day[family[known], today]) <= most_q]
        found[passed[found[passed] < 0]] = today
    return found
