"""Whether what a surge links to fell more than the rest of the site: pages and queries, before and after a drop.

The series is the log of linked over other visibility (``correlation.linked_days``). Its step at the start of the drop
is a difference of differences: what moves the whole site cancels, and so does what the two do differently anyway. How
unusual the step is comes from the series itself: weekly means move by so much in the months before (placebo dates of
the same site), which makes it a triple difference. Source: research, detection 3 ("the strongest lever").
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.correlation.days import day_numbers

Floats = NDArray[np.float64]

WEEK = 7


@dataclass(frozen=True, kw_only=True)
class SpecificityParams:
    """How the step is measured."""

    level_days: int = 28
    """Days before and after the drop whose means are compared: whole weeks, so that weekdays cancel."""
    least_days_after: int = 7
    """Fewest days after the drop's start; a week holds every weekday once."""
    least_weeks: int = 6
    """Weeks before the drop with at least four known days, to measure how the two move apart anyway."""
    least_deviation: float = 0.03
    """Floor of a week's movement (log): below it, rounding."""
    offset: float = 0.5
    """Clicks a day added to both before the log, so that a quiet day of few clicks weighs little."""
    correlation: float = 0.3
    """Correlation of neighbouring weeks assumed: what pages do differently lasts for weeks."""


@dataclass(frozen=True)
class Contrast:
    """How much more what is linked fell: ``change`` in log units (negative = fell more), ``z`` in standard errors."""

    change: float
    z: float


class LinkedDays:
    """``correlation.linked_days`` by surge and kind; of several providers the one asked for, else the first by name."""

    def __init__(self, linked_days: pd.DataFrame, params: SpecificityParams) -> None:
        self._params = params
        ordered = linked_days.sort_values(["surge_id", "kind", "provider", "day"], ignore_index=True)
        self._days = day_numbers(ordered["day"])
        linked, other = (
            pd.to_numeric(ordered[name]).to_numpy(dtype=np.float64)
            for name in ("linked_visibility", "other_visibility")
        )
        self._ratio = np.log(linked + params.offset) - np.log(other + params.offset)
        keys = ordered[["surge_id", "kind", "provider"]].astype(str)
        is_first = (keys != keys.shift()).any(axis=1).to_numpy()
        starts = np.flatnonzero(is_first)
        self._series: dict[tuple[str, str], list[tuple[str, slice]]] = {}
        for start, end in zip(starts, [*starts[1:], len(ordered)], strict=False):
            surge_id, kind, provider = keys.iloc[int(start)]
            self._series.setdefault((surge_id, kind), []).append((provider, slice(int(start), int(end))))

    def contrast(self, surge_id: str, kind: str, provider: str, drop_day: int) -> Contrast | None:
        """The step at ``drop_day`` (day number); None where it cannot be compared."""
        choices = self._series.get((surge_id, kind), [])
        found = (self._measure(rows, drop_day) for rows in _in_order(choices, provider))
        return next((contrast for contrast in found if contrast is not None), None)

    def _measure(self, rows: slice, drop_day: int) -> Contrast | None:
        params = self._params
        offset = self._days[rows] - drop_day
        ratio = self._ratio[rows]
        is_after = (offset >= 0) & (offset < params.level_days)
        is_before = (offset < 0) & (offset >= -params.level_days)
        if is_after.sum() < params.least_days_after or is_before.sum() < params.level_days // 2:
            return None
        change = float(ratio[is_after].mean() - ratio[is_before].mean())
        weeks = _weekly_means(ratio[offset < 0], offset[offset < 0])
        if len(weeks) < params.least_weeks:
            return None
        week = max(float(np.std(weeks, ddof=1)), params.least_deviation)
        counts = (is_before.sum() / WEEK, is_after.sum() / WEEK)
        spread = (1.0 + params.correlation) / (1.0 - params.correlation)
        error = week * math.sqrt(spread * sum(1.0 / count for count in counts))
        return Contrast(change, change / error)


def _in_order(choices: Sequence[tuple[str, slice]], provider: str) -> list[slice]:
    return [rows for name, rows in sorted(choices, key=lambda choice: (choice[0] != provider, choice[0]))]


def _weekly_means(ratio: Floats, offset: NDArray[np.int64]) -> Floats:
    """Means of the whole weeks before the drop, counted back from it, of which at least four days are known."""
    week = (-offset - 1) // WEEK
    count, total = np.bincount(week), np.bincount(week, weights=ratio)
    return np.asarray(total[count >= 4] / count[count >= 4])
