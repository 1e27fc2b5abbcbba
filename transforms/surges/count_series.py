"""Counts of new referring domains as one dense array: a row per series, a column per day, columns in whole weeks."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KEYS = ["site_domain", "provider", "origin"]
WEEK = 7

ROWS = 1_000_000
"""Rows of a daily table read at a time: some ten MB for each thing worked out of them."""


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

    shard: int = 500
    """Series laid out at a time: few enough that what is worked on stays near the processor (the arrays of 500 series
    over five years take about 7 MB each), many enough that a step over all of them is worth its call."""


@dataclass(frozen=True)
class CountSeries:
    """Dated series side by side. Steps are days here; benchmark sets have weeks or months.

    ``keys``       frame of site_domain, provider, origin and the span's facts, one row per series, sorted
    ``counts``     new referring domains, series × steps; zero outside the span
    ``days``       the first day of each step
    ``first``      column of the first step inside the span, per series (0 when the span began earlier)
    ``stop``       column after the last step inside the span, per series
    ``tested``     column of the first step that may be tested
    ``survival``   the part of the exposure that is due to links lost before losses are listed
    ``shared``     of the counts, those that were new to another site on the same day too
    ``owner``      of each series' site: a number, the same for sites of one owner
    ``exposure``   share of what was new in each step that the export can still show, series × steps (1 = all)
    ``skipped``    columns of the run before ``days``, in which none of these series had begun; whole blocks
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
    survival: Floats
    shared: Floats
    owner: Ints
    skipped: int = 0
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

    def inside(self) -> NDArray[np.bool_]:
        """Steps inside the span, series × steps."""
        column = np.arange(self.counts.shape[1])
        return np.asarray((column >= self.first[:, None]) & (column < self.stop[:, None]))

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
    origins = _distinct_keys(tables["signals.daily_links"])
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


def _distinct_keys(daily_links: pd.DataFrame) -> pd.DataFrame:
    """Every site, provider and origin there is, once."""
    found = []
    for part in cut_rows(daily_links):
        code = np.zeros(len(part), dtype=np.int64)
        for key in KEYS:
            numbers, names = pd.factorize(part[key])
            code = code * max(1, len(names)) + numbers
        found.append(part.loc[~pd.Series(code, index=part.index).duplicated(), KEYS])
    return pd.concat(found).drop_duplicates()


def cut_rows(table: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The table in pieces of :data:`ROWS` rows, at least one, so that what is worked out beside it stays small."""
    for begin in range(0, max(1, len(table)), ROWS):
        yield table.iloc[begin : begin + ROWS]


def find_rows(table: pd.DataFrame, series: pd.DataFrame, keys: Sequence[str]) -> Ints:
    """Position in ``series`` of each row of ``table`` with the same keys, -1 where there is none.

    Texts are compared once for each different one, not once a row: the tables have a row a day.
    """
    of_table, of_series = np.zeros(len(table), dtype=np.int64), np.zeros(len(series), dtype=np.int64)
    is_known = np.ones(len(table), dtype=bool)
    for key in keys:
        of_key, names = pd.factorize(series[key])
        numbers, listed = pd.factorize(table[key])
        number_of = np.append(pd.Index(names).get_indexer(pd.Index(listed)), -1)
        found = number_of[numbers]
        is_known &= found >= 0
        of_table, of_series = of_table * max(1, len(names)) + found, of_series * max(1, len(names)) + of_key
    return np.where(is_known, pd.Index(of_series).get_indexer(pd.Index(of_table)), -1)
