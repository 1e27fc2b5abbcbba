"""Makes ``drops.assessed_series``: which series were tested, from when to when, and which could not be."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import numpy as np
import pandas as pd

from transforms.drops.daily_visibility import BLOCK, KEYS, Floats, index_visibility
from transforms.drops.detection import chunks_of, span_of
from transforms.drops.noise import measure_sd
from transforms.drops.ranking_drops import Params
from transforms.drops.shifts import list_testable

READS: tuple[str, ...] = ("signals.visibility", "staging.search_events")

COLUMNS = [
    "as_of", *KEYS, "segment_kind", "status", "tested_from_on", "tested_until_on", "history_days", "noise_sd",
]  # fmt: skip


def build(
    tables: Mapping[str, pd.DataFrame],
    *,
    as_of: datetime.date,
    params: Params = Params(),  # noqa: B008
) -> pd.DataFrame:
    """One row per site, provider and segment, all declared columns, sorted; nulls where nothing was tested.

    The scan's own arrays are not made again: what is needed of them is the deviation of a day and what is known.
    """
    index = index_visibility(tables, as_of, params.detection.series)
    size = len(index.keys)
    status, history = np.full(size, "", dtype=object), np.zeros(size, dtype=np.int64)
    span, deviation = np.zeros((size, 2), dtype=np.int64), np.full(size, np.nan)
    for rows in chunks_of(index):
        series = index.lay_out(rows)
        sd, logs = measure_sd(series, params.detection.noise)
        known = ~np.isnan(logs)
        counted = np.zeros((known.shape[0], known.shape[1] + 1))
        np.cumsum(known, axis=1, out=counted[:, 1:])
        is_tested = np.zeros(known.shape, dtype=np.bool_)
        for testable in list_testable(counted, sd, series, params.detection.shift).values():
            is_tested[:, -testable.shape[1] :] |= testable
        is_tested[series.status != "tested"] = False
        status[rows], history[rows], span[rows] = series.status, series.history_days, span_of(is_tested)
        deviation[rows] = _latest(known, sd)
    tested = span[:, 1] > 0
    status[(status == "tested") & ~tested] = "insufficient_history"
    days, nothing = index.days.astype("datetime64[us]"), np.datetime64("NaT", "us")
    assessed = index.keys.copy()
    assessed["status"], assessed["history_days"] = pd.Series(status, dtype="str"), history
    assessed["tested_from_on"] = np.where(tested, days[span[:, 0]], nothing)
    assessed["tested_until_on"] = np.where(tested, days[span[:, 1] - 1], nothing)
    assessed["noise_sd"] = np.where(tested, deviation, np.nan)
    assessed["as_of"] = pd.Timestamp(as_of)
    return assessed[COLUMNS]


def _latest(known: np.ndarray, sd: Floats) -> Floats:
    """The daily noise (``sd``: series × blocks) of each series on its last known day; NaN where there is none."""
    last = known.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    return np.asarray(sd[np.arange(len(last)), last // BLOCK])
