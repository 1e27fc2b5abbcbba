"""Visibility laid out as dense arrays: a row per series, a column per day, columns in whole blocks, NaN = unknown.

The table is indexed once (:class:`VisibilityIndex`); arrays are laid out for some series at a time, so that memory does
not grow with their number.
"""

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
BLOCK = 28
"""Days between two estimates of noise and drift, which change slowly; a period of the calibration."""

SITE = "site"
"""The segment that is the whole site, and its kind."""

SEARCH_CONSOLE = "search_console"

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class SeriesParams:
    """Which days are looked at."""

    tested_days: int = 730
    """Days back from ``as_of`` that are tested: two years, so that a season is seen twice."""

    warm_up_weeks: int = 92
    """Weeks before the tested days that only feed estimates: 52 of drift, 12 of the level before its windows, 26 of
    weekdays before that, and 2 for alignment, so that a day is judged alike whatever day the run is for."""

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
    """Some series of a run.

    ``keys``       frame of KEYS and segment_kind, one row per series
    ``visibility`` series × days, NaN where unknown (missing, incomplete, in a recorded outage)
    ``history_days`` and ``status`` (``tested``, or why not) of each series
    ``days``       the day of each column, beginning on a Monday, whole blocks
    ``tested``     column of the first day that may be tested
    ``delay``      days after a column's day until a night can know it, per series
    ``is_counted`` whether a series counts clicks
    """

    keys: pd.DataFrame
    visibility: Floats
    history_days: Ints
    status: NDArray[np.object_]
    days: NDArray[np.datetime64]
    tested: int
    delay: Ints
    is_counted: NDArray[np.bool_]


@dataclass(frozen=True)
class VisibilityIndex:
    """Where each series' rows are; ``keys`` is sorted by KEYS, ``begins`` has one entry more than there are series."""

    keys: pd.DataFrame
    begins: Ints
    column: Ints
    values: Mapping[str, Floats]
    days: NDArray[np.datetime64]
    tested: int
    outages: tuple[tuple[int, int, int, int], ...]
    """First and last series, first and last column (ends exclusive) of every recorded outage."""

    params: SeriesParams

    def lay_out(self, rows: Ints) -> VisibilitySeries:
        """The series ``rows`` (indices into ``keys``)."""
        keys = self.keys.iloc[rows]
        visibility = self.spread("visibility", rows)
        np.maximum(visibility, 0.0, out=visibility)
        is_counted, delay = is_search_console(keys["provider"]), self.delay_of(rows)
        _leave_out_incomplete(visibility, delay)
        for first, last, start, stop in self.outages:
            visibility[(rows >= first) & (rows < last), start:stop] = np.nan
        known = ~np.isnan(visibility)
        history = known.sum(axis=1)
        status = _judge_history(visibility, known, history, self.params)
        return VisibilitySeries(keys, visibility, history, status, self.days, self.tested, delay, is_counted)

    def delay_of(self, rows: Ints) -> Ints:
        """Days until a night can know a day of each of the series."""
        counted = is_search_console(self.keys["provider"].iloc[rows])
        return np.where(counted, self.params.incomplete_days, 0).astype(np.int64)

    def spread(self, name: str, rows: Ints) -> Floats:
        """A column of the table as series × days, untouched; NaN where there is no row."""
        dense = np.full((len(rows), len(self.days)), np.nan)
        sizes = self.begins[rows + 1] - self.begins[rows]
        at = np.repeat(np.arange(len(rows)), sizes)
        source = np.arange(len(at)) + np.repeat(self.begins[rows] - (sizes.cumsum() - sizes), sizes)
        column = self.column[source]
        inside = column >= 0
        if inside.all():
            dense[at, column] = self.values[name][source]
        else:
            dense[at[inside], column[inside]] = self.values[name][source[inside]]
        return dense


def index_visibility(tables: Mapping[str, pd.DataFrame], as_of: datetime.date, params: SeriesParams) -> VisibilityIndex:
    """Every series over the tested days and their warm-up, past only."""
    daily = tables["signals.visibility"]
    day = pd.to_datetime(daily["day"]).to_numpy().astype("datetime64[D]")
    end = np.datetime64(as_of, "D")
    if len(day) and day.max() > end:
        daily, day = daily[day <= end], day[day <= end]
    from_tested = end - np.timedelta64(params.tested_days - 1, "D")
    warm = from_tested - np.timedelta64(params.warm_up_weeks * WEEK, "D")
    begin = warm - (warm - MONDAY) % np.timedelta64(BLOCK, "D")
    width = -(-(int((end - begin).astype(int)) + 1) // BLOCK) * BLOCK
    days = begin + np.arange(width)
    keys, code = _name_series(daily)
    column = (day - begin).astype(np.int64)
    order = np.argsort(code, kind="stable") if (np.diff(code) < 0).any() else slice(None)
    values = {
        name: pd.to_numeric(daily[name]).to_numpy(dtype=np.float64, na_value=np.nan)[order]
        for name in ("visibility", "impressions", "position")
    }
    begins = np.concatenate([[0], np.bincount(code, minlength=len(keys)).cumsum()]).astype(np.int64)
    outages = _place_outages(tables["staging.search_events"], keys, days)
    tested = int((from_tested - begin).astype(int))
    return VisibilityIndex(keys, begins, column[order], values, days, tested, outages, params)


def is_search_console(provider: pd.Series) -> NDArray[np.bool_]:
    """Whether each provider counts clicks in Search Console (whole or filtered exports)."""
    return np.asarray(provider.astype("str").str.startswith(SEARCH_CONSOLE), dtype=np.bool_)


def _name_series(daily: pd.DataFrame) -> tuple[pd.DataFrame, Ints]:
    """The series' keys, sorted, and the number of each row's series.

    Rows of a series mostly stand together, so keys are compared at the heads of runs only.
    """
    is_head = np.zeros(len(daily), dtype=np.bool_)
    is_head[:1] = True
    for key in KEYS:
        values = daily[key].astype("str")
        is_head[1:] |= (values.iloc[1:].reset_index(drop=True) != values.iloc[:-1].reset_index(drop=True)).to_numpy()
    heads = daily.loc[is_head, [*KEYS, "segment_kind"]]
    keys = heads.drop_duplicates(KEYS).sort_values(KEYS, ignore_index=True)
    number = heads[KEYS].merge(keys[KEYS].assign(number=np.arange(len(keys))), on=KEYS, how="left")["number"]
    return keys, np.asarray(number.to_numpy(dtype=np.int64)[is_head.cumsum() - 1])


def _place_outages(
    events: pd.DataFrame, keys: pd.DataFrame, days: NDArray[np.datetime64]
) -> tuple[tuple[int, int, int, int], ...]:
    """Outages that people recorded: what was not reachable says nothing about ranking."""
    outages = events[events["kind"] == "outage"]
    starts = pd.to_datetime(outages["starts_on"]).to_numpy().astype("datetime64[D]")
    ends = pd.to_datetime(outages["ends_on"].fillna(outages["starts_on"])).to_numpy().astype("datetime64[D]")
    sites = keys["site_domain"].astype(object).to_numpy()
    placed = []
    for site, start, end in zip(outages["site_domain"].tolist(), starts, ends, strict=True):
        first, last = (0, len(sites))
        if not pd.isna(site):
            first, last = (int(np.searchsorted(sites, site, side=side)) for side in ("left", "right"))
        placed.append((first, last, int(np.searchsorted(days, start)), int(np.searchsorted(days, end, side="right"))))
    return tuple(placed)


def _leave_out_incomplete(visibility: Floats, delay: Ints) -> None:
    """Blank the last ``delay`` days of each series, counted back from its last day with data."""
    rows = np.flatnonzero(delay)
    if not len(rows):
        return
    known = ~np.isnan(visibility[rows])
    last = visibility.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    for row, stop, days in zip(rows, last + 1, delay[rows], strict=True):
        visibility[row, stop - days : stop] = np.nan


def _judge_history(
    visibility: Floats, known: NDArray[np.bool_], history: Ints, params: SeriesParams
) -> NDArray[np.object_]:
    """``insufficient_history``, ``no_level`` (never at the least level on most known days of 28) or ``tested``."""
    span = visibility.shape[1] - known.argmax(axis=1) - known[:, ::-1].argmax(axis=1)
    known_days, high_days = (_in_four_weeks(days) for days in (known, visibility >= params.least_level))
    usual = known_days.max(axis=1, initial=0)[:, None]
    has_level = ((2 * known_days > usual) & (known_days >= 4) & (2 * high_days > known_days)).any(axis=1)
    enough = (span >= params.least_history_days) & (history >= params.least_known_days)
    return np.where(enough, np.where(has_level, "tested", "no_level"), "insufficient_history").astype(object)


def _in_four_weeks(days: NDArray[np.bool_]) -> Ints:
    """How many of every four consecutive calendar weeks' days are marked."""
    weeks = days.reshape(len(days), days.shape[1] // WEEK, WEEK).sum(axis=2)
    return np.asarray(weeks[:, 3:] + weeks[:, 2:-1] + weeks[:, 1:-2] + weeks[:, :-3])
