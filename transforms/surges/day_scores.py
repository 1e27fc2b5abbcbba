"""The detector on any table of counts: a p-value for every series and step, to be measured where truth is known."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from transforms.surges.baseline import BaselineParams, fit_baselines
from transforms.surges.count_series import WEEK, CountSeries, Floats
from transforms.surges.daily_pattern import PatternParams, find_pattern
from transforms.surges.pools import PoolParams, measure_pool, pool_rows, prior_rates
from transforms.surges.scan import ScanParams, measure_spread, scan_series


@dataclass(frozen=True, kw_only=True)
class ScoreParams:
    """The detector's parameters; nothing here is of its own."""

    baseline: BaselineParams = field(default_factory=BaselineParams)
    pattern: PatternParams = field(default_factory=PatternParams)
    pool: PoolParams = field(default_factory=PoolParams)
    scan: ScanParams = field(default_factory=ScanParams)


def score_days(
    counts: Floats,
    *,
    step_days: float,
    first_day: datetime.date,
    params: ScoreParams = ScoreParams(),
) -> Floats:
    """p-value of every step, from its past only; NaN where it could not be tested.

    The p-value is the scan's own: no least excess or ratio, which decide what is worth telling, not what is unlikely.

    Args:
        counts: series × steps; NaN before a series begins and after it ends.
        step_days: length of a step; days are looked at by the week.
        first_day: the day the first step begins.
        params: the detector's parameters.
    """
    series = arrange(counts, step_days=step_days, first_day=first_day)
    pools = {"set": measure_pool(series, params.baseline, params.pattern, params.pool)}
    rates = prior_rates(series, pool_rows(series, pools, "rate"))
    baselines = fit_baselines(series, rates, params.baseline)
    weekdays, crawler = pool_rows(series, pools, "weekdays"), pool_rows(series, pools, "crawler")
    pattern = find_pattern(series, baselines, weekdays, np.ones_like(crawler), params.pattern)
    spread = measure_spread(series, baselines, pattern, pools, params.scan)
    scan = scan_series(series, baselines, pattern, spread, replace(params.scan, least_excess=0.0, least_ratio=1.0))
    p = np.where(scan.is_tested, scan.p, np.nan)
    lead = p.shape[1] - counts.shape[1]
    start = _lead_in(first_day) if step_days == 1 else 0
    return p[:, start : start + counts.shape[1]] if lead else p


def arrange(counts: Floats, *, step_days: float, first_day: datetime.date) -> CountSeries:
    """Counts as the detector lays them out: days padded to whole weeks from a Monday, longer steps as they are."""
    block, before, after = 1, 0, 0
    if step_days == 1:
        block, before = WEEK, _lead_in(first_day)
        after = -(counts.shape[1] + before) % WEEK
    padded = np.pad(counts, ((0, 0), (before, after)), constant_values=np.nan)
    known = ~np.isnan(padded)
    first = np.where(known.any(axis=1), known.argmax(axis=1), 0)
    stop = np.where(known.any(axis=1), padded.shape[1] - known[:, ::-1].argmax(axis=1), 0)
    steps = (np.arange(padded.shape[1]) - before) * step_days
    days = np.datetime64(first_day, "D") + np.round(steps).astype(np.int64)
    keys = pd.DataFrame(
        {"site_domain": np.arange(len(counts)).astype(str), "provider": "set", "origin": "unknown", "has_losses": True}
    )
    exposure = np.ones_like(padded)
    return CountSeries(
        keys=keys,
        counts=np.nan_to_num(padded),
        days=days,
        first=first,
        stop=stop,
        tested=0,
        exposure=exposure,
        survival=exposure,
        shared=np.zeros_like(padded),
        owner=np.arange(len(counts)),
        step_days=step_days,
        block=block,
    )


def _lead_in(first_day: datetime.date) -> int:
    return first_day.weekday()
