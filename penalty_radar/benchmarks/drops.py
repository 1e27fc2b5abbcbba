"""Benchmark ``drops``: change points with annotators, planted drops, series without any, and speed."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from penalty_radar.benchmarks import drops_worlds, null_worlds
from penalty_radar.benchmarks.drops_changepoints import measure_changepoints
from penalty_radar.benchmarks.drops_null import measure_false_alarms, measure_null
from penalty_radar.benchmarks.rows import Row, make_row
from transforms.drops import assessed_series, ranking_drops

DEFAULT_DATA = Path(__file__).parents[3] / "shared" / "benchmarks"

PLANTED = "drops planted, one a site, 730 days tested"
SPEED = "speed: one core"
SITES = 400
NEAR_DAYS = 28
"""Most days between the planted and the found start of one and the same drop."""

BARRED = "20–60 % for 28–120 days"
CASES = {
    BARRED: ((0.2, 0.6), (28, 120)),
    "20 % for 28–120 days": ((0.2, 0.2), (28, 120)),
    "20 % for 28 days": ((0.2, 0.2), (28, 28)),
    "50 % for 60 days": ((0.5, 0.5), (60, 60)),
}
LEAST_RECALL = {0.1: 0.95, 0.15: 0.95, 0.25: 0.80}
MOST_START_ERROR, LEAST_COVERAGE = 5.0, 0.87
LEAST_SPEED = 1e6
SPEED_SERIES = 2000
RUNS = 3


def measure_rows(data: Path | None = None) -> list[Row]:
    """Rows of {table, case, metric, value, reference, bar, meets}; ``data`` is the folder of sets with known answer."""
    rows = measure_changepoints(data or DEFAULT_DATA)
    for number, sd in enumerate((0.1, 0.15, 0.25, 0.4)):
        for name, (depths, days) in CASES.items():
            rows += measure_planted(sd, name, depths, days, seed=7000 + number)
    return [*rows, *measure_null(), *measure_false_alarms(), *measure_speed()]


def measure_planted(
    sd: float, name: str, depths: tuple[float, float], days: tuple[int, int], *, seed: int, sites: int = SITES
) -> list[Row]:
    """Recall, errors of the start, coverage of both intervals, delay, and false alarms beside the planted drops."""
    world = drops_worlds.plant(sd, depths, days, sites, seed)
    drops = ranking_drops.build(world.tables, as_of=null_worlds.LAST_DAY)
    row = null_worlds.row_of(drops["site_domain"])
    start, low, high, detected = (
        drops_worlds.column_of(drops[day]) for day in ("starts_on", "starts_from_on", "starts_until_on", "detected_on")
    )
    away, truth, depth = np.abs(start - world.start[row]), world.start[row], world.depth[row]
    near = away <= NEAR_DAYS
    confirmed = near & drops["is_confirmed"].to_numpy(dtype=np.bool_)
    holds_start = (low <= truth) & (truth <= high)
    holds_depth = drops["depth_low_share"].le(depth).to_numpy() & drops["depth_high_share"].ge(depth).to_numpy()
    recall, error = len(np.unique(row[near])) / sites, float(np.median(away[near]))
    coverage, has_bar = float(holds_start[near].mean()), name == BARRED
    case, least = f"sd {sd}, {name}", LEAST_RECALL.get(sd) if has_bar else None
    return [
        make_row(PLANTED, case, "recall", recall, f"≥ {least}" if least else "", recall >= least if least else None),
        make_row(PLANTED, case, "confirmed", len(np.unique(row[confirmed])) / sites),
        make_row(PLANTED, case, "start error, median days", error, *_most(error, MOST_START_ERROR, has_bar)),
        make_row(PLANTED, case, "start in its 90 % interval", coverage, *_least(coverage, LEAST_COVERAGE, has_bar)),
        make_row(PLANTED, case, "depth in its 90 % interval", float(holds_depth[near].mean())),
        make_row(PLANTED, case, "delay, median days", float(np.median((detected - truth)[near]))),
        make_row(PLANTED, case, "other drops a site-year", float((~near).sum()) / sites / drops_worlds.TESTED_YEARS),
    ]


def measure_speed(series: int = SPEED_SERIES) -> list[Row]:
    """Tested series-days a processor second, the best of three runs, of both tables and of the two together."""
    grid = null_worlds.cross(null_worlds.CLICK_DEVIATIONS, null_worlds.CLICK_CORRELATIONS, series)
    tables = null_worlds.visibility_tables(drops_worlds.null_logs(grid.first, grid.second, 8100))
    seconds = {}
    for name, build in (("ranking_drops", ranking_drops.build), ("assessed_series", assessed_series.build)):
        spent = []
        for _ in range(RUNS):
            began = time.process_time()
            build(tables, as_of=null_worlds.LAST_DAY)
            spent.append(time.process_time() - began)
        seconds[name] = min(spent)
    seconds["both"] = sum(seconds.values())
    rows = []
    for name, spent_on in seconds.items():
        speed = series * 365 * drops_worlds.TESTED_YEARS / spent_on
        bar = _least(speed, LEAST_SPEED, name != "assessed_series")
        rows.append(make_row(SPEED, f"{name}, {series:,} series", "series-days a second", round(speed), *bar))
    return rows


def _least(value: float, least: float, has_bar: bool) -> tuple[str, bool | None]:
    return (f"≥ {least:,g}", value >= least) if has_bar else ("", None)


def _most(value: float, most: float, has_bar: bool) -> tuple[str, bool | None]:
    return (f"≤ {most:g}", value <= most) if has_bar else ("", None)
