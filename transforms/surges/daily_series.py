"""Sparse daily counts laid out as one dense array: a row per series, a column per day, columns in whole weeks."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

KEYS = ["site_domain", "provider", "origin"]
WEEK = 7
_MONDAY = np.datetime64("1970-01-05", "D")
"""A Monday: weeks are calendar weeks, so that a week means the same whatever day the run is for."""


@dataclass(frozen=True, kw_only=True)
class SeriesParams:
    """Which days are looked at."""

    tested_days: int = 730
    """Days back from ``as_of`` that are tested. Two years: older days are depleted by lost links beyond use."""

    warm_up_weeks: int = 60
    """Weeks before the tested days that only feed estimates: 26 of baseline and 1 of guard, for the 26 weeks whose
    weekdays are pooled, 4 of the longest window and 3 for alignment, so that a day is judged alike whatever day the
    run is for."""

    least_history_days: int = 42
    """Shortest series that is tested: four whole weeks of baseline (28 days: with fewer, the level of a series of
    one domain in three days is known to no better than a factor 2), one guard week, one week lost to alignment."""


@dataclass(frozen=True)
class DailySeries:
    """All dated series of a run.

    ``keys``       frame of site_domain, provider, origin and the span's facts, one row per series, sorted
    ``counts``     new referring domains, series × days (float); zero outside the span
    ``days``       the day of each column, beginning on a Monday, whole weeks
    ``first``      column of the first day inside the span, per series (0 when the span began earlier)
    ``stop``       column after the last day inside the span, per series
    ``tested``     column of the first day that may be tested
    ``horizon``    column from which losses are listed, per series (0 when not known or earlier)
    """

    keys: pd.DataFrame
    counts: NDArray[np.float64]
    days: NDArray[np.datetime64]
    first: NDArray[np.int64]
    stop: NDArray[np.int64]
    tested: int
    horizon: NDArray[np.int64]


def list_series(tables: Mapping[str, pd.DataFrame], as_of: datetime.date, params: SeriesParams) -> pd.DataFrame:
    """Every series there is: site, provider, origin with ``starts_on``, ``ends_on``, ``loss_horizon_on``, status.

    The span ends at the series' own last export or at ``as_of``, whichever is earlier. A provider without dates is
    listed once, as origin ``unknown`` with status ``no_dates``. Sorted; status is not null.
    """
    spans = tables["signals.link_series"][["site_domain", "provider", "starts_on", "ends_on", "loss_horizon_on"]].copy()
    for column in ("starts_on", "ends_on", "loss_horizon_on"):
        spans[column] = pd.to_datetime(spans[column]).astype("datetime64[us]")
    spans["ends_on"] = spans["ends_on"].where(spans["ends_on"] <= pd.Timestamp(as_of), pd.Timestamp(as_of))
    origins = tables["signals.daily_links"][KEYS].drop_duplicates()
    series = spans.merge(origins, on=["site_domain", "provider"], how="left")
    undated = series["starts_on"].isna() | series["origin"].isna()
    series.loc[undated, "origin"] = "unknown"
    series = series.drop_duplicates(KEYS).sort_values(KEYS, ignore_index=True)
    length = (series["ends_on"] - series["starts_on"]).dt.days + 1
    series["history_days"] = length.fillna(0).clip(lower=0).astype("int64")
    undated = series["starts_on"].isna()
    series["status"] = np.where(
        undated,
        "no_dates",
        np.where(series["history_days"] < params.least_history_days, "insufficient_history", "tested"),
    )
    return series


def lay_out(tables: Mapping[str, pd.DataFrame], as_of: datetime.date, params: SeriesParams) -> DailySeries:
    """Densify every series with status ``tested`` over the tested days and their warm-up."""
    series = list_series(tables, as_of, params)
    series = series[series["status"] == "tested"].reset_index(drop=True)
    end = np.datetime64(as_of, "D")
    from_tested = end - np.timedelta64(params.tested_days - 1, "D")
    warm = from_tested - np.timedelta64(params.warm_up_weeks * WEEK, "D")
    begin = warm - (warm - _MONDAY) % np.timedelta64(WEEK, "D")
    width = -(-(int((end - begin).astype(int)) + 1) // WEEK) * WEEK
    days = begin + np.arange(width)
    first = _columns(series["starts_on"], begin).clip(0, width)
    stop = (_columns(series["ends_on"], begin) + 1).clip(0, width)
    horizon = _columns(series["loss_horizon_on"].fillna(series["starts_on"]), begin).clip(0, width)
    counts = np.zeros((len(series), width))
    daily_links = tables["signals.daily_links"][[*KEYS, "day", "new_domain_count"]]
    rows = series[KEYS].assign(row=np.arange(len(series))).merge(daily_links, on=KEYS)
    row, column = rows["row"].to_numpy(), _columns(rows["day"], begin)
    inside = (column >= first[row]) & (column < stop[row])
    added = pd.to_numeric(rows["new_domain_count"]).fillna(0).to_numpy(dtype=np.float64)
    np.add.at(counts, (row[inside], column[inside]), added[inside])
    tested = int((from_tested - begin).astype(int))
    return DailySeries(series, counts, days, first, stop, tested, horizon)


def _columns(dates: pd.Series, begin: np.datetime64) -> NDArray[np.int64]:
    return (pd.to_datetime(dates).to_numpy().astype("datetime64[D]") - begin).astype(np.int64)
