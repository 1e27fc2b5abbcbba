"""From alarms to drops: when the lower level began, how deep it is, and whether and when the old one came back.

Alarms of a series are explained one drop at a time, strongest first. The windows of two drops within twelve weeks see
both; an alarm near a drop that still stands without what that drop explains is left for another one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.drops.daily_visibility import BLOCK, WEEK, Ints
from transforms.drops.levels import LEAST_KNOWN, RunningLevel, days_to_be_sure, find_return, median_of
from transforms.drops.noise import Noise
from transforms.drops.series_levels import SeriesLevels, SpellParams, locate_start
from transforms.drops.shifts import Shifts
from transforms.drops.windows import Sums

MOST_MOVES = 4
"""Times the search for a start is moved on: the windows that saw it are four times as long as it reaches."""


@dataclass(frozen=True)
class Spell:
    """A drop of one series.

    ``first`` is the column of the first low day, ``earliest`` and ``latest`` bound it (90 %); ``recovered`` the column
    of the first day back or -1, ``last`` the last low day or last known day; ``span`` the columns (end exclusive) from
    the drop before it to the one after it, between which its levels were taken; ``begin`` and ``stop`` bound the days
    of the levels before and after. ``before`` and ``after`` are logs, ``error`` the standard error of their difference.
    ``alarms`` are indices into :class:`Shifts`.
    """

    row: int
    first: int
    earliest: int
    latest: int
    last: int
    recovered: int
    begin: int
    stop: int
    before: float
    after: float
    error: float
    span: tuple[int, int]
    alarms: Ints

    @property
    def depth(self) -> float:
        """Share of the old level that is lost."""
        return float(1.0 - np.expm1(self.after) / np.expm1(self.before))

    def depth_at(self, deviations: float) -> float:
        """The depth with the fall so many standard errors larger, 0 to 1."""
        after = max(self.after - deviations * self.error, 0.0)
        return float(np.clip(1.0 - np.expm1(after) / np.expm1(self.before), 0.0, 1.0))

    @property
    def days(self) -> int:
        """Days of the lower level so far."""
        return self.last - self.first + 1


def find_spells(noise: Noise, sums: Sums, shifts: Shifts, params: SpellParams) -> list[Spell]:
    """Lasting (or still short) drops of all series, in order of series and first day."""
    spells: list[Spell] = []
    rows, starts = np.unique(shifts.row, return_index=True)
    width = noise.level.shape[1]
    last_known = width - (sums.known[rows] == sums.known[rows, -1:])[:, ::-1].argmin(axis=1)
    for row, last, start, stop in zip(rows, last_known, starts, [*starts[1:], len(shifts.row)], strict=False):
        series = SeriesLevels(
            int(row), noise.raw[row], RunningLevel(sums.known[row], sums.raw[row]),
            noise.sd[row], noise.autocorrelation[row], noise.doubt[row], shifts.drift[row], width, int(last), params,
        )  # fmt: skip
        spells.extend(sorted(_explain(series, shifts, np.arange(start, stop)), key=lambda spell: spell.first))
    return spells


def _explain(series: SeriesLevels, shifts: Shifts, indices: Ints) -> list[Spell]:
    """Explain a series' alarms one drop at a time, strongest first."""
    params = series.params
    found: list[Spell] = []
    while len(indices):
        boundary = shifts.column[indices] - shifts.window[indices] + 1
        strongest = int(np.lexsort((shifts.column[indices], shifts.p[indices]))[0])
        span = _free_span(int(boundary[strongest]), found, series.width)
        places = locate_start(series, int(boundary[strongest]), span)
        for _ in range(MOST_MOVES):  # a place at the edge of what was searched is on the way to another
            if abs(places[0] - int(boundary[strongest])) < params.search_days - WEEK:
                break
            boundary[strongest] = places[0]
            places = locate_start(series, places[0], span)
        first = places[0]
        away = np.abs(boundary - first)
        near = away <= params.reach_days
        far = near & (away > params.same_start_days)
        if far.any():
            near[far] = ~_stand_alone(series, boundary[far], shifts.column[indices[far]], first)
        near[strongest] = True
        spell = _measure(series, places, indices[near], span)
        if spell is None:  # an outage or a passing peak speaks for itself only, not for a drop soon after it
            near &= np.abs(boundary - boundary[strongest]) <= WEEK
        elif not any(abs(spell.first - other.first) < params.same_start_days for other in found):
            found.append(spell)
        indices = indices[~near]
    return [_measure_again(series, spell, found) for spell in found] if len(found) > 1 else found


def _measure_again(series: SeriesLevels, spell: Spell, found: list[Spell]) -> Spell:
    """The drop with its levels taken between its neighbours, of which not all were known when it was found."""
    span = _free_span(spell.first, [other for other in found if other is not spell], series.width)
    if span == spell.span:
        return spell
    return _measure(series, (spell.first, spell.earliest, spell.latest), spell.alarms, span) or spell


def _free_span(column: int, found: list[Spell], width: int) -> tuple[int, int]:
    """The columns around ``column`` on which no other drop changes the level: from one to the next, end exclusive."""
    starts = [0]
    for spell in found:
        is_back = 0 <= spell.recovered <= column - WEEK
        starts.append(spell.recovered if is_back else spell.first)
    begin = max(start for start in starts if start <= column)
    return begin, min((spell.first for spell in found if spell.first > column), default=width)


def _stand_alone(series: SeriesLevels, boundary: Ints, column: Ints, first: int) -> np.ndarray:
    """Which alarms would be ones without the drop that starts at ``first``.

    An alarm whose days all lie before that drop is. Otherwise its two windows are compared again on one side of
    ``first`` only, each with at least a week.
    """
    params = series.params
    is_earlier = boundary < first
    begin = np.where(
        is_earlier, np.maximum(boundary - params.before_days, 0), np.maximum(boundary - params.before_days, first)
    )
    stop = np.where(is_earlier, np.minimum(column + 1, first), column + 1)
    long_enough = np.minimum(boundary - begin, stop - boundary) >= WEEK
    stop, begin = np.maximum(stop, boundary), np.minimum(begin, boundary)
    before, before_days = series.running.means(begin, boundary)
    after, after_days = series.running.means(boundary, stop)
    sd, r = series.noise_of(first)
    with np.errstate(divide="ignore"):
        error = sd * np.sqrt((1.0 / before_days + 1.0 / after_days) * (1.0 + r) / (1.0 - r))
    enough = long_enough & (before_days >= LEAST_KNOWN) & (after_days >= LEAST_KNOWN)
    own = enough & (after - before <= -params.least_own_deviations * error)
    return np.asarray((column < first) | own)


def _measure(series: SeriesLevels, places: tuple[int, int, int], alarms: Ints, span: tuple[int, int]) -> Spell | None:
    """Levels, end and recovery of a drop that starts at the first of ``places``; None when it is no lasting one.

    The levels are those of the days in ``span``: from the drop before it to the one after it.
    """
    params, running, first = series.params, series.running, places[0]
    begin = max(first - params.before_days, span[0])
    before = series.level_of(begin, first)
    if np.isnan(before):
        return None
    last_known = series.last_known
    stop = min(first + params.level_days, span[1], last_known + 1)
    if _is_outage(series, first, before, stop):
        return None
    after = series.level_of(first, stop)
    threshold = before + np.log(params.recovered_share)
    if np.isnan(after) or after >= threshold:
        after = series.level_of(first, min(first + 2 * WEEK, stop))
        if np.isnan(after) or after >= threshold:
            return None
    is_daily = 2 * running.known_days(begin, first) >= first - begin
    month = series.error_of(first, (params.before_days, params.before_days), (BLOCK, BLOCK)) if is_daily else 0.0
    days = days_to_be_sure(threshold - after, month, is_daily)
    recovered = find_return(running, series.raw, first + 1, last_known + 1, threshold, days)
    last = recovered - 1 if recovered >= 0 else last_known
    if recovered >= 0 and recovered < stop:
        stop = recovered
        after = series.level_of(first, stop)
    if np.isnan(after) or after >= before or _falls_back(series, first, before, after):
        return None
    if last - first + 1 < params.least_provisional_days:
        return None
    old, new = (max(begin, series.first_known), first), (first, stop)
    error = series.error_of(first, *((until - since, running.known_days(since, until)) for since, until in (old, new)))
    return Spell(series.row, *places, last, recovered, begin, stop, before, after, error, span, alarms)


def _is_outage(series: SeriesLevels, first: int, before: float, stop: int) -> bool:
    """Whether the fall is nothing but dark days, fewer than a drop must last, after which the site was back."""
    params = series.params
    raw = series.raw[first:stop]
    raw = raw[raw == raw]
    dark = raw < before - params.outage_deviations
    if not 0 < dark.sum() < min(params.least_days, len(raw)) or dark[-1]:
        return False
    usual = before + np.log(params.recovered_share) - series.noise_of(first)[0]
    return bool(median_of(raw[~dark]) >= usual)


def _falls_back(series: SeriesLevels, first: int, before: float, after: float) -> bool:
    """Whether the site only came back from a passing peak to what was usual before it."""
    params = series.params
    usual = series.level_of(max(first - params.before_days, 0), max(first - BLOCK, 0))
    recent = series.level_of(max(first - BLOCK, 0), first)
    if np.isnan(usual) or np.isnan(recent):
        return False
    return after > usual + np.log(params.usual_share) and recent - usual > usual - after
