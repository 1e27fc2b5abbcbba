"""Campaigns of months: a little more every week, too little for any one window.

A cumulative sum of log-likelihood ratios per block (negative-binomial CUSUM; Höhle & Paul 2008, Computational
Statistics & Data Analysis 52:4357): how much better twice the reference explains a block than the reference does. The
reference is the level of half a year before, so that a campaign does not become its own baseline.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.surges.baseline import Baselines
from transforms.surges.count_series import CountSeries, Floats, Ints
from transforms.surges.daily_pattern import Pattern
from transforms.surges.scan import Spread


@dataclass(frozen=True, kw_only=True)
class DripParams:
    """What a drip is."""

    ratio: float = 2.0
    """Times the reference that the sum looks for: the least ratio of a surge."""

    reference_days: float = 182.0
    """How long before a block its reference level is taken: half a year, the length of campaign that cannot hide."""

    yearly_growth: float = 0.35
    """Standard deviation of a year's change of the log level that is nobody's campaign; the reference is raised by
    what half a year of it and the level's own uncertainty may come to (one standard deviation)."""

    most_variance: float = 0.15
    """Largest variance of the log of the reference: known to within a factor of two either way (two deviations)."""

    most_rise: float = 1.0
    """Most that one block may add to the sum: a drip goes on for months, and one burst is not one."""

    least_blocks: int = 4
    """Blocks a drip has lasted when it is told: shorter rises are the scan's."""


@dataclass(frozen=True)
class Drips:
    """Per series and block.

    ``p``        exp of minus the sum: the bound of Lundberg's inequality for one that never was; 1 where it is 0
    ``start``    the block the sum rose from
    ``expected`` expected new domains of the block from the raised reference, also of a block that is still going on;
                 0 where there is none
    """

    p: Floats
    start: Ints
    expected: Floats


def find_drips(
    series: CountSeries, baselines: Baselines, pattern: Pattern, spread: Spread, params: DripParams
) -> Drips:
    """The sum after every block, from the blocks up to it; none where losses are not listed (``has_losses``)."""
    counts, unit = series.sum_blocks(series.counts), series.sum_blocks(pattern.unit)
    size, blocks = counts.shape
    lag = max(1, round(params.reference_days / series.block_days))
    reference = np.full((size, blocks), np.nan)
    raised = baselines.level * np.exp(_leeway(baselines, params))
    raised[baselines.variance > params.most_variance] = np.nan
    reference[:, lag:] = raised[:, : max(0, blocks - lag)]
    expected = np.nan_to_num(reference) * unit
    known = series.whole_blocks() & ~np.isnan(reference) & series.keys["has_losses"].to_numpy(dtype=bool)[:, None]
    rise = np.where(known, rise_of(counts, expected, spread.weekly, params), 0.0)
    total, begin = np.zeros(size), np.zeros(size, dtype=np.int64)
    p, start = np.ones((size, blocks)), np.zeros((size, blocks), dtype=np.int64)
    for block in range(blocks):
        begin = np.where(total > 0, begin, block)
        total = np.where(known[:, block], np.maximum(total + rise[:, block], 0.0), 0.0)
        lasting = (total > 0) & (block - begin + 1 >= params.least_blocks) & (rise[:, block] > 0)
        p[:, block] = np.where(lasting, np.exp(-total), 1.0)
        start[:, block] = begin
    return Drips(p, start, expected)


def rise_of(counts: Floats, expected: Floats, dispersion: Floats, params: DripParams) -> Floats:
    """What blocks add to the sum: the log-likelihood ratio, tempered by the dispersion (quasi-likelihood), capped."""
    ratio = (counts * np.log(params.ratio) - expected * (params.ratio - 1.0)) / dispersion
    return np.asarray(np.minimum(ratio, params.most_rise))


def _leeway(baselines: Baselines, params: DripParams) -> Floats:
    growth = params.yearly_growth**2 * params.reference_days / 365.25
    return np.asarray(np.sqrt(baselines.variance + growth))
