"""Fourteen real weekly series of low counts with outbreak weeks set by experts (Robert Koch-Institut, SurvStat).

The weeks have no dates in the source: the calendar is made up.
"""

from __future__ import annotations

import datetime
import errno
from pathlib import Path

import numpy as np

from penalty_radar.benchmarks.surge_sets import curves
from penalty_radar.benchmarks.surge_sets.count_set import WEEK, CountSet, Floats, LabelledSet, Method, read_table

FOLDER = "survstat14"
PUBLISHED = "published_survstat14.csv"
COPIED_WEEKS = 208
"""Weeks that are put before the series, twice, as history: the protocol of the published figures."""

FIRST_OWN_WEEK = 104
"""First scored week (from 0) where nothing is copied: two years of history."""

ALPHA = 0.05
SPECIFICITIES = (0.926, 0.955)


def load(data: Path, *, with_copy: bool = True) -> LabelledSet:
    """The series, all alike long; scored are the original 209 weeks, or without the copy weeks 105 to 209.

    Raises:
        FileNotFoundError: the folder is not there.
    """
    paths = sorted(path for path in (data / FOLDER).glob("*.csv") if path.name != PUBLISHED)
    if not paths:
        raise FileNotFoundError(errno.ENOENT, "no series of the set in", str(data / FOLDER))
    tables = [read_table(path, ("observed", "state")) for path in paths]
    counts = np.stack([table["observed"].to_numpy(np.float64) for table in tables])
    is_surge = np.stack([table["state"].to_numpy(np.float64) > 0 for table in tables])
    is_scored = np.ones(counts.shape, dtype=bool)
    if with_copy:
        copied = [counts[:, :COPIED_WEEKS]] * 2
        counts = np.concatenate([*copied, counts], axis=1)
        before = np.zeros((len(counts), 2 * COPIED_WEEKS), dtype=bool)
        is_surge, is_scored = np.hstack([before, is_surge]), np.hstack([before, is_scored])
    else:
        is_scored[:, :FIRST_OWN_WEEK] = False
    count_set = CountSet(counts, WEEK, datetime.date(2001, 1, 1), [path.stem for path in paths], is_scored)
    return LabelledSet(count_set, is_surge, is_scored)


def count_alarms(scores: Floats, labelled: LabelledSet, alpha: float) -> tuple[int, int]:
    """Scored weeks with p ≤ ``alpha``: in outbreaks, and outside."""
    is_alarm = labelled.is_scored & (scores > curves.nominal_threshold(alpha))
    return int((is_alarm & labelled.is_surge).sum()), int((is_alarm & ~labelled.is_surge).sum())


def evaluate(method: Method, labelled: LabelledSet, customary: float | None = None) -> dict[str, float]:
    """Sensitivity at each of :data:`SPECIFICITIES` by a sweep, and both at the nominal threshold; all weeks pooled.

    The nominal threshold is the score ``customary``, or p ≤ :data:`ALPHA` where that is None.
    """
    scores = method(labelled.count_set)
    quiet = scores[labelled.is_scored & ~labelled.is_surge]
    surge = scores[labelled.is_scored & labelled.is_surge]
    found = {
        f"sens at spec ≥ {specificity}": curves.alarm_share(surge, curves.threshold_at(quiet, specificity))
        for specificity in SPECIFICITIES
    }
    at = curves.nominal_threshold(ALPHA) if customary is None else customary
    return {
        **found,
        "sens at nominal": curves.alarm_share(surge, at),
        "spec at nominal": 1.0 - curves.alarm_share(quiet, at),
    }
