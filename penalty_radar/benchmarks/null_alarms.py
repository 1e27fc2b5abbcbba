"""How often the surge detector alarms where nothing is, and how often it finds what was put in.

``python -m penalty_radar.benchmarks.null_alarms`` prints every table of them;
``--table calibration`` prints the constants of ``transforms/surges/calibration.py``, ``--table speed`` the processor
time (only when asked for: it is of this machine); ``--scale`` makes the runs larger.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from penalty_radar.benchmarks import null_worlds as worlds
from penalty_radar.benchmarks.rows import Row, make_row
from transforms.findings.calibration import PERIOD_DAYS
from transforms.surges import assessed_series as assessed_surge_series
from transforms.surges import link_surges
from transforms.surges.detection import DetectionParams, detect, gather_evidence
from transforms.surges.layout import Layout, make_layout
from transforms.surges.pools import measure_pools

Floats = NDArray[np.float64]

NOMINAL = (1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5)
"""Nominal p-values at which false alarms are counted for the calibration."""

CLAIMED = (0.01, 0.001)
"""Calibrated p-values (per 28 days) at which the claim is checked."""

CALIBRATED_MEANS = {0.1: (0.05, 0.15), 0.7: (0.5, 1.0), 3.0: (3.0,)}
"""Means of the null series that each level of the surges' calibration is measured on."""

SPEED = "speed"

DAYS = 970
"""Days of a simulated series: 730 tested and what feeds their baseline."""


def measure(table: str | None = None, *, scale: float = 1.0) -> list[Row]:
    """Rows of {table, case, metric, value, reference, bar, meets}; of one table, or of all that any machine repeats."""
    rows: list[Row] = []
    for name, measured in TABLES.items():
        if table == name or (table is None and name != SPEED):
            rows.extend(measured(scale))
    return rows


def measure_rows() -> list[Row]:
    """Every table at its usual size, as ``penalty-radar benchmark detectors`` asks for them."""
    return measure()


def count_surges(size: int, seed: int, bounds: Sequence[float]) -> tuple[Floats, Floats]:
    """Surges in null series at each chance claimed (bounds × series), and 28-day periods tested (series)."""
    layout, params = _null_layout(size, seed)
    detection = detect(layout, params)
    found = np.zeros((len(bounds), size))
    for surge in detection.surges:
        found[:, surge.row] += surge.chance <= np.array(bounds)
    return found, np.diff(detection.tested, axis=1)[:, 0] / PERIOD_DAYS


def count_periods(size: int, seed: int, bounds: Sequence[float]) -> tuple[Floats, Floats, Floats]:
    """28-day periods of null series whose smallest nominal p is at each bound (series × bounds), and all of them.

    First those of the scan, then those of the sums over months.
    """
    layout, params = _null_layout(size, seed)
    pools = measure_pools(layout, params.baseline, params.pattern, params.pool)
    scanned, dripped, total = np.zeros((size, len(bounds))), np.zeros((size, len(bounds))), np.zeros(size)
    for rows in layout.shards(params.series.shard):
        evidence = gather_evidence(layout.lay_out(rows), pools, params)
        width = evidence.scan.p.shape[1] // PERIOD_DAYS * PERIOD_DAYS
        tested = np.asarray(_periods_of(evidence.scan.is_tested[:, -width:]).all(axis=2))
        drips = evidence.series.to_steps(evidence.drips.p)
        for p, found in ((evidence.scan.p, scanned), (drips, dripped)):
            smallest = _periods_of(p[:, -width:]).min(axis=2)
            found[rows] += ((smallest[:, :, None] <= np.array(bounds)) & tested[:, :, None]).sum(axis=1)
        total[rows] += tested.sum(axis=1)
    return scanned, dripped, total


def _null_layout(size: int, seed: int) -> tuple[Layout, DetectionParams]:
    params = DetectionParams()
    grid = worlds.cross(worlds.COUNT_MEANS, worlds.COUNT_DISPERSIONS, size)
    counts = worlds.simulate_counts(grid.first, grid.second, DAYS, seed)
    tables = worlds.count_tables(counts, horizon_days=DAYS - 1)
    # losses are listed from the first day on and none were found: drips are looked for, and nothing is corrected
    return make_layout(tables, worlds.LAST_DAY, params.series, {"simulated": 0.0}), params


def _periods_of(values: NDArray[Any]) -> NDArray[Any]:
    return values.reshape(len(values), -1, PERIOD_DAYS)


def measure_calibration(scale: float) -> list[Row]:
    """Chance per 28 days of each nominal p, all null series together: the constants of the calibration modules."""
    seeds = range(1000, 1000 + max(1, round(15 * scale)))
    periods = [count_periods(1600, seed, NOMINAL) for seed in seeds]
    scanned, dripped, tested = (np.sum([part[index] for part in periods], axis=0) for index in range(3))
    mean = worlds.cross(worlds.COUNT_MEANS, worlds.COUNT_DISPERSIONS, 1600).first
    counted: list[tuple[str, Floats, float]] = []
    for level, means in CALIBRATED_MEANS.items():
        chosen = np.isin(mean, means)
        counted.append((f"surges at {level} a day,", scanned[chosen].sum(axis=0), float(tested[chosen].sum())))
    counted.append(("drips", dripped.sum(axis=0), float(tested.sum())))
    rows: list[Row] = []
    for name, total, looked in counted:
        for nominal, found in zip(NOMINAL, total, strict=True):
            chance = np.log10(found / looked) if found else np.nan
            rows.append(
                make_row("calibration", f"{name} log10 nominal {np.log10(nominal):.2f}", "log10 chance", chance)
            )
    return rows


def measure_null(scale: float) -> list[Row]:
    """Realised over claimed false alarms by kind of series, on seeds the calibration has not seen."""
    rows: list[Row] = []
    counted = [count_surges(1600, 5000 + seed, CLAIMED) for seed in range(max(1, round(5 * scale)))]
    found, periods = np.sum([part[0] for part in counted], axis=0), np.sum([part[1] for part in counted], axis=0)
    grid = worlds.cross(worlds.COUNT_MEANS, worlds.COUNT_DISPERSIONS, 1600)
    groups = [("all", np.full(1600, True))]
    groups += [(f"mean {value}", grid.first == value) for value in worlds.COUNT_MEANS]
    groups += [(f"dispersion {value}", grid.second == value) for value in worlds.COUNT_DISPERSIONS]
    for index, claimed in enumerate(CLAIMED):
        for case, chosen in groups:
            ratio = float(found[index, chosen].sum() / periods[chosen].sum() / claimed)
            bar = "0.5–1.5" if case == "all" else ""
            meets = 0.5 <= ratio <= 1.5 if case == "all" else None
            rows.append(make_row("null surges", f"{case}, p ≤ {claimed}", "realised / claimed", ratio, bar, meets))
    return rows


def measure_portfolios(scale: float) -> list[Row]:
    """Share of whole runs over 25 sites without any finding to make that report one on any night of two years.

    Claimed: at most 5 % a year, so 1 - 0.95² = 9.75 %.
    """
    runs = max(4, round(60 * scale))
    surges = 0
    for seed in range(runs):
        grid = worlds.cross(worlds.COUNT_MEANS, worlds.COUNT_DISPERSIONS, 25)
        counts = worlds.simulate_counts(grid.first, grid.second, DAYS, 9000 + seed)
        surges += len(link_surges.build(worlds.count_tables(counts), as_of=worlds.LAST_DAY)) > 0
    share = surges / runs
    return [
        make_row(
            "portfolios",
            f"surges, {runs} runs of 25 sites",
            "share of runs with a finding",
            share,
            "≤ 0.0975",
            share <= 0.0975 + 1.64 * np.sqrt(0.0975 * 0.9025 / runs),
        )
    ]


def measure_surge_power(scale: float) -> list[Row]:
    """Share of planted bursts found in a portfolio of which half the sites have one, and the median error of dates.

    Each site has its burst on a day of its own: bursts of many sites on one day are taken for the provider's crawler.
    """
    size = max(20, round(100 * scale))
    rows: list[Row] = []
    for mean in (0.1, 0.5, 2.0):
        for extra, days in ((5, 1), (10, 1), (20, 1), (3, 3), (10, 3), (1, 14), (3, 14), (1, 28)):
            counts = worlds.simulate_counts(np.full(size, mean), np.full(size, 1.7), DAYS, 77)
            random = np.random.default_rng(78)
            starts = DAYS - 100 - 9 * np.arange(size // 2) % 400
            for row, start in enumerate(starts):
                counts[row, start : start + days] += random.poisson(extra, days)
            surges = link_surges.build(worlds.count_tables(counts), as_of=worlds.LAST_DAY)
            rows.extend(_found("surge power", f"mean {mean}, +{extra} a day for {days} days", surges, starts, days))
    return rows


def measure_survivors(scale: float) -> list[Row]:
    """False surges a site-year in exports that list survivors only, with and without the loss horizon being known."""
    size = max(40, round(400 * scale))
    rows: list[Row] = []
    for life in (60.0, 120.0, 365.0):
        for known in (True, False):
            counts, losses = worlds.simulate_survivors(np.resize([0.3, 1.0, 5.0], size), DAYS, life, 180, 80)
            tables = (
                worlds.count_tables(counts, losses=losses, horizon_days=180) if known else worlds.count_tables(counts)
            )
            surges = link_surges.build(tables, as_of=worlds.LAST_DAY)
            case = f"links live {life:.0f} days, loss horizon {'known' if known else 'not known'}"
            rows.append(make_row("survivors", case, "false surges a site-year", len(surges) / (2.0 * size), "≤ 0.05",
                             len(surges) / (2.0 * size) <= 0.05))  # fmt: skip
    return rows


def measure_speed(scale: float) -> list[Row]:
    """Processor seconds (best of three runs) a million tested series-days of each table, 730 days a series."""
    size = max(20, round(1000 * scale))
    grid = worlds.cross(worlds.COUNT_MEANS, worlds.COUNT_DISPERSIONS, size)
    counts = worlds.count_tables(worlds.simulate_counts(grid.first, grid.second, DAYS, 81))
    rows: list[Row] = []
    for name, build, tables in (
        ("surges.link_surges", link_surges.build, counts),
        ("surges.assessed_series", assessed_surge_series.build, counts),
    ):
        spent = []
        for _ in range(3):
            began = time.process_time()
            build(tables, as_of=worlds.LAST_DAY)
            spent.append(time.process_time() - began)
        rows.append(
            make_row(SPEED, f"{name}, {size} series", "seconds a million series-days", min(spent) / size / 730 * 1e6)
        )
    return rows


def _found(table: str, case: str, findings: pd.DataFrame, starts: NDArray[np.int64], days: int) -> list[Row]:
    """Recall, median start error and delay, findings not planted; the first rows were planted at ``starts``."""
    planted = len(starts)
    row = worlds.row_of(findings["site_domain"])
    day = pd.Timestamp(worlds.LAST_DAY) - pd.to_timedelta(DAYS - 1 - np.resize(starts, 2 * planted)[row], unit="D")
    first = pd.Series(day, index=findings.index)
    away = (findings["starts_on"] - first).dt.days.to_numpy()
    near = (row < planted) & (away <= days) & (np.abs(away) <= max(14, days))
    delay = (findings["detected_on"] - first).dt.days.to_numpy()
    return [
        make_row(table, case, "recall", len(np.unique(row[near])) / planted),
        make_row(
            table, case, "median start error, days", float(np.median(np.abs(away[near]))) if near.any() else np.nan
        ),
        make_row(table, case, "median delay, days", float(np.median(delay[near])) if near.any() else np.nan),
        make_row(table, case, "not planted, share of findings", float((~near).mean()) if len(near) else 0.0),
    ]


TABLES: dict[str, Callable[[float], list[Row]]] = {
    "calibration": measure_calibration,
    "null": measure_null,
    "portfolios": measure_portfolios,
    "surge-power": measure_surge_power,
    "survivors": measure_survivors,
    SPEED: measure_speed,
}


def main() -> None:
    """Print the tables, a row per case and a column per metric."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", choices=sorted(TABLES))
    parser.add_argument("--scale", type=float, default=1.0)
    chosen = parser.parse_args()
    rows = pd.DataFrame(measure(chosen.table, scale=chosen.scale))
    for name, part in rows.groupby("table", sort=False):
        wide = part.pivot_table(index="case", columns="metric", values="value", sort=False, dropna=False)
        print(f"\n## {name}\n\n{wide.to_string()}")


if __name__ == "__main__":
    main()
