"""How well probabilities and verdicts hold in the world for testing, which shares no parameter with that of the fit.

``python -m penalty_radar.benchmarks.cause_verdicts --write`` keeps the figures by band of probability in
``transforms/correlation/cause_calibration.toml``, where the pages read them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from penalty_radar.benchmarks.cause_scenarios import likeliest, share_right
from penalty_radar.benchmarks.cause_worlds import TEST_WORLD, LabelledDrop, label_world
from penalty_radar.benchmarks.page import render_benchmark
from penalty_radar.benchmarks.rows import Row, make_row
from transforms.correlation.cause_calibration import PATH, CalibrationBand, render_calibration
from transforms.schemas.vocabulary import CAUSES

MOST_ECE = 0.05
LEAST_LIKELY_RIGHT = 0.85
BANDS = (0.0, 0.1, 0.25, 0.5, 0.7, 0.85, 1.0)

Floats = NDArray[np.float64]


def measure_rows(sites: int | None = None) -> list[Row]:
    """Rows of {table, case, metric, value, reference, bar, meets}."""
    return score(label_world(TEST_WORLD, sites))


def score(drops: Sequence[LabelledDrop]) -> list[Row]:
    """The figures of some labelled drops. Of the first table, the drops of one planted fall count as one together."""
    given = np.array([drop.probabilities["links"] for drop in drops])
    is_links = np.array([drop.cause == "links" for drop in drops])
    counts = np.array([drop.count for drop in drops])
    base = float(np.average(is_links, weights=counts))
    ece, by_base = expected_error(given, is_links, counts), base * (1 - base)
    brier = float(np.average((given - is_links) ** 2, weights=counts))
    likely = [drop for drop in drops if drop.verdict == "links_likely"]
    right = float(np.mean([drop.cause == "links" for drop in likely])) if likely else float("nan")
    table, case = "verdicts", "links, of all drops"
    rows = [
        make_row(table, case, "drops", len(drops)),
        make_row(table, case, "links explain", base),
        make_row(table, case, "calibration error", ece, f"<= {MOST_ECE}", ece <= MOST_ECE),
        make_row(table, case, "Brier", brier, f"<= {by_base / 2:.3f}", brier <= by_base / 2),
        make_row(table, case, "Brier of the base rate", by_base),
        make_row(table, case, "called links_likely", len(likely)),
        make_row(table, case, "of these right", right, f">= {LEAST_LIKELY_RIGHT}", right >= LEAST_LIKELY_RIGHT),
    ]
    for low, high in pairwise(BANDS):
        inside = (given >= low) & ((given < high) | (high == BANDS[-1]))
        band = f"{low:.2f} to {high:.2f}"
        rows += [
            make_row("probability of links", band, "drops", int(inside.sum())),
            make_row("probability of links", band, "mean given", _mean(given[inside])),
            make_row("probability of links", band, "links explain", _mean(is_links[inside].astype(np.float64))),
        ]
    for verdict in ("links_likely", "links_possible", "confounded", "not_explained_by_links", "insufficient_data"):
        told = [drop for drop in drops if drop.verdict == verdict]
        rows += [
            make_row("drops by verdict", verdict, "drops", len(told)),
            make_row("drops by verdict", verdict, "links explain", _mean([float(d.cause == "links") for d in told])),
        ]
    for cause in CAUSES:
        of_cause = [drop for drop in drops if drop.cause == cause]
        told = [drop for drop in drops if likeliest(drop.probabilities) == cause]
        rows += [
            make_row("all causes", cause, "drops", len(of_cause)),
            make_row("all causes", cause, "recognised", share_right(of_cause)),
            make_row("all causes", cause, "told", len(told)),
            make_row("all causes", cause, "of these right", share_right(told)),
        ]
    return rows


def expected_error(given: Floats, is_true: NDArray[np.bool_], counts: Floats, bands: int = 10) -> float:
    """Expected calibration error: the gap between given and true shares over equal bands, weighted by their drops.

    ``counts``: how much each drop counts; those of one fall count as one.
    """
    band = np.minimum((given * bands).astype(np.int64), bands - 1)
    gap = np.bincount(band, weights=counts * (given - is_true), minlength=bands)
    return float(np.abs(gap).sum() / counts.sum())


def _mean(values: Floats | Sequence[float]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def as_calibration(rows: Sequence[Row]) -> str:
    """The figures of some measured rows as the text of ``cause_calibration.toml``."""
    values = {(str(row["table"]), str(row["case"]), str(row["metric"])): row["value"] for row in rows}

    def value_of(table: str, case: str, metric: str) -> float | None:
        value = values[table, case, metric]
        return None if value is None else float(str(value))

    bands = []
    for low, high in pairwise(BANDS):
        case = f"{low:.2f} to {high:.2f}"
        count, given, links = (
            value_of("probability of links", case, metric) for metric in ("drops", "mean given", "links explain")
        )
        bands.append(
            CalibrationBand(low=low, high=high, drop_count=int(count or 0), mean_given=given, links_share=links)
        )
    of_all = "links, of all drops"
    drop_count, error = (value_of("verdicts", of_all, metric) for metric in ("drops", "calibration error"))
    return render_calibration(int(drop_count or 0), error or 0.0, bands)


def main() -> None:
    """Measure, print, and keep if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="keep the figures that pages publish")
    arguments = parser.parse_args()
    rows = measure_rows()
    print(render_benchmark("cause", rows))
    if arguments.write:
        PATH.write_text(as_calibration(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
