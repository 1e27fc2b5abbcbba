"""How well the forecast of a ranking drop is calibrated, on worlds that reach outside those of the fit.

``penalty-radar benchmark forecast``: what was said beside what came, Brier score beside that of always saying the
worlds' base rate, expected calibration error, and the part that is said to come of the links.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from penalty_radar.benchmarks.forecast_cases import Cases, collect, with_precedent
from penalty_radar.benchmarks.forecast_worlds import TEST, WorldRanges, draw_worlds
from penalty_radar.benchmarks.rows import Row, make_row
from transforms.risk.hazard import chance_of, expect, read_coefficients

Floats = NDArray[np.float64]

EDGES = (0.0, 0.10, 0.15, 0.20, 0.25, 0.30, 0.40, 0.50, 1.0)
"""Bands of the chance said."""
MOST_CALIBRATION_ERROR = 0.05
"""Bar of the expected calibration error: that of the verdicts."""
LINKS_EDGES = (0.0, 0.1, 0.3, 0.5, 1.0)
"""Bands of the share that the links are said to have."""

CALIBRATION, SUMMARY, LINKS = "forecast: said and come", "forecast: scores", "forecast: the links' share"


def calibration_error(chance: Floats, has_fallen: NDArray[np.bool_]) -> float:
    """Mean distance of said and come over the bands, by their number of cases."""
    band = np.digitize(chance, EDGES[1:-1])
    counts = np.bincount(band, minlength=len(EDGES) - 1)
    apart = np.abs(np.bincount(band, chance - has_fallen, minlength=len(EDGES) - 1))
    return float(apart.sum() / counts.sum())


def measure_rows(ranges: WorldRanges = TEST) -> list[Row]:
    """Rows of {table, case, metric, value, reference, bar, meets}."""
    fitted = read_coefficients()
    cases = collect(draw_worlds(ranges), fitted)
    expected = expect(with_precedent(cases, fitted), fitted)
    chance, without = chance_of(expected.total), chance_of(expected.without_links)
    return [
        *_scores(cases, chance),
        *_bands(CALIBRATION, "chance", EDGES, chance, chance, cases),
        *_bands(LINKS, "share", LINKS_EDGES, (chance - without) / chance, chance, cases),
    ]


def _scores(cases: Cases, chance: Floats) -> list[Row]:
    come = cases.has_fallen
    base = float(come.mean())
    error, brier = calibration_error(chance, come), float(((chance - come) ** 2).mean())
    constant = base * (1 - base)
    top = chance >= np.quantile(chance, 0.9)
    return [
        make_row(SUMMARY, "test worlds", "nights of sites", float(len(come))),
        make_row(SUMMARY, "test worlds", "base rate", base),
        make_row(
            SUMMARY, "test worlds", "calibration error", error, f"<= {MOST_CALIBRATION_ERROR}",
            error <= MOST_CALIBRATION_ERROR,
        ),
        make_row(SUMMARY, "test worlds", "Brier score", brier, f"< {constant:.4f}", brier < constant),
        make_row(SUMMARY, "test worlds", "Brier score of the base rate", constant),
        make_row(SUMMARY, "test worlds", "come in the tenth with the highest chance", float(come[top].mean())),
    ]  # fmt: skip


def _bands(table: str, word: str, edges: tuple[float, ...], by: Floats, chance: Floats, cases: Cases) -> list[Row]:
    rows = []
    for low, high in pairwise(edges):
        inside = (by >= low) & ((by < high) | (high == 1.0))
        if not inside.any():
            continue
        name = f"{word} {low:.2f} to {high:.2f}"
        rows += [
            make_row(table, name, "cases", float(inside.sum())),
            make_row(table, name, "said", float(chance[inside].mean())),
            make_row(table, name, "come", float(cases.has_fallen[inside].mean())),
        ]
    return rows
