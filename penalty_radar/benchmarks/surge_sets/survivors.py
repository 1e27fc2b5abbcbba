"""Simulated exports that list surviving links only, without any surge: how many false alarms their bias makes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from penalty_radar.benchmarks import null_worlds
from penalty_radar.benchmarks.surge_methods.plain_tests import score_negative_binomial
from penalty_radar.benchmarks.surge_sets import curves
from penalty_radar.benchmarks.surge_sets.count_set import CountSet, Floats
from transforms.findings.calibration import PERIOD_DAYS
from transforms.surges.detection import DetectionParams, detect
from transforms.surges.layout import make_layout
from transforms.surges.survivors import measure_decay

MEANS = (0.3, 1.0, 5.0)
"""New referring domains a day, before any is lost."""

LIVES = (60.0, 120.0, 365.0)
"""Mean life of a link, days."""

MEMORY_DAYS = 180
"""Days before the export within which lost links are listed too."""

DAYS, TESTED_DAYS = 970, 730
SIZE = 1200
NOMINAL = 0.01


def simulate(life_days: float, size: int = SIZE, seed: int = 80) -> tuple[Floats, NDArray[np.int64]]:
    """Counts and losses of ``size`` series × :data:`DAYS`, the means of :data:`MEANS` in turn."""
    return null_worlds.simulate_survivors(np.resize(MEANS, size), DAYS, life_days, MEMORY_DAYS, seed)


def evaluate_ours(counts: Floats, losses: NDArray[np.int64], *, is_horizon_known: bool) -> float:
    """Realised over nominal false alarms of the surge detector.

    Surges of a p-value up to :data:`NOMINAL`, whatever else was found, by 28-day period tested. Where the horizon is
    not known, losses are not listed either.
    """
    if is_horizon_known:
        tables = null_worlds.count_tables(counts, losses=losses, horizon_days=MEMORY_DAYS)
    else:
        tables = null_worlds.count_tables(counts)
    params = DetectionParams(most_p=NOMINAL)
    decay = measure_decay(tables, null_worlds.LAST_DAY, params.survivor)
    detection = detect(make_layout(tables, null_worlds.LAST_DAY, params.series, decay), params)
    periods = np.diff(detection.tested, axis=1).sum() / PERIOD_DAYS
    return len(detection.surges) / float(periods) / NOMINAL


def evaluate_plain(counts: Floats, days: int) -> float:
    """The same of a plain negative-binomial test, which corrects nothing, of days (1) or of weeks (7): by step tested.

    Each step is tested against the 26 before it, days against the same weekday.
    """
    whole = counts[:, counts.shape[1] % days :]
    steps = whole.reshape(len(whole), -1, days).sum(axis=2)
    wanted = np.zeros(steps.shape, dtype=bool)
    wanted[:, -(TESTED_DAYS // days) :] = True
    count_set = CountSet(steps, float(days), null_worlds.LAST_DAY, [""] * len(steps), wanted)
    return curves.alarm_share(score_negative_binomial(count_set)[wanted], curves.nominal_threshold(NOMINAL)) / NOMINAL
