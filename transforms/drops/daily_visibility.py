"""Visibility laid out as one dense array: a row per series, a column per day, columns in whole weeks, NaN = unknown."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.findings.calibration import MONDAY

KEYS = ["site_domain", "provider", "segment"]
WEEK = 7
SEARCH_CONSOLE = "search_console"

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SeriesParams:
    """Which days are looked at."""

    tested_days: int = 730
    """Days back from ``as_of`` that are tested: two years, so that a season is seen twice."""

    warm_up_weeks: int = 92
    """Weeks before the tested days that only feed estimates: 52 of drift, 8 of its windows, 26 of weekdays before that,
    and 6 for medians and alignment, so that a day is judged alike whatever day the run is for."""

    incomplete_days: int = 3
    """Last days of a Search Console series that are left out: its figures arrive two to three days late and are
    revised. A finding is dated that much later, for no night could have seen those days."""

    least_history_days: int = 70
    """Fewest days from the first to the last with data: 28 before a shift, 14 after it, 28 more to measure noise."""

    least_known_days: int = 20
    """Fewest days with data in them: a tracker that checks weekly then has 20 weeks, enough for 14 differences."""

    least_level: float = 1.0
    """Visibility a day (clicks) below which a series has no level to lose: halving it is within chance."""


@dataclass(frozen=True)
class VisibilitySeries:
    """All series of a run.

    ``keys``       frame of site_domain, provider, segment, history_days and status, one row per series, sorted
    ``visibility`` series × days, NaN where unknown (missing, incomplete, in a recorded outage)
    ``impressions`` and ``position`` the same, NaN where not given
    ``days``       the day of each column, beginning on a Monday, whole weeks
    ``tested``     column of the first day that may be tested
    ``delay``      days after a column's day until a night can know it, per series
    """

    keys: pd.DataFrame
    visibility: Floats
    impressions: Floats
    position: Floats
    days: NDArray[np.datetime64]
    tested: int
    delay: NDArray[np.int64]


def lay_out(tables: Mapping[str, pd.DataFrame], as_of: datetime.date, params: SeriesParams) -> VisibilitySeries:
    """Every series over the tested days and their warm-up, with its status (``tested``, or why not)."""
    daily = tables["signals.visibility"]
    day = pd.to_datetime(daily["day"]).to_numpy().astype("datetime64[D]")
    end = np.datetime64(as_of, "D")
    daily, day = daily[day <= end], day[day <= end]
    from_tested = end - np.timedelta64(params.tested_days - 1, "D")
    warm = from_tested - np.timedelta64(params.warm_up_weeks * WEEK, "D")
    begin = warm - (warm - MONDAY) % np.timedelta64(4 * WEEK, "D")
    width = -(-(int((end - begin).astype(int)) + 1) // WEEK) * WEEK
    days = begin + np.arange(width)
    keys = daily[KEYS].drop_duplicates().sort_values(KEYS, ignore_index=True)
    row = daily[KEYS].merge(keys.assign(row=np.arange(len(keys))), on=KEYS, how="left")["row"].to_numpy()
    column = (day - begin).astype(np.int64)
    inside = column >= 0
    arrays = []
    for name in ("visibility", "impressions", "position"):
        array = np.full((len(keys), width), np.nan)
        array[row[inside], column[inside]] = pd.to_numeric(daily[name]).to_numpy(dtype=np.float64)[inside]
        arrays.append(array)
    visibility = np.maximum(arrays[0], 0.0)
    delay = np.where(is_search_console(keys["provider"]), params.incomplete_days, 0).astype(np.int64)
    _leave_out_incomplete(visibility, delay)
    _leave_out_outages(visibility, keys, days, tables["staging.search_events"])
    keys = keys.assign(history_days=(~np.isnan(visibility)).sum(axis=1))
    keys["status"] = _judge_history(visibility, keys["history_days"].to_numpy(), params)
    tested = int((from_tested - begin).astype(int))
    return VisibilitySeries(keys, visibility, arrays[1], arrays[2], days, tested, delay)


def is_search_console(provider: pd.Series) -> NDArray[np.bool_]:
    """Whether each provider counts clicks in Search Console (whole or filtered exports)."""
    return np.asarray(provider.astype("str").str.startswith(SEARCH_CONSOLE), dtype=np.bool_)


def _leave_out_incomplete(visibility: Floats, delay: NDArray[np.int64]) -> None:
    """Blank the last ``delay`` days of each series, counted back from its last day with data."""
    known = ~np.isnan(visibility)
    width = visibility.shape[1]
    last = width - 1 - known[:, ::-1].argmax(axis=1)
    visibility[np.arange(width) > (last - delay)[:, None]] = np.nan


def _leave_out_outages(
    visibility: Floats, keys: pd.DataFrame, days: NDArray[np.datetime64], events: pd.DataFrame
) -> None:
    """Blank the days of outages that people recorded: what was not reachable says nothing about ranking."""
    outages = events[events["kind"] == "outage"]
    starts = pd.to_datetime(outages["starts_on"]).to_numpy()
    ends = pd.to_datetime(outages["ends_on"].fillna(outages["starts_on"])).to_numpy()
    sites = outages["site_domain"]
    for site, is_everywhere, start, end in zip(sites.tolist(), sites.isna().tolist(), starts, ends, strict=True):
        columns = (days >= start) & (days <= end)
        rows = np.full(len(keys), True) if is_everywhere else (keys["site_domain"] == site).to_numpy()
        visibility[np.ix_(rows, columns)] = np.nan


def _judge_history(visibility: Floats, history_days: NDArray[np.int64], params: SeriesParams) -> NDArray[np.object_]:
    """``insufficient_history``, ``no_level`` (never at the least level on most known days of 28) or ``tested``."""
    known = ~np.isnan(visibility)
    span = visibility.shape[1] - known.argmax(axis=1) - known[:, ::-1].argmax(axis=1)
    known_days, high_days = (_in_four_weeks(days) for days in (known, visibility >= params.least_level))
    usual = known_days.max(axis=1, initial=0)[:, None]
    has_level = ((2 * known_days > usual) & (known_days >= 4) & (2 * high_days > known_days)).any(axis=1)
    enough = (span >= params.least_history_days) & (history_days >= params.least_known_days)
    return np.where(enough, np.where(has_level, "tested", "no_level"), "insufficient_history").astype(object)


def _in_four_weeks(days: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many of every 28 consecutive days are marked."""
    summed = np.concatenate([np.zeros((len(days), 1), dtype=np.int64), days.cumsum(axis=1)], axis=1)
    return np.asarray(summed[:, 4 * WEEK :] - summed[:, : -4 * WEEK])
