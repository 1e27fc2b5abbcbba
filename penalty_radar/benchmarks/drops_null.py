"""Drops where none are: how often the scan's p-values are as small as they claim, and how many a site-year are listed.

``python -m penalty_radar.benchmarks.drops_null`` prints the constants of ``transforms/drops/calibration.py``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from penalty_radar.benchmarks import drops_worlds, null_worlds
from penalty_radar.benchmarks.rows import Row, make_row
from transforms.drops.calibration import calibrate, nominal_bound
from transforms.drops.daily_visibility import BLOCK, index_visibility
from transforms.drops.detection import DetectionParams, chunks_of
from transforms.drops.noise import measure_noise
from transforms.drops.ranking_drops import build
from transforms.drops.shifts import ShiftParams, scan_shifts
from transforms.drops.windows import Sums

Floats = NDArray[np.float64]

NOMINAL = (1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5)
CLAIMED = (0.03, 0.01, 0.001)
"""Calibrated p-values (per 28 days) at which the claim is checked: what is listed, and what is sure."""

CALIBRATION_SEEDS = range(1000, 1008)
SIZE = 1600
RATIO_BAR = (0.5, 1.5)
MOST_FALSE = 0.5
"""False alarms a site-year."""

STRONG_DRIFTS = (0.1, 0.2)
"""Month-to-month movement of two real sites with a season, and half of it; the calibration assumes .03."""

NULL = "no drop: realised over claimed chance per 28 days"
FALSE_ALARMS = "no drop: listed and confirmed a site-year"


def smallest_p(size: int, seed: int, month_drift: float = drops_worlds.MONTH_DRIFT) -> Floats:
    """The smallest nominal p of each 28-day period (series × periods), NaN where not every day was tested.

    Without the floors of depth: they are no test. Series are the crossed deviations and correlations of null_worlds.
    """
    params = DetectionParams(shift=ShiftParams(least_depth=0.0, least_week_depth=0.0, most_p=0.2))
    grid = null_worlds.cross(null_worlds.CLICK_DEVIATIONS, null_worlds.CLICK_CORRELATIONS, size)
    logs = drops_worlds.null_logs(grid.first, grid.second, seed, month_drift)
    index = index_visibility(null_worlds.visibility_tables(logs), null_worlds.LAST_DAY, params.series)
    periods = []
    for rows in chunks_of(index):
        series = index.lay_out(rows)
        noise = measure_noise(series, params.noise)
        shifts = scan_shifts(series, noise, Sums.of(noise), params.shift, params.noise)
        smallest = np.ones((len(rows), len(index.days) // BLOCK))
        np.minimum.at(smallest, (shifts.row, shifts.column // BLOCK), shifts.p)
        smallest[~shifts.is_tested.reshape(*smallest.shape, BLOCK).all(axis=2)] = np.nan
        periods.append(smallest)
    return np.concatenate(periods)


def share_of_periods(smallest: Floats, bound: float) -> float:
    """Share of the tested periods whose smallest p is at most ``bound``."""
    tested = smallest[~np.isnan(smallest)]
    return float((tested <= bound).mean())


def measure_null(size: int = SIZE, seeds: range = range(5000, 5003)) -> list[Row]:
    """Realised over claimed by kind of series, on seeds the calibration has not seen; and by how much levels drift."""
    grid = null_worlds.cross(null_worlds.CLICK_DEVIATIONS, null_worlds.CLICK_CORRELATIONS, size)
    smallest = np.stack([smallest_p(size, seed) for seed in seeds], axis=1).reshape(size, -1)
    groups = [("all", smallest)]
    groups += [(f"sd {value}", smallest[grid.first == value]) for value in null_worlds.CLICK_DEVIATIONS]
    groups += [(f"correlation {value}", smallest[grid.second == value]) for value in null_worlds.CLICK_CORRELATIONS]
    rows = []
    for case, part in groups:
        for claimed in CLAIMED:
            ratio, low, high = share_of_periods(part, nominal_bound(claimed)) / claimed, *RATIO_BAR
            has_bar = claimed != min(CLAIMED)
            bar, meets = (f"{low}–{high}", low <= ratio <= high) if has_bar else ("", None)
            rows.append(make_row(NULL, case, f"p ≤ {claimed}", ratio, bar, meets))
    for month_drift in (0.0, 0.06):
        part = smallest_p(size, 5100, month_drift)
        for claimed in CLAIMED:
            ratio = share_of_periods(part, nominal_bound(claimed)) / claimed
            rows.append(make_row(NULL, f"drift of {month_drift} a month instead of .03", f"p ≤ {claimed}", ratio))
    return rows


def measure_false_alarms(size: int = 500) -> list[Row]:
    """Drops listed and confirmed a site-year in portfolios without any."""
    rows = []
    for number, sd in enumerate((0.1, 0.15, 0.25, 0.4)):
        drops = build(drops_worlds.null_tables(sd, size, 8000 + number), as_of=null_worlds.LAST_DAY)
        years, case = size * drops_worlds.TESTED_YEARS, f"sd {sd}, {size} sites"
        listed = len(drops) / years
        rows.append(make_row(FALSE_ALARMS, case, "listed", listed, f"≤ {MOST_FALSE}", listed <= MOST_FALSE))
        rows.append(make_row(FALSE_ALARMS, case, "confirmed", float(drops["is_confirmed"].sum()) / years))
    for number, month_drift in enumerate(STRONG_DRIFTS):  # beyond what is promised, so without a bar
        drops = build(drops_worlds.null_tables(0.15, size, 8010 + number, month_drift), as_of=null_worlds.LAST_DAY)
        years, case = size * drops_worlds.TESTED_YEARS, f"sd 0.15, drift of {month_drift} a month, {size} sites"
        rows.append(make_row(FALSE_ALARMS, case, "listed", len(drops) / years))
        rows.append(make_row(FALSE_ALARMS, case, "confirmed", float(drops["is_confirmed"].sum()) / years))
    return rows


def print_calibration() -> None:
    """log10 of each nominal p and of the chance of one as small in 28 days."""
    smallest = np.concatenate([smallest_p(SIZE, seed) for seed in CALIBRATION_SEEDS])
    for nominal in NOMINAL:
        chance = share_of_periods(smallest, nominal)
        print(f"    ({np.log10(nominal):.2f}, {np.log10(chance) if chance else np.nan:.3f}),")
    print("in force at 1e-3:", float(np.log10(calibrate(np.array([1e-3]))[0])))


if __name__ == "__main__":
    print_calibration()
