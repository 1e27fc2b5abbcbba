"""Makes ``drops.assessed_series``: which series were tested, from when to when, and which could not be."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import numpy as np
import pandas as pd

from transforms.drops.daily_visibility import KEYS, lay_out
from transforms.drops.noise import measure_sd
from transforms.drops.ranking_drops import Params
from transforms.drops.shifts import CHUNK, latest_sd, list_testable

READS: tuple[str, ...] = ("signals.visibility", "staging.search_events")

COLUMNS = ["as_of", *KEYS, "status", "tested_from_on", "tested_until_on", "history_days", "noise_sd"]


def build(
    tables: Mapping[str, pd.DataFrame],
    *,
    as_of: datetime.date,
    params: Params = Params(),  # noqa: B008
) -> pd.DataFrame:
    """One row per site, provider and segment, all declared columns, sorted; nulls where nothing was tested."""
    series = lay_out(tables, as_of, params.series)
    known = ~np.isnan(series.visibility)
    sd, is_tested = np.full(len(known), np.nan), np.zeros(known.shape, dtype=bool)
    for start in range(0, len(known), CHUNK):  # as the scan does, for memory
        rows = slice(start, start + CHUNK)
        noise = measure_sd(series, rows, params.noise)
        sd[rows] = latest_sd(known[rows], noise)
        for days in params.shift.after_days:
            is_tested[rows] |= list_testable(known[rows], noise, series.tested, days, params.shift)
    is_tested[(series.keys["status"] != "tested").to_numpy()] = False
    tested = is_tested.any(axis=1)
    assessed = series.keys.copy()
    untold = (assessed["status"] == "tested").to_numpy() & ~tested
    assessed.loc[untold, "status"] = "insufficient_history"
    first, last = is_tested.argmax(axis=1), len(series.days) - 1 - is_tested[:, ::-1].argmax(axis=1)
    nothing = np.datetime64("NaT", "us")
    assessed["tested_from_on"] = np.where(tested, series.days[first].astype("datetime64[us]"), nothing)
    assessed["tested_until_on"] = np.where(tested, series.days[last].astype("datetime64[us]"), nothing)
    assessed["noise_sd"] = np.where(tested, sd, np.nan)
    assessed["as_of"] = pd.Timestamp(as_of)
    return assessed[COLUMNS]
