"""How often the tests of ``correlation.portfolio_tests`` and ``site_tests`` reject, on worlds whose truth is known.

Worlds are handed over as tables, many portfolios at once, and go through the functions the stage calls. A test rejects
when the larger of its two p-values is at most :data:`LEVEL`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from penalty_radar.benchmarks.association_tables import as_portfolios
from penalty_radar.benchmarks.association_worlds import WORLDS, WorldParams, thin_drops
from penalty_radar.benchmarks.rows import Row, make_row
from transforms.correlation.event_trains import REVERSE
from transforms.correlation.findings import ARRANGED
from transforms.correlation.lag_windows import PRIMARY
from transforms.correlation.portfolio_tests import Params, Trains, read_trains
from transforms.correlation.train_sites import TrainParams
from transforms.correlation.train_tests import TESTED, TrainResult, judge_sites, pool_sites

LEVEL = 0.05
"""Nominal level."""
NULL_BAR, POWER_BAR = 0.06, 0.95
COUPLED = "coupled"
WITH_EFFECT = (COUPLED, "weakly coupled")
POOLS = WorldParams(runs=2000)
"""Portfolios per world."""
TRAINS = TrainParams()
"""What counts, as in the stage."""
_AT_ONCE = 100
"""Portfolios worked out together."""
_RUNS_OF_SITES = 200
"""Portfolios whose sites are also tested one by one: some five thousand sites."""

PValues = NDArray[np.float64]


@dataclass
class Pools:
    """The p-values of one world, portfolio (or site) by window of TESTED; 1 where a portfolio had nothing to test."""

    time_shift: list[PValues] = field(default_factory=list)
    site_swap: list[PValues] = field(default_factory=list)
    larger: list[PValues] = field(default_factory=list)
    natural: list[PValues] = field(default_factory=list)
    """Larger p for surges of natural links, the negative control."""
    one_site: list[PValues] = field(default_factory=list)
    """Larger p of sites alone."""
    observed: list[PValues] = field(default_factory=list)
    expected: list[PValues] = field(default_factory=list)


def measure_world(name: str, params: WorldParams = POOLS, trains: TrainParams = TRAINS) -> Pools:
    """The p-values of every run of a world."""
    draws = np.random.default_rng([params.seed, 1 + list(WORLDS).index(name)])
    pools = Pools()
    for first in range(0, params.runs, _AT_ONCE):
        runs = min(_AT_ONCE, params.runs - first)
        worlds = [thin_drops(WORLDS[name](draws, params)) for _ in range(runs)]
        tables, portfolios = as_portfolios(worlds, params)
        for pair in _pairs(read_trains(tables, ["site"], Params(trains=trains), portfolios)):
            result = pool_sites(pair.drops, pair.surges, trains)
            if pair.origin_group != ARRANGED:
                pools.natural.append(_whole(result, result.p_larger, runs))
                continue
            pools.time_shift.append(_whole(result, result.p_time_shift, runs))
            pools.site_swap.append(_whole(result, result.p_site_swap, runs))
            pools.larger.append(_whole(result, result.p_larger, runs))
            pools.observed.append(result.observed.astype(np.float64))
            pools.expected.append(result.expected)
            if first < _RUNS_OF_SITES:
                alone = pair.drops.of_sites(np.flatnonzero(pair.surges.surge_count))
                pools.one_site.append(judge_sites(alone, pair.surges, trains).p_larger)
    return pools


def _pairs(trains: Iterator[Trains]) -> Iterator[Trains]:
    return (pair for pair in trains if pair.origin_group in (ARRANGED, "natural"))


def _whole(result: TrainResult, p_values: PValues, runs: int) -> PValues:
    whole = np.ones((runs, len(TESTED)))
    whole[result.unit] = p_values
    return whole


def rejected(p_values: list[PValues], window: str) -> float:
    """Share of p-values of the window at or below the level."""
    return float((np.concatenate(p_values)[:, TESTED.index(window)] <= LEVEL).mean())


def measure_rows(params: WorldParams = POOLS) -> list[Row]:
    """Rows of {table, case, metric, value, reference, bar, meets}; the bars are for the primary window."""
    rows: list[Row] = []
    title = f"pooled over {params.sites} sites, {params.runs} runs: rejected at {LEVEL:g}"
    for name in WORLDS:
        pools = measure_world(name, params)
        larger = rejected(pools.larger, PRIMARY.name)
        bar, is_met = f"≤ {NULL_BAR:g}", larger <= NULL_BAR
        if name in WITH_EFFECT:
            bar, is_met = (f"≥ {POWER_BAR:g}", larger >= POWER_BAR) if name == COUPLED else ("", False)
        primary = TESTED.index(PRIMARY.name)
        rows += [
            make_row(title, name, "drops with a surge", np.concatenate(pools.observed)[:, primary].mean()),
            make_row(title, name, "expected", np.concatenate(pools.expected)[:, primary].mean()),
            make_row(title, name, "time shift", rejected(pools.time_shift, PRIMARY.name)),
            make_row(title, name, "site swap", rejected(pools.site_swap, PRIMARY.name)),
            make_row(title, name, "larger p", larger, bar, is_met if bar else None),
            make_row(title, name, "larger p, natural surges", rejected(pools.natural, PRIMARY.name)),
            make_row(title, name, "one site alone", rejected(pools.one_site, PRIMARY.name)),
        ]
        for window in TESTED:
            case = "the reverse (-45 to -1)" if window == REVERSE else window
            rows.append(make_row("larger p by window: rejected at 0.05", name, case, rejected(pools.larger, window)))
    return [row for title in dict.fromkeys(row["table"] for row in rows) for row in rows if row["table"] == title]
