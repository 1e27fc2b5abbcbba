"""How many false findings the nights tell, and how many true ones, under several rules of false discovery control.

``python -m penalty_radar.benchmarks.false_discovery`` prints the table. Only p-values are simulated: what a calibrated
detector hands to ``transforms.findings.discoveries``, so that the rule is judged and not the detector (whole detectors
on series without anything in them: ``null_alarms --table portfolios``).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from penalty_radar.benchmarks.rows import Row, make_row
from transforms.findings.calibration import PERIOD_DAYS
from transforms.findings.discoveries import NEVER, AlarmRule, Alarms, RunTests, count_tests, first_told, q_values

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RULE = AlarmRule()

YEARS = 5
PERIODS = YEARS * RULE.year_periods
DAYS = np.datetime64("2021-01-25", "D") + np.arange(PERIODS * PERIOD_DAYS)
"""Whole periods of the rule's calendar."""

ORIGINS = 5
"""Series of a site."""

RUNS = {1: 400, 25: 120, 500: 40}
"""Runs of five years by number of sites: a share of 5 % has a standard error of half a point to a point and a half."""

LARGEST_P = 0.01
"""Alarms above are not listed, as in the detectors."""

CAMPAIGNS = 0.04
"""Chance that a site has a campaign in a period, in one or two of its series: one in two years."""

STRENGTH = 5.0
"""Mean z-score of a campaign (standard deviation 1): the median one has p = 3e-7, one in ten is weaker than 1e-4."""

REPEAT_DAYS = 14
"""An alarm comes again, weaker, two weeks later: scan windows overlap, and half of the findings reach into the next
period."""

SHARED, KEPT = 0.3, 0.3
"""Dependent p-values: share of the variance that all series of a period have in common, and the share that the series
of a site have in common and keep to one half from period to period."""


@dataclass(frozen=True)
class World:
    """Alarms of five years of nights, the tests they come from, and which findings are true."""

    alarms: Alarms
    tests: RunTests
    is_true: NDArray[np.bool_]
    period: Ints


def simulate_world(sites: int, *, campaigns: float, is_dependent: bool, seed: int) -> World:
    """One run: a p-value per series and period, and campaigns that make some small."""
    random = np.random.default_rng([seed, sites])
    series = sites * ORIGINS
    z = random.standard_normal((sites, ORIGINS, PERIODS))
    if is_dependent:
        kept = random.standard_normal((sites, PERIODS))
        for after in range(1, PERIODS):
            kept[:, after] = 0.5 * kept[:, after - 1] + np.sqrt(0.75) * kept[:, after]
        z = np.sqrt(1.0 - SHARED - KEPT) * z + np.sqrt(KEPT) * kept[:, None, :]
        z += np.sqrt(SHARED) * random.standard_normal(PERIODS)
    hit = random.random((sites, 1, PERIODS)) < campaigns
    first, second = (random.integers(0, ORIGINS, (sites, 1, PERIODS)) for _ in range(2))
    place = np.arange(ORIGINS)[None, :, None]
    is_true = (hit & ((place == first) | (place == second))).reshape(series, PERIODS)
    p = ndtr(-(z.reshape(series, PERIODS) + STRENGTH * is_true))
    row, period = (index.astype(np.int64) for index in np.nonzero(p <= LARGEST_P))
    day = period * PERIOD_DAYS + random.integers(0, PERIOD_DAYS, len(row))
    again = np.flatnonzero(day + REPEAT_DAYS < len(DAYS)).astype(np.int64)
    finding = np.arange(len(row), dtype=np.int64)
    alarms = Alarms(
        finding=np.concatenate([finding, again]),
        column=np.concatenate([day, day[again] + REPEAT_DAYS]),
        p=np.concatenate([p[row, period], (p[row, period] * random.uniform(1, 10, len(row)))[again]]),
        family=np.zeros(len(row), dtype=np.int64),
        site=row // ORIGINS,
        told=np.full(len(row), NEVER),
    )
    one = count_tests(np.ones((1, len(DAYS)), dtype=np.bool_), DAYS, np.zeros(1, dtype=np.int64))
    return World(alarms, RunTests(one.so_far * series, one.of_run * series), is_true[row, period], period)


def tell_by_year(world: World) -> Ints:
    """The rule in use."""
    return first_told(world.alarms, world.tests, DAYS, RULE)


def tell_evidence(world: World) -> Ints:
    """The rule in use on e-values, 0.1 p^-0.9 (Vovk & Wang 2021), which hold whatever the dependence."""
    bounded = np.minimum(10.0 * world.alarms.p**0.9, 1.0)
    return first_told(replace(world.alarms, p=bounded), world.tests, DAYS, RULE)


def tell_every_night(world: World) -> Ints:
    """Benjamini–Hochberg over the last two years, anew every night: what was used before."""
    alarms, told = world.alarms, np.full(len(world.is_true), NEVER)
    span = 2 * RULE.year_periods * PERIOD_DAYS
    order = np.argsort(alarms.column, kind="stable")
    for today in np.unique(alarms.column):
        listed = order[np.searchsorted(alarms.column[order], [today - span, today], side="right")[0] :]
        listed = listed[: np.searchsorted(alarms.column[listed], today, side="right")]
        smallest = np.ones(len(told))
        np.minimum.at(smallest, alarms.finding[listed], alarms.p[listed])
        known = np.flatnonzero(smallest < 1.0)
        tests = world.tests.of_run[0] * min(today + 1, span) / len(DAYS)
        passed = known[q_values(smallest[known] * tests) <= RULE.rate]
        told[passed[told[passed] == NEVER]] = today
    return told


def tell_alike(world: World) -> Ints:
    """One level for all tests of a year (Bonferroni): nothing found allows anything more."""
    alarms = world.alarms
    passed = np.flatnonzero(alarms.p * world.tests.so_far[0, -1] <= RULE.rate / RULE.year_periods)
    return _first_day(alarms, passed)


def tell_batches(world: World) -> Ints:
    """BatchBH (Zrnic et al. 2020) over the periods, with its authors' spending of the rate, ∝ 1 / number^1.6.

    A period is judged on its last day; alarms that come again are not tested again.
    """
    alarms, size = world.alarms, world.tests.so_far[0, -1]
    p = alarms.p[: len(world.is_true)]
    spent = np.arange(1, PERIODS + 1) ** -1.6
    spent = RULE.rate * np.cumsum(spent / spent.sum())
    told, found, most, level = np.full(len(p), NEVER), np.zeros(PERIODS), np.ones(PERIODS), np.zeros(PERIODS)
    for period in range(PERIODS):
        used = (level * most / (most + found.sum() - found))[:period].sum()
        level[period] = max(spent[period] - used, 0.0) * (size + found.sum()) / size
        chosen = np.flatnonzero(world.period == period)
        passed = chosen[q_values(p[chosen] * size) <= level[period]]
        told[passed] = (period + 1) * PERIOD_DAYS - 1
        found[period] = len(passed)
        # one more p-value of zero, whichever it is: the largest number of findings that could make
        most[period] = max(1, 1 + (q_values(np.concatenate([[0.0], p[chosen]]) * size) <= level[period])[1:].sum())
    return told


TELLERS: dict[str, Callable[[World], Ints]] = {
    "by period and year (in use)": tell_by_year,
    "BH anew every night (before)": tell_every_night,
    "one level for a year": tell_alike,
    "BatchBH, all time": tell_batches,
    "in use, e-values": tell_evidence,
}


def measure_rows() -> list[Row]:
    """Every case, as ``penalty-radar benchmark false-discovery`` asks for them."""
    return measure()


def measure(scale: float = 1.0) -> list[Row]:
    """Rows of {table, case, metric, value, reference, bar, meets}: nothing to find, then campaigns."""
    rows: list[Row] = []
    for sites, usual in RUNS.items():
        for is_dependent in (False, True):
            kind = "dependent" if is_dependent else "independent"
            for campaigns in (0.0, CAMPAIGNS):
                worlds = [
                    simulate_world(sites, campaigns=campaigns, is_dependent=is_dependent, seed=seed)
                    for seed in range(max(2, round(usual * scale)))
                ]
                for name, tell in TELLERS.items():
                    case = f"{sites} sites, {kind}, {name}"
                    told = [tell(world) for world in worlds]
                    rows.extend((_measure_found if campaigns else _measure_null)(case, worlds, told, sites))
    return rows


def _measure_null(case: str, worlds: list[World], told: list[Ints], sites: int) -> list[Row]:
    counts = np.concatenate([_by_year(days, np.ones(len(days), dtype=np.bool_)) for days in told])
    share = float((counts > 0).mean())
    bar, meets = _bar(case, share, len(counts))
    table = "nothing to find"
    return [
        make_row(table, case, "years with a false alarm, share", share, bar, meets),
        make_row(table, case, "the first year", float((counts[::YEARS] > 0).mean())),
        make_row(table, case, "false alarms a site-year", float(counts.mean()) / sites),
    ]


def _measure_found(case: str, worlds: list[World], told: list[Ints], sites: int) -> list[Row]:
    false = np.concatenate([_by_year(days, ~world.is_true) for world, days in zip(worlds, told, strict=True)])
    true = np.concatenate([_by_year(days, world.is_true) for world, days in zip(worlds, told, strict=True)])
    planted = sum(int(world.is_true.sum()) for world in worlds)
    rate = float((false / np.maximum(false + true, 1)).mean())
    bar, meets = _bar(case, rate, len(false))
    table = f"campaigns ({CAMPAIGNS:.0%} of site-periods)"
    return [
        make_row(table, case, "false discovery rate of a year", rate, bar, meets),
        make_row(table, case, "false alarms a site-year", float(false.mean()) / sites),
        make_row(table, case, "campaigns told, share", float(true.sum()) / planted),
    ]


def _by_year(told: Ints, counted: NDArray[np.bool_]) -> Floats:
    """Findings first told in each year of nights."""
    days = told[(told != NEVER) & counted]
    return np.bincount(days // (RULE.year_periods * PERIOD_DAYS), minlength=YEARS).astype(np.float64)


def _bar(case: str, share: float, years: int) -> tuple[str, bool | None]:
    """The claim, for the rule in use: met when the share is not significantly above it."""
    if "(in use)" not in case:
        return "", None
    return f"≤ {RULE.rate}", share <= RULE.rate + 1.64 * np.sqrt(RULE.rate * (1 - RULE.rate) / years)


def _first_day(alarms: Alarms, passed: Ints) -> Ints:
    """Earliest day of the alarms that passed, per finding."""
    told = np.full(len(alarms.family), len(DAYS))
    np.minimum.at(told, alarms.finding[passed], alarms.column[passed])
    return np.where(told == len(DAYS), NEVER, told)


def main() -> None:
    """Print the tables, a row per case and a column per metric."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    rows = pd.DataFrame(measure(parser.parse_args().scale))
    for name, part in rows.groupby("table", sort=False):
        wide = part.pivot_table(index="case", columns="metric", values="value", sort=False, dropna=False)
        print(f"\n## {name}\n\n{wide.to_string()}")


if __name__ == "__main__":
    main()
