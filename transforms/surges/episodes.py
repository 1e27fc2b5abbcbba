"""From alarms to surges: where the excess begins and ends, and which alarms are the same one.

Alarms of a series are explained one surge at a time, strongest first: its days are found, taken out, and the other
alarms are looked at again without them (delete and rescan, Zhang, Assunção & Kulldorff 2010, J. Probab. Stat.), so
that the 28-day windows that still hold a past burst do not become surges of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from transforms.surges import calibration
from transforms.surges.baseline import Baselines
from transforms.surges.count_series import CountSeries, Floats, Ints
from transforms.surges.drips import DripParams, Drips, rise_of
from transforms.surges.edges import draw_edges
from transforms.surges.scan import Scan, ScanParams, Spread, predictive_p, window_dispersion


@dataclass(frozen=True, kw_only=True)
class EpisodeParams:
    """How alarms become surges."""

    gap_days: int = 7
    """Quiet days that do not end a surge: publishing pauses over a week-end and a holiday. Half the scan window when
    that is longer, since what only a long window sees comes in drips."""

    most_ratio: float = 64.0
    """Cap of the surge's ratio when its edges are drawn, so that a huge peak does not cut off its own shoulders."""


@dataclass(frozen=True)
class Alarms:
    """Alarms of a shard, sorted by series and column.

    ``row``, ``column``  the series and the step on which it was raised
    ``chance``           per 28 days without a surge (:mod:`transforms.surges.calibration`)
    ``window``           steps looked back
    ``is_drip``          raised by the sum over months, not by the scan
    ``dispersion`` and ``freedom`` of the window's sum
    """

    row: Ints
    column: Ints
    chance: Floats
    window: Ints
    is_drip: NDArray[np.bool_]
    dispersion: Floats
    freedom: Floats

    def take(self, chosen: Ints) -> Alarms:
        """The chosen alarms."""
        return Alarms(*(getattr(self, field.name)[chosen] for field in fields(self)))


@dataclass(frozen=True)
class Episode:
    """A surge of one series: columns ``first`` to ``last``; ``alarms`` are the alarms (indices) that belong to it.

    ``chances`` of those alarms without the days of stronger surges, ``chance`` that of the strongest; ``observed`` and
    ``expected`` new domains in the surge's days; ``is_drip`` when the sum over months is part of it, and the
    expectation is then the level of half a year before.
    """

    row: int
    first: int
    last: int
    strongest: int
    alarms: Ints
    chances: Floats
    chance: float
    observed: float
    expected: float
    is_drip: bool


@dataclass(frozen=True)
class Evidence:
    """What the tests left of a shard, for drawing surges from their alarms."""

    series: CountSeries
    baselines: Baselines
    spread: Spread
    scan: Scan
    drips: Drips


def list_alarms(evidence: Evidence, bound: float) -> Alarms:
    """Every series and step with a chance at or below ``bound``, of the scan and of the sums over months."""
    series, scan, drips, spread = evidence.series, evidence.scan, evidence.drips, evidence.spread
    row, column = np.nonzero((scan.p < 1.0) & scan.is_tested)
    window = scan.window[row, column]
    mean = _sum_spans(scan.expected, row, column - window + 1, column + 1)
    chance = calibration.scan_chance(scan.p[row, column], mean / (window * series.step_days))
    rare = chance <= bound
    row, column, window, mean, chance = row[rare], column[rare], window[rare], mean[rare], chance[rare]
    begin = column - window + 1
    dispersion, freedom = np.empty(len(row)), np.empty(len(row))
    for length in np.unique(window):
        at = np.flatnonzero(window == length)
        block = begin[at] // series.block
        dispersion[at], freedom[at] = window_dispersion(spread, row[at], block, int(length), mean[at])
    found = Alarms(row, column, chance, window, np.zeros(len(row), dtype=bool), dispersion, freedom)
    chance = calibration.drip_chance(drips.p)
    row, block = np.nonzero(chance <= bound)
    column = (block + 1) * series.block - 1
    is_told = scan.is_tested[row, column]
    row, block, column = row[is_told], block[is_told], column[is_told]
    window = column - drips.start[row, block] * series.block + 1
    weekly, freedom = spread.weekly[row, block], spread.known_blocks[row, block]
    slow = Alarms(row, column, chance[row, block], window, np.ones(len(row), dtype=bool), weekly, freedom)
    both = Alarms(*(np.concatenate([getattr(found, f.name), getattr(slow, f.name)]) for f in fields(Alarms)))
    return both.take(np.lexsort((both.is_drip, both.column, both.row)))


def find_episodes(
    evidence: Evidence,
    alarms: Alarms,
    bound: float,
    scan_params: ScanParams,
    drip_params: DripParams,
    params: EpisodeParams,
) -> list[Episode]:
    """All surges of a shard, in order of series and first day."""
    episodes: list[Episode] = []
    rows, starts = np.unique(alarms.row, return_index=True)
    for row, start, stop in zip(rows, starts, [*starts[1:], len(alarms.row)], strict=False):
        one = _Explainer(evidence, int(row), alarms, bound, scan_params, drip_params, params)
        episodes.extend(one.explain(np.arange(start, stop)))
    return episodes


class _Explainer:
    """Explains the alarms of one series, a surge at a time."""

    def __init__(
        self,
        evidence: Evidence,
        row: int,
        alarms: Alarms,
        bound: float,
        scan_params: ScanParams,
        drip_params: DripParams,
        params: EpisodeParams,
    ) -> None:
        self._row, self._alarms, self._bound, self._params = row, alarms, bound, params
        self._scan_params, self._drip_params = scan_params, drip_params
        self._windows = len(scan_params.windows(evidence.series.step_days))
        self._counts = evidence.series.counts[row]
        self._left = self._counts.copy()
        self._expected = evidence.scan.expected[row]
        self._left_expected = self._expected.copy()
        self._block, self._step_days = evidence.series.block, evidence.series.step_days
        # days without a level, and drips' days without a reference, speak for nothing
        self._left[self._expected <= 0] = 0.0
        reference = np.repeat(evidence.drips.expected[row] / self._block, self._block)
        self._reference = np.where(reference > 0, reference, self._expected)
        self._left_reference = self._reference.copy()

    def explain(self, waiting: Ints) -> list[Episode]:
        """The surges behind the alarms ``waiting``, in order of first day."""
        alarms, found = self._alarms, list[Episode]()
        chance = alarms.chance[waiting]
        while len(waiting):
            place = int(np.lexsort((alarms.column[waiting], chance))[0])
            strongest = int(waiting[place])
            first, last = self._draw(strongest)
            is_drip = bool(alarms.is_drip[strongest])
            inside = slice(first, last + 1)
            expected = float((self._reference if is_drip else self._expected)[inside].sum())
            observed = float(self._counts[inside].sum())
            self._left[inside] = self._left_expected[inside] = self._left_reference[inside] = 0.0
            # alarms of other days keep the chance they have
            begins = alarms.column[waiting] - alarms.window[waiting] + 1
            touched = np.flatnonzero((begins <= last) & (alarms.column[waiting] >= first))
            left = chance.copy()
            left[touched] = np.maximum(chance[touched], self._remaining(waiting[touched]))
            explained = left > self._bound
            explained[place] = True
            mine, chances = waiting[explained], chance[explained]
            found.append(
                Episode(
                    self._row, first, last, strongest, mine, chances, float(chance[place]), observed, expected, is_drip
                )
            )
            waiting, chance = waiting[~explained], left[~explained]
        return self._merge(found)

    def _draw(self, strongest: int) -> tuple[int, int]:
        last, window = int(self._alarms.column[strongest]), int(self._alarms.window[strongest])
        if self._alarms.is_drip[strongest]:
            # from the week the sum rose from to the one in which it stood highest
            return last - window + 1, last
        gap = max(self._params.gap_days, window // 2)
        return draw_edges(self._left, self._left_expected, last - window + 1, last, gap, self._params.most_ratio)

    def _remaining(self, chosen: Ints) -> Floats:
        """Chance of the alarms' windows without the days already explained; 1 where too little is left."""
        alarms, params = self._alarms, self._scan_params
        begin, stop = alarms.column[chosen] - alarms.window[chosen] + 1, alarms.column[chosen] + 1
        is_drip, chance = alarms.is_drip[chosen], np.ones(len(chosen))
        counts, expected = (
            summed[stop] - summed[begin]
            for summed in (np.append(0.0, part.cumsum()) for part in (self._left, self._left_expected))
        )
        high = (counts - expected >= params.least_excess) & (counts >= params.least_ratio * expected) & (expected > 0)
        at = np.flatnonzero(high & ~is_drip)
        if len(at):
            of_window = chosen[at]
            # one window's p times their number bounds the combined one
            p = predictive_p(counts[at], expected[at], alarms.dispersion[of_window], alarms.freedom[of_window])
            daily = expected[at] / (alarms.window[of_window] * self._step_days)
            chance[at] = calibration.scan_chance(np.minimum(p * self._windows, 1.0), daily)
        at = np.flatnonzero(is_drip)
        if len(at):
            rise = self._sum_rises(begin[at], stop[at], alarms.dispersion[chosen[at]])
            chance[at] = calibration.drip_chance(np.exp(-np.maximum(rise, 0.0)))
        return chance

    def _sum_rises(self, begin: Ints, stop: Ints, dispersion: Floats) -> Floats:
        """The sum over months of what is left, from the block of ``begin`` to that before ``stop``."""
        block = self._block
        counts, expected = (part.reshape(-1, block).sum(axis=1) for part in (self._left, self._left_reference))
        rise = rise_of(counts, expected, dispersion[:, None], self._drip_params)
        return _sum_spans(rise, np.arange(len(begin)), begin // block, stop // block)

    def _merge(self, found: list[Episode]) -> list[Episode]:
        """Join surges that are at most ``gap_days`` quiet days apart."""
        merged: list[Episode] = []
        for episode in sorted(found, key=lambda one: one.first):
            if merged and episode.first - merged[-1].last - 1 <= self._params.gap_days:
                merged[-1] = self._join(merged[-1], episode)
            else:
                merged.append(episode)
        return merged

    def _join(self, one: Episode, other: Episode) -> Episode:
        stronger = min(one, other, key=lambda episode: (episode.chance, episode.strongest))
        first, last = min(one.first, other.first), max(one.last, other.last)
        is_drip = one.is_drip or other.is_drip
        inside = slice(first, last + 1)
        return Episode(
            row=self._row,
            first=first,
            last=last,
            strongest=stronger.strongest,
            alarms=np.concatenate([one.alarms, other.alarms]),
            chances=np.concatenate([one.chances, other.chances]),
            chance=stronger.chance,
            observed=float(self._counts[inside].sum()),
            expected=float((self._reference if is_drip else self._expected)[inside].sum()),
            is_drip=is_drip,
        )


def _sum_spans(values: Floats, row: Ints, begin: Ints, stop: Ints) -> Floats:
    """Sums of ``values[row, begin:stop]``."""
    rows, at = np.unique(row, return_inverse=True)
    summed = np.concatenate([np.zeros((len(rows), 1)), values[rows].cumsum(axis=1)], axis=1)
    return np.asarray(summed[at, stop] - summed[at, begin])
