"""Counts of new referring domains as one dense array: a row per series, a column per day, columns in whole weeks."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KEYS = ["site_domain", "provider", "origin"]
WEEK = 7
LEAST_LISTED = 0.05
"""Smallest share of a day's domains that is believed to be listed already."""

_MONDAY = np.datetime64("1970-01-05", "D")
"""A Monday: weeks are calendar weeks, so that a week means the same whatever day the run is for."""


@dataclass(frozen=True, kw_only=True)
class SeriesParams:
    """Which days are looked at."""

    tested_days: int = 730
    """Days back from ``as_of`` that are tested. Two years: older days are depleted by lost links beyond use."""

    warm_up_weeks: int = 156
    """Weeks before the tested days that only feed estimates: two years before a season is believed, and one more in
    which the level settles."""

    least_history_days: int = 42
    """Shortest series that is tested: four whole weeks of baseline (28 days: with fewer, the level of a series of
    one domain in three days is known to no better than a factor 2), one guard week, one week lost to alignment."""

    shard: int = 1000
    """Series laid out at a time: the arrays of 1,000 series over five years take about 15 MB each."""


@dataclass(frozen=True)
class CountSeries:
    """Dated series side by side. Steps are days here; benchmark sets have weeks or months.

    ``keys``       frame of site_domain, provider, origin and the span's facts, one row per series, sorted
    ``counts``     new referring domains, series × steps; zero outside the span
    ``days``       the first day of each step
    ``first``      column of the first step inside the span, per series (0 when the span began earlier)
    ``stop``       column after the last step inside the span, per series
    ``tested``     column of the first step that may be tested
    ``exposure``   share of what was new in each step that the export can still show, series × steps (1 = all)
    ``step_days``  length of a step in days
    ``block``      steps in a block: seven days (columns begin on a Monday), or one step that is a week or longer
    """

    keys: pd.DataFrame
    counts: Floats
    days: NDArray[np.datetime64]
    first: Ints
    stop: Ints
    tested: int
    exposure: Floats
    step_days: float = 1.0
    block: int = WEEK

    @property
    def block_days(self) -> float:
        """Length of a block in days."""
        return self.step_days * self.block

    def sum_blocks(self, values: Floats) -> Floats:
        """Sums over the blocks: series × steps in, series × blocks out."""
        return np.asarray(values.reshape(len(values), -1, self.block).sum(axis=2))

    def to_steps(self, values: Floats) -> Floats:
        """Each block's value at each of its steps: series × blocks in, series × steps out."""
        return np.repeat(values, self.block, axis=1)

    def whole_blocks(self) -> NDArray[np.bool_]:
        """Blocks that lie wholly inside the span, series × blocks."""
        begin = np.arange(0, self.counts.shape[1], self.block)
        return np.asarray((begin >= self.first[:, None]) & (begin + self.block <= self.stop[:, None]))


def list_series(tables: Mapping[str, pd.DataFrame], as_of: datetime.date, params: SeriesParams) -> pd.DataFrame:
    """Every series there is: site, provider, origin with ``starts_on``, ``ends_on``, ``loss_horizon_on``, status.

    The span ends at the series' own last export or at ``as_of``, whichever is earlier, and holds only days that exports
    list whole where that can be told; ``is_cut`` where it cannot or days were left out. A provider without dates is
    listed once, as origin ``unknown`` with status ``no_dates``. Sorted; status is not null.
    """
    dates = ["starts_on", "ends_on", "loss_horizon_on", "complete_from_on", "complete_until_on"]
    spans = tables["signals.link_series"][["site_domain", "provider", *dates]].copy()
    for column in dates:
        spans[column] = pd.to_datetime(spans[column]).astype("datetime64[us]")
    whole = spans["complete_from_on"].notna() & spans["complete_until_on"].notna()
    spans["is_cut"] = (spans["complete_from_on"] > spans["starts_on"]) | (spans["complete_until_on"] < spans["ends_on"])
    spans["is_cut"] |= ~whole
    spans["starts_on"] = spans["starts_on"].where(~whole, spans[["starts_on", "complete_from_on"]].max(axis=1))
    spans["ends_on"] = spans["ends_on"].where(~whole, spans[["ends_on", "complete_until_on"]].min(axis=1))
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


@dataclass(frozen=True)
class Layout:
    """All series with status ``tested`` and their sparse counts, from which any of them are laid out.

    ``keys``   frame of the series, sorted; ``days``, ``tested`` as in :class:`CountSeries`
    ``start``  first entry of each series in ``column`` and ``count``, one more at the end
    ``column`` and ``count`` the days with new domains and how many
    ``decay``  daily rate at which each series loses what its export no longer lists, per series
    ``listed`` share of a day's domains that an export lists so many days later, series × days of age
    """

    keys: pd.DataFrame
    days: NDArray[np.datetime64]
    tested: int
    first: Ints
    stop: Ints
    horizon: Ints
    decay: Floats
    start: Ints
    column: Ints
    count: Floats
    listed: Floats

    def __len__(self) -> int:
        return len(self.keys)

    def lay_out(self, rows: Ints) -> CountSeries:
        """The chosen series as dense arrays."""
        width = len(self.days)
        counts = np.zeros((len(rows), width))
        lengths = self.start[rows + 1] - self.start[rows]
        row = np.repeat(np.arange(len(rows)), lengths)
        entry = np.repeat(self.start[rows] - np.r_[0, lengths.cumsum()[:-1]], lengths) + np.arange(lengths.sum())
        np.add.at(counts, (row, self.column[entry]), self.count[entry])
        gone = np.maximum(self.horizon[rows, None] - np.arange(width), 0) * self.decay[rows, None]
        age = np.clip(self.stop[rows, None] - 1 - np.arange(width), 0, self.listed.shape[1] - 1)
        exposure = np.exp(-gone) * np.take_along_axis(self.listed[rows], age, axis=1)
        keys = self.keys.iloc[rows].reset_index(drop=True)
        return CountSeries(keys, counts, self.days, self.first[rows], self.stop[rows], self.tested, exposure)

    def shards(self, size: int) -> Iterator[Ints]:
        """Rows of the series, ``size`` at a time."""
        for begin in range(0, len(self), size):
            yield np.arange(begin, min(begin + size, len(self)))


def make_layout(
    tables: Mapping[str, pd.DataFrame], as_of: datetime.date, params: SeriesParams, decay: Mapping[str, float]
) -> Layout:
    """Series with status ``tested``, over the tested days and their warm-up; ``decay`` per provider, 0 if not named."""
    series = list_series(tables, as_of, params)
    series = series[series["status"] == "tested"].reset_index(drop=True)
    end = np.datetime64(as_of, "D")
    from_tested = end - np.timedelta64(params.tested_days - 1, "D")
    warm = from_tested - np.timedelta64(params.warm_up_weeks * WEEK, "D")
    begin = warm - (warm - _MONDAY) % np.timedelta64(WEEK, "D")
    width = -(-(int((end - begin).astype(int)) + 1) // WEEK) * WEEK
    first = _columns(series["starts_on"], begin).clip(0, width)
    stop = (_columns(series["ends_on"], begin) + 1).clip(0, width)
    horizon = _columns(series["loss_horizon_on"].fillna(series["starts_on"]), begin).clip(0, width)
    daily_links = tables["signals.daily_links"][[*KEYS, "day", "new_domain_count"]]
    rows = series[KEYS].assign(row=np.arange(len(series))).merge(daily_links, on=KEYS)
    row, column = rows["row"].to_numpy(), _columns(rows["day"], begin)
    count = pd.to_numeric(rows["new_domain_count"]).fillna(0).to_numpy(dtype=np.float64)
    inside = (column >= first[row]) & (column < stop[row]) & (count > 0)
    order = np.lexsort((column[inside], row[inside]))
    row, column, count = (part[inside][order] for part in (row, column, count))
    start = np.searchsorted(row, np.arange(len(series) + 1))
    # months of slow growth cannot be told from months of survivors where nobody says what was lost
    series["has_losses"] = series["loss_horizon_on"].notna() & series["provider"].isin(list(decay))
    rates = np.array([decay.get(provider, 0.0) for provider in series["provider"].tolist()], dtype=np.float64)
    tested = int((from_tested - begin).astype(int))
    listed = _listed_shares(tables["signals.discovery_lag"], series)
    return Layout(series, begin + np.arange(width), tested, first, stop, horizon, rates, start, column, count, listed)


def _listed_shares(lags: pd.DataFrame, series: pd.DataFrame) -> Floats:
    """Share listed by age in days, series × ages; 1 where nothing is known, and at the last age."""
    if lags.empty:
        return np.ones((len(series), 1))
    listed = np.ones((len(series), 2 + int(lags["age_days"].max())))
    rows = (
        series[["site_domain", "provider"]]
        .assign(row=np.arange(len(series)))
        .merge(lags, on=["site_domain", "provider"])
    )
    share = rows["listed_share"].to_numpy(dtype=np.float64).clip(LEAST_LISTED, 1.0)
    listed[rows["row"].to_numpy(), rows["age_days"].to_numpy(dtype=np.int64)] = share
    return listed


def _columns(dates: pd.Series, begin: np.datetime64) -> Ints:
    return (pd.to_datetime(dates).to_numpy().astype("datetime64[D]") - begin).astype(np.int64)
