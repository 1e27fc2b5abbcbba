"""Scores of told origins against true ones: F1, calibration, abstention; and of a ranking against a judgement."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from transforms.schemas.vocabulary import ORIGINS

UNKNOWN = "unknown"
CLASSES = tuple(origin for origin in ORIGINS if origin != UNKNOWN)
"""The six origins; ``unknown`` is told by those who abstain and is never true."""

BIN_COUNT = 10
"""Bins of equal count for the calibration error: the usual ten, by count because stated probabilities crowd near 1."""

RESAMPLES = 1_000
INTERVAL = (0.025, 0.975)
SEED = 5

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def score_classes(rows: pd.DataFrame) -> pd.DataFrame:
    """Precision, recall, F1 and true count of each origin; an abstention is a miss of the true one.

    ``rows`` hold true_origin and told_origin. Precision of an origin that was never told is not a number and its F1 0.
    """
    true, told = rows["true_origin"], rows["told_origin"]
    scores = []
    for origin in CLASSES:
        hits = float((true.eq(origin) & told.eq(origin)).sum())
        told_count, true_count = float(told.eq(origin).sum()), float(true.eq(origin).sum())
        precision = hits / told_count if told_count else float("nan")
        recall = hits / true_count if true_count else float("nan")
        f1 = 2 * hits / (told_count + true_count) if told_count + true_count else float("nan")
        scores.append((origin, precision, recall, f1, true_count))
    return pd.DataFrame(scores, columns=["origin", "precision", "recall", "f1", "count"]).set_index("origin")


def macro_f1(rows: pd.DataFrame, least_count: int = 1) -> float:
    """Mean F1 of the origins that really occur at least ``least_count`` times."""
    scores = score_classes(rows)
    return float(scores.loc[scores["count"] >= least_count, "f1"].mean())


def domain_weights(rows: pd.DataFrame) -> Floats:
    """Weights under which each referring domain of a site and provider counts once, however many links it has."""
    counts = rows.groupby(["site", "provider", "source_domain"])["source_domain"].transform("size")
    return np.asarray(1.0 / counts, dtype=np.float64)


def calibration_error(rows: pd.DataFrame, weights: Floats) -> float:
    """Expected calibration error of the stated probability of the told origin, in bins of equal weight.

    Rows on which nothing was told are left out: they state no origin. NaN where nothing was told.
    """
    is_told = rows["told_origin"].ne(UNKNOWN).to_numpy()
    if not is_told.any():
        return float("nan")
    told, weight = rows[is_told], weights[is_told]
    stated = told["probability"].to_numpy(dtype=np.float64)
    is_right = told["told_origin"].eq(told["true_origin"]).to_numpy(dtype=np.float64)
    bins = _cut_equally(stated, weight)
    error = 0.0
    for number in range(BIN_COUNT):
        members = bins == number
        if members.any():
            share = weight[members].sum() / weight.sum()
            gap = np.average(stated[members], weights=weight[members]) - np.average(
                is_right[members], weights=weight[members]
            )
            error += share * abs(float(gap))
    return error


def _cut_equally(stated: Floats, weight: Floats) -> NDArray[np.int64]:
    """The bin of each row; rows of the same stated probability share one, so that order does not matter."""
    values, inverse = np.unique(stated, return_inverse=True)
    by_value = np.bincount(inverse, weights=weight, minlength=len(values))
    middle = (np.cumsum(by_value) - by_value / 2) / by_value.sum()
    return np.asarray(np.minimum((middle * BIN_COUNT).astype(np.int64), BIN_COUNT - 1)[inverse], dtype=np.int64)


def abstention_share(rows: pd.DataFrame, weights: Floats | None = None) -> float:
    """Share of rows on which nothing was told."""
    return float(np.average(rows["told_origin"].eq(UNKNOWN).to_numpy(dtype=np.float64), weights=weights))


def confusion(rows: pd.DataFrame, told: Sequence[str] = ORIGINS) -> pd.DataFrame:
    """Counts of rows: true origins down, told ones across."""
    table = pd.crosstab(rows["true_origin"], rows["told_origin"])
    return table.reindex(index=list(CLASSES), columns=list(told), fill_value=0)


def area_under_curve(is_positive: Bools, score: Floats) -> float:
    """Probability that a positive has a higher score than a negative, ties counting half; NaN without either."""
    positives, negatives = int(is_positive.sum()), int((~is_positive).sum())
    if not positives or not negatives:
        return float("nan")
    ranks = rankdata(score)
    return float((ranks[is_positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def resample_area(is_positive: Bools, score: Floats, domain: pd.Series) -> tuple[float, float]:
    """Ends of the interval of the area over resampled referring domains, each with all its rows.

    A sample without positives or without negatives says nothing and is drawn again.
    """
    codes = domain.astype("category").cat.codes.to_numpy(dtype=np.int64)
    counts = np.bincount(codes)
    ordered = np.argsort(codes, kind="stable")
    starts = np.cumsum(counts) - counts
    random = np.random.default_rng(SEED)
    areas: list[float] = []
    while len(areas) < RESAMPLES:
        drawn = random.integers(0, len(counts), len(counts))
        # The rows of each drawn domain, one domain after the other.
        within = np.arange(counts[drawn].sum()) - np.repeat(np.cumsum(counts[drawn]) - counts[drawn], counts[drawn])
        rows = ordered[np.repeat(starts[drawn], counts[drawn]) + within]
        area = area_under_curve(is_positive[rows], score[rows])
        if not np.isnan(area):
            areas.append(area)
    low, high = np.quantile(areas, INTERVAL)
    return float(low), float(high)
