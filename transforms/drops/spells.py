"""From alarms to drops: when the lower level began, how deep it is, and whether and when the old one came back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.drops.daily_visibility import WEEK, Floats, VisibilitySeries
from transforms.drops.shifts import Ints, Shifts, clip_between


@dataclass(frozen=True, kw_only=True)
class SpellParams:
    """What makes alarms one drop, and a drop lasting."""

    level_days: int = 28
    """Days whose median is the level before and after."""

    reach_days: int = 28
    """Days around a drop's start within which alarms speak of the same drop: the length of the windows that saw it."""

    search_days: int = 14
    """Days around the strongest alarm's boundary in which the start is looked for."""

    clip_deviations: float = 4.0
    """Standard deviations beyond the two levels at which single days are clipped when the start is looked for."""

    outage_share: float = 0.1
    """Share of the old level below which a short run of days is an outage and says nothing about the level."""

    least_days: int = 14
    """Days a lower level must last; shorter ones are outages and holidays."""

    least_provisional_days: int = 7
    """Days after which a severe drop that still lasts is reported provisionally."""

    recovered_share: float = 0.9
    """Share of the old level at which a site counts as back (the table's definition of ``recovered_on``)."""

    reference_days: int = 56
    """Days before the old level's 28 in which the site must have stood higher as well: a fall back from a peak of a few
    weeks to what was usual before it is not a drop."""

    usual_share: float = 0.925
    """Share of that earlier level which the lower level must not exceed: half the least depth below it, so that a fall
    back to it within noise does not count, and a fall of a growing site still does."""


@dataclass(frozen=True)
class Spell:
    """A drop of one series.

    ``first`` is the column of the first low day, ``recovered`` that of the first day back or -1, ``last`` the last low
    day or last known day; ``alarms`` are indices into :class:`Shifts`.
    """

    row: int
    first: int
    last: int
    recovered: int
    before: float
    after: float
    alarms: Ints

    @property
    def depth(self) -> float:
        """Share of the old level that is lost."""
        return 1.0 - self.after / self.before

    @property
    def days(self) -> int:
        """Days of the lower level so far."""
        return self.last - self.first + 1


def find_spells(series: VisibilitySeries, shifts: Shifts, params: SpellParams) -> list[Spell]:
    """Lasting (or still provisional) drops of all series, in order of series and first day."""
    spells: list[Spell] = []
    rows, starts = np.unique(shifts.row, return_index=True)
    for row, start, stop in zip(rows, starts, [*starts[1:], len(shifts.row)], strict=False):
        indices = np.arange(start, stop)
        found = _explain(int(row), series.visibility[row], shifts, indices, params)
        spells.extend(sorted(found, key=lambda spell: spell.first))
    return spells


def _explain(row: int, visibility: Floats, shifts: Shifts, indices: Ints, params: SpellParams) -> list[Spell]:
    """Explain a series' alarms one drop at a time, strongest first."""
    found: list[Spell] = []
    boundary = shifts.column[indices] - shifts.window[indices] + 1
    p, column = shifts.p[indices], shifts.column[indices]
    while len(indices):
        strongest = int(np.lexsort((column, p))[0])
        first = locate_start(shifts.raw[row], int(boundary[strongest]), float(shifts.sd[row]), params)
        near = np.abs(boundary - first) <= params.reach_days
        near[strongest] = True
        spell = _measure(row, visibility, first, indices[near], params)
        if spell is None:  # an outage or a passing peak speaks for itself only, not for a drop soon after it
            near &= np.abs(boundary - boundary[strongest]) <= WEEK
        if spell is not None and not any(_overlap(spell, other) for other in found):
            found.append(spell)
        indices, boundary, p, column = (part[~near] for part in (indices, boundary, p, column))
    return found


def _overlap(one: Spell, other: Spell) -> bool:
    """Whether two drops begin within the same windows."""
    return abs(one.first - other.first) < WEEK


def locate_start(level: Floats, boundary: int, sd: float, params: SpellParams) -> int:
    """The column that best divides the days around ``boundary`` into a higher and a lower level (least squares).

    Single days are clipped (:func:`clip_between`), so that an outage near by does not draw the start to itself.
    """
    low = max(boundary - params.search_days - params.level_days, 0)
    high = min(boundary + params.search_days + params.level_days, len(level))
    is_after = np.arange(low, high) >= boundary
    values = clip_between(level[None, low:high], is_after, np.array([sd]), params.clip_deviations)[0]
    known = ~np.isnan(values)
    count, summed = known.cumsum().astype(np.float64), np.nan_to_num(values).cumsum()
    before, left = count[:-1], summed[:-1]
    after, right = count[-1] - before, summed[-1] - left
    enough = (before >= 4) & (after >= 4)
    fall = left / np.maximum(before, 1.0) - right / np.maximum(after, 1.0)
    gain = np.where(enough & (fall > 0), fall**2 * before * after, -1.0)
    split = np.arange(1, len(values))
    gain[np.abs(split + low - boundary) > params.search_days] = -1.0
    best = int(np.argmax(gain)) if len(gain) else 0
    if not len(gain) or gain[best] < 0:
        return boundary
    start = low + int(split[best])
    while start < boundary + params.search_days and start + 1 < len(level) and np.isnan(level[start]):
        start += 1
    return start


def _measure(row: int, visibility: Floats, first: int, alarms: Ints, params: SpellParams) -> Spell | None:
    """Levels, end and recovery of a drop that starts at ``first``; None when it is no lasting one."""
    known = np.flatnonzero(~np.isnan(visibility))
    before = _median(visibility[max(first - params.level_days, 0) : first])
    usual = _median(visibility[max(first - params.level_days - params.reference_days, 0) : first - params.level_days])
    if np.isnan(before) or before <= 0:
        return None
    is_daily = (~np.isnan(visibility[max(first - params.level_days, 0) : first])).sum() >= 2 * WEEK
    recovered = find_recovery(visibility, first, params.recovered_share * before, WEEK if is_daily else 4 * WEEK)
    last = recovered - 1 if recovered >= 0 else int(known[-1])
    low = visibility[first : min(first + params.level_days, last + 1)]
    after = _median(_without_outages(low, params.outage_share * before, params.least_days))
    if np.isnan(after) or after >= before or after > params.usual_share * usual:
        return None
    lasting = last - first + 1 >= (params.least_days if recovered >= 0 else params.least_provisional_days)
    return Spell(row, first, last, recovered, before, after, alarms) if lasting else None


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


def _without_outages(visibility: Floats, threshold: float, most_days: int) -> Floats:
    """The days with runs of fewer than ``most_days`` below ``threshold`` taken out, if they came back within them."""
    dark = visibility < threshold
    edges = np.flatnonzero(np.diff(np.concatenate([[False], dark, [False]]).astype(np.int8)))
    kept = visibility.copy()
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        if stop - start < most_days and stop < len(visibility):
            kept[start:stop] = np.nan
    return kept


def _median(values: Floats) -> float:
    """Median of the known values; NaN with fewer than four (infinity is never returned)."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) >= 4 else float("nan")


def mean_of_known(values: NDArray[np.float64]) -> float:
    """Mean without NaN; NaN when nothing is known."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
