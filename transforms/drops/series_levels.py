"""The levels of one series: any run of days, its noise, and where a level most likely began."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from transforms.drops.daily_visibility import BLOCK, WEEK, Floats
from transforms.drops.levels import LEAST_KNOWN, RunningLevel, median_of
from transforms.drops.shifts import ShiftParams
from transforms.drops.steps import likely_places, profile_steps
from transforms.drops.windows import drift_share, variance_of_mean, variance_of_some


@dataclass(frozen=True, kw_only=True)
class SpellParams:
    """What makes alarms one drop, and a drop lasting."""

    before_days: int = ShiftParams.before_days
    """Days whose mean is the level before: as in the scan."""

    level_days: int = 56
    """Days, at most, whose mean is the level after; eight for a weekly tracker."""

    reach_days: int = 84
    """Days around a drop's start within which its alarms lie: the length of the windows that saw it. An alarm in them
    that stands on days of its own is of another drop."""

    same_start_days: int = WEEK
    """Fewest days between the starts of two drops of a night: a weekly tracker dates no better than a week."""

    least_own_deviations: float = 4.0
    """Standard errors by which the days between two drops must lie below the level before (or above the level after)
    for an alarm that saw both drops to speak for a second one: one more than an alarm needs, since the month-to-month
    movement cannot be allowed for within so few days, and a fall that takes two weeks would be two drops."""

    search_days: int = 21
    """Days around the alarm's boundary in which the start is looked for."""

    least_days: int = 14
    """Days a lower level must last; shorter ones are outages and holidays."""

    least_provisional_days: int = WEEK
    """Days after which a severe drop that still lasts is told provisionally, and one that the other sites confirm."""

    outage_deviations: float = 1.5
    """How far (log) below the old level a day is dark: at 22 % of it. Fewer dark days than :attr:`least_days`, with
    the usual level on the others, are an outage and no drop."""

    recovered_share: float = 0.9
    """Share of the old level at which a site counts as back (the table's definition of ``recovered_on``)."""

    usual_share: float = 0.94
    """Share of the level before the last 28 days which the lower level must not exceed: half the least depth below it,
    so that a fall back from a peak of a few weeks to what was usual before it is not a drop."""

    clip_deviations: float = 4.0
    """Standard deviations beyond the medians of both levels at which days are clipped: a day of outage then weighs no
    more than an ordinary bad day, whichever side it lies on."""

    deviations: float = 1.645
    """Standard errors on either side of the depth: nine in ten."""


@dataclass(frozen=True)
class SeriesLevels:
    """What is known of one series: unclipped weekday-free logs and their running sums, noise and drift by block."""

    row: int
    raw: Floats
    running: RunningLevel
    sd: Floats
    autocorrelation: Floats
    doubt: Floats
    drift: Floats
    width: int
    last_known: int
    params: SpellParams

    @property
    def first_known(self) -> int:
        """Column of the first known day."""
        return int(np.argmax(self.raw == self.raw))

    def noise_of(self, column: int) -> tuple[float, float]:
        """Daily deviation and correlation as measured before the block of a column; those after it where unknown."""
        block = min(column, self.width - 1) // BLOCK
        if self.sd[block] != self.sd[block]:
            known = np.flatnonzero(~np.isnan(self.sd[block:]))
            block += int(known[0]) if len(known) else 0
        return float(self.sd[block]), float(self.autocorrelation[block])

    def level_of(self, start: int, stop: int) -> float:
        """Mean of the days ``start`` … ``stop`` - 1, clipped about their median; NaN with too few known."""
        values = self.raw[start:stop]
        values = values[values == values]
        if len(values) < LEAST_KNOWN:
            return float("nan")
        middle, reach = median_of(values), self.params.clip_deviations * self.noise_of(start)[0]
        return float(np.minimum(np.maximum(values, middle - reach), middle + reach).sum() / len(values))

    def error_of(self, column: int, before: tuple[int, int], after: tuple[int, int]) -> float:
        """Standard error of the fall between two windows, each given by its days and the days known; doubt added."""
        sd, r = self.noise_of(column)
        noise = 0.0
        for days, known in ((max(days, 2), known) for days, known in (before, after)):
            noise += variance_of_some(variance_of_mean(r, days), days, float(known))
        block = min(column, self.width - 1) // BLOCK
        drift = float(self.drift[block]) * drift_share(before[0], after[0])
        total = sd**2 * noise + drift
        # the noise is not known exactly, least of all in a young series: Student's t, as in the scan
        freedom = 2.0 / max(float(self.doubt[block]) * (sd**2 * noise / total) ** 2, 1e-4)
        return math.sqrt(total) * float(stdtrit(freedom, 0.95)) / self.params.deviations


def locate_start(series: SeriesLevels, boundary: int, span: tuple[int, int]) -> tuple[int, int, int]:
    """The first low day, and the earliest and latest that the 90 % interval holds.

    The likeliest step down near ``boundary`` under AR(1) noise, among the days between the neighbouring drops. Where
    no step can be told, ``boundary``, and every day that was searched.
    """
    params = series.params
    searched = (max(boundary - params.search_days, span[0]), min(boundary + params.search_days, span[1] - 1))
    undated = boundary, searched[0], min(searched[1], max(series.last_known, boundary))
    low = max(boundary - params.search_days - params.before_days, span[0])
    high = min(boundary + params.search_days + params.level_days, span[1])
    known = low + np.flatnonzero(~np.isnan(series.raw[low:high]))
    sd, r = series.noise_of(boundary)
    values, is_after = series.raw[known], known >= boundary
    if min(is_after.sum(), len(known) - is_after.sum()) < LEAST_KNOWN:
        return undated
    middles = median_of(values[is_after]), median_of(values[~is_after])
    reach = params.clip_deviations * sd
    spacing = (known[-1] - known[0]) / (len(known) - 1)
    profile = profile_steps(np.minimum(np.maximum(values, min(middles) - reach), max(middles) + reach), r**spacing)
    gain = np.where(profile.change < 0.0, profile.gain, -np.inf)
    place = known[1:]
    gain[np.abs(place - boundary) > params.search_days] = -np.inf
    # a level of the first days of a series is none
    gain[place < series.first_known + 2 * WEEK] = -np.inf
    gain[: LEAST_KNOWN - 1], gain[len(gain) - LEAST_KNOWN + 1 :] = -np.inf, -np.inf
    if not np.isfinite(gain).any():
        return undated
    best, first, last = likely_places(gain, sd**2)
    # a day before the earliest that is unknown may have been the first low one
    return int(place[best]), int(known[first]) + 1, int(place[last])
