"""Levels of visibility: how high a run of days is, and when a level was reached again; days may be unknown (NaN)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transforms.drops.daily_visibility import Floats


def find_recovery(visibility: Floats, first: int, threshold: float, days: int) -> int:
    """First column from ``first`` on whose ``days`` days have a median of at least ``threshold``; -1 while none has.

    A week (four weeks for a weekly tracker) of which at least four days are known, so that one good day is no
    recovery; it must be over.
    """
    tail = visibility[first:]
    if len(tail) < days:
        return -1
    weeks = np.lib.stride_tricks.sliding_window_view(tail, days)
    known = (~np.isnan(weeks)).sum(axis=1)
    ordered = np.sort(weeks, axis=1)
    low, high = np.maximum((known - 1) // 2, 0), np.minimum(known // 2, days - 1)
    middle = (ordered[np.arange(len(weeks)), low] + ordered[np.arange(len(weeks)), high]) / 2.0
    back = np.flatnonzero((known >= 4) & (middle >= threshold))
    return first + int(back[0]) if len(back) else -1


def without_outages(visibility: Floats, threshold: float, most_days: int) -> Floats:
    """The days with runs of fewer than ``most_days`` below ``threshold`` taken out, if they came back within them."""
    dark = visibility < threshold
    edges = np.flatnonzero(np.diff(np.concatenate([[False], dark, [False]]).astype(np.int8)))
    kept = visibility.copy()
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        if stop - start < most_days and stop < len(visibility):
            kept[start:stop] = np.nan
    return kept


def median_level(values: Floats) -> float:
    """Median of the known values; NaN with fewer than four (infinity is never returned)."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) >= 4 else float("nan")


def mean_of_known(values: NDArray[np.float64]) -> float:
    """Mean without NaN; NaN when nothing is known."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
