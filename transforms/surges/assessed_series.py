"""Makes ``surges.assessed_series``: which series were tested, from when to when, and which could not be."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import numpy as np
import pandas as pd

from transforms.surges.daily_series import KEYS, WEEK, DailySeries, lay_out, list_series
from transforms.surges.link_surges import Params

READS: tuple[str, ...] = ("signals.daily_links", "signals.link_series")

COLUMNS = ["as_of", *KEYS, "status", "tested_from_on", "tested_until_on", "history_days", "mean_count"]


def build(
    tables: Mapping[str, pd.DataFrame],
    *,
    as_of: datetime.date,
    params: Params = Params(),  # noqa: B008
) -> pd.DataFrame:
    """One row per site, provider and origin, all declared columns, sorted; null dates where nothing was tested."""
    listed = list_series(tables, as_of, params.series)
    series = lay_out(tables, as_of, params.series)
    assessed = listed[[*KEYS, "status", "history_days"]].merge(_tested_spans(series, params), on=KEYS, how="left")
    outside = (assessed["status"] == "tested") & assessed["tested_from_on"].isna()
    assessed.loc[outside, "status"] = "insufficient_history"
    assessed["mean_count"] = assessed["mean_count"].fillna(0.0)
    assessed["as_of"] = pd.Timestamp(as_of)
    return assessed[COLUMNS]


def _tested_spans(series: DailySeries, params: Params) -> pd.DataFrame:
    """First and last tested day and the mean count between them; series that ended before the tested days are left out.

    A day is tested when its week has the least number of whole weeks of baseline before the guard weeks.
    """
    first_week = -(-series.first // WEEK) + params.baseline.least_weeks + params.baseline.guard_weeks
    first = np.maximum(first_week * WEEK, series.tested)
    known = np.flatnonzero(first < series.stop)
    summed = np.concatenate([np.zeros((len(first), 1)), series.counts.cumsum(axis=1)], axis=1)
    first, stop = first[known], series.stop[known]
    return series.keys.loc[known, KEYS].assign(
        tested_from_on=series.days[first].astype("datetime64[us]"),
        tested_until_on=series.days[stop - 1].astype("datetime64[us]"),
        mean_count=(summed[known, stop] - summed[known, first]) / (stop - first),
    )
