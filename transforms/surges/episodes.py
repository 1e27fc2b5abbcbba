"""From alarms to surges: where the excess begins and ends, and which alarms are the same one.

Alarms of a series are explained one surge at a time, strongest first: its days are found, taken out, and the other
alarms are looked at again without them (delete and rescan, Zhang, Assunção & Kulldorff 2010, J. Probab. Stat.), so
that the 28-day windows that still hold a past burst do not become surges of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.surges.baseline import Baselines, Floats, weigh_dispersions
from transforms.surges.daily_series import WEEK, DailySeries
from transforms.surges.scan import Scan, ScanParams, predictive_p, window_growth

Ints = NDArray[np.int64]

BREAK_EVEN_RATE = 3.5129
"""The rate r at which days of twice the expectation score nothing: (r - 1) / log(r) = 2."""


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
    """Alarms of all series, sorted by series and day: row, column, nominal p, window, dispersion weights and growth."""

    row: Ints
    column: Ints
    p: Floats
    window: Ints
    weights: Floats
    growth: Floats


@dataclass(frozen=True)
class Episode:
    """A surge of one series: columns ``first`` to ``last``; ``alarms`` are the alarms (indices) that belong to it."""

    row: int
    first: int
    last: int
    strongest: int
    alarms: Ints


def list_alarms(scan: Scan, baselines: Baselines, bound: float) -> Alarms:
    """Every series-day with nominal p at or below ``bound``."""
    row, column = np.nonzero(scan.p <= bound)
    window = scan.window[row, column]
    week = (column - window + 1) // WEEK
    daily, level, freedom = (part[row, week] for part in (baselines.daily, baselines.level, baselines.freedom))
    weights = weigh_dispersions(daily, level, freedom, baselines.prior[week])
    growth = np.ones(len(row))
    for days in np.unique(window):
        chosen = window == days
        growth[chosen] = window_growth(baselines, slice(None), int(days))[row[chosen], week[chosen]]
    return Alarms(row, column, scan.p[row, column], window, weights, growth)


def find_episodes(
    series: DailySeries, scan: Scan, alarms: Alarms, bound: float, scan_params: ScanParams, params: EpisodeParams
) -> list[Episode]:
    """All surges of all series, in order of series and first day."""
    episodes: list[Episode] = []
    rows, starts = np.unique(alarms.row, return_index=True)
    for row, start, stop in zip(rows, starts, [*starts[1:], len(alarms.row)], strict=False):
        counts, expected = series.counts[row], scan.expected[row]
        found = _explain(counts, expected, alarms, np.arange(start, stop), bound, scan_params, params)
        episodes.extend(sorted(found, key=lambda episode: episode.first))
    return episodes


def _explain(
    counts: Floats,
    expected: Floats,
    alarms: Alarms,
    indices: Ints,
    bound: float,
    scan_params: ScanParams,
    params: EpisodeParams,
) -> list[Episode]:
    left_counts, left_expected = counts.copy(), expected.copy()
    open_alarms, found = indices, list[Episode]()
    p = alarms.p[indices]
    while len(open_alarms):
        strongest = int(open_alarms[np.lexsort((alarms.column[open_alarms], p))[0]])
        last = int(alarms.column[strongest])
        first = last - int(alarms.window[strongest]) + 1
        gap = max(params.gap_days, int(alarms.window[strongest]) // 2)
        first, last = draw_edges(left_counts, left_expected, first, last, gap, params.most_ratio)
        left_counts[first : last + 1] = 0.0
        left_expected[first : last + 1] = 0.0
        p = _remaining_p(left_counts, left_expected, alarms, open_alarms, scan_params)
        explained = (p > bound) | (open_alarms == strongest)
        mine = open_alarms[explained]
        begins = alarms.column[mine] - alarms.window[mine] + 1
        mine = mine[(begins <= last) & (alarms.column[mine] >= first)]
        found.append(Episode(int(alarms.row[strongest]), first, last, strongest, mine))
        open_alarms, p = open_alarms[~explained], p[~explained]
    return _merge(found, alarms, params.gap_days)


def _remaining_p(counts: Floats, expected: Floats, alarms: Alarms, chosen: Ints, params: ScanParams) -> Floats:
    """Nominal p of the alarms' windows without the days already explained; 1 where too little is left."""
    summed, mean = (np.concatenate([[0.0], part.cumsum()]) for part in (counts, expected))
    stop = alarms.column[chosen] + 1
    start = stop - alarms.window[chosen]
    observed, mean = summed[stop] - summed[start], mean[stop] - mean[start]
    p = np.ones(len(chosen))
    high = (observed - mean >= params.least_excess) & (observed >= params.least_ratio * mean) & (mean > 0)
    rows = chosen[high]
    p[high] = predictive_p(observed[high], mean[high], alarms.growth[rows], alarms.weights[rows])
    return p


def draw_edges(
    counts: Floats, expected: Floats, first: int, last: int, gap_days: int, most_ratio: float
) -> tuple[int, int]:
    """First and last column of the excess that the window ``first`` … ``last`` points at.

    A day speaks for the surge when its count is nearer (in logarithms) to the surge's rate than to the baseline: its
    score is the Poisson log-likelihood ratio of ``sqrt(ratio)`` times the expectation, or of the rate that breaks even
    at twice the expectation (the least ratio of a surge) when that is higher: a lasting rise that the baseline has
    caught up with ends the surge. The best run of days inside the window is kept, then extended while the score grows
    and no more than ``gap_days`` pass without a day that speaks for it.
    """
    for _ in range(3):
        inside = slice(first, last + 1)
        ratio = counts[inside].sum() / max(expected[inside].sum(), 1e-9)
        rate = max(BREAK_EVEN_RATE, float(np.sqrt(min(ratio, most_ratio))))
        score = counts * np.log(rate) - expected * (rate - 1.0)
        begin, end = _best_run(score[inside])
        begin, end = first + begin, first + end
        end += _reach(score[end + 1 :], gap_days)
        begin -= _reach(score[:begin][::-1], gap_days)
        if (begin, end) == (first, last):
            break
        first, last = begin, end
    return first, last


def _best_run(score: Floats) -> tuple[int, int]:
    """First and last index of the run of days with the largest summed score."""
    summed = np.concatenate([[0.0], score.cumsum()])
    low = np.minimum.accumulate(summed[:-1])
    end = int(np.argmax(summed[1:] - low))
    return int(np.argmin(summed[: end + 1])), end


def _reach(score: Floats, gap_days: int) -> int:
    """How many further days to take: up to the best summed score before a quiet spell ends the surge."""
    speaking = np.flatnonzero(score > 0)
    gaps = np.flatnonzero(np.diff(np.concatenate([[-1], speaking])) > gap_days + 1)
    speaking = speaking[: gaps[0]] if len(gaps) else speaking
    if not len(speaking):
        return 0
    summed = score[: speaking[-1] + 1].cumsum()
    best = int(np.argmax(summed))
    return best + 1 if summed[best] > 0 else 0


def _merge(found: list[Episode], alarms: Alarms, gap_days: int) -> list[Episode]:
    """Join surges of one series that are at most ``gap_days`` quiet days apart."""
    merged: list[Episode] = []
    for episode in sorted(found, key=lambda one: one.first):
        if merged and episode.first - merged[-1].last - 1 <= gap_days:
            before = merged.pop()
            strongest = min(before.strongest, episode.strongest, key=lambda one: (alarms.p[one], one))
            together = np.concatenate([before.alarms, episode.alarms])
            episode = Episode(before.row, before.first, max(before.last, episode.last), strongest, together)  # noqa: PLW2901
        merged.append(episode)
    return merged
