"""Do drops follow surges more often than chance? Two tests of whole trains, pooled over sites and for each site.

The statistic is the sum, over counted drops with a surge of the group in the lag window before, of the share of the
site's days that would have no such surge: a match where most days match says little. Windows were declared before
looking; ``any`` asks whether one of the three stands out, by the largest of their standardised sums among the placebos'
largest (max statistic), so that looking at several is paid for.

*Time shift.* The site's whole train of drops is moved around the circle of its open days, gaps and all; surges stay.
For one site every shift is enumerated; pooled, each site is shifted on its own. It holds when the train could have
begun on any open day. It fails when surges and drops follow a calendar nobody listed.

*Site swap.* Every site gets the surges of another, the calendar staying put. It holds under any shared calendar. It
fails when sites with more surges have more drops for another reason, which the time shift withstands: so the larger p
of the two is believed. A day on which the other site has no link data counts as what sites with data show that day.

Everything works on many portfolios at once, which the benchmark uses and the stage does not. Source: research on
event coincidence and swaps (docs/methods-association.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.correlation.event_trains import (
    ANY,
    LAGS,
    DropTrains,
    Lags,
    Marks,
    Numbers,
    Sites,
    SurgeTrains,
    TrainParams,
    Whole,
)
from transforms.correlation.placebo_draws import SHIFT, below, draw

Scores = NDArray[np.float32]

TESTED = tuple(LAGS)
"""The last axis of every array here."""
_THREE = TESTED.index(ANY)
"""The declared windows are the first three."""
_DRAWS_AT_ONCE = 64
"""Draws worked out together: enough to be quick, few enough to fit the cache."""
_SITES_AT_ONCE = 500
"""Sites whose every shift or swap is held in memory together: some 100 MB."""
_ROUNDING = 1e-4
"""Sums nearer than this are equal: they are added up in another order."""


@dataclass(frozen=True)
class TrainResult:
    """What was seen and what chance gives, per unit (a portfolio, or a site) and window of TESTED."""

    unit: Whole
    """Number of the portfolio, or row of the site; only units with a counted drop."""
    drops: Whole
    """Drops that a surge in the window could count for."""
    observed: Whole
    expected: Numbers
    """Mean over all shifts."""
    p_time_shift: Numbers
    p_site_swap: Numbers
    """NaN with too few other sites."""
    least_p: Numbers
    """The smallest p these trains could have shown, had the drops fallen where they match best."""

    @property
    def p_larger(self) -> Numbers:
        """The larger of the two, or the one there is: what a person is to believe."""
        return np.asarray(np.fmax(self.p_time_shift, self.p_site_swap))


@dataclass(frozen=True)
class _Shifts:
    """Matches of each site under every shift, end to end: site i's are ``first[i] : first[i] + length[i]``."""

    site: Whole
    first: Whole
    length: Whole
    counts: NDArray[np.uint8]


def pool_sites(drops: DropTrains, surges: SurgeTrains, sites: Sites, params: TrainParams) -> TrainResult:
    """The pooled tests of each portfolio with a counted drop; ``surges`` are those of one group of origins."""
    shifts = _enumerate_shifts(drops, surges)
    units, starts = _units(sites.portfolio[shifts.site])
    rarity = surges.rarity[shifts.site].astype(np.float32)
    real = np.add.reduceat(shifts.counts[shifts.first] * rarity, starts, axis=0)
    shifted = np.empty((params.draws, len(units), len(TESTED)), dtype=np.float32)
    for first in range(0, params.draws, _DRAWS_AT_ONCE):
        stop = min(first + _DRAWS_AT_ONCE, params.draws)
        moved = shifts.first + below(draw(sites.numbers[shifts.site], first, stop, SHIFT), shifts.length)
        shifted[first:stop] = np.add.reduceat(shifts.counts[moved] * rarity, starts, axis=1)
    has_others = np.bincount(sites.portfolio)[units] > params.least_other_sites
    return _result(
        units,
        np.add.reduceat(drops.reach > 0, _units(sites.portfolio[drops.site])[1], axis=0, dtype=np.int64),
        np.add.reduceat(shifts.counts[shifts.first], starts, axis=0, dtype=np.int64),
        np.add.reduceat(_mean_counts(shifts), starts, axis=0),
        _p_values(real, shifted),
        _p_values(real, _swapped(drops, surges, sites, params)),
        has_others,
    )


def judge_sites(drops: DropTrains, surges: SurgeTrains, sites: Sites, params: TrainParams) -> TrainResult:
    """The tests of each site with a counted drop, every shift and every other site (at most ``draws``) enumerated."""
    shifts = _enumerate_shifts(drops, surges)
    starts = _units(drops.site)[1]
    seen = shifts.counts[shifts.first].astype(np.int64)
    p_shift, least_shift, p_swap, least_swap = (np.full(seen.shape, np.nan) for _ in range(4))
    has_others = np.zeros(len(seen), dtype=bool)
    for first in range(0, len(seen), _SITES_AT_ONCE):
        part = slice(first, first + _SITES_AT_ONCE)
        moved = np.arange(1, max(2, int(shifts.length[part].max())))[:, None]
        is_shift = moved < shifts.length[part]
        placebos = shifts.counts[shifts.first[part] + np.where(is_shift, moved, 0)]
        p_shift[part], least_shift[part] = _p_values(seen[part], placebos, is_shift)
        stop = starts[first + _SITES_AT_ONCE] if first + _SITES_AT_ONCE < len(starts) else len(drops.site)
        scores, is_other = _others(drops, slice(int(starts[first]), int(stop)), surges, sites, params)
        real = seen[part] * surges.rarity[shifts.site[part]]
        p_swap[part], least_swap[part] = _p_values(real, scores, is_other)
        has_others[part] = is_other.sum(axis=0) >= params.least_other_sites
    drop_count = np.add.reduceat(drops.reach > 0, starts, axis=0, dtype=np.int64)
    both = (p_shift, least_shift), (p_swap, least_swap)
    return _result(shifts.site, drop_count, seen, _mean_counts(shifts), *both, has_others)


def _result(
    unit: Whole,
    drops: Whole,
    observed: Whole,
    expected: Numbers,
    shift: tuple[Numbers, Numbers],
    swap: tuple[Numbers, Numbers],
    has_others: Marks,
) -> TrainResult:
    p_site_swap, least_swap = (np.where(has_others[:, None], values, np.nan) for values in swap)
    least = np.asarray(np.fmax(shift[1], least_swap))
    return TrainResult(unit, drops, observed, expected, shift[0], np.asarray(p_site_swap), least)


def _units(numbers: Whole) -> tuple[Whole, Whole]:
    """The different numbers of an ordered array, and where each begins."""
    units, starts = np.unique(numbers, return_index=True)
    return units, starts


def _enumerate_shifts(drops: DropTrains, surges: SurgeTrains) -> _Shifts:
    site, first_drop, drop_count = np.unique(drops.site, return_index=True, return_counts=True)
    rows, days = np.nonzero(drops.is_open[site])
    length = np.bincount(rows, minlength=len(site)).astype(np.int64)
    first = np.cumsum(length) - length
    place_of_day = np.cumsum(drops.is_open[site], axis=1) - 1
    local = np.arange(len(rows)) - np.repeat(first, length)
    nearest = surges.nearest[site[rows], days]
    counts = np.zeros((len(rows), len(TESTED)), dtype=np.uint8)
    for number in range(int(drop_count.max(initial=0))):  # the first drop of every site, then the second, ...
        has_it = np.flatnonzero(drop_count > number)
        drop = first_drop[has_it] + number
        place = np.zeros(len(site), dtype=np.int64)
        place[has_it] = place_of_day[has_it, drops.day[drop]]
        reach = np.zeros((len(site), len(TESTED)), dtype=np.uint8)  # no surge is at lag 0: matches nothing
        reach[has_it] = drops.reach[drop]
        moved = local + place[rows]
        moved -= np.where(moved >= length[rows], length[rows], 0)
        counts += nearest[first[rows] + moved] <= reach[rows]
    return _Shifts(site, first, length, counts)


def _mean_counts(shifts: _Shifts) -> Numbers:
    totals = np.add.reduceat(shifts.counts, shifts.first, axis=0, dtype=np.float64)
    return np.asarray(totals / shifts.length[:, None])


def _scores(others: NDArray[np.int32], drops: DropTrains, part: slice, surges: SurgeTrains) -> Scores:
    """Draw by drop by window: what each drop of ``part`` adds with the surges of another site."""
    is_match = surges.nearest[others, drops.day[part]] <= drops.reach[part]
    return np.asarray(is_match * surges.rarity.astype(np.float32)[others])


def _swapped(drops: DropTrains, surges: SurgeTrains, sites: Sites, params: TrainParams) -> Scores:
    """Sums of each draw, portfolio and window with the surges of other sites."""
    units, starts = _units(sites.portfolio[drops.site])
    everything = slice(0, len(drops.site))
    usual = _usual_scores(drops, surges, sites)
    swapped = np.empty((params.draws, len(units), len(TESTED)), dtype=np.float32)
    for first in range(0, params.draws, _DRAWS_AT_ONCE):
        draws = slice(first, min(first + _DRAWS_AT_ONCE, params.draws))
        others = sites.swaps[draws][:, drops.site]
        scores = _scores(others, drops, everything, surges)
        if usual is not None:
            scores = np.where(sites.is_covered[others, drops.day][:, :, None], scores, usual)
        swapped[draws] = np.add.reduceat(scores, starts, axis=1)
    return swapped


def _usual_scores(drops: DropTrains, surges: SurgeTrains, sites: Sites) -> Scores | None:
    """Drop by window: the mean over the portfolio's sites with link data on the day; None when all have some always."""
    used = np.unique(drops.day)
    if sites.is_covered[:, used].all():
        return None
    usual = np.zeros((len(drops.site), len(TESTED)), dtype=np.float32)
    edges = np.searchsorted(sites.portfolio, np.arange(int(sites.portfolio.max()) + 2))
    for number, drop in enumerate(drops.day):
        portfolio = sites.portfolio[drops.site[number]]
        members = np.arange(edges[portfolio], edges[portfolio + 1])
        known = members[sites.is_covered[members, drop]]
        one = slice(number, number + 1)
        usual[number] = _scores(known[:, None].astype(np.int32), drops, one, surges).mean(axis=(0, 1))
    return usual


def _others(
    drops: DropTrains, part: slice, surges: SurgeTrains, sites: Sites, params: TrainParams
) -> tuple[Scores, Marks]:
    """Sums of each site of ``part`` (of the drops) with every other site's surges, and which others may stand in.

    The other sites of a portfolio are gone through in turn; of more than ``draws`` every so many-th.
    """
    site, day = drops.site[part], drops.day[part]
    starts = _units(site)[1]
    size = np.bincount(sites.portfolio)[sites.portfolio[site]]
    first = np.searchsorted(sites.portfolio, sites.portfolio[site])
    steps = np.arange(1, max(2, min(int(size.max()) - 1, params.draws) + 1))[:, None]
    stride = np.maximum(1, (size - 1) // params.draws)
    is_other = steps * stride < size
    others = (first + (site - first + steps * stride) % size).astype(np.int32)
    scores = np.add.reduceat(_scores(others, drops, part, surges), starts, axis=1)
    is_known = np.logical_and.reduceat(is_other & sites.is_covered[others, day], starts, axis=1)
    return scores, np.asarray(is_known)


def _p_values(
    real: NDArray[np.generic], placebos: NDArray[np.generic], is_placebo: Marks | None = None
) -> tuple[Numbers, Numbers]:
    """p of each unit and window, and the least p possible: (1 + placebos that match as well) / (1 + placebos).

    ``real`` is unit by window, ``placebos`` placebo by unit by window, ``is_placebo`` placebo by unit (default: all).
    """
    scores = np.concatenate([real[None].astype(np.float32), placebos.astype(np.float32)])
    weight = np.ones((*scores.shape[:2], 1), dtype=np.float32)
    if is_placebo is not None:
        weight[1:, :, 0] = is_placebo
    total = weight.sum(axis=0)
    scores[:, :, _THREE] = _largest(scores[:, :, :_THREE], weight, total)
    best = np.where(weight > 0, scores, -np.inf).max(axis=0)
    shares = [((scores >= level - _ROUNDING) * weight).sum(axis=0) / total for level in (scores[0], best)]
    as_well, at_best = (np.asarray(share, dtype=np.float64) for share in shares)
    return as_well, at_best


def _largest(scores: Scores, weight: Scores, total: Scores) -> Scores:
    """The largest of the windows' sums, each less its mean and over its standard deviation among the placebos."""
    mean = (scores * weight).sum(axis=0) / total
    deviation = np.sqrt((weight * (scores - mean) ** 2).sum(axis=0) / total)
    return np.asarray(((scores - mean) / np.where(deviation > _ROUNDING, deviation, np.float32(1.0))).max(axis=2))
