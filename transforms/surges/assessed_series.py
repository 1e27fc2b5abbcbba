"""Makes ``surges.assessed_series``: which series were tested, from when to when, and which could not be."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import numpy as np
import pandas as pd

from transforms.surges.count_series import KEYS, WEEK, list_series
from transforms.surges.layout import LAYOUT_READS, Layout, make_layout
from transforms.surges.link_surges import Params

READS: tuple[str, ...] = LAYOUT_READS

COLUMNS = ["as_of", *KEYS, "status", "tested_from_on", "tested_until_on", "history_days", "mean_count"]


def build(
    tables: Mapping[str, pd.DataFrame],
    *,
    as_of: datetime.date,
    params: Params = Params(),  # noqa: B008
) -> pd.DataFrame:
    """One row per site, provider and origin, all declared columns, sorted; null dates where nothing was tested."""
    of_series = params.detection.series
    listed = list_series(tables, as_of, of_series)
    layout = make_layout(tables, as_of, of_series, {})
    assessed = listed[[*KEYS, "status", "history_days"]].merge(_tested_spans(layout, params), on=KEYS, how="left")
    outside = (assessed["status"] == "tested") & assessed["tested_from_on"].isna()
    assessed.loc[outside, "status"] = "insufficient_history"
    assessed["mean_count"] = assessed["mean_count"].fillna(0.0)
    assessed["as_of"] = pd.Timestamp(as_of)
    return assessed[COLUMNS]


def _tested_spans(layout: Layout, params: Params) -> pd.DataFrame:
    """First and last tested day and the mean count between them; series that ended before the tested days are left out.

    A day is tested when its week has the least number of whole weeks of baseline before the guard weeks.
    """
    baseline = params.detection.baseline
    first_week = -(-layout.first // WEEK) + baseline.least_blocks + round(baseline.guard_days / WEEK)
    first = np.maximum(first_week * WEEK, layout.tested)
    row = np.repeat(np.arange(len(layout)), np.diff(layout.start))
    inside = (layout.column >= first[row]) & (layout.column < layout.stop[row])
    count = np.bincount(row[inside], weights=layout.count[inside], minlength=len(layout))
    known = np.flatnonzero(first < layout.stop)
    first, stop = first[known], layout.stop[known]
    return layout.keys.loc[known, KEYS].assign(
        tested_from_on=layout.days[first].astype("datetime64[us]"),
        tested_until_on=layout.days[stop - 1].astype("datetime64[us]"),
        mean_count=count[known] / (stop - first),
    )
