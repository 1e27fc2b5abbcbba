"""From a layout of series to the surges a test finds in them, a shard at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy import stats

from transforms.schemas.vocabulary import SURGE_CORRECTIONS
from transforms.surges.baseline import BaselineParams, fit_baselines
from transforms.surges.calibration import scan_bound
from transforms.surges.count_series import CountSeries, Floats, Ints, SeriesParams
from transforms.surges.daily_pattern import PatternParams, find_pattern
from transforms.surges.drips import DripParams, find_drips
from transforms.surges.episodes import Alarms, Episode, EpisodeParams, Evidence, find_episodes, list_alarms
from transforms.surges.layout import Layout
from transforms.surges.pools import Pool, PoolParams, measure_pools, pool_rows, prior_rates
from transforms.surges.scan import ScanParams, measure_spread, scan_series
from transforms.surges.survivors import SurvivorParams

INTERVAL = (0.05, 0.95)
"""Quantiles of the expected count between which the excess is given: nine in ten."""

HALF_YEAR = 182
"""Days before a surge whose exposure decides whether survivors are named: what its level mostly comes from."""

LEAST_WHOLE = 0.95
"""Share of a day below which it is named that the rest is missing."""


@dataclass(frozen=True, kw_only=True)
class DetectionParams:
    """Parameters of the test; the parts have their own."""

    series: SeriesParams = field(default_factory=SeriesParams)
    survivor: SurvivorParams = field(default_factory=SurvivorParams)
    baseline: BaselineParams = field(default_factory=BaselineParams)
    pattern: PatternParams = field(default_factory=PatternParams)
    pool: PoolParams = field(default_factory=PoolParams)
    scan: ScanParams = field(default_factory=ScanParams)
    drip: DripParams = field(default_factory=DripParams)
    episode: EpisodeParams = field(default_factory=EpisodeParams)

    most_p: float = 0.01
    """Largest p-value (per 28 days) looked at, however good the company: a surge as common as one in 100 quiet months
    of a single series is not shown because the rest of the portfolio is in turmoil."""


@dataclass(frozen=True)
class Surge:
    """A surge of one series of the layout, before it is decided whether it is told.

    ``row`` of the layout; ``first`` and ``last`` columns; ``observed``, ``expected`` domains, and ``low`` and ``high``
    the excess by :data:`INTERVAL`; ``chance`` per 28 days; ``window`` days looked back; ``columns`` and ``chances`` of
    its alarms; ``corrections`` what was corrected in the test that found it.
    """

    row: int
    first: int
    last: int
    observed: float
    expected: float
    low: float
    high: float
    chance: float
    window: int
    dispersion: float
    is_drip: bool
    columns: Ints
    chances: Floats
    corrections: list[str]


@dataclass(frozen=True)
class Detection:
    """What was found, and which days of each series were tested: ``tested`` is (first column, column after) a row."""

    surges: list[Surge]
    tested: Ints


def detect(layout: Layout, params: DetectionParams) -> Detection:
    """All surges of all series: what the series share is measured first, then every shard stands for itself."""
    pools = measure_pools(layout, params.baseline, params.pattern, params.pool)
    surges: list[Surge] = []
    tested = np.zeros((len(layout), 2), dtype=np.int64)
    for rows in layout.shards(params.series.shard):
        evidence = gather_evidence(layout.lay_out(rows), pools, params, scan_bound(params.most_p))
        surges += _find_surges(evidence, rows, pools, params)
        is_tested = evidence.scan.is_tested
        begin = evidence.series.skipped + is_tested.argmax(axis=1)
        tested[rows, 0] = np.where(is_tested.any(axis=1), begin, 0)
        tested[rows, 1] = tested[rows, 0] + is_tested.sum(axis=1)
    return Detection(sorted(surges, key=lambda surge: (surge.row, surge.first)), tested)


def _find_surges(evidence: Evidence, rows: Ints, pools: Mapping[str, Pool], params: DetectionParams) -> list[Surge]:
    """Surges of a shard; ``rows`` are its series' rows of the layout."""
    alarms = list_alarms(evidence, params.most_p)
    episodes = find_episodes(evidence, alarms, params.most_p, params.scan, params.drip, params.episode)
    large = [episode for episode in episodes if _is_large(episode, params.scan)]
    if not large:
        return []
    dispersion = alarms.dispersion[[episode.strongest for episode in large]]
    expected = np.array([episode.expected for episode in large])
    usual = _quantiles(expected, np.maximum(dispersion, params.scan.least_dispersion))
    providers = evidence.series.keys["provider"].tolist()
    return [
        _describe(episode, int(rows[episode.row]), interval, evidence, alarms, pools[providers[episode.row]])
        for episode, interval in zip(large, usual.tolist(), strict=True)
    ]


def gather_evidence(
    series: CountSeries, pools: Mapping[str, Pool], params: DetectionParams, most_p: float = 1.0
) -> Evidence:
    """Baseline, pattern, scan and sums of a shard; nominal p-values of the scan above ``most_p`` may be given as 1."""
    rates = prior_rates(series, pool_rows(series, pools, "rate"))
    baselines = fit_baselines(series, rates, params.baseline)
    weekdays, crawler = pool_rows(series, pools, "weekdays"), pool_rows(series, pools, "crawler")
    pattern = find_pattern(series, baselines, weekdays, crawler, params.pattern)
    spread = measure_spread(series, baselines, pattern, pools, params.scan)
    scan = scan_series(series, baselines, pattern, spread, params.scan, most_p)
    drips = find_drips(series, baselines, pattern, spread, params.drip)
    return Evidence(series, baselines, spread, scan, drips)


def _is_large(episode: Episode, params: ScanParams) -> bool:
    excess = episode.observed - episode.expected
    return excess >= params.least_excess and episode.observed >= params.least_ratio * episode.expected


def _describe(
    episode: Episode,
    row: int,
    usual: list[float],
    evidence: Evidence,
    alarms: Alarms,
    pool: Pool,
) -> Surge:
    strongest = episode.strongest
    block = int(alarms.column[strongest] - alarms.window[strongest] + 1) // evidence.series.block
    skipped = evidence.series.skipped
    return Surge(
        row=row,
        first=skipped + episode.first,
        last=skipped + episode.last,
        observed=episode.observed,
        expected=episode.expected,
        # where nearly every such span holds nothing, both quantiles are 0: the excess itself is then the bound
        low=episode.observed - max(usual[1], episode.expected),
        high=episode.observed - min(usual[0], episode.expected),
        chance=episode.chance,
        window=int(alarms.window[strongest]),
        dispersion=float(alarms.dispersion[strongest]),
        is_drip=episode.is_drip,
        columns=skipped + alarms.column[episode.alarms],
        chances=episode.chances,
        corrections=_corrections(episode, block, evidence, pool),
    )


def _quantiles(mean: Floats, dispersion: Floats) -> Floats:
    """Counts at the :data:`INTERVAL` of what is expected, surges × 2."""
    mean, dispersion = np.maximum(mean, 1e-6)[:, None], dispersion[:, None]
    return np.asarray(stats.nbinom.ppf(INTERVAL, mean / (dispersion - 1.0), 1.0 / dispersion), dtype=np.float64)


def _corrections(episode: Episode, block: int, evidence: Evidence, pool: Pool) -> list[str]:
    """What was corrected in the test that found the surge."""
    series, baselines, row = evidence.series, evidence.baselines, episode.row
    inside = slice(episode.first, episode.last + 1)
    in_run = slice(series.skipped + episode.first, series.skipped + episode.last + 1)
    begin = max(0, block * series.block)
    listed = series.exposure[row, inside] / series.survival[row, inside]
    applied = {
        "crawler_day": bool(pool.is_crawler[in_run].any()),
        "recent_level": bool(baselines.is_recent[row, block]),
        "survivors": bool(series.survival[row, max(0, begin - HALF_YEAR) : begin + 1].min() < LEAST_WHOLE),
        "discovery_lag": bool(listed.min() < LEAST_WHOLE),
        "season": bool(baselines.log_season[row, block] != 0.0),
        "partial_exports": bool(series.keys["is_cut"].iat[row]),
    }
    return [key for key in SURGE_CORRECTIONS if applied[key]]
