"""Do drops follow surges more often than chance? Two tests of whole trains, pooled over sites and for each site.

The statistic is the sum, over counted drops with a surge of the group in the lag window before, of the share of the
site's days that would have no such surge: a match where most days match says little. Windows were declared before
looking; ``any`` asks whether one of the three stands out, by the largest of their standardised sums among the placebos'
largest (max statistic), so that looking at several is paid for.

*Time shift.* The site's whole train of drops is moved around the circle of its open days, gaps and all; surges stay;
each site is moved on its own. It holds when the train could have begun on any open day. It fails when surges and drops
follow a calendar nobody listed.

*Site swap.* Every site gets the surges of another, the calendar staying put. It holds under any shared calendar. It
fails when sites with more surges have more drops for another reason, which the time shift withstands: so the larger p
of the two is believed. A day on which the other site has no link data counts as sites with data show on average.

Everything works on many units at once: a unit is a portfolio, or one site of it. Source: event coincidence analysis
and its surrogates (docs/methods-association.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.correlation.event_trains import ANY, LAGS, Days, DropTrains, Lags, Scores, SurgeTrains
from transforms.correlation.train_sites import Marks, TrainParams, Whole

Numbers = NDArray[np.float64]

TESTED = tuple(LAGS)
"""The last axis of every array here."""
_THREE = TESTED.index(ANY)
"""The declared windows are the first three."""
_AT_ONCE = 250_000
"""Drops times draws looked up together: enough to be quick, few enough to fit the cache."""
_UNITS_AT_ONCE = 200
"""Units compared with their placebos together: some 30 MB."""
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
    """Mean of this over the shifts drawn."""
    p_time_shift: Numbers
    p_site_swap: Numbers
    """NaN with too few other sites."""
    least_p: Numbers
    """The smallest p these trains could have shown, had the drops fallen where they match best."""

    @property
    def p_larger(self) -> Numbers:
        """The larger of the two, or the one there is: what a person is to believe."""
        return np.asarray(np.fmax(self.p_time_shift, self.p_site_swap))


def pool_sites(drops: DropTrains, surges: SurgeTrains, params: TrainParams) -> TrainResult:
    """The pooled tests of each portfolio with a counted drop; ``surges`` are those of one group of origins."""
    return _judge(drops, surges, drops.sites.portfolio[drops.site], params)


def judge_sites(drops: DropTrains, surges: SurgeTrains, params: TrainParams) -> TrainResult:
    """The tests of each site with a counted drop, alone."""
    return _judge(drops, surges, drops.site, params)


def _judge(drops: DropTrains, surges: SurgeTrains, unit_of_drop: Whole, params: TrainParams) -> TrainResult:
    units, starts, unit = np.unique(unit_of_drop, return_index=True, return_inverse=True)
    own = surges.row[drops.site]
    is_match = surges.nearest[own, drops.day] <= drops.reach
    real = np.add.reduceat(is_match * surges.rarity[own], starts, axis=0)
    shifted, expected = _shift(drops, surges, unit, len(units))
    p_shift, least_shift = _p_values(real, shifted)
    p_swap, least_swap = _p_values(real, _swap(drops, surges, unit, len(units)))
    sizes = np.bincount(drops.sites.portfolio)
    has_others = sizes[drops.sites.portfolio[drops.site[starts]]] > params.least_other_sites
    p_swap, least_swap = (np.where(has_others[:, None], values, np.nan) for values in (p_swap, least_swap))
    return TrainResult(
        unit=units,
        drops=np.add.reduceat(drops.reach > 0, starts, axis=0, dtype=np.int64),
        observed=np.add.reduceat(is_match, starts, axis=0, dtype=np.int64),
        expected=expected,
        p_time_shift=p_shift,
        p_site_swap=np.asarray(p_swap),
        least_p=np.asarray(np.fmax(least_shift, least_swap)),
    )


def _shift(drops: DropTrains, surges: SurgeTrains, unit: Whole, unit_count: int) -> tuple[Scores, Numbers]:
    """Sums of each draw, unit and window with the drops moved in time, and the mean number of matches."""
    draws = drops.sites.draws
    sums, counts = _nothing(draws, unit_count), np.zeros(unit_count * len(TESTED))
    for part in _parts(np.flatnonzero(surges.row[drops.site]), draws):
        rows = np.repeat(surges.row[drops.site[part]], draws)
        found = _find(rows, drops.shifted_days[part].reshape(-1), drops.reach[part], draws, surges)
        _add(sums, found, unit[part], draws)
        counts += np.bincount(unit[part][found.drop] * len(TESTED) + found.window, minlength=len(counts))
    return sums, counts.reshape(unit_count, len(TESTED)) / draws


def _swap(drops: DropTrains, surges: SurgeTrains, unit: Whole, unit_count: int) -> Scores:
    """Sums of each draw, unit and window with the surges of other sites."""
    draws = drops.sites.draws
    sums = _nothing(draws, unit_count)
    for part in _parts(np.arange(len(drops.site)), draws):
        rows = surges.row[drops.swapped_sites[part]].reshape(-1)
        if drops.unknown_swaps is not None:
            rows[drops.unknown_swaps[part].reshape(-1)] = 0
        found = _find(rows, np.repeat(drops.day[part], draws), drops.reach[part], draws, surges)
        _add(sums, found, unit[part], draws)
        if drops.unknown_swaps is not None:
            _add_usual(sums, found, drops.unknown_swaps[part], unit[part])
    return sums


def _nothing(draws: int, unit_count: int) -> Scores:
    return np.zeros((draws, unit_count, len(TESTED)), dtype=np.float32)


def _parts(drops: Whole, draws: int) -> Iterator[Whole]:
    step = max(1, _AT_ONCE // draws)
    for first in range(0, len(drops), step):
        yield drops[first : first + step]


@dataclass(frozen=True)
class _Found:
    """Matches among the drops (of a part) and draws: which drop, draw and window, and what each adds."""

    drop: Whole
    draw: Whole
    window: Whole
    rarity: Scores


def _find(rows: Whole, days: Days, reach: Lags, draws: int, surges: SurgeTrains) -> _Found:
    """The matches of drops and draws (end to end, the draws of the first drop first), each with a row of surges."""
    pair = np.flatnonzero(rows)  # row 0 has no surge
    rows = rows[pair]
    drop, number = np.divmod(pair, draws)
    place, window = np.nonzero(surges.nearest[rows, days[pair]] <= reach[drop])
    return _Found(drop[place], number[place], window, surges.rarity[rows[place], window])


def _add(sums: Scores, found: _Found, unit: Whole, draws: int) -> None:
    first = int(unit[0])
    width = int(unit[-1]) - first + 1
    place = (found.draw * width + unit[found.drop] - first) * len(TESTED) + found.window
    added = np.bincount(place, found.rarity, draws * width * len(TESTED))
    sums[:, first : first + width] += added.reshape(draws, width, len(TESTED)).astype(np.float32)


def _add_usual(sums: Scores, found: _Found, is_unknown: Marks, unit: Whole) -> None:
    """Adds, where the other site has no link data, what those of the other draws show for the drop on average."""
    known = np.maximum(1, (~is_unknown).sum(axis=1))
    totals = np.bincount(found.drop * len(TESTED) + found.window, found.rarity, len(known) * len(TESTED))
    usual = totals.reshape(len(known), len(TESTED)) / known[:, None]
    drop, number = np.nonzero(is_unknown)
    np.add.at(sums, (number, unit[drop]), usual[drop].astype(np.float32))


def _p_values(real: Scores, placebos: Scores) -> tuple[Numbers, Numbers]:
    """The p of each unit and window, and the least p possible: (1 + placebos that match as well) / (1 + placebos).

    ``real`` is unit by window, ``placebos`` draw by unit by window.
    """
    as_well, at_best = np.empty(real.shape), np.empty(real.shape)
    for first in range(0, len(real), _UNITS_AT_ONCE):
        part = slice(first, first + _UNITS_AT_ONCE)
        scores = np.concatenate([real[None, part], placebos[:, part]])
        scores[:, :, _THREE] = _largest(scores[:, :, :_THREE])
        as_well[part] = (scores >= scores[0] - _ROUNDING).mean(axis=0)
        at_best[part] = (scores >= scores.max(axis=0) - _ROUNDING).mean(axis=0)
    return as_well, at_best


def _largest(scores: Scores) -> Scores:
    """The largest of the windows' sums, each less its mean and over its standard deviation among the placebos."""
    deviation = scores.std(axis=0)
    return np.asarray(((scores - scores.mean(axis=0)) / np.where(deviation > _ROUNDING, deviation, 1.0)).max(axis=2))
