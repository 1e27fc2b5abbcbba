"""The Turing change point data set (van den Burg & Williams 2020, arXiv 2003.06222): the drop detector's core on it.

What is measured is :func:`transforms.drops.steps.segment_levels` with its one setting: the likelihood of a step and its
comparison with a slope that the nightly scan and the dating of drops use, in both directions, applied again and again.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from penalty_radar.benchmarks.rows import WHY, Row, make_row
from transforms.drops.steps import segment_levels

Floats = NDArray[np.float64]
Annotations = dict[str, list[int]]
"""Change points by annotator."""

FOLDER = "changepoints"
TABLE = "changepoints: Turing change point data, 32 univariate series, one setting"
OURS = "ours"
LEFT_OUT = ("quality_control", "uk_coal_employ")
MARGIN = 5
LEAST_F1, LEAST_COVER = 0.70, 0.68
PUBLISHED = ("binseg", "pelt", "bocpd", "zero")
PUBLISHED_SCORES = {"F1": "default_f1_scores.json", "covering": "default_cover_scores.json"}


def measure_changepoints(data: Path, segment: Callable[[Floats], Sequence[int]] = segment_levels) -> list[Row]:
    """Mean F1 and covering of ours beside the published default settings; one row with the reason without the data."""
    folder = data / FOLDER
    if not (folder / "annotations.json").exists():
        return [make_row(TABLE, OURS, WHY, np.nan, reference=f"no {FOLDER}/annotations.json in the folder of sets")]
    annotations = json.loads((folder / "annotations.json").read_text(encoding="utf-8"))
    series = read_series(folder)
    scored = {name: score(annotations[name], segment(values), len(values)) for name, values in series.items()}
    f1, cover = np.mean(list(scored.values()), axis=0)
    rows = [
        make_row(TABLE, OURS, "F1", f1, f"≥ {LEAST_F1}", f1 >= LEAST_F1),
        make_row(TABLE, OURS, "covering", cover, f"≥ {LEAST_COVER}", cover >= LEAST_COVER),
    ]
    for metric, name in PUBLISHED_SCORES.items():
        published = json.loads((folder / "published" / name).read_text(encoding="utf-8"))
        for method in PUBLISHED:
            values = [published[one][method] for one in series if published[one][method] is not None]
            rows.append(make_row(TABLE, f"published default {method}", metric, float(np.mean(values)), reference=name))
    return rows


def read_series(folder: Path) -> dict[str, Floats]:
    """The univariate series that are scored, by name; NaN where a value is missing."""
    series = {}
    for path in sorted((folder / "datasets").glob("*.json")):
        described = json.loads(path.read_text(encoding="utf-8"))
        if described["n_dim"] == 1 and not path.stem.startswith(LEFT_OUT):
            raw = described["series"][0]["raw"]
            series[path.stem] = np.array([np.nan if value is None else value for value in raw], dtype=np.float64)
    return series


def score(annotations: Annotations, found: Sequence[int], count: int) -> tuple[float, float]:
    """F1 (margin 5, the start counts as a change point) and segmentation covering, as the set defines them."""
    truths, places = [{0, *points} for points in annotations.values()], {0, *found}
    everything = set().union(*truths)
    precision = len(_matched(everything, places)) / len(places)
    recall = float(np.mean([len(_matched(truth, places)) / len(truth) for truth in truths]))
    cover = float(np.mean([_cover(truth, places, count) for truth in truths]))
    return 2.0 * precision * recall / (precision + recall), cover


def _matched(truth: set[int], found: set[int]) -> set[int]:
    """True places that have a found one within the margin, each found one used once."""
    left, matched = set(found), set()
    for place in truth:
        near = [(abs(place - other), other) for other in left if abs(place - other) <= MARGIN]
        if near:
            left.remove(min(near)[1])
            matched.add(place)
    return matched


def _cover(truth: set[int], found: set[int], count: int) -> float:
    """Mean over true segments, by length, of the best overlap (intersection over union) with a found one."""
    total = 0.0
    for start, stop in _segments(truth, count):
        total += (stop - start) * max(
            max(0, min(stop, end) - max(start, begin)) / (max(stop, end) - min(start, begin))
            for begin, end in _segments(found, count)
        )
    return total / count


def _segments(places: set[int], count: int) -> list[tuple[int, int]]:
    edges = [*sorted(place for place in places if place < count), count]
    return list(itertools.pairwise(edges))
