"""Simulated daily counts with weekday pattern (some with idle weekends), one outbreak each: eight signals of 100 runs.

The design of Noufaily et al. 2019 (Bioinformatics 35:3110).

The source's calendar calls its first day a Monday of 2010: the calendar here starts on the first one of that year.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from penalty_radar.benchmarks.surge_sets import curves
from penalty_radar.benchmarks.surge_sets.count_set import DAY, CountSet, Flags, Floats, LabelledSet, Method, read_table

FOLDER = "daily_signals"
SIGNALS = range(1, 9)
FIRST_SCORED = 2205
"""First scored day, from 0: the last 49 weeks."""

SPECIFICITY = 0.97
ALPHA = 0.01


@dataclass(frozen=True)
class SignalScores:
    """How one signal's runs fared at one threshold."""

    sensitivity: float
    specificity: float
    pod: float
    timeliness: float


def load(data: Path, *, runs: int = 100) -> list[LabelledSet]:
    """One set per signal: its first ``runs`` runs × 2,548 days, an outbreak day being one with outbreak counts.

    Raises:
        FileNotFoundError: a file is not there.
    """
    sets = []
    for signal in SIGNALS:
        totals = read_table(data / FOLDER / f"simulated_totals_sig{signal}.csv.gz").to_numpy(np.float64).T[:runs]
        extra = read_table(data / FOLDER / f"simulated_outbreaks_sig{signal}.csv.gz").to_numpy(np.float64).T[:runs]
        is_scored = np.zeros(totals.shape, dtype=bool)
        is_scored[:, FIRST_SCORED:] = True
        names = [f"signal {signal} run {run + 1}" for run in range(len(totals))]
        sets.append(
            LabelledSet(CountSet(totals, DAY, datetime.date(2010, 1, 4), names, is_scored), extra > 0, is_scored)
        )
    return sets


def evaluate(method: Method, sets: Sequence[LabelledSet], customary: float | None = None) -> dict[str, float]:
    """Means over the signals at the one threshold that gives :data:`SPECIFICITY`, and at the nominal one.

    The nominal threshold is the score ``customary``, or p ≤ :data:`ALPHA` where that is None.
    """
    scores = [method(labelled.count_set) for labelled in sets]
    at = threshold_for(scores, sets, SPECIFICITY)
    found: dict[str, float] = {}
    for name, threshold in (
        (f"at spec ≥ {SPECIFICITY}", at),
        ("at nominal", curves.nominal_threshold(ALPHA) if customary is None else customary),
    ):
        signals = [score_signal(score, labelled, threshold) for score, labelled in zip(scores, sets, strict=True)]
        found[f"sens {name}"] = float(np.mean([signal.sensitivity for signal in signals]))
        found[f"spec {name}"] = float(np.mean([signal.specificity for signal in signals]))
        found[f"POD {name}"] = float(np.mean([signal.pod for signal in signals]))
        found[f"timeliness {name}"] = float(np.mean([signal.timeliness for signal in signals]))
    return {**found, "runs": float(len(sets[0].count_set.names))}


def threshold_for(scores: Sequence[Floats], sets: Sequence[LabelledSet], specificity: float) -> float:
    """The threshold at which the mean specificity of the signals is at least the one asked for."""
    quiet = [score[labelled.is_scored & ~labelled.is_surge] for score, labelled in zip(scores, sets, strict=True)]
    weights = [np.full(len(part), 1.0 / max(len(part), 1)) for part in quiet]
    return curves.threshold_at(np.concatenate(quiet), specificity, np.concatenate(weights))


def score_signal(scores: Floats, labelled: LabelledSet, threshold: float) -> SignalScores:
    """Of all runs of a signal together.

    Sensitivity and specificity by day; POD: share of outbreaks with an alarm on an outbreak day; timeliness: mean of
    (days before the first such alarm / days from the first to the last outbreak day), 1 for an outbreak missed.
    """
    is_surge, is_quiet = labelled.is_scored & labelled.is_surge, labelled.is_scored & ~labelled.is_surge
    hits = is_surge & (scores > threshold)
    has_outbreak = is_surge.any(axis=1)
    first, last = is_surge.argmax(axis=1), is_surge.shape[1] - 1 - is_surge[:, ::-1].argmax(axis=1)
    waited = (hits.argmax(axis=1) - first) / (last - first + 1.0)
    is_found: Flags = np.asarray(hits.any(axis=1))
    return SignalScores(
        sensitivity=float(hits.sum() / is_surge.sum()),
        specificity=1.0 - curves.alarm_share(scores[is_quiet], threshold),
        pod=float(is_found[has_outbreak].mean()),
        timeliness=float(np.where(is_found, waited, 1.0)[has_outbreak].mean()),
    )
