"""Levels of visibility: the mean of a run of days, and when an old level was reached again; days may be unknown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transforms.drops.daily_visibility import WEEK, Floats, Ints
from transforms.drops.steps import profile_steps

LEAST_KNOWN = 4
"""Fewest known days that make a level; a weekly tracker has four in 28 days."""

MOST_RETURN_DAYS = 28
"""Most days that are asked for before a level counts as reached again."""

SURE_RETURN = 2.5
"""Standard errors between the lower level and what counts as back: so that it is not reached by chance."""


class RunningLevel:
    """Means of any window of one series, from its running sums (``known`` and ``level``, one longer than its days)."""

    def __init__(self, known: Floats, level: Floats) -> None:
        self._known, self._level = known, level

    def mean(self, start: int, stop: int) -> float:
        """Mean over columns ``start`` to ``stop`` - 1; NaN with fewer than :data:`LEAST_KNOWN` known days."""
        count = self.known_days(start, stop)
        return float((self._level[stop] - self._level[start]) / count) if count >= LEAST_KNOWN else float("nan")

    def known_days(self, start: int, stop: int) -> int:
        """Known days in columns ``start`` to ``stop`` - 1."""
        return int(self._known[stop] - self._known[start]) if stop > start else 0

    def means(self, start: Ints, stop: Ints) -> tuple[Floats, Floats]:
        """Means of many windows (0 where nothing is known) and their known days."""
        count = self._known[stop] - self._known[start]
        return (self._level[stop] - self._level[start]) / np.maximum(count, 1.0), count

    def moving(self, first: int, days: int, stop: int) -> Floats:
        """Mean of the ``days`` days from each column ``first`` … on, while they end by ``stop``; NaN where unknown."""
        if stop - first < days:
            return np.zeros(0)
        start = np.arange(first, stop - days + 1)
        mean, count = self.means(start, start + days)
        return np.where(count >= LEAST_KNOWN, mean, np.nan)


def days_to_be_sure(gap: float, month_error: float, is_daily: bool) -> int:
    """Days whose mean must stand at an old level before it counts as reached again, 7 to 28.

    As many as it takes that the lower level, ``gap`` below (log), is not mistaken for it; ``month_error`` is the
    standard error of a mean of 28 days. A weekly tracker needs 28 days to have four of them known.
    """
    if not is_daily:
        return MOST_RETURN_DAYS
    needed = MOST_RETURN_DAYS * (SURE_RETURN * month_error / max(gap, 1e-6)) ** 2
    return int(np.clip(np.ceil(needed), WEEK, MOST_RETURN_DAYS))


def find_return(running: RunningLevel, level: Floats, first: int, stop: int, threshold: float, days: int) -> int:
    """Column of the first day back, or -1: from it on, ``days`` days (over by ``stop``) average at least ``threshold``.

    A window reaches it before the site does, so the rise itself is looked for around the window's begin.
    """
    means = running.moving(first, days, stop)
    back = np.flatnonzero(means >= threshold)
    if not len(back):
        return -1
    reached = first + int(back[0])
    begin, end = max(reached - days, first), min(reached + 2 * days, stop)
    known = begin + np.flatnonzero(~np.isnan(level[begin:end]))
    if len(known) < 2 * LEAST_KNOWN:
        return reached
    profile = profile_steps(level[known])
    gain = np.where(profile.change > 0.0, profile.gain, -1.0)
    gain[np.abs(known[1:] - reached) > days] = -1.0
    return int(known[1 + int(np.argmax(gain))]) if gain.max() > 0.0 else reached


def median_of(values: Floats) -> float:
    """Median of some known values: at least one. Many short runs are looked at, for which the library's is slow."""
    ordered = np.sort(values)
    half = len(ordered) // 2
    return float(ordered[half]) if len(ordered) % 2 else float(ordered[half - 1] + ordered[half]) / 2.0


def mean_of_known(values: NDArray[np.float64]) -> float:
    """Mean without NaN; NaN when nothing is known."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
