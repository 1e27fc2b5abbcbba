"""From alarms to drops: when the lower level began, how deep it is, and whether and when the old one came back.

Alarms of a series are explained one drop at a time, strongest first. The windows of two drops within four weeks see
both; an alarm near a drop that still stands without what that drop explains is left for another one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.drops.daily_visibility import WEEK, Floats, VisibilitySeries
from transforms.drops.levels import find_recovery, median_level, without_outages
from transforms.drops.shifts import Ints, Shifts, clip_between


@dataclass(frozen=True, kw_only=True)
class SpellParams:
    """What makes alarms one drop, and a drop lasting."""

    level_days: int = 28
    """Days whose median is the level before and after."""

    reach_days: int = 28
    """Days around a drop's start within which its alarms lie: the length of the windows that saw it. An alarm in them
    that stands on days of its own is of another drop."""

    same_start_days: int = 7
    """Most days between the starts of one drop on two nights, and fewest between two drops of a night: a weekly tracker
    dates no better than a week, and a start that moves further is told as another drop."""

    least_own_deviations: float = 4.0
    """Standard errors by which the days between two drops must lie below the level before (or above the level after)
    for an alarm that saw both drops to speak for a second one: one more than an alarm needs, since the month-to-month
    movement cannot be allowed for within so few days, and a fall that takes two weeks would be two drops."""

    usual_autocorrelation: float = 0.35
    """Correlation of neighbouring days in that comparison: that of the noise model before anything is seen."""

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
    day or last known day; ``span`` the columns (end exclusive) from the drop before it to the one after it, between
    which its levels were taken; ``alarms`` are indices into :class:`Shifts`.
    """

    row: int
    first: int
    last: int
    recovered: int
    before: float
    after: float
    span: tuple[int, int]
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
    level, sd = shifts.raw[row], float(shifts.sd[row])
    while len(indices):
        boundary = shifts.column[indices] - shifts.window[indices] + 1
        strongest = int(np.lexsort((shifts.column[indices], shifts.p[indices]))[0])
        span = _free_span(int(boundary[strongest]), found, len(level))
        first = span[0] + locate_start(level[slice(*span)], int(boundary[strongest]) - span[0], sd, params)
        near = np.abs(boundary - first) <= params.reach_days
        far = near & (np.abs(boundary - first) > params.same_start_days)
        for one in np.flatnonzero(far):
            alarm = indices[one]
            near[one] = not _stands_alone(level, int(boundary[one]), int(shifts.column[alarm]), first, sd, params)
        near[strongest] = True
        spell = _measure(row, visibility, first, indices[near], span, params)
        if spell is None:  # an outage or a passing peak speaks for itself only, not for a drop soon after it
            near &= np.abs(boundary - boundary[strongest]) <= WEEK
        elif not any(abs(spell.first - other.first) < params.same_start_days for other in found):
            found.append(spell)
        indices = indices[~near]
    return [_measure_again(spell, found, visibility, params) for spell in found]


def _measure_again(spell: Spell, found: list[Spell], visibility: Floats, params: SpellParams) -> Spell:
    """The drop with its levels taken between its neighbours, of which not all were known when it was found."""
    others = [other for other in found if other is not spell]
    span = _free_span(spell.first, others, len(visibility))
    return _measure(spell.row, visibility, spell.first, spell.alarms, span, params) or spell


def _free_span(column: int, found: list[Spell], width: int) -> tuple[int, int]:
    """The columns around ``column`` on which no other drop changes the level: from one to the next, end exclusive."""
    starts = [0]
    for spell in found:
        is_back = 0 <= spell.recovered <= column - WEEK
        starts.append(spell.recovered if is_back else spell.first)
    begin = max(start for start in starts if start <= column)
    return begin, min((spell.first for spell in found if spell.first > column), default=width)


def _stands_alone(level: Floats, boundary: int, column: int, first: int, sd: float, params: SpellParams) -> bool:
    """Whether an alarm would be one without the drop that starts at ``first``.

    An alarm whose days all lie before that drop is. Otherwise its two windows are compared again on one side of
    ``first`` only, each with at least a week.
    """
    if column < first:
        return True
    begin, stop = max(boundary - params.level_days, 0), column + 1
    begin, stop = (begin, first) if boundary < first else (max(begin, first), stop)
    if min(boundary - begin, stop - boundary) < WEEK:
        return False
    is_after = np.arange(begin, stop) >= boundary
    values = clip_between(level[None, begin:stop], is_after, np.array([sd]), params.clip_deviations)[0]
    before, after = (values[part & ~np.isnan(values)] for part in (~is_after, is_after))
    if min(len(before), len(after)) < 4:
        return False
    r = params.usual_autocorrelation
    error = sd * np.sqrt((1.0 / len(before) + 1.0 / len(after)) * (1.0 + r) / (1.0 - r))
    return bool(after.mean() - before.mean() <= -params.least_own_deviations * error)


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


def _measure(
    row: int, visibility: Floats, first: int, alarms: Ints, span: tuple[int, int], params: SpellParams
) -> Spell | None:
    """Levels, end and recovery of a drop that starts at ``first``; None when it is no lasting one.

    The levels are those of the days in ``span``: from the drop before it to the one after it.
    """
    known = np.flatnonzero(~np.isnan(visibility))
    before = median_level(visibility[max(first - params.level_days, span[0]) : first])
    usual = median_level(
        visibility[max(first - params.level_days - params.reference_days, 0) : first - params.level_days]
    )
    if np.isnan(before) or before <= 0:
        return None
    is_daily = (~np.isnan(visibility[max(first - params.level_days, 0) : first])).sum() >= 2 * WEEK
    recovered = find_recovery(visibility, first, params.recovered_share * before, WEEK if is_daily else 4 * WEEK)
    last = recovered - 1 if recovered >= 0 else int(known[-1])
    low = visibility[first : min(first + params.level_days, last + 1, span[1])]
    after = median_level(without_outages(low, params.outage_share * before, params.least_days))
    if np.isnan(after) or after >= before or after > params.usual_share * usual:
        return None
    lasting = last - first + 1 >= (params.least_days if recovered >= 0 else params.least_provisional_days)
    return Spell(row, first, last, recovered, before, after, span, alarms) if lasting else None


def days_until_told(visibility: Floats, spell: Spell, severe_depth: float, params: SpellParams) -> int:
    """Days the drop had to last to be told: those after which it first was severe, or :attr:`SpellParams.least_days`.

    Judged with the days up to then, so that a drop that was told is not taken back when it turns out less deep.
    """
    for days in range(params.least_provisional_days, min(params.least_days, spell.days + 1)):
        low = visibility[spell.first : spell.first + days]
        after = median_level(without_outages(low, params.outage_share * spell.before, params.least_days))
        if after <= (1.0 - severe_depth) * spell.before:
            return days
    return params.least_days
